"""Discover the feeds and sitemaps of a new site, and draft a source file from them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from pipeline.config.schema import editor_line
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.config.values import http_url
from pipeline.errors import ConfigError, Rejected
from pipeline.onboarding.adhoc_crawl import AdhocCrawl, run_adhoc_crawl
from pipeline.parsing import feeds
from pipeline.parsing.feeds.finding import (
    USUAL_FEEDS,
    USUAL_SITEMAPS,
    Home,
    article_patterns,
    read_home,
    sitemaps_in_robots,
)
from pipeline.records import DocumentKind, Fetch, Outcome
from pipeline.runtime.sandbox import Sandbox

MOST_CANDIDATES = 12
"""Most feeds, and most sitemaps, that are tried."""
MOST_REQUESTS = 50
_EVERYTHING = ["."]


@dataclass(frozen=True, slots=True)
class DiscoveredDocument:
    """A document that lists articles."""

    url: str
    entries: int
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class DiscoveredSite:
    """What was found on a site."""

    home: Home
    feeds: list[DiscoveredDocument]
    sitemaps: list[DiscoveredDocument]
    patterns: list[str]
    refused: list[str]
    """URLs that were tried and gave nothing, with the reason."""


def discover_site(settings: Settings, url: str, folder: Path, *, delay: float = 2.0) -> DiscoveredSite:
    """Find the feeds and sitemaps of a site, with ``delay`` seconds between requests.

    Raises ConfigError if its home page cannot be read.
    """
    first = run_adhoc_crawl(
        settings, _probe(_checked(url), delay, listings=[{"url": url}]), folder / "home", most_pages=0
    )
    with Sandbox() as sandbox:
        home, base = _home(first, url, sandbox)
        named = _named_sitemaps(first)
        candidates = {
            "feeds": _some(home.feeds, USUAL_FEEDS, base),
            "sitemaps": _some(tuple(named), USUAL_SITEMAPS, base),
        }
        hosts = [urlsplit(it).hostname or "" for group in candidates.values() for it in group]
        second = run_adhoc_crawl(
            settings, _probe(base, delay, hosts=hosts, **candidates), folder / "documents", most_pages=0
        )
        found = {kind: _listed(second, kind, sandbox) for kind in (DocumentKind.FEED, DocumentKind.SITEMAP)}
    listed_urls = [fetch.url for fetch in second.pages]
    tried = [fetch for fetch in second.documents if fetch.kind is not DocumentKind.ROBOTS and not fetch.record]
    return DiscoveredSite(
        home,
        found[DocumentKind.FEED],
        found[DocumentKind.SITEMAP],
        article_patterns(listed_urls),
        [f"{fetch.url}: {fetch.reason}" for fetch in tried],
    )


def _checked(url: str) -> str:
    try:
        return http_url(url)
    except ValueError as error:
        raise ConfigError(f"{url}: {error}, such as https://www.example.org") from error


def _probe(url: str, delay: float, *, hosts: list[str] | None = None, **documents: object) -> Source:
    """A temporary source definition for an unknown site."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return Source.model_validate(
        {
            "id": "site",
            "title": host or "site",
            "language": "en",
            "home": url,
            "articles": _EVERYTHING,
            "hosts": list(dict.fromkeys([host, *(hosts or [])])),
            "politeness": {"delay": delay, "max_pages": MOST_REQUESTS},
            **documents,
        }
    )


def _home(first: AdhocCrawl, url: str, sandbox: Sandbox) -> tuple[Home, str]:
    fetch = next((it for it in first.documents if it.kind is DocumentKind.LISTING), None)
    found = first.read(fetch) if fetch else None
    if fetch is None or found is None:
        why = f"{fetch.outcome}/{fetch.reason} {fetch.detail}".strip() if fetch else first.summary.failure
        raise ConfigError(f"{url}: the home page could not be read: {why}")
    base = fetch.final_url or url
    try:
        home: Home = sandbox.call(read_home, found.body, base_url=base, content_type=fetch.content_type)
    except Rejected as error:
        raise ConfigError(f"{url}: the home page could not be read: {error}") from error
    return home, base


def _named_sitemaps(first: AdhocCrawl) -> list[str]:
    robots = (fetch for fetch in first.documents if fetch.kind is DocumentKind.ROBOTS)
    found = ((fetch, first.read(fetch)) for fetch in robots)
    return [
        address
        for fetch, it in found
        if it is not None
        for address in sitemaps_in_robots(it.body.decode("utf-8", "replace"), fetch.url)
    ]


def _some(named: tuple[str, ...], usual: tuple[str, ...], base: str) -> list[str]:
    """The URLs that the site names, or the usual ones if it names none."""
    parts = urlsplit(base)
    return list(named[:MOST_CANDIDATES]) or [f"{parts.scheme}://{parts.netloc}{path}" for path in usual]


def _listed(crawl: AdhocCrawl, kind: DocumentKind, sandbox: Sandbox) -> list[DiscoveredDocument]:
    """The documents for the source file: those that were read, list pages, and were found in no other document."""
    under = Counter(_root(crawl, page) for page in crawl.pages)
    return [
        DiscoveredDocument(
            fetch.url, under[fetch.url], kind is DocumentKind.FEED and _has_full_text(crawl, fetch, sandbox)
        )
        for fetch in crawl.documents
        if fetch.kind is kind and fetch.outcome is Outcome.KEPT and not fetch.discovered_in and under[fetch.url]
    ]


def _root(crawl: AdhocCrawl, page: Fetch) -> str:
    """The top-level document through which a page was found."""
    parents = {fetch.url: fetch.discovered_in for fetch in crawl.documents}
    address = page.discovered_in
    while parents.get(address):
        address = parents[address]
    return address


def _has_full_text(crawl: AdhocCrawl, fetch: Fetch, sandbox: Sandbox) -> bool:
    held = crawl.read(fetch)
    if held is None:
        return False
    feed = sandbox.call(feeds.read_feed, held.body, base_url=fetch.url, content_type=fetch.content_type)
    return sum(entry.full_text for entry in feed.entries) * 2 > len(feed.entries)


def draft_source_file(url: str, source_id: str, site: DiscoveredSite) -> str:
    """The text of a source file, with comments on what to check. Raises ConfigError without any feed or sitemap."""
    if not site.feeds and not site.sitemaps:
        tried = "; ".join(site.refused) or "nothing"
        raise ConfigError(
            f"{url}: found no feed and no sitemap (tried {tried}); if a page lists the articles, write the file with "
            "listings: see docs/add-a-source.md"
        )
    fields: dict[str, object] = {
        "id": source_id,
        "title": site.home.title or source_id,
        "language": site.home.language or "en",
        "home": url,
        "enabled": False,
        "feeds": [{"url": it.url, "full_text": True} if it.full_text else it.url for it in site.feeds],
        "sitemaps": [it.url for it in site.sitemaps],
        "articles": site.patterns,
        "politeness": {"delay": 3},
        "expect": {"with_text": 0.8, "with_date": 0.9, "with_title": 0.95},
        "unverified": [
            "the addresses of articles, guessed from what is listed now",
            "the time zone of times without an offset",
            *([] if site.home.language else ["the language: the home page does not declare it"]),
        ],
    }
    kept = {name: value for name, value in fields.items() if value not in ([], "")}
    seen = [f"#   {it.url}: {it.entries} addresses" for it in [*site.feeds, *site.sitemaps]]
    lines = [
        editor_line(),
        "# A draft. Listed when it was made:",
        *seen,
        "# Look over articles, add publisher, country and dates.zone, then: onrecord sources try " + source_id,
        "# No run reads it until it is switched on: onrecord sources enable " + source_id,
        yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110).rstrip(),
    ]
    return "\n".join(lines) + "\n"


def id_of(url: str) -> str:
    """A source id made from a URL: the host without ``www.`` and top-level domain."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    name = host.rpartition(".")[0] or host
    return re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.") or "source"
