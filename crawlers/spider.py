"""The one spider: from a source's feeds and sitemaps to its pages, each archived once and accounted for."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers import documents
from crawlers.faults import Refused, verdict
from crawlers.frontier import Answer, Frontier, Target, settled
from crawlers.job import Job, Report
from crawlers.reading import Listed, Listing, Reader
from crawlers.replay import world
from pipeline.archive import Exchange
from pipeline.coding import ACCEPTED, decoded
from pipeline.config.source import Feed
from pipeline.errors import Rejected
from pipeline.records import DocumentKind, Outcome, WarcRecord
from pipeline.urls import ascii_host, canonical_url, off_hosts, refusal

PAGE_LIMIT = 16 << 20
DOCUMENT_LIMIT = 50 << 20
"""Bytes, received as well as decoded (RELIABILITY C7)."""
_DOCUMENT_PRIORITY = 10
_NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")

log = logging.getLogger(__name__)


class NewsSpider(Spider):
    """Crawls one source for one job; ``report`` is what the child prints in the end."""

    name = "news"

    def __init__(self, job: Job, report: Report, reader: Reader, **more: Any) -> None:
        super().__init__(**more)
        self.job = job
        self.report = report
        self._reader = reader
        self._settled = False
        self.frontier = Frontier(job)
        self.stopping = asyncio.Event()
        self._asked = 0
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
            held = world(self.job.replay)
            self.report.in_replay = any(held.holds(target.url, self.job.as_of) for target in found)
            if not self.report.in_replay:
                self.frontier.withdraw(found)
                return
        for target in found:
            for request in self._requests(target):
                yield request

    def _documents(self) -> Iterator[Target | None]:
        for feed in documents.feeds(self.job):
            yield self.frontier.found(feed.url, DocumentKind.FEED, feed=feed, level=1)
        for url in documents.sitemaps(self.job):
            self._sitemaps += 1
            yield self.frontier.found(url, DocumentKind.SITEMAP)

    def _requests(self, target: Target | None) -> Iterator[Request]:
        """The request for a target, unless the guard or the budget says no, which is then its outcome."""
        if target is None or target.done:
            return
        source = self.job.source
        why = refusal(target.url, hosts=source.allowed_hosts(), allow=source.allow_addresses)
        if why is not None:
            self.frontier.finish(target, Outcome.ERROR, "guard", detail=why)
            return
        if self._asked >= source.politeness.max_pages:
            self.frontier.finish(target, Outcome.ERROR, "max-pages", detail=f"budget of {self._asked} requests")
            return
        self._asked += 1
        page = target.kind is DocumentKind.PAGE
        if not page:
            self.report.documents["tried"] += 1
        meta = {"target": target, "download_maxsize": PAGE_LIMIT if page else DOCUMENT_LIMIT}
        if self.job.proxy:
            meta["proxy"] = self.job.proxy
        yield Request(
            target.url,
            callback=self.page if page else self.document,
            errback=self.failed,
            headers=self._headers(target),
            meta=meta,
            dont_filter=True,
            priority=0 if page else _DOCUMENT_PRIORITY,
        )

    def _headers(self, target: Target) -> dict[str, str]:
        headers = {"Accept-Encoding": ACCEPTED}
        paged = target.feed is not None and target.feed.pages != "none"
        if target.known is None or paged:
            return headers
        if target.known.etag:
            headers["If-None-Match"] = target.known.etag
        elif target.known.last_modified:
            headers["If-Modified-Since"] = target.known.last_modified
        return headers

    async def document(self, response: Response) -> AsyncIterator[Request]:
        """Archive a feed or sitemap if it is new, and go on to what it lists."""
        target: Target = response.meta["target"]
        if self._ended(target, response):
            return
        body = self._body(target, response, DOCUMENT_LIMIT)
        if body is None:
            return
        try:
            content_type = _header(response, "Content-Type")
            found = await self._reader.listing(target.kind, body, url=response.url, content_type=content_type)
        except Rejected as error:
            self.frontier.finish(target, error.outcome, error.reason, answer=_answer(response), detail=error.detail)
            return
        if target.done:
            return
        record = self.keep_document(target, response, body, detail="; ".join(found.problems))
        self.report.documents["read"] += 1
        self.report.documents["entries"] += len(found.entries)
        for request in self._listed(target, found, record):
            yield request

    def _listed(self, target: Target, found: Listing, record: WarcRecord | None) -> Iterator[Request]:
        fresh = False
        for entry in found.entries:
            fresh = fresh or self.frontier.known(DocumentKind.PAGE, entry.url) is None
            yield from self._entry(target, entry, record)
        for url in found.children:
            yield from self._child(target, url)
        if target.feed is not None and found.entries and (fresh or self.job.replay or self.job.past):
            following = documents.next_page(target.feed, target.level, found.next_url)
            if following is not None:
                yield from self._requests(self._next(target, following))

    def _next(self, target: Target, url: str) -> Target | None:
        return self.frontier.found(
            url, DocumentKind.FEED, feed=target.feed, level=target.level + 1, discovered_in=target.url
        )

    def _child(self, parent: Target, url: str) -> Iterator[Request]:
        child = self.frontier.found(url, DocumentKind.SITEMAP, level=parent.level + 1, discovered_in=parent.url)
        if child is None:
            return
        self._sitemaps += 1
        if child.level > documents.DEEPEST_SITEMAP or self._sitemaps > documents.MOST_SITEMAPS:
            self.frontier.finish(child, Outcome.ERROR, "sitemap-depth", detail=f"level {child.level}")
            return
        yield from self._requests(child)

    def _entry(self, parent: Target, entry: Listed, record: WarcRecord | None) -> Iterator[Request]:
        target = self.frontier.found(
            entry.url,
            DocumentKind.PAGE,
            discovered_in=parent.url,
            title=entry.title,
            published_raw=entry.published_raw,
        )
        if target is None or self._refused_unasked(target):
            return
        if self.job.source.body == "feed":
            self._from_feed(target, parent.feed, record)
            return
        repeated = settled(target.known, self.job.clock())
        if repeated is not None:
            self.frontier.finish(target, *repeated)
            return
        yield from self._requests(target)

    def _refused_unasked(self, target: Target) -> bool:
        """Whether a listed address can be no article of the source; then that is its outcome."""
        source = self.job.source
        why = refusal(target.url, hosts=None, allow=source.allow_addresses)
        if why is not None:
            self.frontier.finish(target, Outcome.ERROR, "guard", detail=why)
            return True
        host = ascii_host(urlsplit(target.url).hostname or "")
        allowed = {pair.rpartition(":")[0] for pair in source.allow_addresses}
        other = None if host in allowed else off_hosts(host, source.allowed_hosts())
        if other is not None:
            self.frontier.finish(target, Outcome.NOT_ARTICLE, "other-host", detail=other)
            return True
        if not source.is_article(target.canonical):
            self.frontier.finish(target, Outcome.NOT_ARTICLE, "pattern")
            return True
        return False

    def _from_feed(self, target: Target, feed: Feed | None, record: WarcRecord | None) -> None:
        """The page is not asked for: extraction reads the entry from the feed's capture."""
        known = target.known
        if feed is None or not feed.full_text:
            self.frontier.finish(target, Outcome.NOT_ARTICLE, "no-text", detail="listed without its text")
        elif record is None and known is not None and known.outcome not in (None, Outcome.ERROR):
            outcome = Outcome.UNCHANGED if known.outcome is Outcome.KEPT else known.outcome
            reason = "not-modified" if outcome is Outcome.UNCHANGED else known.reason
            self.frontier.finish(target, outcome, reason)
        else:
            self.frontier.finish(target, Outcome.KEPT, "from-feed", record=record)

    def page(self, response: Response) -> None:
        """Archive a page if its body is new; what it says is for extraction to find out."""
        target: Target = response.meta["target"]
        if self._ended(target, response) or self._led_astray(target, response):
            return
        body = self._body(target, response, PAGE_LIMIT)
        if body is None:
            return
        answer = _answer(response, body)
        if target.known is not None and target.known.body_sha256 == answer.body_sha256:
            self.frontier.finish(target, Outcome.UNCHANGED, "same-body", answer=answer)
            return
        reason = "edited" if target.known is not None and target.known.body_sha256 else "new"
        record = self.frontier.keep(self._exchange(response))
        self.frontier.finish(target, Outcome.KEPT, reason, answer=answer, record=record)

    def _ended(self, target: Target, response: Response) -> bool:
        """Whether the status already says how the target ends; then it is written down."""
        if target.done:
            return True
        status = response.status
        if status == 304 and target.known is not None:
            if target.kind is not DocumentKind.PAGE:
                self.report.documents["read"] += 1
                self.report.documents["unchanged"] += 1
            self.frontier.finish(target, Outcome.UNCHANGED, "not-modified", answer=_answer(response))
        elif status in (404, 410):
            self.frontier.finish(target, Outcome.GONE, f"http-{status}", answer=_answer(response))
        elif status != 200:
            self.frontier.finish(target, Outcome.ERROR, f"http-{status}", answer=_answer(response))
        return target.done

    def _led_astray(self, target: Target, response: Response) -> bool:
        """Whether redirects ended at what is no article, or what came is no text; then that is the outcome."""
        content_type = _header(response, "Content-Type").lower()
        canonical = canonical_url(response.url)
        if canonical != target.canonical:
            home = urlsplit(canonical).path in ("", "/")
            if home or not self.job.source.is_article(canonical):
                reason = "home" if home else "pattern"
                self.frontier.finish(target, Outcome.NOT_ARTICLE, reason, answer=_answer(response))
                return True
            self.frontier.claim(canonical, target)
        if content_type.startswith(_NOT_TEXT):
            answer = _answer(response)
            self.frontier.finish(target, Outcome.NOT_ARTICLE, "content-type", answer=answer, detail=content_type)
        return target.done

    def _body(self, target: Target, response: Response, limit: int) -> bytes | None:
        """The decoded body; None if it is empty, damaged or not all there, which is then the outcome."""
        coding = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
        try:
            body = decoded(response.body, coding, limit=limit)
            if not body.strip():
                raise Rejected(Outcome.ERROR, "empty-body")
            if "partial" in response.flags and not coding and not body.rstrip()[-64:].endswith(b">"):
                raise Rejected(Outcome.ERROR, "truncated", "the connection was closed and nothing tells the length")
        except Rejected as error:
            self.frontier.finish(target, error.outcome, error.reason, answer=_answer(response), detail=error.detail)
            return None
        return body

    def keep_document(self, target: Target, response: Response, body: bytes, detail: str = "") -> WarcRecord | None:
        """Archive a document that differs from the one known, and finish its target; None if it is the same."""
        answer = _answer(response, body)
        if target.known is not None and target.known.body_sha256 == answer.body_sha256:
            if target.kind is not DocumentKind.ROBOTS:
                self.report.documents["unchanged"] += 1
            self.frontier.finish(target, Outcome.UNCHANGED, "same-body", answer=answer, detail=detail)
            return None
        record = self.frontier.keep(self._exchange(response))
        reason = "edited" if target.known is not None and target.known.body_sha256 else "new"
        self.frontier.finish(target, Outcome.KEPT, reason, answer=answer, record=record, detail=detail)
        return record

    def passed_through(self, request: Request, response: Response, url: str) -> None:
        """A redirect: keep its record, and stop if it leads to an article that is accounted for already."""
        target: Target | None = request.meta.get("target")
        if target is None or target.done:
            raise Refused(Outcome.ERROR, "redirects", "nobody waits for this redirect")
        self.frontier.keep(self._exchange(response))
        if target.kind is not DocumentKind.PAGE:
            return
        canonical = canonical_url(url)
        if not self.job.source.is_article(canonical):
            return
        owner = self.frontier.owner(canonical)
        if owner is not None and owner is not target:
            raise Refused(Outcome.DUPLICATE, "redirect", owner.url)
        known = self.frontier.known(DocumentKind.PAGE, url)
        if canonical != target.canonical and known is not None and known.outcome in (Outcome.KEPT, Outcome.UNCHANGED):
            raise Refused(Outcome.DUPLICATE, "redirect", known.url)

    def failed(self, failure: Failure) -> None:
        """Nothing came: the error is the outcome."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        target: Target = request.meta["target"]
        if target.done:
            return
        outcome, reason, detail = verdict(failure.value or RuntimeError("no reason given"), request.url)
        self.frontier.finish(target, outcome, reason, detail=detail)

    def ask_again(self) -> None:
        """When all that was listed is done: read young articles again, even if their feed did not move."""
        if self._read_again or not self.report.in_replay or self.stopping.is_set():
            return
        self._read_again = True
        requests = [request for target in self._young() for request in self._requests(target)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _young(self) -> Iterator[Target]:
        if self.job.source.body == "feed":
            return
        for known in self.frontier.young(self.job.clock()):
            if self.frontier.owner(canonical_url(known.url)) is None:
                target = self.frontier.found(known.url, DocumentKind.PAGE)
                if target is not None and not self._refused_unasked(target):
                    yield target

    def _exchange(self, response: Response) -> Exchange:
        request = response.request
        return Exchange(
            url=response.url,
            fetched_at=self.job.clock(),
            status=response.status,
            headers=_pairs(response.headers),
            body=response.body,
            request_headers=_pairs(request.headers) if request is not None else (),
            ip=str(response.ip_address or ""),
        )

    def settle(self, reason: str) -> None:
        """Close the accounts and fill in the report; may be called more than once."""
        if self._settled:
            return
        self._settled = True
        self.report.finished = _FINISHED.get(reason, "shutdown")
        self.frontier.close()
        self.report.discovered = self.frontier.pages
        self.report.outcomes = dict(sorted(self.frontier.outcomes.items()))
        self.report.warcs = list(self.frontier.archive.names)

    def closed(self, reason: str) -> None:
        """Called by Scrapy when the spider has ended, for whatever reason."""
        self.settle(reason)


_FINISHED: dict[str, Any] = {"finished": "finished", "closespider_timeout": "timeout", "shutdown": "shutdown"}


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("utf-8", "replace") if value else ""


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )


def _answer(response: Response, body: bytes | None = None) -> Answer:
    return Answer(
        final_url=response.url,
        status=response.status,
        content_type=_header(response, "Content-Type")[:200],
        etag=_header(response, "ETag")[:500],
        last_modified=_header(response, "Last-Modified")[:100],
        body_sha256=hashlib.sha256(body).hexdigest() if body is not None else "",
        elapsed_ms=int(response.meta.get("download_latency", 0) * 1000),
    )
