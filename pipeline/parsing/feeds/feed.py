"""Parse RSS 0.9x to 2.0, RDF, Atom and JSON feeds to one kind of entry."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from pipeline.errors import Rejected
from pipeline.parsing.feeds.entry_text import as_paragraphs, plain_title, text_as_html
from pipeline.parsing.feeds.tree import document_text, local_name, namespace_of, parse_xml, text_in, web_address
from pipeline.reasons import Reason
from pipeline.records import FeedEntry, Outcome

MAX_ENTRIES = 5000
"""Entries read of one feed at most: 200,000 take a tolerant parser over a minute."""

_RSS_NAMESPACES = (
    "",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
)
_FEED_ELEMENTS = ("rss", "rdf", "feed", "channel")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_PARAGRAPH = re.compile(r"<p\b", re.I)
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "dcterms:created")
_UPDATED = ("updated", "modified")
_FULL_TEXT = ("encoded", "full-text", "fulltext")
_PICTURES = ("media", "mrss")
"""Parts of the namespaces whose elements describe a picture or film, not the story."""
_EXTENSIONS = ("purl.org/dc/", "itunes", *_PICTURES)
"""Parts of the namespaces of extensions, in order of preference: those that describe the story first."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The entries of a feed in their order, its problems, and the address of its next page."""

    entries: tuple[FeedEntry, ...]
    problems: tuple[str, ...]
    """Ill-formed XML, and one line per rejected entry: ``entry 3: no web address``."""
    next_url: str | None = None
    """The address of the next, older page of a paged feed; None if there is none."""


def read_feed(body: bytes, *, base_url: str, content_type: str = "") -> FeedDocument:
    """The entries of a feed. Addresses are absolute; times are kept as written.

    Raises Rejected(ERROR): ``not-a-feed`` (an HTML error page, a sitemap, plain text), ``empty-feed`` (no items),
    ``no-usable-entry`` (items, but none with an address), ``guard`` (declares entities that expand to others),
    ``parse-limit``, ``too-large``, ``truncated`` (gzip), ``empty-body``.
    """
    text = document_text(body, content_type)
    if text[0] in "{[":
        return _json_feed(text, base_url)
    document, problems = parse_xml(text)
    root = feed_in(document) if document is not None else None
    if root is None:
        raise Rejected(
            Outcome.ERROR, Reason.NOT_A_FEED, problems[0] if document is None else f"it is <{local_name(document)}>"
        )
    return feed_of(root, problems, base_url)


def feed_of(root: etree._Element, problems: list[str], base_url: str) -> FeedDocument:
    """The entries of a feed element. Raises Rejected(ERROR): ``empty-feed``, ``no-usable-entry``."""
    base = _base(root, base_url)
    items = [element for element in root.iter() if local_name(element) in ("item", "entry")]
    return _document((_entry(item, base) for item in items), len(items), problems, _next_page(root, base))


def feed_in(document: etree._Element) -> etree._Element | None:
    """The feed element: the root, or one inside it if a server has wrapped the feed in a page; None if none."""
    if local_name(document) in _FEED_ELEMENTS:
        return document
    inside = (element for element in document.iter() if local_name(element) in ("rss", "rdf", "feed"))
    return next(
        (element for element in inside if any(local_name(e) in ("item", "entry") for e in element.iter())), None
    )


def _base(root: etree._Element, base_url: str) -> str:
    """The base for relative addresses of entries: xml:base, else the channel's own address, else the feed's."""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    for element in (root, channel):
        if element.get(_XML_BASE):
            return web_address(element.get(_XML_BASE) or "", base_url) or base_url
    home = next((text_in(child) for child in channel if local_name(child) == "link" and not child.get("href")), "")
    return (web_address(home, base_url) if home else None) or base_url


def _document(found: Iterator[FeedEntry | str], count: int, problems: list[str], next_url: str | None) -> FeedDocument:
    """Collect entries and problems; repeated locators get a number. ``found``: an entry, or why it is rejected."""
    if count == 0 and next_url is None:
        raise Rejected(Outcome.ERROR, Reason.EMPTY_FEED, "; ".join(problems[:1]))
    entries: list[FeedEntry] = []
    seen: Counter[str] = Counter()
    for number, entry in enumerate(found, start=1):
        if number > MAX_ENTRIES:
            problems.append(f"more than {MAX_ENTRIES} entries: the last {count - MAX_ENTRIES} were not read")
            break
        if isinstance(entry, str):
            problems.append(f"entry {number}: {entry}")
            continue
        seen[entry.locator] += 1
        repeat = seen[entry.locator]
        entries.append(entry if repeat == 1 else replace(entry, locator=f"{entry.locator}#{repeat}"))
    if not entries and count:
        raise Rejected(Outcome.ERROR, Reason.NO_USABLE_ENTRY, f"none of {count}: " + "; ".join(problems[:3]))
    return FeedDocument(tuple(entries), tuple(problems), next_url)


def _entry(item: etree._Element, base: str) -> FeedEntry | str:
    base = web_address(item.get(_XML_BASE) or "", base) or base
    guid = _first(item, "guid") or _first(item, "id")
    url = None
    raw_link = ""
    for link in _links(item):
        raw_link = raw_link or link
        url = web_address(link, base)
        if url is not None:
            break
    if url is None:
        return f"not a web address: {raw_link[:200]!r}" if raw_link else "no web address"
    content, full = _content(item)
    return FeedEntry(
        locator=url,
        url=url,
        title=_title(item),
        published_raw=_date(item, _PUBLISHED),
        updated_raw=_date(item, _UPDATED),
        content_html=content,
        full_text=full,
        guid=guid,
    )


def _first(item: etree._Element, name: str) -> str:
    """The text of a child element: the feed's own before an extension's, and a picture's only if there is no other."""
    named = sorted((child for child in item if local_name(child) == name), key=_rank)
    return next((text_in(child) for child in named if text_in(child)), "")


def _rank(child: etree._Element) -> int:
    where = namespace_of(child)
    where = "purl.org/dc/" if where == "dc" else where
    return next((number for number, part in enumerate(_EXTENSIONS, start=1) if part in where), 0)


def _links(item: etree._Element) -> Iterator[str]:
    """Candidates for the address of the story, best first.

    If a click-counting proxy has replaced the link, the feed has the original in ``origLink``, which comes first. Only
    direct children count, and an extension's ``link`` never comes before the feed's.
    """
    yield _first(item, "origlink")
    plain = [child for child in item if local_name(child) == "link"]
    for child in plain:
        if namespace_of(child) in _RSS_NAMESPACES and not child.get("href"):
            yield text_in(child)
    atom = [child for child in plain if child.get("href")]
    atom.sort(key=lambda child: (child.get("type") or "text/html") not in ("text/html", "application/xhtml+xml"))
    for child in atom:
        if (child.get("rel") or "alternate") == "alternate":
            yield web_address(child.get("href") or "", child.get(_XML_BASE) or "") or child.get("href") or ""
    for name in ("guid", "id", "pdalink"):
        for child in item:
            if (
                local_name(child) == name
                and child.get("ispermalink", child.get("isPermaLink", "true")).lower() != "false"
            ):
                value = text_in(child)
                if value.startswith(("http://", "https://", "/")):
                    yield value
    yield next((str(value) for key, value in item.attrib.items() if str(key).endswith("}about")), "")
    yield next((child.get("href") or "" for child in atom if child.get("rel") == "self"), "")
    yield next((text_in(child) for child in plain if text_in(child)), "")


def _date(item: etree._Element, names: tuple[str, ...]) -> str:
    for name in names:
        value = _first(item, name)
        if value:
            return value[:200]
    return ""


def _title(item: etree._Element) -> str:
    return plain_title(_first(item, "title"))


def _content(item: etree._Element) -> tuple[str, bool]:
    """Text as HTML, and whether it is the full text: the longest full-text element, else the longest summary."""
    whole: list[str] = []
    summaries: list[str] = []
    for child in item:
        name = local_name(child)
        if any(part in namespace_of(child) for part in _PICTURES):
            continue
        if name in _FULL_TEXT or name == "content":
            whole.append(_html_of(child))
        elif name in ("description", "summary", "subtitle"):
            summaries.append(_html_of(child))
    best = max(whole, key=len, default="")
    if best:
        return best, True
    summary = max(summaries, key=len, default="")
    return summary, len(summary) >= 1500 and len(_PARAGRAPH.findall(summary)) >= 3


def _html_of(element: etree._Element) -> str:
    if len(element):
        inner = element.text or ""
        inner += "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
        return inner.strip()
    return text_as_html(text_in(element))


def _next_page(root: etree._Element, base: str) -> str | None:
    tops = [root, *(child for child in root if local_name(child) == "channel")]
    for element in (child for top in tops for child in top):
        if local_name(element) == "link" and element.get("rel") == "next" and element.get("href"):
            return web_address(element.get("href") or "", base)
    return None


def _json_feed(text: str, base: str) -> FeedDocument:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Rejected(Outcome.ERROR, Reason.NOT_A_FEED, f"not JSON: {error}") from error
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise Rejected(Outcome.ERROR, Reason.NOT_A_FEED, "JSON without a list of items")
    next_url = web_address(str(value.get("next_url") or ""), base)
    return _document((_json_entry(item, base) for item in items), len(items), [], next_url)


def _json_entry(item: Any, base: str) -> FeedEntry | str:
    if not isinstance(item, dict):
        return "not an object"
    own = _said(item, "id")
    raw = _said(item, "url") or _said(item, "external_url") or (own if own.startswith(("http", "/")) else "")
    url = web_address(raw, base) if raw else None
    if url is None:
        return f"not a web address: {raw[:200]!r}" if raw else "no web address"
    whole = _said(item, "content_html") or as_paragraphs(_said(item, "content_text"))
    return FeedEntry(
        locator=url,
        url=url,
        title=plain_title(_said(item, "title")),
        published_raw=_said(item, "date_published")[:200],
        updated_raw=_said(item, "date_modified")[:200],
        content_html=whole or as_paragraphs(_said(item, "summary")),
        full_text=bool(whole),
        guid=_said(item, "id"),
    )


def _said(item: Mapping[str, object], name: str) -> str:
    """A member as text, without lone surrogates, which JSON can contain and the database refuses."""
    value = item.get(name)
    return str(value).encode("utf-8", "ignore").decode("utf-8") if isinstance(value, str | int) else ""
