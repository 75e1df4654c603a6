"""Autodiscovery of feeds and sitemaps: links on a site's home page, and its robots.txt. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.parsing.feeds.listing import parse_page
from pipeline.parsing.feeds.tree import document_text, text_in, web_address

USUAL_FEEDS = ("/rss", "/rss.xml", "/feed", "/feed.xml", "/atom.xml")
USUAL_SITEMAPS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_index.xml")
"""Common paths of feeds and sitemaps, to try on sites that declare none."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_FEED_PATH = re.compile(r"(?:^|[/._-])(?:rss\d*|feeds?|atom)(?:[/._-]|$)", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[^\S\n]*+sitemap[^\S\n]*+:[^\S\n]*+(\S++)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Home:
    """What a home page says about its publication; empty fields if it does not say."""

    title: str
    language: str
    feeds: tuple[str, ...]
    """Declared feeds first, then links that look like a feed."""


def read_home(body: bytes, *, base_url: str, content_type: str = "") -> Home:
    """What a home page declares. Raises Rejected if it is not HTML."""
    tree = parse_page(document_text(body, content_type))
    declared = [
        str(link.get("href"))
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split() and (link.get("type") or "").lower() in _FEED_TYPES
    ]
    linked = [str(link.get("href")) for link in tree.iter("a") if _FEED_PATH.search(_path(str(link.get("href") or "")))]
    addresses = (web_address(href, base_url) for href in [*declared, *linked] if href)
    name = next((str(meta.get("content")) for meta in tree.iter("meta") if meta.get("property") == "og:site_name"), "")
    title = name or next((text_in(element) for element in tree.iter("title")), "")
    language = next((str(element.get("lang") or "") for element in tree.iter("html")), "")[:2].lower()
    return Home(
        " ".join(title.split())[:100],
        language if re.fullmatch("[a-z]{2}", language) else "",
        tuple(dict.fromkeys(address for address in addresses if address)),
    )


def sitemaps_in_robots(text: str, base_url: str) -> list[str]:
    """The addresses of sitemaps in a robots.txt, absolute, each once."""
    lines = text.replace("\ufeff", "").replace("\r", "\n")
    found = (web_address(raw, base_url) for raw in _SITEMAP_LINE.findall(lines))
    return list(dict.fromkeys(address for address in found if address))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def article_patterns(addresses: Sequence[str], *, at_least: float = 0.1, most: int = 3) -> list[str]:
    """Guess regular expressions that match the articles among the addresses; a person should review them.

    Gives at most the ``most`` commonest forms, each of at least the share ``at_least`` of the addresses.
    """
    counts: dict[str, int] = {}
    for address in addresses:
        form = _form(address)
        if form:
            counts[form] = counts.get(form, 0) + 1
    common = sorted(counts, key=lambda form: (-counts[form], form))[:most]
    return [form for form in common if counts[form] >= at_least * len(addresses)]


def _form(address: str) -> str:
    parts = urlsplit(address)
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments or not parts.hostname:
        return ""
    host = re.escape(parts.hostname.removeprefix("www.")).replace(r"\-", "-")
    inner = "".join(f"/{_segment(segment, last=False)}" for segment in segments[:-1])
    end = "/?$" if "." not in segments[-1] else "$"
    return rf"^https?://(www\.)?{host}{inner}/{_segment(segments[-1], last=True)}{end}"


def _segment(segment: str, *, last: bool) -> str:
    """One segment of a path as a pattern: digits (with their number if it may be a date), words, or anything."""
    if re.fullmatch(r"\d+", segment):
        return rf"\d{{{len(segment)}}}" if len(segment) in (2, 4, 8) and not last else r"\d+"
    stem, dot, ending = segment.rpartition(".") if last else (segment, "", "")
    if last and dot and re.fullmatch(r"[a-z]{3,5}", ending):
        return rf"{_segment(stem, last=True)}\.{ending}"
    return "[^/?#]+" if last or re.search(r"\d", segment) else "[a-z_-]+"
