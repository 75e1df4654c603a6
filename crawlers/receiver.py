"""Process responses: archive each, and finish the target that a response decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from crawlers.errors import Refused
from crawlers.frontier import Frontier, Target
from crawlers.refresh import refresh_request
from crawlers.responses import ABSENT, NOT_TEXT, exchange_of, header_value, status_outcome, summarise_response
from crawlers.url_filter import redirect_rejection
from pipeline.crawling.job import CrawlJob, CrawlReport
from pipeline.errors import Rejected
from pipeline.parsing.urls import canonical_url
from pipeline.reasons import Reason
from pipeline.records import Disposition, DocumentKind, Outcome, WarcRecord

if TYPE_CHECKING:
    from crawlers.spider import NewsSpider


class Receiver:
    """Archives the responses of one crawl and finishes their targets."""

    def __init__(self, job: CrawlJob, report: CrawlReport, frontier: Frontier) -> None:
        self._job = job
        self._report = report
        self._frontier = frontier

    def keep_response(self, target: Target, response: Response, body: bytes, detail: str = "") -> WarcRecord | None:
        """Archive a response and finish its target: kept if its body differs from the one known, else unchanged.

        Gives back the archive record if it was kept, None if the body is the same.
        """
        answer = summarise_response(response, body)
        before = target.known.body_sha256 if target.known is not None else ""
        same = before == answer.body_sha256
        record = self.archive_response(target, response, same=same)
        if same:
            self._frontier.finish(target, Disposition(Outcome.UNCHANGED, Reason.SAME_BODY, detail), answer=answer)
            return None
        reason = Reason.EDITED if before else Reason.NEW
        self._frontier.finish(target, Disposition(Outcome.KEPT, reason, detail), answer=answer, record=record)
        return record

    def keep_or_follow(self, spider: NewsSpider, target: Target, response: Response, body: bytes) -> Request | None:
        """Keep a page; or, if it is only a meta refresh to another address, give back the request for that one."""
        try:
            following = refresh_request(spider, response, body)
        except Refused as error:
            self.archive_response(target, response)
            answer = summarise_response(response)
            self._frontier.finish(target, error.disposition, answer=answer)
            return None
        if following is None:
            self.keep_response(target, response, body)
        else:
            self.archive_response(target, response)
        return following

    def archive_response(self, target: Target | None, response: Response, *, same: bool = False) -> WarcRecord | None:
        """Archive a response with any status. ``same``: its body seems to be the one known (a revisit record).

        None if a replay generated the response because it has no capture.
        """
        if ABSENT in response.flags:
            return None
        like = target.known.record if same and target is not None and target.known is not None else None
        return self._frontier.archive_exchange(exchange_of(response, self._job.clock()), like)

    def reject_body(self, target: Target, response: Response, error: Rejected) -> None:
        """Finish a target whose body was rejected. The response is archived unless it is too large."""
        if target.done:
            return
        if error.disposition.reason != Reason.TOO_LARGE:
            self.archive_response(target, response)
        answer = summarise_response(response)
        self._frontier.finish(target, error.disposition, answer=answer, asked=response.url)

    def finish_by_status(self, target: Target, response: Response) -> bool:
        """Finish the target if the HTTP status alone decides its outcome; whether it is finished."""
        if target.done:
            return True
        end = status_outcome(response, target.known)
        if end is None:
            return False
        if end.outcome is Outcome.UNCHANGED and target.kind is not DocumentKind.PAGE:
            self._report.documents.read += 1
            self._report.documents.unchanged += 1
        self.archive_response(target, response, same=response.status == 304)
        self._frontier.finish(target, end, answer=summarise_response(response))
        return True

    def finish_if_not_article(self, target: Target, response: Response) -> bool:
        """Finish the target if it is not an article: by redirect target, a duplicate's owner, or content type.

        Gives back whether it is finished.
        """
        canonical = canonical_url(response.url)
        content_type = header_value(response, "Content-Type").lower()
        why = None
        if canonical != target.canonical:
            owner = self._frontier.claim(canonical, target)
            why = redirect_rejection(self._job.source, canonical)
            if why is None and owner is not target:
                why = Disposition(Outcome.DUPLICATE, Reason.REDIRECT, owner.url)
        if why is None and content_type.startswith(NOT_TEXT):
            why = Disposition(Outcome.NOT_ARTICLE, Reason.CONTENT_TYPE, content_type)
        if why is not None:
            self.archive_response(target, response)
            answer = summarise_response(response)
            self._frontier.finish(target, why, answer=answer)
        return why is not None
