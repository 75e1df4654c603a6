"""Plan discovery: which documents of a source to read, which of their entries belong to the run, which page is next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from crawlers.discovery_parser import ListedAddress
from crawlers.frontier import Frontier, Target
from pipeline.config.discovery import DiscoveryDocument, Feed, JsonList, Listing, Paged, Sitemap
from pipeline.crawling.job import CrawlJob
from pipeline.parsing.dates import address_day, read_time
from pipeline.parsing.pagination import MOST_PARTS, next_part, story_page_candidates
from pipeline.parsing.urls import canonical_url
from pipeline.records import DocumentKind

DEEPEST_SITEMAP = 3
"""Deepest level of nested sitemaps that is read; an endless chain of indexes stops here."""
MOST_SITEMAPS = 200
"""Sitemaps read in one run, which also bounds a wide tree of them."""
SMALL_HOURS = 3
"""Hours after midnight in which yesterday's documents are read too: articles published late are listed there."""
TOUCHED_SINCE = timedelta(days=3)
"""How long after the window an entry may be modified and still count, if ``lastmod`` is its only date."""

_SEARCHED = 4 << 20
"""Bytes of a page that are searched for the link to the next one."""

_KINDS: dict[type[DiscoveryDocument], DocumentKind] = {
    Feed: DocumentKind.FEED,
    Sitemap: DocumentKind.SITEMAP,
    Listing: DocumentKind.LISTING,
    JsonList: DocumentKind.LISTING,
}


def planned_documents(job: CrawlJob) -> Iterator[tuple[DocumentKind, DiscoveryDocument]]:
    """The documents to start from; one with a day in its address is given once per day of the run."""
    seen = set()
    for described in job.source.documents():
        if described.day_only and not job.past:
            continue
        for day in days_to_crawl(job):
            for document in described.on(day, job.source.dates.zone):
                if document.url not in seen:
                    seen.add(document.url)
                    yield _KINDS[type(document)], document


def days_to_crawl(job: CrawlJob) -> list[date]:
    """The calendar days, in the source's zone, that a run covers: those of its window, or today."""
    zone = ZoneInfo(job.source.dates.zone)
    if job.window is None or not job.past:
        now = job.clock().astimezone(zone)
        yesterday = [now.date() - timedelta(days=1)] if now.hour < SMALL_HOURS else []
        return [now.date(), *yesterday]
    first = job.window.start.astimezone(zone).date()
    last = (job.window.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


class DayRange:
    """Decides which entries belong to a run over past days; a run of the present, or a replay, takes all.

    Archives list years of articles. An entry is left out if its date lies outside the days: its time of publication,
    else the day in its address, else its time of modification, which can only be later. An entry without a date is
    never left out.
    """

    def __init__(self, job: CrawlJob) -> None:
        self._dates = job.source.dates
        self._zone = ZoneInfo(job.source.dates.zone)
        wanted = days_to_crawl(job)
        self.bounded = job.past and job.window is not None and job.replay is None
        self._first, self._last = wanted[0], wanted[-1]

    def holds(self, entry: ListedAddress) -> bool:
        """Whether the entry may belong to the run's days; true if it has no date."""
        if not self.bounded:
            return True
        day = self._published(entry)
        if day is not None:
            return self._first <= day <= self._last
        touched = self._day(entry.modified_raw)
        return touched is None or self._first <= touched <= self._last + TOUCHED_SINCE

    def is_before_all(self, entries: tuple[ListedAddress, ...]) -> bool:
        """Whether every entry of a page is older than the run's days, so that older pages need not be read."""
        entry_days = [self._published(entry) or self._day(entry.modified_raw) for entry in entries]
        return self.bounded and bool(entry_days) and all(day is not None and day < self._first for day in entry_days)

    def _published(self, entry: ListedAddress) -> date | None:
        return self._day(entry.published_raw) or self._day(address_day(entry.url))

    def _day(self, raw: str) -> date | None:
        when = read_time(raw, zone=self._dates.zone, ignore_offset=self._dates.ignore_offset) if raw else None
        return when.moment.astimezone(self._zone).date() if when else None


def is_sitemap_followed(document: DiscoveryDocument | None, child: str) -> bool:
    """Whether a sitemap named by an index matches the source's ``follow`` pattern; true without one."""
    follow = document.follow if isinstance(document, Sitemap) else None
    return follow is None or re.search(follow, child) is not None


def next_document_page(document: DiscoveryDocument | None, number: int, next_url: str | None) -> str | None:
    """The address of the page after page ``number`` (from 1) of a document; None if there is none to request."""
    if not isinstance(document, Paged) or number >= document.max_pages:
        return None
    if document.pages == "rel-next":
        return next_url
    if document.page_template is None:
        return None
    return document.page_template.replace("{n}", str(document.first_page + number))


def next_story_page(frontier: Frontier, target: Target, url: str, body: bytes) -> Target | None:
    """The target for the page after ``target``, which answered at ``url``; None if there is none or it is known.

    Each page is kept as an article under its own address: a version is proved by exactly one archive record, and the
    pages of a story change independently.
    """
    number = max(target.level, 1)
    first = (
        next((story for story, n in story_page_candidates(target.url) if n == number), "")
        if number > 1
        else canonical_url(url)
    )
    if number >= MOST_PARTS or not first:
        return None
    following = next_part(body[:_SEARCHED].decode("utf-8", "replace"), url, first=first, number=number)
    if following is None:
        return None
    return frontier.add_target(
        following,
        DocumentKind.PAGE,
        discovered_in=target.url,
        title=target.title,
        published_raw=target.published_raw,
        level=number + 1,
    )
