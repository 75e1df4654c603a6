"""Entry points for a scheduler: each task is a process of its own and knows only the run's id.

``ONRECORD_REPLAY`` and ``ONRECORD_AS_OF`` make a scheduled run a replay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from pipeline import extraction
from pipeline.config.hosts import sharing_hosts
from pipeline.config.settings import AS_OF, CRAWLS_AT_ONCE, REPLAY, from_environment
from pipeline.config.source import Source
from pipeline.config.sources import load_sources
from pipeline.crawling.process import Started
from pipeline.errors import ConfigError, TooManyFailures
from pipeline.monitoring.check import LATE
from pipeline.quotes import VERSION
from pipeline.records import Stage, Window
from pipeline.runs import due, failed_tasks, runner
from pipeline.runtime.days import start_of
from pipeline.runtime.log_context import log_context
from pipeline.stage_result import StageResult
from pipeline.stages import batching, crawl, crawl_loading
from pipeline.stages.archive_upload import upload_closed_files
from pipeline.stages.context import MOSCOW, Replay, Run, ignore_progress
from pipeline.stages.instrumentation import instrumented_stage, sent_at_end
from pipeline.store import locks
from pipeline.store.articles import quotes
from pipeline.store.crawl import captures
from pipeline.store.crawl.sources import source_ids
from pipeline.store.engine import open_store
from pipeline.store.runs import run_stages, runs

STAGES = {
    "collect": runner.EVERY_STAGE,
    "daily": runner.EVERY_STAGE,
    runs.BACKFILL: runner.EVERY_STAGE,
    "reprocess": (Stage.EXTRACT, Stage.QUOTE, Stage.LINK),
}
"""The stages of each scheduled run."""

MOST_BATCHES = 16
"""Most tasks that a stage of one run is split into."""


def crawl_groups(run_id: str) -> list[list[str]]:
    """The sources that a scheduled run crawls, in groups that share no host."""
    settings = from_environment()
    with open_store(settings) as engine, engine.connect() as connection:
        return planned_groups(connection, run_id)


def planned_groups(connection: Connection, run_id: str) -> list[list[str]]:
    """The groups that were planned when the run began; empty if it crawls nothing."""
    passes = run_stages.stage_passes(connection, run_id)
    return [list(it.sources) for it in passes if it.stage is Stage.CRAWL and it.sources]


def grouped_by_host(sources: Iterable[Source]) -> list[list[str]]:
    """The sources in groups so that no two groups share a host; those of one host are crawled in turn.

    There is a group for each host, or fewer if that would be more tasks than ``ONRECORD_CRAWLS_AT_ONCE``: a crawler
    reads 48 hosts concurrently, and each further task costs some 4 CPU seconds, for Airflow and the start of a crawler
    (``benchmarks/airflow.py``).
    """
    most = CRAWLS_AT_ONCE.value() or 1
    hosts = sharing_hosts(sources)
    return [list(chain(*hosts[first::most])) for first in range(min(most, len(hosts)))]


def replay_from_environment() -> Replay | None:
    """The replay that the environment variables ask for; None if they ask for none."""
    file = REPLAY.value()
    return Replay.of(file, AS_OF.value()) if file else None


def begin_collect(source_ids: Sequence[str] = ()) -> str:
    """Open a run over what is new at the sources that are due, or at those named; its id, empty if none is due."""
    plan = runner.RunPlan("collect", source_ids=source_ids or None, replay=replay_from_environment())
    return begin_scheduled_run(plan, due_only=not source_ids and plan.replay is None)


def begin_day(day: date, *, backfill: bool = False) -> str:
    """Open the run of one calendar day in Moscow; its id. A day that ended long ago is always a backfill."""
    start = datetime.combine(day, time(), MOSCOW).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), MOSCOW).astimezone(UTC)
    plan = runner.RunPlan("daily", window=Window(start, end), replay=replay_from_environment(), past=True)
    gone = backfill or runner.run_clock(plan) - end >= LATE
    return begin_scheduled_run(replace(plan, command=runs.BACKFILL) if gone else plan)


def begin_reprocess(start: str, end: str) -> str:
    """Open a run that processes again what was first seen from ``start`` to ``end`` (UTC days or moments); its id."""
    try:
        window = Window(start_of(start), start_of(end))
    except ValueError as error:
        raise ConfigError(f"from {start} to {end}: {error}") from error
    return begin_scheduled_run(
        runner.RunPlan("reprocess", source_ids=crawled_sources(), window=window, replay=replay_from_environment())
    )


def crawled_sources() -> list[str]:
    """All configured sources that were ever crawled, including disabled ones: their pages are in the archive."""
    settings = from_environment()
    with open_store(settings) as engine, engine.connect() as connection:
        crawled = source_ids(connection)
    return [source_id for source_id in load_sources(settings) if source_id in crawled]


def begin_scheduled_run(plan: runner.RunPlan, *, due_only: bool = False) -> str:
    """Open a run for the plan; its id. The run stays open for the tasks that follow.

    ``due_only``: it crawls the sources that are due, and nothing is opened (empty id) if none is.
    """
    settings = from_environment()
    with open_store(settings) as engine:
        sources = runner.planned_sources(settings, plan)
        failed_tasks.note_beginning(engine, settings, plan.command)
        if due_only:
            sources = due.due_sources(engine, settings, sources, runner.run_clock(plan))
            if not sources:
                return ""
        sources = runner.crawlable_sources(engine, plan, sources)
        run = runner.begin_run(engine, settings, plan, sources, ignore_progress)
        if Stage.CRAWL in STAGES[plan.command]:
            with engine.begin() as connection:
                run_stages.plan_batches(connection, run.id, Stage.CRAWL, grouped_by_host(sources.values()))
        return run.id


@contextmanager
def resumed_run(run_id: str | None, only: Sequence[str] | None = None) -> Iterator[Run]:
    """A run that another process opened, with its sources, or only the given ones, locked for the block."""
    if run_id is None:
        raise ConfigError("the run was never opened; the reason is in the log of the task `begin`")
    settings = from_environment()
    with sent_at_end(), open_store(settings) as engine:
        with engine.connect() as connection:
            row = runs.run_row(connection, run_id)
            planned = list(chain(*planned_groups(connection, run_id)))
        if row is None:
            raise ConfigError(f"no run {run_id!r} in this database")
        window = Window(row["window_start"], row["window_end"]) if row["window_start"] else None
        command = row["command"]
        wanted = crawled_sources() if command == "reprocess" else planned
        sources = runner.planned_sources(
            settings, runner.RunPlan(command, source_ids=wanted, replay=replay_from_environment())
        )
        names = list(sources) if only is None else only
        with locks.one_at_a_time(engine, names, holder=f"onrecord {command} {run_id}"), log_context(run=run_id):
            past, gone = command in ("daily", runs.BACKFILL), command == runs.BACKFILL
            yield Run(
                run_id,
                settings,
                engine,
                sources,
                row["clock"],
                window,
                replay_from_environment(),
                past=past,
                backfill=gone,
            )


def crawl_task(run_id: str, source_ids: Sequence[str], *, started: Started | None = None) -> list[dict[str, Any]]:
    """Crawl a group of the run's sources; their summaries. Failures of sources are reported when the run is closed.

    ``started`` is called with the child process, so that a task can stop it.
    """
    with resumed_run(run_id, source_ids) as resumed, instrumented_stage(resumed, Stage.CRAWL):
        run = replace(resumed, batch=source_ids[0])
        batching.note_stage_begun(run, Stage.CRAWL)
        crawl_loading.recover_crawls(run)
        summaries = crawl.crawl_group(run, list(source_ids), started)
        upload_closed_files(run, run.batch)
        batching.note_stage_ended(run, Stage.CRAWL, StageResult())
        return [summary.as_json() for summary in summaries]


def batches_of(stage: str, run_id: str) -> list[list[str]]:
    """Split a stage of the run into batches of sources, by the number of items that wait. Never empty."""
    with resumed_run(run_id) as run:
        if Stage(stage) is Stage.EXTRACT and Stage.CRAWL in stages_of(run):
            crawl_loading.take_unfinished(run)
        with run.engine.begin() as connection:
            waiting = dict.fromkeys(run.sources, 0) | Counter(waiting_in(connection, run, Stage(stage)))
            batches = batching.shared_out(waiting, size=run.settings.batch_items, most=MOST_BATCHES)
            run_stages.plan_batches(connection, run.id, Stage(stage), batches)
    return batches


def waiting_in(connection: Connection, run: Run, stage: Stage) -> Iterator[str]:
    """The source of each item that waits for a stage."""
    sources = list(run.sources)
    if stage is Stage.EXTRACT:
        waiting = captures.captures_waiting(
            connection, code_version=extraction.VERSION, window=run.selection, sources=sources
        )
        yield from (capture.source_id for capture in waiting)
    elif stage is Stage.QUOTE:
        yield from quotes.versions_waiting(connection, VERSION, run.selection, sources=sources).values()


def batch_task(stage: str, run_id: str, source_ids: Sequence[str]) -> dict[str, Any]:
    """Perform one batch of a stage: the items of these sources. Batches of a stage may run in parallel."""
    with resumed_run(run_id, source_ids) as run:
        own = {source_id: run.sources[source_id] for source_id in source_ids}
        runner.perform_stage(replace(run, sources=own, batch=source_ids[0]), Stage(stage))
    return {"stage": stage, "run": run_id, "sources": list(source_ids)}


def stage_task(stage: str, run_id: str) -> dict[str, Any]:
    """Perform one stage of the run for all items that wait for it."""
    with resumed_run(run_id) as run:
        runner.perform_stage(run, Stage(stage))
    return {"stage": stage, "run": run_id}


def stages_of(run: Run) -> tuple[Stage, ...]:
    """The stages that this scheduled run consists of."""
    with run.engine.connect() as connection:
        row = runs.run_row(connection, run.id)
    return STAGES[row["command"]] if row else ()


def finish_task(run_id: str, link: str = "") -> dict[str, object]:
    """Close the run; its report. Raises TooManyFailures, with the reasons, if the run failed. ``link``: to its log."""
    with resumed_run(run_id) as run:
        report = runner.close_run(run, missing=missing_stages(run), link=link)
    if report.exit_code:
        raise TooManyFailures(report.exit_reason)
    found = report.as_json()
    return {name: found[name] for name in ("run", "versions_new", "quotes", "statements", "alerts", "exit_reason")}


def missing_stages(run: Run) -> list[str]:
    """Messages on stages that the run should have performed and has not."""
    with run.engine.connect() as connection:
        passes = run_stages.stage_passes(connection, run.id)
    return run_stages.unfinished_work(passes, (stage for stage in stages_of(run) if stage is not Stage.CRAWL))
