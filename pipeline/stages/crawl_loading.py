"""Load what crawls left in their folders: journals into the store, also of crawls whose run was killed.

The folder of a crawl is removed once its journal is loaded. A folder that nobody has locked therefore belongs to a
killed run, and the next run loads it first: nothing that was fetched is lost.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy import Connection

from pipeline import archive
from pipeline.crawling import journal
from pipeline.crawling.job import CRAWL_LIMIT, CrawlReport
from pipeline.crawling.process import WALL_MARGIN
from pipeline.crawling.summary import CrawlSummary, best_fetches, is_item, summarise_crawl, unread_documents
from pipeline.operations import takedown
from pipeline.records import Fetch, LedgerEntry, Stage
from pipeline.runtime import file_locks, telemetry
from pipeline.runtime.log_context import log_context
from pipeline.stages.archive_upload import register_closed_files
from pipeline.stages.context import Run
from pipeline.store.crawl import crawls
from pipeline.store.runs import ledger, run_state

log = structlog.get_logger()


def take_unfinished(run: Run) -> list[str]:
    """Load what unfinished crawls of this run left behind, and note that they failed; their sources."""
    with run.engine.connect() as connection:
        done = run_state.crawl_summaries(connection, run.id)
    missing = [source_id for source_id in run.sources if source_id not in done]
    for source_id in missing:
        with crawl_workspace(run.settings.home / "crawl" / run.id / source_id) as workspace:
            archive.recover_archive(run.settings.archive, run=run.id)
            finish_source(run, source_id, workspace.folder, None, "its crawl did not come to its end")
    return missing


def finish_source(run: Run, source_id: str, folder: Path, report: CrawlReport | None, error: str) -> CrawlSummary:
    """Load a source's journal and note its crawl summary with the run. ``report``: None if the crawler gave none."""
    with log_context(source=source_id):
        complete = report is not None and report.finished == "finished"
        fetches = load_crawl(run, run.id, source_id, folder, complete=complete)
        summary = summarise_crawl(source_id, report, error, fetches)
        with run.engine.begin() as connection:
            if report is None:
                summary = replace(summary, not_before=left_alone(connection, run, source_id))
            run_state.save_crawl_summary(connection, run.id, summary)
        for fetch in fetches:
            if fetch.status is not None:
                telemetry.record_duration("fetch.duration", fetch.elapsed_ms / 1000, source=source_id)
        if summary.failure:
            log.warning("source_failed", failure=summary.failure)
        else:
            log.info("source_crawled", discovered=summary.discovered, **summary.outcomes)
    return summary


def left_alone(connection: Connection, run: Run, source_id: str) -> dict[str, str]:
    """Hosts and URLs of a source that servers asked earlier runs to leave alone (Retry-After), and until when."""
    if run.replay:
        return {}
    return run_state.latest_not_before(connection, source_id)


@dataclass(frozen=True, slots=True)
class CrawlWorkspace:
    """A crawl's folder, and the file descriptor that holds its lock."""

    folder: Path
    lock: int


@contextmanager
def crawl_workspace(folder: Path) -> Iterator[CrawlWorkspace]:
    """A crawl's folder, locked while in use, and removed if the block succeeds, which loads its journal.

    The crawler inherits the lock, since it may outlive its parent by some seconds and still write to the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with file_locks.exclusive_lock(folder / "lock", limit=CRAWL_LIMIT + WALL_MARGIN) as lock:
        yield CrawlWorkspace(folder, lock.fileno())
        shutil.rmtree(folder)
    _remove_if_empty(folder.parent)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return


def load_crawl(run: Run, run_id: str, source_id: str, folder: Path, *, complete: bool) -> list[Fetch]:
    """Load a crawl's journal, with one ledger entry for each discovered URL; the fetches in it.

    ``complete``: the crawl ended normally, so all that its feeds and sitemaps list was followed, except in documents
    that could not be read because a worker died.
    """
    path = folder / "journal.jsonl"
    fetches = best_fetches(journal.read_fetches(path)) if path.exists() else []
    with run.engine.begin() as connection:
        crawls.load_journal(connection, run_id, source_id, fetches)
        if not complete or unread_documents(fetches):
            crawls.forget_documents(connection, source_id)
        ledger.record_outcomes(connection, run_id, [entry_of(fetch, source_id) for fetch in fetches if is_item(fetch)])
        removed = takedown.keep_down(connection, run.settings, run_id, source_id)
        register_closed_files(connection, run.settings, run_id, source_id)
    if removed:
        log.info("kept_down", records=removed)
    return fetches


def entry_of(fetch: Fetch, source_id: str) -> LedgerEntry:
    """The ledger entry of a fetched URL."""
    return LedgerEntry(Stage.CRAWL, fetch.url, source_id, fetch.outcome, fetch.reason, fetch.detail)


def recover_crawls(run: Run) -> int:
    """Load what killed runs left behind; the number of crawls recovered.

    Raises ConfigError, before anything is requested, if the setting for the remote archive storage is invalid.
    """
    if run.settings.archive_url is not None:
        archive.remote_storage(run.settings.archive_url)
    for name in archive.index_missing(run.settings.archive):
        log.warning("archive_damaged", warc=name)
    root = run.settings.home / "crawl"
    taken = 0
    for folder in sorted(root.glob("*/*")) if root.exists() else []:
        if folder.parent.name == run.id:
            continue
        with file_locks.open_lock_file(folder / "lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            archive.recover_archive(run.settings.archive, run=folder.parent.name)
            load_crawl(run, folder.parent.name, folder.name, folder, complete=False)
            shutil.rmtree(folder)
        _remove_if_empty(folder.parent)
        taken += 1
        log.info("crawl_recovered", run=folder.parent.name, source=folder.name)
    return taken
