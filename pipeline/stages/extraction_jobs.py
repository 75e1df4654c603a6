"""What the extract stage has to do: a job for each archived page that waits and each feed entry that replaces one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline import archive, extraction
from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.parsing import feeds
from pipeline.parsing.urls import canonical_url
from pipeline.reasons import Reason
from pipeline.records import DocumentKind, FeedEntry, LedgerEntry, Origin, Outcome, Stage
from pipeline.runtime.sandbox import UNANSWERED, SandboxPool
from pipeline.stages import batching
from pipeline.stages.context import Run
from pipeline.stages.guarded import run_guarded
from pipeline.store.articles import articles
from pipeline.store.articles.articles import WaitingCapture
from pipeline.store.crawl import quarantine, urls


@dataclass(frozen=True, slots=True)
class ExtractionJob:
    """One text to extract: a page, or one entry of a feed."""

    item: str
    """The URL as discovered: the item in the ledger."""
    capture: WaitingCapture
    locator: str = ""
    title: str = ""

    @property
    def origin(self) -> Origin:
        return Origin.FEED if self.locator else Origin.PAGE


def jobs_waiting(
    run: Run, connection: Connection, pool: SandboxPool
) -> tuple[list[ExtractionJob], list[WaitingCapture], dict[str, str]]:
    """The jobs to do; new feed captures, to be marked as read when done; and failed feed captures, with the reason.

    The last by capture id. The entries of a failed feed are unknown, so its failure is noted with the run.
    """
    sources = list(run.sources)
    waiting = articles.captures_waiting(
        connection, code_version=extraction.VERSION, window=run.selection, sources=sources
    )
    jobs = [ExtractionJob(it.requested_url, it, title=it.title) for it in waiting if it.kind is DocumentKind.PAGE]
    refused: dict[str, set[str]] = {}
    for page in articles.refused_pages(connection, sources=sources):
        refused.setdefault(page.source_id, set()).add(page.url)
    new_feeds = [it for it in waiting if it.kind is DocumentKind.FEED]
    failed: dict[str, str] = {}
    for capture in new_feeds + feeds_of_refused(run, connection, new_feeds):
        try:
            jobs += feed_jobs(run, connection, pool, capture, refused.get(capture.source_id, set()))
        except Rejected as unanswered:
            end = unanswered.disposition
            failed[capture.id] = end.reason
            batching.note_stage_failure(run, Stage.EXTRACT, f"{capture.url} was not read: {end.reason} ({end.detail})")
    return jobs, new_feeds, failed


def feeds_of_refused(run: Run, connection: Connection, new: list[WaitingCapture]) -> list[WaitingCapture]:
    """Feed captures read earlier whose entries are needed now, because a page they list was refused since."""
    known = {capture.id for capture in new}
    wanted = {
        page.discovered_in
        for page in articles.refused_pages(connection, sources=list(run.sources))
        if page.discovered_in and any(feed.full_text for feed in run.sources[page.source_id].feeds)
    }
    captures = [it for it in urls.feed_captures(connection, sorted(wanted)) if it.id not in known]
    return [it for it in captures if run.selection is None or it.seen_at in run.selection]


def feed_jobs(
    run: Run, connection: Connection, pool: SandboxPool, capture: WaitingCapture, refused: set[str]
) -> list[ExtractionJob]:
    """Jobs for entries of a feed whose text replaces a page. Raises Rejected if the worker died reading the feed."""
    source = run.sources[capture.source_id]
    if not any(feed.full_text for feed in source.feeds):
        return []

    def entries() -> tuple[tuple[FeedEntry, ...], LedgerEntry]:
        found = archive.read_response(run.settings.archive, capture.record, away=run.settings.archive_url)
        with pool.worker() as worker:
            document = worker.call(feeds.read_feed, found.body, base_url=capture.url, content_type=capture.content_type)
        return document.entries, LedgerEntry(Stage.EXTRACT, capture.url, source.id, Outcome.KEPT, Reason.FEED)

    read_entries, entry_of_feed = run_guarded(Stage.EXTRACT, capture.requested_url, source.id, entries)
    if entry_of_feed.reason in UNANSWERED:
        raise Rejected(entry_of_feed.outcome, entry_of_feed.reason, entry_of_feed.detail)
    return [
        ExtractionJob(entry.url, capture, entry.locator, entry.title)
        for entry in read_entries or ()
        if stands_for_page(source, entry, refused)
        and not articles.was_read(connection, capture.id, entry.locator, code_version=extraction.VERSION)
        and not quarantine.is_held_back(
            connection, Stage.EXTRACT, capture.id, entry.locator, code_version=extraction.VERSION
        )
    ]


def stands_for_page(source: Source, entry: FeedEntry, refused: set[str]) -> bool:
    """Whether an entry's text is used: the source is read from its feed, or the entry's page was refused."""
    if not entry.full_text or not source.is_article(canonical_url(entry.url)):
        return False
    return source.body == "feed" or entry.url in refused
