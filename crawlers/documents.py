"""Which documents list a source's articles, and which documents those name in their turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from crawlers.job import Job
from pipeline.config.source import Feed, Sitemap

DEEPEST_SITEMAP = 3
"""Sitemaps above a sitemap that is still read; a chain that names itself for ever stops here."""
MOST_SITEMAPS = 200
"""Sitemaps read in one run, so that a tree of them ends too."""


def feeds(job: Job) -> Iterator[Feed]:
    """The feeds of a source; all of them are read in every run."""
    yield from job.source.feeds


def sitemaps(job: Job) -> Iterator[str]:
    """Addresses of the sitemaps to read: for each day of the window if the past is asked for, else for today."""
    wanted = days(job)
    seen = set()
    for sitemap in job.source.sitemaps:
        if sitemap.day_only and not job.past:
            continue
        for url in _addresses(sitemap, wanted):
            if url not in seen:
                seen.add(url)
                yield url


def days(job: Job) -> list[date]:
    """The calendar days, in the source's zone, that a run is about; date sitemaps are cut by them."""
    zone = ZoneInfo(job.source.dates.zone)
    if job.window is None or not job.past:
        return [job.clock().astimezone(zone).date()]
    first = job.window.start.astimezone(zone).date()
    last = (job.window.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _addresses(sitemap: Sitemap, wanted: list[date]) -> list[str]:
    if "{" not in sitemap.url:
        return [sitemap.url]
    return [
        sitemap.url.replace("{yyyy}", f"{day:%Y}").replace("{mm}", f"{day:%m}").replace("{dd}", f"{day:%d}")
        for day in wanted
    ]


def next_page(feed: Feed, number: int, next_url: str | None) -> str | None:
    """The address of the page after page ``number`` (from 1) of a feed; None if there is none to ask for."""
    if number >= feed.max_pages:
        return None
    if feed.pages == "rel-next":
        return next_url
    if feed.pages == "template" and feed.page_template:
        return feed.page_template.replace("{n}", str(number + 1))
    return None
