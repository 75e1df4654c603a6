"""Rate limiting by servers: honour Retry-After on 429 and 503.

A 429 is about us as a client, so it blocks the whole host at once. A 503 may be about one page only, and one page must
not block a host for an hour: it blocks that page, and the host once a second page answers the same.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.context import spider_of
from crawlers.errors import Refused
from pipeline.reasons import Reason
from pipeline.records import Outcome

LONGEST_WAIT = 120.0
"""Seconds that a crawl waits for a host; with a longer Retry-After the request is left to the next run."""
LONGEST_HELD = 86400.0
"""Longest Retry-After that is honoured, in seconds."""
_BUSY = (429, 503)
_TRIES = 2


class RetryAfterMiddleware:
    """Downloader middleware that delays or refuses requests until Retry-After has passed; in live crawls only."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._not_before: dict[str, float] = {}
        self._unwell: dict[str, set[str]] = {}
        crawler.signals.connect(self._begin, signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfterMiddleware:
        return cls(crawler)

    def _begin(self) -> None:
        """Load the Retry-After times of earlier runs from the job."""
        now = datetime.now(UTC)
        for asks, until in spider_of(self._crawler).job.not_before.items():
            self._not_before[asks] = time.monotonic() + (until - now).total_seconds()

    def _wait_until(self, asks: str, seconds: float) -> None:
        """Remember the time for this crawl, and in its report for later ones."""
        moment = time.monotonic() + min(seconds, LONGEST_HELD)
        if moment > self._not_before.get(asks, 0.0):
            self._not_before[asks] = moment
            until = datetime.now(UTC) + timedelta(seconds=min(seconds, LONGEST_HELD))
            spider_of(self._crawler).report.not_before[asks] = until

    async def process_request(self, request: Request) -> None:
        while (wait := self._wait(request)) > 0:
            if wait > LONGEST_WAIT:
                detail = f"{urlsplit(request.url).netloc} asked to be left alone for {wait:.0f} s more"
                raise Refused(Outcome.ERROR, Reason.RETRY_AFTER, detail)
            if await self._is_stopped_within(wait):
                raise Refused(Outcome.ERROR, Reason.NOT_TRIED, "stopped while waiting for a server")

    def _wait(self, request: Request) -> float:
        host = urlsplit(request.url).netloc
        return max(self._not_before.get(host, 0.0), self._not_before.get(request.url, 0.0)) - time.monotonic()

    async def _is_stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(spider_of(self._crawler).stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if response.status not in _BUSY:
            return response
        wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if wait is None:
            return response
        for asks in self._who_asks(request.url, response.status):
            self._wait_until(asks, wait)
        tries = request.meta.get("tries", 1)
        if wait > LONGEST_WAIT or tries >= _TRIES or request.meta.get("robots"):
            return response
        return request.replace(meta={**request.meta, "tries": tries + 1}, dont_filter=True)

    def _who_asks(self, url: str, status: int) -> tuple[str, ...]:
        host = urlsplit(url).netloc
        if status == 429:
            return url, host
        unwell = self._unwell.setdefault(host, set())
        unwell.add(url)
        return (url, host) if len(unwell) > 1 else (url,)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: a number or a date); None if absent or invalid."""
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
