"""The extract stage: turn archived pages and feed entries into article versions, or record why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import partial

from sqlalchemy import Connection

from pipeline import archive, extraction
from pipeline.config.beat import load_beat
from pipeline.config.settings import Settings
from pipeline.config.speakers import load_roster
from pipeline.errors import Rejected
from pipeline.extraction import near_duplicates
from pipeline.extraction.relevance import BeatMatcher, beat_names
from pipeline.reasons import Reason
from pipeline.records import Article, LedgerEntry, Origin, Outcome, Page, Stage
from pipeline.runtime import telemetry
from pipeline.runtime.sandbox import UNANSWERED, SandboxPool, sandbox_pool
from pipeline.stage_result import StageResult
from pipeline.stages import batching
from pipeline.stages.context import Run
from pipeline.stages.extraction_jobs import ExtractionJob, jobs_waiting
from pipeline.stages.guarded import run_guarded
from pipeline.store.articles import articles, takedowns
from pipeline.store.crawl import quarantine, urls
from pipeline.store.runs import ledger

WORKERS = 2
"""Number of sandboxed workers. Extraction is CPU-bound; more workers than cores only cost memory."""


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """The result of a job before it is saved: an article, or the reason why there is none."""

    job: ExtractionJob
    article: Article | None
    entry: LedgerEntry


def extract_captures(run: Run) -> StageResult:
    """Extract every capture that this code version has not read; counts of the stage."""
    beat = beat_matcher(run.settings)
    with sandbox_pool(WORKERS) as pool, run.engine.connect() as connection:
        jobs, gone_through, failed = jobs_waiting(run, connection, pool)
        connection.rollback()
        batching.note_items_entered(run, Stage.EXTRACT, ((job.capture.source_id, job.item) for job in jobs))
        results = pool.map(partial(read_job, pool, run, beat), jobs)
        recent = RecentArticles()
        for done, result in enumerate(results, 1):
            save(run, result, recent)
            if result.job.locator and result.entry.reason in UNANSWERED:
                failed.setdefault(result.job.capture.id, result.entry.reason)
            run.progress(Stage.EXTRACT, done, len(jobs))
    with run.engine.begin() as connection:
        for capture in gone_through:
            if capture.id in failed:
                set_aside(connection, capture.id, "", failed[capture.id])
            else:
                articles.save_feed_reading(connection, capture, code_version=extraction.VERSION, now=run.now)
        made = articles.versions_made(connection, run.id, list(run.sources))
    if not jobs:
        run.progress(Stage.EXTRACT, 0, 0)
    return StageResult(versions_new=made)


def beat_matcher(settings: Settings) -> BeatMatcher:
    """A matcher that decides whether an article is relevant, from the configured beat and the roster."""
    beat = load_beat(settings)
    return BeatMatcher(beat, beat_names(load_roster(settings), beat))


def read_job(pool: SandboxPool, run: Run, beat: BeatMatcher, job: ExtractionJob) -> ExtractionResult:
    """Extract one text in a sandboxed worker and check whether it is relevant."""
    source = run.sources[job.capture.source_id]

    def work() -> tuple[Article, LedgerEntry]:
        found = archive.read_response(run.settings.archive, job.capture.record, away=run.settings.archive_url)
        page = Page(
            url=job.capture.url,
            body=found.body,
            content_type=job.capture.content_type,
            origin=job.origin,
            locator=job.locator,
            fetched_at=job.capture.seen_at,
            listed_raw=job.capture.published_raw,
        )
        with pool.worker() as worker:
            article = worker.call(extraction.extract_article, page, source, now=run.now)
        if source.relevance == "match" and not beat.judge(article).relevant:
            raise Rejected(Outcome.NOT_RELEVANT, Reason.OFF_BEAT)
        return article, LedgerEntry(Stage.EXTRACT, job.item, source.id, Outcome.KEPT, Reason.NEW)

    article, entry = run_guarded(Stage.EXTRACT, job.item, source.id, work)
    return ExtractionResult(job, article, entry)


class RecentArticles:
    """Titles each source published around a day, kept for one run, to find stories that are published again."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, date], list[near_duplicates.Published]] = {}

    def first_of(self, connection: Connection, result: ExtractionResult) -> str | None:
        """The URL at which the source published this story before; None if there is none or this URL is known."""
        article, source = result.article, result.job.capture.source_id
        if article is None:
            return None
        own = near_duplicates.Published(article.url, article.title, article.published_at or result.job.capture.seen_at)
        near = [own.at.astimezone(UTC).date() + timedelta(days=apart) for apart in range(-2, 3)]
        known = [it for day in near for it in self._on(connection, source, day)]
        for other in near_duplicates.like_titles(own, known):
            text = urls.newest_text(connection, other.url)
            if text is not None and near_duplicates.same_text(article.text, text):
                return None if urls.newest_text(connection, own.url) is not None else other.url
        self._on(connection, source, near[2]).append(own)
        return None

    def _on(self, connection: Connection, source: str, day: date) -> list[near_duplicates.Published]:
        held = self._by_day.get((source, day))
        if held is None:
            held = self._by_day[source, day] = urls.published_on(connection, source, day)
        return held


def save(run: Run, result: ExtractionResult, recent: RecentArticles) -> None:
    """Save a result and its ledger entry, in one transaction. If the worker died or did not answer, quarantine it."""
    with run.engine.begin() as connection:
        if result.entry.reason in UNANSWERED:
            set_aside(connection, result.job.capture.id, result.job.locator, result.entry.reason)
            ledger.record_outcomes(connection, run.id, [result.entry])
            urls.save_url_outcomes(connection, [result.entry])
            return
        if result.article and takedowns.is_taken_down(connection, (result.article.url, result.job.item)):
            refused = LedgerEntry(
                Stage.EXTRACT, result.job.item, result.entry.source_id, Outcome.GONE, Reason.TAKEN_DOWN
            )
            result = ExtractionResult(result.job, None, refused)
        first = recent.first_of(connection, result) if result.article else None
        if first is not None:
            said = LedgerEntry(
                Stage.EXTRACT, result.job.item, result.entry.source_id, Outcome.DUPLICATE, Reason.SAME_STORY, first
            )
            result = ExtractionResult(result.job, None, said)
            urls.link_url_to_article(connection, result.job.item, first)
        job, entry = result.job, result.entry
        saved = articles.save_reading(
            connection,
            job.capture,
            result.article or entry.disposition,
            code_version=extraction.VERSION,
            now=run.now,
            origin=job.origin,
            locator=job.locator,
            led_here=[job.item],
            run_id=run.id,
        )
        if saved.change != "rejected":
            entry = kept_entry(connection, result, saved)
            if saved.change == "new" and result.article and result.article.published_at:
                lag = job.capture.seen_at - result.article.published_at
                telemetry.record_duration("published_to_seen", max(lag.total_seconds(), 0))
        ledger.record_outcomes(connection, run.id, [entry])
        urls.save_url_outcomes(connection, [entry])


def set_aside(connection: Connection, capture_id: str, locator: str, reason: str) -> None:
    """Quarantine what could not be read, for a later try; if no worker could be started, it just keeps waiting."""
    if reason != Reason.NO_WORKER:
        quarantine.record_failure(
            connection,
            Stage.EXTRACT,
            capture_id,
            locator,
            code_version=extraction.VERSION,
            reason=reason,
            certain=False,
        )


def kept_entry(connection: Connection, result: ExtractionResult, saved: articles.SavedReading) -> LedgerEntry:
    """The ledger entry of an article that was saved, or was stored already."""
    job, source = result.job, result.job.capture.source_id
    outcome, reason = Outcome.KEPT, str(saved.change)
    if saved.change == "unchanged":
        outcome, reason = Outcome.UNCHANGED, Reason.SAME_TEXT
        origin = urls.page_of_version(connection, saved.version_id or "")
        if job.origin is Origin.PAGE and origin is not None and origin != (job.capture.requested_url, job.capture.url):
            outcome, reason = Outcome.DUPLICATE, Reason.SAME_ARTICLE
    elif job.origin is Origin.FEED:
        reason = Reason.FROM_FEED
    return LedgerEntry(
        Stage.EXTRACT, job.item, source, outcome, reason, ",".join(result.article.flags if result.article else ())
    )
