"""Which addresses can be articles of a source: by SSRF guard, host and pattern, before and after redirects."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.config.discovery import DiscoveryDocument, Feed
from pipeline.config.source import Source
from pipeline.parsing.pagination import story_page_candidates
from pipeline.parsing.urls import ascii_host, off_hosts, url_refusal
from pipeline.reasons import Reason
from pipeline.records import Disposition, KnownUrl, Outcome, WarcRecord


def listed_url_rejection(source: Source, url: str, canonical: str) -> Disposition | None:
    """Why a listed address is not requested; None if it can be an article.

    A private address or another scheme is an error (``error/guard``); a public address of another host is merely
    ``not-article/other-host``.
    """
    why = url_refusal(url, hosts=None, allow=source.allow_addresses)
    if why is not None:
        return Disposition(Outcome.ERROR, Reason.GUARD, why)
    host = ascii_host(urlsplit(url).hostname or "")
    excepted = {pair.rpartition(":")[0] for pair in source.allow_addresses}
    other = None if host in excepted else off_hosts(host, source.allowed_hosts())
    if other is not None:
        return Disposition(Outcome.NOT_ARTICLE, Reason.OTHER_HOST, other)
    if not _can_be_article(source, canonical):
        return Disposition(Outcome.NOT_ARTICLE, Reason.PATTERN)
    return None


def _can_be_article(source: Source, canonical: str) -> bool:
    """Whether an address is an article's, or that of a further page of one."""
    return source.is_article(canonical) or any(
        n > 1 and source.is_article(story) for story, n in story_page_candidates(canonical)
    )


def redirect_rejection(source: Source, canonical: str) -> Disposition | None:
    """Why the final address after redirects is not an article; None if it can be one."""
    if urlsplit(canonical).path in ("", "/"):
        return Disposition(Outcome.NOT_ARTICLE, Reason.HOME, canonical)
    if not _can_be_article(source, canonical):
        return Disposition(Outcome.NOT_ARTICLE, Reason.PATTERN, canonical)
    return None


def feed_entry_disposition(
    document: DiscoveryDocument | None, known: KnownUrl | None, record: WarcRecord | None
) -> Disposition:
    """Outcome of a feed entry whose page is not requested. ``record``: that of its feed; None if it is unchanged."""
    if not isinstance(document, Feed) or not document.full_text:
        return Disposition(Outcome.NOT_ARTICLE, Reason.NO_TEXT, "listed without its text")
    if record is not None or known is None or known.outcome in (None, Outcome.ERROR):
        return Disposition(Outcome.KEPT, Reason.FROM_FEED)
    if known.outcome in (Outcome.KEPT, Outcome.UNCHANGED):
        return Disposition(Outcome.UNCHANGED, Reason.NOT_MODIFIED)
    return Disposition(known.outcome, known.reason)
