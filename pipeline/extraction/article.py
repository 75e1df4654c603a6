"""One page, or one entry of a feed, as an article: the whole path from bytes to text, in the order of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from pipeline.config.source import Selectors, Source
from pipeline.errors import Rejected
from pipeline.extraction.address import article_url
from pipeline.extraction.blocks import (
    clean_text,
    count_letters,
    join_paragraphs,
    paragraph_texts,
    read_blocks,
    select_elements,
)
from pipeline.extraction.boilerplate import without_pointed
from pipeline.extraction.document import HtmlDocument, read_document
from pipeline.extraction.entry import from_feed
from pipeline.extraction.generic import generic_lines
from pipeline.extraction.language import language_of
from pipeline.extraction.listing import check_names
from pipeline.extraction.metadata import Metadata, read_metadata, selected_time, strip_suffix
from pipeline.extraction.page_checks import (
    asks_payment,
    check_page,
    check_text,
    check_title,
    flags_of,
    past_consent,
    story_lines,
)
from pipeline.extraction.posts import LivePost, read_live_blog
from pipeline.extraction.prose import contains_story
from pipeline.extraction.times import Clock, published_time, read_moment
from pipeline.parsing.dates import address_day, read_time
from pipeline.parsing.pagination import is_part, next_part
from pipeline.reasons import Reason
from pipeline.records import Article, Origin, Outcome, Page, Post

_MIN_SELECTED = 60
_LONG_STORY = 3000
"""Characters of a story from which on the rest of its page is not searched for walls and errors."""
_PAGE_TEXT = 20_000
"""Characters of all that a page says, scripts too, in which a wall, an error or a paywall is looked for."""


@dataclass
class _Story:
    """What was read so far of one page."""

    lines: list[str]
    extractor: str
    title: str = ""
    flags: list[str] = field(default_factory=list)
    posts: tuple[LivePost, ...] = ()


def read_article(page: Page, source: Source | None, *, now: datetime | None) -> Article:
    """What :func:`pipeline.extraction.extract_article` gives back."""
    try:
        seen = page.fetched_at or now
        if page.origin is Origin.FEED:
            return from_feed(page, source, seen)
        return _from_page(page, source, seen)
    except RecursionError as error:
        raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, "nested too deep") from error


def _from_page(page: Page, source: Source | None, seen: datetime | None) -> Article:
    document = read_document(page)
    metadata = read_metadata(document.tree, page.url)
    if not metadata.declared:
        check_title(metadata)
    selected, chosen = _selected_time(document, metadata, source, page.url)
    story = _story(document, metadata, chosen, page.url, source)
    page_text = _beginning(document.tree) if sum(map(len, story.lines)) < _LONG_STORY else ""
    closed_page = not metadata.free or asks_payment(page_text)
    without_consent = past_consent(story.lines)
    if not contains_story(without_consent):
        check_title(metadata)
    check_page(metadata, without_consent, page_text)
    lines, closed = story_lines(without_consent, source)
    check_text(lines, closed=closed or closed_page)
    check_names(lines)
    flags = story.flags + (["paywall"] if closed else []) + flags_of(metadata, lines, closed=closed_page)
    flags += _place_in_story(page.url, document)
    if "broken" in document.encoding:
        flags.append("broken-letters")
    stated, clock = [selected, *metadata.published_raws], Clock(source, seen)
    published_at, published_raw = published_time(stated, metadata.shown, page.listed_raw, page.url, clock, flags)
    modified = read_moment("modified", metadata.modified_raw, source, seen, flags)
    text = join_paragraphs(lines)
    return Article(
        url=article_url(page.url, metadata.canonical, source),
        title=story.title,
        text=text,
        lang=language_of(text, source.language if source else None),
        published_at=published_at,
        published_raw=published_raw,
        modified_at=modified,
        modified_raw=metadata.modified_raw,
        extractor=story.extractor,
        encoding=document.encoding,
        flags=tuple(dict.fromkeys(flags)),
        posts=tuple(_posts(text, story.posts, source, seen)),
    )


def _beginning(tree: etree._Element) -> str:
    """The beginning of the text of a whole page, scripts included."""
    pieces, size = [], 0
    for piece in tree.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size >= _PAGE_TEXT:
            break
    return clean_text("".join(pieces)[:_PAGE_TEXT])


def _place_in_story(url: str, document: HtmlDocument) -> list[str]:
    """Flags: ``part``, a further page of a story; ``continued``, the story continues at another address."""
    goes_on = next_part(document.markup, url, first=url, number=1) is not None
    return ["part"] * is_part(url) + ["continued"] * goes_on


def _selected_time(
    document: HtmlDocument, metadata: Metadata, source: Source | None, url: str
) -> tuple[str, Selectors | None]:
    """The published time where the source's selectors find it, and the selectors that hold on that day."""
    if source is None or not source.selectors:
        return "", None
    raws = (raw for raw in (*metadata.published_raws, address_day(url)) if raw)
    day = read_time(next(raws, ""), zone=source.dates.zone)
    for candidate in source.selectors:
        if candidate.since is None or day is None or candidate.since <= day.moment.date():
            return selected_time(document.tree, candidate), candidate
    return "", None


def _story(
    document: HtmlDocument, metadata: Metadata, selectors: Selectors | None, url: str, source: Source | None
) -> _Story:
    title = strip_suffix(metadata.title, source.title_suffix if source else None)
    story = _Story([], "selectors", title)
    if selectors is not None:
        story.title = _selected(document.tree, selectors.title) or title
    live = read_live_blog(document.tree, metadata, story.title, source.dates.zone if source else "UTC")
    if live is not None:
        story.extractor, story.posts = "live-blog", live.posts
        story.lines = [*live.lead, *(line for post in live.posts for line in post.lines)]
    elif selectors is not None:
        story.lines = _selected_lines(document.tree, selectors)
        if count_letters("".join(story.lines), _MIN_SELECTED) < _MIN_SELECTED:
            story.flags.append("selectors-missed")
            story.lines = []
    if not story.lines:
        story.extractor = "trafilatura"
        story.lines = generic_lines(document, url, story.title, metadata)
    return story


def _posts(text: str, posts: tuple[LivePost, ...], source: Source | None, now: datetime | None) -> Iterator[Post]:
    """Where the posts stand in the text; a post that the source's rules took out of it is left out."""
    start = 0
    for post in posts:
        lines, _ = story_lines(list(post.lines), source)
        post_text = join_paragraphs(lines)
        place = text.find(post_text, start) if post_text else -1
        if place < 0:
            continue
        start = place + len(post_text)
        yield Post(place, start, read_moment("post", post.published_raw, source, now, []), post.published_raw)


def _selected(tree: etree._Element, selector: str | None) -> str:
    if selector is None:
        return ""
    return next((text for node in select_elements(tree, selector) if (text := " ".join(paragraph_texts(node)))), "")


def _selected_lines(tree: etree._Element, selectors: Selectors) -> list[str]:
    """Lead and body where the selectors find them; a lead that the body repeats is left out."""
    if selectors.body is None:
        return []
    dropped = {node for pattern in selectors.drop for node in select_elements(tree, pattern)}
    body = _paragraphs(_outermost(tree, selectors.body, dropped), dropped)
    if not body and selectors.lead is None:
        return []
    lead = _paragraphs(_outermost(tree, selectors.lead, dropped), dropped)
    return [line for line in lead if line not in body[:3]] + body


def _paragraphs(nodes: list[etree._Element], dropped: set[etree._Element]) -> list[str]:
    return [block.text for block in without_pointed([it for node in nodes for it in read_blocks(node, dropped)])]


def _outermost(tree: etree._Element, selector: str | None, dropped: set[etree._Element]) -> list[etree._Element]:
    """Matches in reading order, without those inside another match or inside a dropped element."""
    if selector is None:
        return []
    found = select_elements(tree, selector)
    outer = set(found) | dropped
    return [node for node in found if node not in dropped and not any(up in outer for up in node.iterancestors())]
