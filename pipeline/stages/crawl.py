"""The crawl stage: start crawlers and supervise them; :mod:`pipeline.stages.crawl_loading` loads what they bring.

A crawler is a child process without access to the database. It gets a job and a list of known URLs, and leaves WARC
files and a journal in a folder of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import structlog

from pipeline import archive
from pipeline.config.hosts import sharing_hosts
from pipeline.crawling import journal
from pipeline.crawling.job import CRAWL_LIMIT, CrawlJob
from pipeline.crawling.process import CrawlerProcess, CrawlerProcesses, Started
from pipeline.crawling.summary import CrawlSummary
from pipeline.records import Stage
from pipeline.runtime.log_context import with_context
from pipeline.stage_result import StageResult
from pipeline.stages.archive_upload import upload_closed_files
from pipeline.stages.context import Run
from pipeline.stages.crawl_loading import CrawlWorkspace, crawl_workspace, finish_source, left_alone, recover_crawls
from pipeline.store.crawl import crawls
from pipeline.store.runs import run_state

log = structlog.get_logger()

REMEMBERED = timedelta(days=14)
"""How long a crawler is given URLs that no document lists any more."""

CHILDREN = 2
"""Most crawler processes. One crawler runs many live jobs concurrently, so more processes only cost memory."""
_HOSTS_PER_CHILD = 8
"""For fewer hosts another process is not worth its start: loading Scrapy takes longer than replaying a source."""


def crawl_sources(run: Run) -> StageResult:
    """Crawl the run's sources in a few child processes; a source that fails does not stop the others."""
    source_ids = list(run.sources)
    recover_crawls(run)
    run.progress(Stage.CRAWL, 0, len(source_ids))
    together = sharing_hosts(run.sources[source_id] for source_id in source_ids)
    children = min(CHILDREN, 1 + len(together) // _HOSTS_PER_CHILD)
    groups = [list(chain(*group)) for first in range(children) if (group := together[first::children])]
    done: list[str] = []

    def loaded(source_id: str) -> None:
        done.append(source_id)
        run.progress(Stage.CRAWL, len(done), len(source_ids))

    processes = CrawlerProcesses()
    with ThreadPoolExecutor(children, thread_name_prefix="crawl") as pool:
        try:
            found = pool.map(with_context(partial(crawl_group, run, started=processes.started, loaded=loaded)), groups)
            failed = sum(bool(summary.failure) for summaries in found for summary in summaries)
        except BaseException:
            processes.end()  # the threads then load what was fetched
            raise
    upload_closed_files(run, "")
    log.info("crawled", sources=len(source_ids), failed=failed)
    return StageResult()


def crawl_group(
    run: Run, source_ids: list[str], started: Started | None = None, *, loaded: Callable[[str], None] | None = None
) -> list[CrawlSummary]:
    """Crawl sources in one child process, loading each as soon as it ends; a summary per source.

    ``started`` is called with the child, so that a task can stop it; ``loaded`` with the id of each source whose
    journal is in the store. If the disk is full, results stay in the source's folder, and the next run loads them.
    """
    summaries: dict[str, CrawlSummary] = {}
    try:
        _crawl_group(run, source_ids, summaries, started, loaded or _nobody)
    except OSError as error:
        failure = f"cannot write to {error.filename or run.settings.home}: {error.strerror or error}"
        log.error("crawl_unwritable", run=run.id, error=failure)
        with run.engine.begin() as connection:
            for source_id in source_ids:
                if source_id not in summaries:
                    summaries[source_id] = CrawlSummary(source_id, failure=failure)
                    run_state.save_crawl_summary(connection, run.id, summaries[source_id])
    return [summaries[source_id] for source_id in source_ids]


def _nobody(_source_id: str) -> None:
    """Default for ``loaded``: do nothing."""


def _crawl_group(
    run: Run,
    source_ids: list[str],
    summaries: dict[str, CrawlSummary],
    started: Started | None,
    loaded: Callable[[str], None],
) -> None:
    """Crawl, and add the summary of each source as soon as its journal is loaded.

    If a child dies, the sources it had not finished are tried again in new children, each with half of them, until the
    source that crashes the child is alone and the others are done.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        workspaces = {
            source_id: stack.enter_context(crawl_workspace(run.settings.home / "crawl" / run.id / source_id))
            for source_id in source_ids
        }
        groups = [source_ids]
        while groups:
            group = groups.pop(0)
            lost = _attempt(run, {it: workspaces[it] for it in group}, summaries, started, loaded)
            if len(group) > 1 and time.monotonic() - began < CRAWL_LIMIT:
                half = len(lost) // 2
                groups += [part for part in (list(lost)[:half], list(lost)[half:]) if part]
                continue
            for source_id, error in lost.items():
                summaries[source_id] = finish_source(run, source_id, workspaces[source_id].folder, None, error)


def _attempt(
    run: Run,
    workspaces: dict[str, CrawlWorkspace],
    summaries: dict[str, CrawlSummary],
    started: Started | None,
    loaded: Callable[[str], None],
) -> dict[str, str]:
    """Crawl sources in one child; the sources it did not finish, with the reason."""
    unwritable: dict[str, str] = {}
    lost = dict.fromkeys(workspaces, "the crawler did not report on it")
    if any((workspace.folder / "journal.jsonl").exists() for workspace in workspaces.values()):
        archive.recover_archive(run.settings.archive, run=run.id)
    jobs = [job_of(run, source_id, workspace.folder) for source_id, workspace in workspaces.items()]
    folder = next(iter(workspaces.values())).folder
    child = CrawlerProcess(folder, jobs, started, held=[workspace.lock for workspace in workspaces.values()])
    for report in child.reports():
        source_id = report.source
        if source_id not in lost:
            continue
        if report.failure:
            # Its archive file may still be open: recovery closes it when the child has ended, then all is loaded.
            unwritable[source_id] = report.failure
            del lost[source_id]
        elif report.finished == "memory":
            lost[source_id] = f"the crawler was ended at {report.peak_mib} MiB of memory"
        else:
            summaries[source_id] = finish_source(run, source_id, workspaces[source_id].folder, report, "")
            del lost[source_id]
            loaded(source_id)
    if lost or unwritable:
        archive.recover_archive(run.settings.archive, run=run.id)
    for source_id, error in unwritable.items():
        summaries[source_id] = finish_source(run, source_id, workspaces[source_id].folder, None, error)
    if lost:
        log.warning("crawler_lost", sources=list(lost), error=child.error or next(iter(lost.values())))
    return {source_id: child.error or why for source_id, why in lost.items()}


def job_of(run: Run, source_id: str, folder: Path) -> CrawlJob:
    """The crawler's job for one source; the known URLs are written to ``known.jsonl``."""
    with run.engine.connect() as connection, (folder / "known.jsonl").open("w", encoding="utf-8") as out:
        for known in crawls.known_urls(connection, source_id, since=remembered_since(run)):
            out.write(journal.known_to_json(known) + "\n")
        not_before = left_alone(connection, run, source_id)
    return CrawlJob(
        run=run.id,
        source=run.sources[source_id],
        now=run.now if run.replay or run.proxy else None,
        window=run.window,
        past=run.past,
        replay=run.replay.file if run.replay else None,
        as_of=run.replay.as_of if run.replay else None,
        archive=run.settings.archive,
        journal=folder / "journal.jsonl",
        known=folder / "known.jsonl",
        contact=run.settings.contact or "",
        proxy=run.proxy or run.settings.proxy,
        not_before={asks: datetime.fromisoformat(until) for asks, until in not_before.items()},
    )


def remembered_since(run: Run) -> datetime | None:
    """A crawler is given the URLs last seen from this time on; None: all.

    Without a limit the list would grow for ever. An older URL that a feed lists again is fetched once more. A replay
    gets all.
    """
    if run.replay is not None:
        return None
    return (run.window.start if run.past and run.window else run.now) - REMEMBERED
