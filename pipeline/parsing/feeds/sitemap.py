"""Parse sitemaps, news sitemaps, sitemap indexes and plain-text sitemaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from pipeline.errors import Rejected
from pipeline.parsing.feeds.entry_text import plain_title
from pipeline.parsing.feeds.feed import FeedDocument, feed_in, feed_of
from pipeline.parsing.feeds.markup import root_at
from pipeline.parsing.feeds.tree import document_text, local_name, namespace_of, parse_xml, text_in, web_address
from pipeline.reasons import Reason
from pipeline.records import Outcome

MAX_URLS = 50_000
"""Addresses in one file at most, as in the sitemap protocol."""


class SitemapEntry(NamedTuple):
    """One address that a sitemap, a page or a JSON document lists; times as written, empty if it gives none."""

    url: str
    lastmod_raw: str = ""
    title: str = ""
    published_raw: str = ""


@dataclass(frozen=True, slots=True)
class SitemapDocument:
    """Addresses of pages, addresses of further sitemaps, and problems."""

    entries: tuple[SitemapEntry, ...]
    children: tuple[str, ...]
    problems: tuple[str, ...]


def read_sitemap(body: bytes, *, base_url: str, content_type: str = "") -> SitemapDocument:
    """What a sitemap lists. An invalid address is reported as a problem and skipped.

    Gzip is detected by content. A feed is accepted as a sitemap.

    Raises Rejected(ERROR): ``not-a-sitemap``, ``empty-sitemap``, ``empty-feed``, ``guard`` (declares entities that
    expand to others), ``parse-limit``, ``too-large``, ``truncated`` (gzip), ``empty-body``.
    """
    text = document_text(body, content_type)
    if not text.startswith("<") and root_at(text) is None:
        return _plain(text, base_url)
    root, problems = parse_xml(text)
    feed = feed_in(root) if root is not None else None
    if feed is not None:
        return _of_feed(feed_of(feed, problems, base_url))
    if root is None or local_name(root) not in ("urlset", "sitemapindex"):
        raise Rejected(
            Outcome.ERROR, Reason.NOT_A_SITEMAP, "no element" if root is None else f"it is <{local_name(root)}>"
        )
    entries: list[SitemapEntry] = []
    children: list[str] = []
    for number, element in enumerate((e for e in root if local_name(e) in ("url", "sitemap")), start=1):
        if number > MAX_URLS:
            problems.append(f"more than {MAX_URLS} addresses: the rest was not read")
            break
        url, problem = _location(element, base_url)
        if url is None:
            problems.append(f"{local_name(element)} {number}: {problem}")
        elif local_name(element) == "sitemap":
            children.append(url)
        else:
            entries.append(_entry(element, url))
    return _document(entries, children, problems)


def _of_feed(feed: FeedDocument) -> SitemapDocument:
    """The entries of a feed that is used as a sitemap, which the protocol allows."""
    entries = [SitemapEntry(it.url, it.updated_raw, it.title, it.published_raw) for it in feed.entries if it.url]
    return _document(entries, [], list(feed.problems))


def _document(entries: list[SitemapEntry], children: list[str], problems: list[str]) -> SitemapDocument:
    if not entries and not children:
        raise Rejected(Outcome.ERROR, Reason.EMPTY_SITEMAP, "; ".join(problems[:3]))
    return SitemapDocument(tuple(entries), tuple(dict.fromkeys(children)), tuple(problems))


def _location(element: etree._Element, base: str) -> tuple[str | None, str]:
    named = [child for child in element if local_name(child) == "loc" and not _of_picture(child)]
    raw = next((text_in(child) for child in named if text_in(child)), "")
    if not raw:
        return None, "no address"
    return web_address(raw, base), f"not a web address: {raw[:200]!r}"


def _of_picture(child: etree._Element) -> bool:
    """Whether an element of the entry is about a picture or film of the page."""
    return any(part in namespace_of(child) for part in ("image", "video"))


def _entry(element: etree._Element, url: str) -> SitemapEntry:
    lastmod = title = published = ""
    for child in element:
        if local_name(child) == "lastmod" and not lastmod:
            lastmod = text_in(child)
        elif local_name(child) == "news":
            for part in child:
                if local_name(part) == "title":
                    title = plain_title(text_in(part))
                elif local_name(part) == "publication_date":
                    published = text_in(part)
    return SitemapEntry(url, lastmod[:200], title, published[:200])


def _plain(text: str, base: str) -> SitemapDocument:
    """Parse one address per line. Rejected if the first line is not an address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines[0].lower().startswith(("http://", "https://")):
        raise Rejected(Outcome.ERROR, Reason.NOT_A_SITEMAP, "neither XML nor a list of addresses")
    entries: list[SitemapEntry] = []
    problems: list[str] = []
    for number, line in enumerate(lines[:MAX_URLS], start=1):
        url = web_address(line, base) if line.lower().startswith(("http://", "https://")) else None
        if url is None:
            problems.append(f"line {number}: not a web address: {line[:200]!r}")
        else:
            entries.append(SitemapEntry(url))
    return _document(entries, [], problems)
