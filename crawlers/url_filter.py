"""Which addresses can be articles of a source at all: by guard, host and pattern, before and after redirects."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.config.discovery import DiscoveryDocument, Feed
from pipeline.config.source import Source
from pipeline.parsing.pagination import story_page_candidates
from pipeline.parsing.urls import ascii_host, off_hosts, url_refusal
from pipeline.records import KnownUrl, Outcome, WarcRecord


class Disposition(NamedTuple):
    """How an address ends."""

    outcome: Outcome
    reason: str
    detail: str = ""


def listed_url_rejection(source: Source, url: str, canonical: str) -> Disposition | None:
    """Why a listed address is not asked for; None if it can be an article.

    An address inside or of another scheme is an attack or a fault; a public one of another host is only not ours.
    """
    why = url_refusal(url, hosts=None, allow=source.allow_addresses)
    if why is not None:
        return Disposition(Outcome.ERROR, "guard", why)
    host = ascii_host(urlsplit(url).hostname or "")
    excepted = {pair.rpartition(":")[0] for pair in source.allow_addresses}
    other = None if host in excepted else off_hosts(host, source.allowed_hosts())
    if other is not None:
        return Disposition(Outcome.NOT_ARTICLE, "other-host", other)
    if not _can_be_article(source, canonical):
        return Disposition(Outcome.NOT_ARTICLE, "pattern")
    return None


def _can_be_article(source: Source, canonical: str) -> bool:
    """Whether an address is an article's, or that of a further page of one."""
    return source.is_article(canonical) or any(
        n > 1 and source.is_article(story) for story, n in story_page_candidates(canonical)
    )


def redirect_rejection(source: Source, canonical: str) -> Disposition | None:
    """Why the address that redirects ended at is no article; None if it can be one."""
    if urlsplit(canonical).path in ("", "/"):
        return Disposition(Outcome.NOT_ARTICLE, "home", canonical)
    if not _can_be_article(source, canonical):
        return Disposition(Outcome.NOT_ARTICLE, "pattern", canonical)
    return None


def feed_entry_disposition(
    document: DiscoveryDocument | None, known: KnownUrl | None, record: WarcRecord | None
) -> Disposition:
    """How an entry ends whose page is not asked for; ``record`` is that of its feed, None if the feed is the same."""
    if not isinstance(document, Feed) or not document.full_text:
        return Disposition(Outcome.NOT_ARTICLE, "no-text", "listed without its text")
    if record is not None or known is None or known.outcome in (None, Outcome.ERROR):
        return Disposition(Outcome.KEPT, "from-feed")
    if known.outcome in (Outcome.KEPT, Outcome.UNCHANGED):
        return Disposition(Outcome.UNCHANGED, "not-modified")
    return Disposition(known.outcome, known.reason)
