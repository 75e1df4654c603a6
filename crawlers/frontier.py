"""The frontier of one crawl: every address found, each of which ends with exactly one line in the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import CloseSpider

from crawlers.recrawl_policy import is_due_unlisted
from pipeline.archive import ROLL_AT, ArchiveWriter, Exchange, FailedRequest
from pipeline.config.discovery import DiscoveryDocument
from pipeline.crawling.job import CrawlJob
from pipeline.crawling.journal import Journal, read_known
from pipeline.parsing.urls import canonical_url
from pipeline.reasons import Reason
from pipeline.records import Disposition, DocumentKind, Fetch, KnownUrl, Outcome, WarcRecord

OWN_RULES = frozenset({Reason.GUARD, Reason.ROBOTS, Reason.ROBOTS_UNREAD, Reason.REDIRECTS, Reason.SITEMAP_DEPTH})
"""Reasons of errors that we decided ourselves and that say nothing about the server."""


@dataclass(slots=True, eq=False)
class Target:
    """An address that was found. ``level``: depth of a sitemap, or page number within a document or story, or 0."""

    url: str
    kind: DocumentKind
    canonical: str
    discovered_in: str = ""
    title: str = ""
    published_raw: str = ""
    known: KnownUrl | None = None
    level: int = 0
    document: DiscoveryDocument | None = None
    """The source's description of a feed, sitemap or listing; sitemaps named by an index have the index's."""
    done: bool = False


@dataclass(frozen=True, slots=True)
class ResponseSummary:
    """The fields of a server's response that the journal keeps."""

    final_url: str = ""
    status: int | None = None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    elapsed_ms: int = 0


class Frontier:
    """All targets of a job. Each gets exactly one outcome."""

    def __init__(self, job: CrawlJob) -> None:
        self.job = job
        self.archive = ArchiveWriter(job.archive, job.source.id, job.run, job.clock(), roll_at=job.roll_at or ROLL_AT)
        self._journal = Journal(job.journal)
        self._targets: dict[str, Target] = {}
        self._owners: dict[str, Target] = {}
        self._known: dict[tuple[DocumentKind, str], KnownUrl] = {}
        self.outcomes: Counter[str] = Counter()
        self.pages = 0
        self.unwritable = ""
        """Why archive or journal can no longer be written (a full disk); the crawl then ends. Empty if they can."""
        if job.known is not None and job.known.exists():
            for known in read_known(job.known):
                self._remember(known)

    def _remember(self, known: KnownUrl) -> None:
        """Index a known URL by its address and, for a page, its canonical address; skip other forms of an article."""
        if known.outcome is Outcome.DUPLICATE and known.reason == Reason.SAME_ARTICLE:
            return
        self._known[known.kind, known.url] = known
        if known.kind is DocumentKind.PAGE:
            self._known.setdefault((known.kind, canonical_url(known.url)), known)

    def add_target(self, url: str, kind: DocumentKind, **more: Any) -> Target | None:
        """Add an address. None if it is there already, or if it is another form of a page that is (deduplication).

        The other form ends at once as ``duplicate/same-article``; its detail names the address that was first.
        """
        if url in self._targets:
            return None
        canonical = canonical_url(url)
        target = Target(url, kind, canonical, known=self.known_url(kind, url), **more)
        self._targets[url] = target
        if kind is DocumentKind.PAGE:
            self.pages += 1
            owner = self._owners.setdefault(canonical, target)
            if owner is not target:
                self.finish(target, Disposition(Outcome.DUPLICATE, Reason.SAME_ARTICLE, owner.url))
                return None
        return target

    def known_url(self, kind: DocumentKind, url: str) -> KnownUrl | None:
        """The stored state of an address, looked up as written and, for a page, by its canonical form."""
        found = self._known.get((kind, url))
        if found is None and kind is DocumentKind.PAGE:
            found = self._known.get((kind, canonical_url(url)))
        return found

    def owner_of(self, canonical: str) -> Target | None:
        """The target that owns a canonical address: the first that was found with it."""
        return self._owners.get(canonical)

    def claim(self, canonical: str, target: Target) -> Target:
        """Make ``target`` the owner of the address it was redirected to, unless it has one; gives back the owner."""
        return self._owners.setdefault(canonical, target)

    def duplicate_of(self, target: Target, url: str) -> str | None:
        """The address under which another target or an earlier run has the article at ``url``; None if none has."""
        canonical = canonical_url(url)
        if canonical == target.canonical or not self.job.source.is_article(canonical):
            return None
        owner = self.owner_of(canonical)
        if owner is not None:
            return None if owner is target else owner.url
        known = self.known_url(DocumentKind.PAGE, url)
        return known.url if known is not None and known.outcome in (Outcome.KEPT, Outcome.UNCHANGED) else None

    def pages_to_recrawl(self, now: datetime) -> Iterator[KnownUrl]:
        """Known pages that are due for a recrawl although no feed lists them."""
        return (known for known in list(dict.fromkeys(self._known.values())) if is_due_unlisted(known, now))

    def archive_exchange(self, exchange: Exchange, like: WarcRecord | None = None) -> WarcRecord:
        """Archive an exchange; call it before its line is written. ``like``: a record that may hold the same body.

        Raises CloseSpider if the disk is full.
        """
        with self._writing(self.job.archive):
            return self.archive.append(exchange, like)

    def finish(
        self,
        target: Target,
        end: Disposition,
        *,
        answer: ResponseSummary | None = None,
        record: WarcRecord | None = None,
        asked: str = "",
    ) -> None:
        """Write the target's one line into the journal. ValueError for a second outcome, which is a bug of the crawler.

        ``asked``: the address that failed, if redirects led away from the target's own; the archive then records the
        failed request.
        """
        if target.done:
            raise ValueError(f"{target.url} has an outcome already; now {end.outcome}/{end.reason}")
        target.done = True
        if target.kind is DocumentKind.PAGE:
            self.outcomes[end.outcome] += 1
        end = replace(end, detail=end.detail[:500])
        unknown = answer is None or end.reason == Reason.TOO_LARGE
        if end.outcome is Outcome.ERROR and unknown and end.reason not in OWN_RULES:
            with self._writing(self.job.archive):
                self.archive.append_failed_request(FailedRequest(asked or target.url, self.job.clock(), end))
        answer = answer or ResponseSummary()
        if end.outcome is Outcome.UNCHANGED and target.known is not None:
            answer = replace(
                answer,
                etag=answer.etag or target.known.etag,
                last_modified=answer.last_modified or target.known.last_modified,
                body_sha256=answer.body_sha256 or target.known.body_sha256,
            )
        with self._writing(self.job.journal):
            self._journal.write(_fetch(target, end, answer, record, self.job.clock()))

    def remove_targets(self, targets: Iterable[Target]) -> None:
        """Remove targets again, as if they had not been found; they get no line in the journal."""
        for target in targets:
            del self._targets[target.url]

    @contextmanager
    def _writing(self, where: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.unwritable = self.unwritable or f"cannot write to {where}: {error.strerror}"
            raise CloseSpider("unwritable") from error

    def close(self) -> None:
        """End all open targets as ``error/not-tried``, then close archive and journal.

        If the disk is full, open targets get no line, and the next crawl finds them again.
        """
        with suppress(CloseSpider):
            if not self.unwritable:
                for target in self._targets.values():
                    if not target.done:
                        self.finish(target, Disposition(Outcome.ERROR, Reason.NOT_TRIED))
        with suppress(CloseSpider), self._writing(self.job.archive):
            self.archive.close()
        self._journal.close()


def _fetch(
    target: Target, end: Disposition, answer: ResponseSummary, record: WarcRecord | None, seen_at: datetime
) -> Fetch:
    return Fetch(
        url=target.url,
        kind=target.kind,
        outcome=end.outcome,
        reason=end.reason,
        seen_at=seen_at,
        final_url=answer.final_url,
        status=answer.status,
        content_type=answer.content_type,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_sha256=answer.body_sha256,
        record=record,
        detail=end.detail,
        discovered_in=target.discovered_in,
        title=target.title,
        published_raw=target.published_raw,
        elapsed_ms=answer.elapsed_ms,
    )
