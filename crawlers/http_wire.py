"""Scrapy's HTTP/1.1 download handler with a limit on response headers and tolerance for truncated bodies.

Twisted's parser keeps every header until the last has arrived, so a server that never ends them would fill the memory
of all crawls in the child. A body that ends early is judged by the document in it, not by Content-Length alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, ResponseDataLossError
from scrapy.http import Response

from crawlers.errors import words_of
from crawlers.responses import DATALOSS, GOOD, whole_body
from pipeline.errors import Rejected

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_HEADER_BYTES = 256 << 10
"""Bytes of all headers of one response together; browsers have the same limit."""
MOST_HEADER_LINES = 1000


class HeadersTooLarge(Exception):
    """A server sends more headers than we read."""


class _Parser(_LenientHTTPClientParser):
    """Counts the header bytes of a response, including those of interim responses (1xx)."""

    MAX_LENGTH = MOST_HEADER_BYTES
    _lines = 0
    _bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  (Twisted's name)
        self._lines += 1
        self._bytes += len(line)
        if self._lines > MOST_HEADER_LINES or self._bytes > MOST_HEADER_BYTES:
            raise HeadersTooLarge
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802  (Twisted's name)
        raise HeadersTooLarge


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _Parser  # as Scrapy does it: Twisted names the parser's class itself
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802  (Twisted's name)
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class Bounded:
    """Mixin that adds the header limit to one of Scrapy's HTTP/1.1 download handlers; list it first among the bases."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)  # type: ignore[call-arg]  # the handler it is put before
        self._pool: Any
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        try:
            response: Response = await super().download_request(request)  # type: ignore[misc]
        except DownloadFailedError as error:
            if not any(HeadersTooLarge.__name__ in said for said in words_of(error)):
                raise
            # must not be retried, unlike a broken connection
            raise DownloadCancelledError(
                f"response headers of more than {MOST_HEADER_BYTES >> 10} KiB or {MOST_HEADER_LINES} lines"
            ) from error
        if DATALOSS in response.flags and response.status in GOOD and not request.meta.get("robots"):
            try:
                whole_body(response, request.meta.get("download_maxsize", 0) or len(response.body))
            except Rejected as error:
                raise ResponseDataLossError(str(error)) from error
        return response


class BoundedHandler(Bounded, HTTP11DownloadHandler):
    """Download handler for http and https."""
