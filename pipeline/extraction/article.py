"""One page, or one entry of a feed, as an article: the whole path from bytes to text, in the order of its steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from lxml import etree, html

from pipeline.config.source import Selectors, Source
from pipeline.dates import When, possible, read_time
from pipeline.errors import Rejected
from pipeline.extraction.blocks import clean, joined, letters, paragraphs, select
from pipeline.extraction.document import HtmlDocument, parse_html, read_document
from pipeline.extraction.gate import check_page, check_text, flags_of, paywall_line
from pipeline.extraction.generic import generic_lines
from pipeline.extraction.language import language_of
from pipeline.extraction.metadata import Metadata, address_day, article_url, read_metadata, selected_time, strip_suffix
from pipeline.extraction.sieve import sieve
from pipeline.feeds import FeedDocument, read_feed
from pipeline.records import Article, FeedEntry, Origin, Outcome, Page
from pipeline.urls import canonical_url

VERSION = "1"
"""Raised with every change that can change a text: stored versions carry it."""

_MIN_SELECTED = 60


@dataclass
class _Story:
    """What was read so far of one page."""

    lines: list[str]
    extractor: str
    title: str = ""
    flags: list[str] = field(default_factory=list)


def extract(page: Page, source: Source | None = None, *, now: datetime | None = None) -> Article:
    """The article on a page, or in the feed entry that ``page.locator`` names.

    ``source`` brings selectors, hosts and the zone rule; without it everything is found out. ``now`` (else when the
    page was fetched) bounds what can be a date. Raises Rejected with the outcome and reason of the ledger.
    """
    try:
        if page.origin is Origin.FEED:
            return _from_feed(page, source, now or page.fetched_at)
        return _from_page(page, source, now or page.fetched_at)
    except RecursionError as error:
        raise Rejected(Outcome.ERROR, "parse-limit", "nested too deep") from error


def _from_page(page: Page, source: Source | None, now: datetime | None) -> Article:
    document = read_document(page)
    metadata = read_metadata(document.tree, page.url)
    published_raw, chosen = _published_raw(document, metadata, source, page.url)
    story = _story(document, metadata, chosen, page.url, source)
    page_text = clean(document.tree.text_content()[:20_000]) if sum(map(len, story.lines)) < 3000 else ""
    check_page(metadata, story.lines, page_text)
    check_text(story.lines)
    story.flags += flags_of(metadata, story.lines, page_text)
    if "broken" in document.encoding:
        story.flags.append("broken-letters")
    published = _time("date", published_raw, source, now, story.flags)
    modified = _time("modified", metadata.modified_raw, source, now, story.flags)
    if published is None:
        published = _day_of_address(page.url, source, now, story.flags)
    text = joined(story.lines)
    return Article(
        url=article_url(page.url, metadata.canonical, source),
        title=story.title,
        text=text,
        lang=language_of(text, source.language if source else None),
        published_at=published.moment if published else None,
        published_raw=published_raw,
        modified_at=modified.moment if modified else None,
        modified_raw=metadata.modified_raw,
        extractor=story.extractor,
        encoding=document.encoding,
        flags=tuple(dict.fromkeys(story.flags)),
    )


def _published_raw(
    document: HtmlDocument, metadata: Metadata, source: Source | None, url: str
) -> tuple[str, Selectors | None]:
    """The published time as the page writes it, and the selectors that hold on that day."""
    if source is None or not source.selectors:
        return metadata.published_raw, None
    day = read_time(metadata.published_raw or address_day(url), zone=source.dates.zone)
    for candidate in source.selectors:
        if candidate.since is None or day is None or candidate.since <= day.moment.date():
            return selected_time(document.tree, candidate) or metadata.published_raw, candidate
    return metadata.published_raw, None


def _story(
    document: HtmlDocument, metadata: Metadata, selectors: Selectors | None, url: str, source: Source | None
) -> _Story:
    title = strip_suffix(metadata.title, source.title_suffix if source else None)
    story = _Story([], "selectors", title)
    if selectors is not None:
        story.title = _selected(document.tree, selectors.title) or title
        story.lines = _selected_lines(document.tree, selectors)
        if letters("".join(story.lines), _MIN_SELECTED) < _MIN_SELECTED:
            story.flags.append("selectors-missed")
            story.lines = []
    if not story.lines:
        story.extractor = "trafilatura"
        story.lines = generic_lines(document.tree, url, story.title, metadata.article_body)
    patterns = source.drop_paragraphs if source else ()
    story.lines = [line for line in story.lines if not any(re.fullmatch(pattern, line) for pattern in patterns)]
    if any(paywall_line(line) for line in story.lines):
        story.flags.append("paywall")
        story.lines = [line for line in story.lines if not paywall_line(line)]
    return story


def _selected(tree: html.HtmlElement, selector: str | None) -> str:
    if selector is None:
        return ""
    return next((text for node in select(tree, selector) if (text := " ".join(paragraphs(node)))), "")


def _selected_lines(tree: html.HtmlElement, selectors: Selectors) -> list[str]:
    """Lead and body where the selectors find them; a lead that the body repeats is not said twice."""
    if selectors.body is None:
        return []
    dropped = {node for pattern in selectors.drop for node in select(tree, pattern)}
    body = [line for node in _outermost(tree, selectors.body, dropped) for line in paragraphs(node, dropped)]
    if not body and selectors.lead is None:
        return []
    lead = [line for node in _outermost(tree, selectors.lead, dropped) for line in paragraphs(node, dropped)]
    return [line for line in lead if line not in body[:3]] + body


def _outermost(tree: html.HtmlElement, selector: str | None, dropped: set[etree._Element]) -> list[etree._Element]:
    """Matches in reading order, without those inside another match or inside a dropped element."""
    if selector is None:
        return []
    found = select(tree, selector)
    outer = set(found) | dropped
    return [node for node in found if node not in dropped and not any(up in outer for up in node.iterancestors())]


def _time(what: str, raw: str, source: Source | None, now: datetime | None, flags: list[str]) -> When | None:
    """The moment of a raw time by the source's zone rule; what cannot be is refused with a flag."""
    if not raw:
        return None
    rule = source.dates if source else None
    when = read_time(raw, zone=rule.zone if rule else "UTC", ignore_offset=rule.ignore_offset if rule else False)
    if when is None or not possible(when, now):
        flags.append(f"{what}-refused")
        return None
    if when.day_only and what == "date":
        flags.append("day-only")
    return when


def _day_of_address(url: str, source: Source | None, now: datetime | None, flags: list[str]) -> When | None:
    day = address_day(url)
    when = read_time(day, zone=source.dates.zone if source else "UTC") if day else None
    if when is None or not possible(when, now):
        return None
    flags += ["day-only", "date-from-address"]
    return when


@lru_cache(maxsize=2)
def _feed(body: bytes, base_url: str, content_type: str) -> FeedDocument:
    """One feed capture proves many articles: it is read once for all of its entries."""
    return read_feed(body, base_url=base_url, content_type=content_type)


def _entry(page: Page) -> FeedEntry:
    feed = _feed(page.body, page.url, page.content_type)
    for entry in feed.entries:
        if entry.locator == page.locator:
            return entry
    raise Rejected(Outcome.ERROR, "no-such-entry", f"{page.locator!r} is not in the feed {page.url}")


def _from_feed(page: Page, source: Source | None, now: datetime | None) -> Article:
    entry = _entry(page)
    if not entry.content_html.strip():
        raise Rejected(Outcome.NOT_ARTICLE, "no-text", "the entry has no text")
    tree = parse_html(f"<html><body>{entry.content_html}</body></html>")
    dropped = {node for rule in (source.selectors if source else ()) for css in rule.drop for node in select(tree, css)}
    lines = sieve(paragraphs(tree, dropped), entry.title)
    patterns = source.drop_paragraphs if source else ()
    lines = [line for line in lines if not any(re.fullmatch(pattern, line) for pattern in patterns)]
    check_text(lines)
    flags = flags_of(Metadata(), lines, "")
    if not entry.full_text:
        flags.append("summary")
    published = _time("date", entry.published_raw, source, now, flags)
    modified = _time("modified", entry.updated_raw, source, now, flags)
    text = joined(lines)
    return Article(
        url=canonical_url(entry.url),
        title=strip_suffix(entry.title, source.title_suffix if source else None),
        text=text,
        lang=language_of(text, source.language if source else None),
        published_at=published.moment if published else None,
        published_raw=entry.published_raw,
        modified_at=modified.moment if modified else None,
        modified_raw=entry.updated_raw,
        extractor="feed",
        encoding="",
        flags=tuple(dict.fromkeys(flags)),
    )
