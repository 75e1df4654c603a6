"""The only spider: from a source's feeds, sitemaps and listings to its pages, each archived and given one outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers import discovery
from crawlers.discovery_parser import Contents, DiscoveryParser, ListedAddress
from crawlers.errors import Refused, classify_error
from crawlers.frontier import Frontier, Target
from crawlers.receiver import Receiver
from crawlers.recrawl_policy import conditional_headers, settled_outcome
from crawlers.replay import load_replay
from crawlers.responses import header_value, whole_body
from crawlers.url_filter import feed_entry_disposition, listed_url_rejection
from pipeline.config.discovery import Paged
from pipeline.crawling.job import CrawlJob, CrawlReport, Finished
from pipeline.errors import Rejected
from pipeline.parsing.content_encoding import ACCEPTED
from pipeline.parsing.urls import canonical_url, url_refusal, without_tracking
from pipeline.reasons import Reason
from pipeline.records import Disposition, DocumentKind, Outcome, WarcRecord

PAGE_LIMIT = 16 << 20
DOCUMENT_LIMIT = 50 << 20
"""Bytes of a body, both as received and decoded."""
MOST_ADDRESSES = 100_000
"""Pages that one crawl takes at most; each is kept in memory until the end."""
_DOCUMENT_PRIORITY = 10


class NewsSpider(Spider):
    """Crawls one source for one job and fills in ``report``, which is printed at the end."""

    name = "news"

    def __init__(self, job: CrawlJob, report: CrawlReport, reader: DiscoveryParser, **more: Any) -> None:
        super().__init__(**more)
        self.job = job
        self.report = report
        self._reader = reader
        self._settled = False
        self.frontier = Frontier(job)
        self.receiver = Receiver(job, report, self.frontier)
        self.report.not_before = {asks: until.astimezone(UTC) for asks, until in job.not_before.items()}
        self.stopping = asyncio.Event()
        self._span = discovery.DayRange(job)
        self._asked = 0
        self._asked_pages = 0
        self._sitemaps = 0
        self._read_again = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **more: Any) -> NewsSpider:
        spider: NewsSpider = super().from_crawler(crawler, *args, **more)
        crawler.signals.connect(spider.ask_again, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        found = [target for target in self._documents() if target is not None]
        if self.job.replay is not None:
            held = load_replay(self.job.replay)
            self.report.in_replay = any(held.holds(target.url, self.job.as_of) for target in found)
            if not self.report.in_replay:
                self.frontier.remove_targets(found)
                return
        for target in found:
            for request in self._requests(target):
                yield request

    def _documents(self) -> Iterator[Target | None]:
        for kind, document in discovery.planned_documents(self.job):
            sitemap = kind is DocumentKind.SITEMAP
            self._sitemaps += sitemap
            yield self.frontier.add_target(document.url, kind, document=document, level=0 if sitemap else 1)

    def _requests(self, target: Target | None) -> Iterator[Request]:
        """The request for a target; none if the SSRF guard or the budget refuses it, which is then its outcome."""
        if target is None or target.done:
            return
        source = self.job.source
        why = url_refusal(target.url, hosts=source.allowed_hosts(), allow=source.allow_addresses)
        if why is not None:
            self.frontier.finish(target, Disposition(Outcome.ERROR, Reason.GUARD, why))
            return
        page = target.kind is DocumentKind.PAGE
        spent = self._spent(page)
        if spent:
            self.frontier.finish(target, Disposition(Outcome.ERROR, Reason.MAX_PAGES, spent))
            return
        self._asked += 1
        self._asked_pages += page
        if not page:
            self.report.documents.tried += 1
        meta = {"target": target, "download_maxsize": PAGE_LIMIT if page else DOCUMENT_LIMIT}
        if self.job.proxy:
            meta["proxy"] = self.job.proxy
        if page and source.browser:
            meta["playwright"] = True
        yield Request(
            without_tracking(target.url) if page else target.url,
            callback=self.page if page else self.document,
            errback=self.failed,
            headers=self._headers(target),
            meta=meta,
            dont_filter=True,
            priority=0 if page else _DOCUMENT_PRIORITY,
        )

    def _spent(self, page: bool) -> str:
        """Which budget a further request would exceed; empty if none."""
        if self._asked >= self.job.source.politeness.max_pages:
            return f"budget of {self._asked} requests"
        most = self.job.most_pages
        return f"only {most} pages are wanted" if page and most is not None and self._asked_pages >= most else ""

    def _headers(self, target: Target) -> dict[str, str]:
        headers = {"Accept-Encoding": ACCEPTED}
        if self.job.source.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.job.source.cookies.items())
        paged = isinstance(target.document, Paged) and target.document.pages != "none"
        return headers if paged else headers | conditional_headers(target.known, self.job.clock())

    async def document(self, response: Response) -> AsyncIterator[Request]:
        """Callback for a feed, sitemap or listing: archive it if it is new and request what it lists."""
        target: Target = response.meta["target"]
        if self.receiver.finish_by_status(target, response):
            return
        try:
            body = whole_body(response, DOCUMENT_LIMIT)
            content_type = header_value(response, "Content-Type")
            found = await self._reader.contents(
                target.kind,
                target.document,
                body,
                source=self.job.source.id,
                url=response.url,
                content_type=content_type,
            )
            entries = self._entries(target, found)
        except Rejected as error:
            self.receiver.reject_body(target, response, error)
            return
        if target.done:
            return
        left_out = len(found.entries) - len(entries)
        notes = [*found.problems, *([f"{left_out} of {len(found.entries)} entries left out"] if left_out else [])]
        record = self.receiver.keep_response(target, response, body, detail="; ".join(notes))
        self.report.documents.read += 1
        self.report.documents.unchanged += record is None
        self.report.documents.entries += len(found.entries)
        for request in self._listed(target, found, entries, record):
            yield request

    def _entries(self, target: Target, found: Contents) -> tuple[ListedAddress, ...]:
        """The entries that belong to the run; of a listing, only the links that can be articles.

        Raises Rejected(ERROR, ``empty-listing``) if a listing has none.
        """
        entries = found.entries
        if target.kind is DocumentKind.LISTING:
            source = self.job.source
            entries = tuple(entry for entry in entries if source.is_article(canonical_url(entry.url)))
            if not entries:
                raise Rejected(
                    Outcome.ERROR, Reason.EMPTY_LISTING, f"none of {len(found.entries)} links is an article's"
                )
        if target.kind is not DocumentKind.FEED or target.level > 1:
            entries = tuple(entry for entry in entries if self._span.holds(entry))
        room = max(0, MOST_ADDRESSES - self.frontier.pages)
        self.report.left_out += max(0, len(entries) - room)
        return entries[:room]

    def _listed(
        self, target: Target, found: Contents, entries: tuple[ListedAddress, ...], record: WarcRecord | None
    ) -> Iterator[Request]:
        fresh = False
        for entry in entries:
            fresh = fresh or self.frontier.known_url(DocumentKind.PAGE, entry.url) is None
            yield from self._entry(target, entry, record)
        for url in found.children:
            yield from self._child(target, url)
        further = fresh or self.job.replay or (self.job.past and not self._span.is_before_all(found.entries))
        following = discovery.next_document_page(target.document, target.level, found.next_url)
        if found.entries and further and following is not None:
            yield from self._requests(self._next(target, following))

    def _next(self, target: Target, url: str) -> Target | None:
        return self.frontier.add_target(
            url, target.kind, document=target.document, level=target.level + 1, discovered_in=target.url
        )

    def _child(self, parent: Target, url: str) -> Iterator[Request]:
        if not discovery.is_sitemap_followed(parent.document, url):
            return
        more = {"document": parent.document, "level": parent.level + 1, "discovered_in": parent.url}
        child = self.frontier.add_target(url, DocumentKind.SITEMAP, **more)
        if child is None:
            return
        self._sitemaps += 1
        if child.level > discovery.DEEPEST_SITEMAP or self._sitemaps > discovery.MOST_SITEMAPS:
            self.frontier.finish(child, Disposition(Outcome.ERROR, Reason.SITEMAP_DEPTH, f"level {child.level}"))
            return
        yield from self._requests(child)

    def _entry(self, parent: Target, entry: ListedAddress, record: WarcRecord | None) -> Iterator[Request]:
        target = self.frontier.add_target(
            entry.url,
            DocumentKind.PAGE,
            discovered_in=parent.url,
            title=entry.title,
            published_raw=entry.published_raw,
        )
        if target is None or self._finish_if_rejected(target):
            return
        if self.job.source.body == "feed":
            self.frontier.finish(target, feed_entry_disposition(parent.document, target.known, record))
            return
        repeated = settled_outcome(target.known, self.job.clock())
        if repeated is not None:
            self.frontier.finish(target, repeated)
            return
        yield from self._requests(target)

    def _finish_if_rejected(self, target: Target) -> bool:
        """Finish a listed address that cannot be an article of the source; whether it was finished."""
        why = listed_url_rejection(self.job.source, target.url, target.canonical)
        if why is not None:
            self.frontier.finish(target, why)
        return why is not None

    def page(self, response: Response) -> Iterator[Request]:
        """Callback for a page: archive it if its body is new, follow a meta refresh, request the story's next page."""
        target: Target = response.meta["target"]
        if self.receiver.finish_by_status(target, response) or self.receiver.finish_if_not_article(target, response):
            return
        try:
            body = whole_body(response, PAGE_LIMIT)
        except Rejected as error:
            self.receiver.reject_body(target, response, error)
            return
        following = self.receiver.keep_or_follow(self, target, response, body)
        if following is not None:
            yield following
            return
        part = discovery.next_story_page(self.frontier, target, response.url, body)
        if part is not None and not self._finish_if_rejected(part):
            yield from self._requests(part)

    def check_redirect(self, request: Request, url: str) -> None:
        """Raise Refused for a redirect to an article that another target or an earlier run already has."""
        target: Target | None = request.meta.get("target")
        if target is None or target.done:
            raise Refused(Outcome.ERROR, Reason.REDIRECTS, "nobody waits for this redirect")
        twin = self.frontier.duplicate_of(target, url) if target.kind is DocumentKind.PAGE else None
        if twin is not None:
            raise Refused(Outcome.DUPLICATE, Reason.REDIRECT, twin)

    def failed(self, failure: Failure) -> None:
        """Errback: finish the target with the outcome of the error."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        target: Target = request.meta["target"]
        if target.done:
            return
        end = classify_error(failure.value or RuntimeError("no reason given"), request.url)
        self.frontier.finish(target, end, asked=request.url)

    def ask_again(self) -> None:
        """When all listed pages are done: recrawl young articles, even if no feed lists them any more."""
        if self._read_again or not self.report.in_replay or self.stopping.is_set():
            return
        self._read_again = True
        requests = [request for target in self._targets_to_recrawl() for request in self._requests(target)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _targets_to_recrawl(self) -> Iterator[Target]:
        if self.job.source.body == "feed":
            return
        for known in self.frontier.pages_to_recrawl(self.job.clock()):
            if self.frontier.owner_of(canonical_url(known.url)) is None:
                target = self.frontier.add_target(known.url, DocumentKind.PAGE)
                if target is not None and not self._finish_if_rejected(target):
                    yield target

    def finish_report(self, reason: str) -> None:
        """Close the frontier and fill in the report. Idempotent."""
        if self._settled:
            return
        self._settled = True
        self.report.finished = _FINISHED.get(reason, "shutdown")
        self.frontier.close()
        self.report.failure = self.frontier.unwritable
        now = datetime.now(UTC)
        self.report.not_before = {asks: until for asks, until in self.report.not_before.items() if until > now}
        self.report.discovered = self.frontier.pages
        self.report.outcomes = dict(sorted(self.frontier.outcomes.items()))
        self.report.warcs = list(self.frontier.archive.names)

    def closed(self, reason: str) -> None:
        """Called by Scrapy when the spider has ended."""
        self.finish_report(reason)


_FINISHED: dict[str, Finished] = {"finished": "finished", "closespider_timeout": "timeout", "memory": "memory"}
