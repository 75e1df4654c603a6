"""robots.txt by RFC 9309: 4xx allows everything, 5xx and network errors forbid everything, 512 KiB are read.

A redirect of robots.txt is followed to any public host, not only to the source's own (the SSRF guard still holds).
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.context import spider_of
from crawlers.errors import FAULTS, Refused, classify_error
from crawlers.frontier import ResponseSummary, Target
from crawlers.responses import header_value, refusal_by_status
from pipeline.errors import Rejected
from pipeline.parsing.charset import decode_body
from pipeline.parsing.content_encoding import GZIP, decode_content, is_text
from pipeline.reasons import Reason, explained_reason
from pipeline.records import Disposition, DocumentKind, Outcome

LIMIT = 512 << 10
"""Bytes read of a robots.txt (RFC 9309, 2.5 asks for 500 KiB at least)."""
LONGEST_DELAY = 60.0
"""Longest Crawl-delay that is honoured, in seconds; it is not in the standard, but many sites set it."""
AGENT = "onrecord"


_AGENT_LINE = re.compile(r"\s*user[- ]?agent\b[\s:]*([^#]*)", re.IGNORECASE)


class RobotsRules:
    """What one origin allows. ``closed`` says why nothing may be requested; empty if the rules decide.

    ``reason`` is that of the ledger for what is not requested: a server that tells us to wait refuses us.
    """

    def __init__(self, text: str = "", closed: str = "", *, asked_to_wait: bool = False) -> None:
        self.closed = closed
        self.reason = Reason.ROBOTS_UNREAD if closed and not asked_to_wait else Reason.ROBOTS
        self._rules = Protego.parse(relevant_rules(text))

    def refusal(self, url: str) -> str | None:
        """Why the address must not be requested; None if it may be."""
        if self.closed:
            return self.closed
        return None if self._rules.can_fetch(url, AGENT) else f"robots.txt disallows {url}"

    def delay(self) -> float:
        """Seconds between requests by the origin's Crawl-delay, at most the limit above; 0 if it has none."""
        return min(float(self._rules.crawl_delay(AGENT) or 0), LONGEST_DELAY)


def relevant_rules(text: str) -> str:
    """The file with all user agents that are not ours renamed to one, since the parser keeps rules for each name."""
    lines = []
    for line in text.replace("\ufeff", "").splitlines():
        agent = _AGENT_LINE.match(line)
        name = agent[1].strip().lower() if agent else ""
        ours = name == "*" or (name.replace("*", "") or "?") in AGENT
        lines.append(line if agent is None or ours else "User-agent: another")
    return "\n".join(lines)


def _body(response: Response) -> bytes:
    """The first LIMIT bytes of the decoded file; gzip is decoded even if the server does not declare it."""
    coding = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
    body = decode_content(response.body, coding, limit=LIMIT, cut=True)
    if not body and is_text(response.body):  # not compressed, although the header says so
        return response.body[:LIMIT]
    return decode_content(body, "gzip", limit=LIMIT, cut=True) if body.startswith(GZIP) else body


def _text(body: bytes, content_type: str) -> str:
    """The file as text, without a last line that the limit has cut: half a path would forbid more than the whole."""
    if len(body) >= LIMIT:
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return decode_body(body, content_type).text


class RobotsMiddleware:
    """Downloader middleware that fetches each origin's robots.txt once per crawl and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}
        self._received: dict[Request, int] = {}
        crawler.signals.connect(self._count, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        rules = await self._of(f"{parts.scheme}://{parts.netloc}", request)
        why = rules.refusal(request.url)
        if why is not None and not (self._offered(request) and not rules.closed):
            raise Refused(Outcome.ERROR, rules.reason, why)

    def _offered(self, request: Request) -> bool:
        """Whether this is a feed or sitemap that the source names and exempts from robots.txt (``robots: pages``)."""
        target: Target | None = request.meta.get("target")
        if target is None or target.kind not in (DocumentKind.FEED, DocumentKind.SITEMAP):
            return False
        named = target.kind is DocumentKind.FEED or not target.discovered_in
        return named and spider_of(self._crawler).job.source.politeness.robots == "pages"

    async def _of(self, origin: str, request: Request) -> RobotsRules:
        found = self._rules.get(origin)
        if found is None:
            found = self._rules[origin] = asyncio.get_running_loop().create_future()
            rules = RobotsRules(closed="robots.txt could not be read")
            try:
                rules = await self._ask(origin, request)
            finally:
                found.set_result(rules)
        return await asyncio.shield(found)

    async def _ask(self, origin: str, request: Request) -> RobotsRules:
        frontier = spider_of(self._crawler).frontier
        target = frontier.add_target(f"{origin}/robots.txt", DocumentKind.ROBOTS, discovered_in=request.url)
        trail: list[str] = []
        meta = {"robots": True, "dont_retry": True, "target": target, "trail": trail}
        if "proxy" in request.meta:
            meta["proxy"] = request.meta["proxy"]
        asked = Request(f"{origin}/robots.txt", meta=meta, priority=100, dont_filter=True, callback=NO_CALLBACK)
        asked.headers["Accept-Encoding"] = "identity"
        try:
            response = await self._crawler.engine.download_async(asked)
            rules = self._read(response, target)
        except FAULTS as error:
            end = classify_error(error, origin)
            self._finish(target, end)
            why = f"robots.txt could not be read: {explained_reason(end.reason, end.detail)}"
            rules = RobotsRules(closed=why, asked_to_wait=end.reason == Reason.RETRY_AFTER)
            if (
                end.reason in (Reason.GUARD, Reason.REDIRECTS)
                and trail
                and asked.url not in trail
                and len(set(trail)) == len(trail)
            ):
                # too many redirects, or to a refused address: "unavailable" (RFC 9309, 2.3.1.2); a loop is an error
                rules = RobotsRules()
        self._slow_down(origin, rules)
        return rules

    def _read(self, response: Response, target: Target | None) -> RobotsRules:
        receiver = spider_of(self._crawler).receiver
        if 200 <= response.status < 300:
            try:
                body = _body(response)
            except Rejected as error:
                receiver.archive_response(target, response)
                self._finish(target, error.disposition, ResponseSummary(response.url, response.status))
                return RobotsRules(closed=f"robots.txt could not be read: {error.disposition.reason}")
            if target is not None and not target.done:
                receiver.keep_response(target, response, body)
            return RobotsRules(_text(body, header_value(response, "Content-Type")))
        receiver.archive_response(target, response)
        self._finish(target, refusal_by_status(response.status), ResponseSummary(response.url, response.status))
        if 300 <= response.status < 500 and response.status != 429:
            return RobotsRules()
        return RobotsRules(closed=f"robots.txt answered {response.status}", asked_to_wait=response.status == 429)

    def _finish(self, target: Target | None, end: Disposition, answer: ResponseSummary | None = None) -> None:
        if target is not None and not target.done:
            spider_of(self._crawler).frontier.finish(target, end, answer=answer)

    def _slow_down(self, origin: str, rules: RobotsRules) -> None:
        host = urlsplit(origin).hostname or ""
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None and slot.delay:
            slot.delay = max(slot.delay, rules.delay())

    def _count(self, data: bytes, request: Request) -> None:
        if request.meta.get("robots"):
            self._received[request] = self._received.get(request, 0) + len(data)
            if self._received[request] > LIMIT:
                raise StopDownload(fail=False)
