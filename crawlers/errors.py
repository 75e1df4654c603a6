"""Why a request failed: refusals of our own, and network errors mapped to the ledger's outcomes and reasons."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import ResponseFailed

from pipeline.errors import Rejected
from pipeline.reasons import Reason
from pipeline.records import Disposition, Outcome


class Refused(Rejected, IgnoreRequest):
    """We do not send a request or do not follow a redirect: SSRF guard, robots.txt, redirect limit, Retry-After."""


_REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (DownloadTimeoutError, Reason.TIMEOUT),
    (CannotResolveHostError, Reason.DNS),
    (DownloadConnectionRefusedError, Reason.REFUSED),
    (ResponseDataLossError, Reason.TRUNCATED),
    (DownloadCancelledError, Reason.TOO_LARGE),
    (UnsupportedURLSchemeError, Reason.GUARD),
    (NotSupported, Reason.GUARD),
    (DownloadFailedError, Reason.NETWORK),
    (IgnoreRequest, Reason.REFUSED),
)

_CLOSED = ("ConnectionDone", "ConnectionLost", "ConnectionAborted", "Connection was closed", "Connection lost")
"""What Twisted says of a connection that the other side has closed."""

FAULTS: tuple[type[BaseException], ...] = (
    *(kind for kind, _ in _REASONS),
    Rejected,
    ConnectError,
    ConnectionClosed,
    ResponseFailed,
    OSError,
    ValueError,
)
"""Exceptions that a request may end with on a real network."""


REFUSED_NAMES: dict[str, str] = {}
"""Host names that the resolver refused, and why; Twisted drops the reason of a failed lookup."""


def classify_error(error: BaseException, url: str) -> Disposition:
    """How a request for ``url`` ends that failed with this error."""
    if isinstance(error, Rejected):
        return error.disposition
    host = urlsplit(url).hostname or ""
    if isinstance(error, CannotResolveHostError) and host in REFUSED_NAMES:
        return Disposition(Outcome.ERROR, Reason.GUARD, REFUSED_NAMES[host])
    text = " ".join(words_of(error))
    if "SSL" in text or "certificate" in text.lower():
        return Disposition(Outcome.ERROR, Reason.TLS, text[:300])
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.NETWORK)
    if reason is Reason.NETWORK and any(name in text for name in _CLOSED):
        reason = Reason.RESET
    return Disposition(Outcome.ERROR, reason, f"{type(error).__name__}: {error}"[:300])


def words_of(error: BaseException | None) -> list[str]:
    """Type and message of an error and of up to four that caused it; Twisted keeps some in ``reasons``."""
    words: list[str] = []
    for _ in range(5):
        if error is None:
            break
        words.append(f"{type(error).__name__}: {error}")
        words += [str(getattr(reason, "value", reason)) for reason in getattr(error, "reasons", [])]
        error = error.__cause__ or error.__context__
    return words
