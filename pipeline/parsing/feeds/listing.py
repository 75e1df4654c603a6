"""Parse HTML pages that list articles: sections and day archives."""

from __future__ import annotations

from dataclasses import dataclass

from cssselect import HTMLTranslator
from lxml import etree, html

from pipeline.config.discovery import Listing
from pipeline.errors import Rejected
from pipeline.parsing.feeds.markup import refuse_crowded
from pipeline.parsing.feeds.sitemap import SitemapEntry
from pipeline.parsing.feeds.tree import document_text, text_in, web_address
from pipeline.reasons import Reason
from pipeline.records import Outcome

MAX_LINKS = 5000
"""Links read of one page at most."""


@dataclass(frozen=True, slots=True)
class ListingDocument:
    """The links of a page in their order, each address once, and the address of the next page."""

    entries: tuple[SitemapEntry, ...]
    problems: tuple[str, ...] = ()
    next_url: str | None = None


def read_listing(body: bytes, listing: Listing, *, base_url: str, content_type: str = "") -> ListingDocument:
    """The links that ``listing`` selects. The caller must decide which of them are articles.

    Raises Rejected(ERROR): ``not-a-listing`` (not HTML), ``empty-listing`` (no such link), ``parse-limit``,
    ``empty-body``.
    """
    tree = parse_page(document_text(body, content_type))
    base = next((str(href) for href in tree.xpath("//base/@href")), "")
    base = (web_address(base, base_url) if base else None) or base_url
    found: dict[str, SitemapEntry] = {}
    problems: list[str] = []
    for element in _matches(tree, listing.links):
        link = _link_in(element)
        if link is None:
            continue
        if len(found) >= MAX_LINKS:
            problems.append(f"more than {MAX_LINKS} links: the rest was not read")
            break
        url = _address(link, base)
        if url is not None:
            entry = SitemapEntry(url, title=" ".join(text_in(link).split())[:500], published_raw=_time_in(element))
            if not (held := found.setdefault(url, entry)).title and entry.title:
                found[url] = held._replace(title=entry.title)
    if not found:
        raise Rejected(Outcome.ERROR, Reason.EMPTY_LISTING, f"no link matches {listing.links!r}")
    following = next(
        (link for element in _matches(tree, listing.next) if (link := _link_in(element)) is not None), None
    )
    next_url = _address(following, base) if following is not None else None
    return ListingDocument(tuple(found.values()), tuple(problems), next_url)


def parse_page(text: str) -> html.HtmlElement:
    """The element tree of an HTML page. Raises Rejected(ERROR): ``not-a-listing``, ``parse-limit``."""
    if not text.lstrip().startswith("<"):
        raise Rejected(Outcome.ERROR, Reason.NOT_A_LISTING, "no HTML")
    refuse_crowded(text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Rejected(Outcome.ERROR, Reason.NOT_A_LISTING, str(error)) from error
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in entry.type_name or "Excessive depth" in entry.message:
            raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, f"line {entry.line}: {entry.message}")
    return tree


def _matches(tree: html.HtmlElement, selector: str) -> list[etree._Element]:
    return list(tree.xpath(HTMLTranslator().css_to_xpath(selector)))


def _link_in(element: etree._Element) -> etree._Element | None:
    """The element itself if it is a link, else the first link in it."""
    if element.get("href"):
        return element
    return next((inner for inner in element.iter("a") if inner.get("href")), None)


def _address(link: etree._Element, base: str) -> str | None:
    raw = (link.get("href") or "").partition("#")[0]
    return web_address(raw, base) if raw.strip() else None


def _time_in(element: etree._Element) -> str:
    return next((str(inner.get("datetime")) for inner in element.iter("time") if inner.get("datetime")), "")[:200]
