"""One entry of a feed as an article."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.extraction.blocks import join_paragraphs, read_blocks, select_elements
from pipeline.extraction.boilerplate import without_pointed
from pipeline.extraction.document import parse_html
from pipeline.extraction.language import language_of
from pipeline.extraction.listing import check_names
from pipeline.extraction.metadata import Metadata, strip_suffix
from pipeline.extraction.page_checks import check_text, flags_of, story_lines
from pipeline.extraction.sieve import without_title_and_labels
from pipeline.extraction.times import Clock, published_time, read_moment
from pipeline.parsing.feeds import FeedDocument, read_feed
from pipeline.parsing.urls import canonical_url
from pipeline.reasons import Reason
from pipeline.records import Article, FeedEntry, Outcome, Page


def from_feed(page: Page, source: Source | None, now: datetime | None) -> Article:
    """The article in the entry that ``page.locator`` names. Raises Rejected."""
    entry = _entry(page)
    if not entry.content_html.strip():
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, "the entry has no text")
    tree = parse_html(f"<html><body>{entry.content_html}</body></html>")
    dropped = {
        node
        for rule in (source.selectors if source else ())
        for css in rule.drop
        for node in select_elements(tree, css)
    }
    entry_lines = [block.text for block in without_pointed(read_blocks(tree, dropped))]
    lines, closed = story_lines(without_title_and_labels(entry_lines, entry.title), source)
    check_text(lines, closed=closed)
    check_names(lines)
    flags = ["paywall"] if closed else []
    flags += flags_of(Metadata(), lines, closed=False)
    if not entry.full_text:
        flags.append("summary")
    published_at, _ = published_time([entry.published_raw], str, "", entry.url, Clock(source, now), flags)
    modified = read_moment("modified", entry.updated_raw, source, now, flags)
    text = join_paragraphs(lines)
    return Article(
        url=canonical_url(entry.url),
        title=strip_suffix(entry.title, source.title_suffix if source else None),
        text=text,
        lang=language_of(text, source.language if source else None),
        published_at=published_at,
        published_raw=entry.published_raw,
        modified_at=modified,
        modified_raw=entry.updated_raw,
        extractor="feed",
        encoding="",
        flags=tuple(dict.fromkeys(flags)),
    )


@lru_cache(maxsize=2)
def _feed(body: bytes, base_url: str, content_type: str) -> FeedDocument:
    """One feed capture proves many articles: it is read once for all of its entries."""
    return read_feed(body, base_url=base_url, content_type=content_type)


def _entry(page: Page) -> FeedEntry:
    feed = _feed(page.body, page.url, page.content_type)
    for entry in feed.entries:
        if entry.locator == page.locator:
            return entry
    raise Rejected(Outcome.ERROR, Reason.NO_SUCH_ENTRY, f"{page.locator!r} is not in the feed {page.url}")
