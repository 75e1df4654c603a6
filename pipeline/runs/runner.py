"""Run the pipeline: open a run, perform its stages, check the sources, close it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from pipeline import extraction
from pipeline.alerts import ops
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.config.sources import load_sources, missing_browser_message, require_sources
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.errors import ConfigError, MissingSetting
from pipeline.monitoring import check
from pipeline.records import Stage, Window
from pipeline.runs.report import RunReport, build_run_report
from pipeline.stages import alert, batching, crawl, extract, link, quote
from pipeline.stages.context import Progress, Replay, Run, StageFunction, ignore_progress
from pipeline.stages.instrumentation import instrumented_stage, record_stage_metrics, run_ended
from pipeline.store import locks
from pipeline.store.alerts.watches import sync_watches
from pipeline.store.crawl.sources import sync_sources
from pipeline.store.engine import open_store
from pipeline.store.runs import runs
from pipeline.store.server import sessions
from pipeline.store.statements.speakers import sync_roster

log = structlog.get_logger()

EVERY_STAGE = tuple(Stage)
STAGE_FUNCTIONS: dict[Stage, StageFunction] = {
    Stage.CRAWL: crawl.crawl_sources,
    Stage.EXTRACT: extract.extract_captures,
    Stage.QUOTE: quote.quote_versions,
    Stage.LINK: link.link_statements,
    Stage.ALERT: alert.alert_watches,
}
CRAWLING = ("run", "crawl", "collect", "daily", runs.BACKFILL)
"""Commands that send requests to other people's servers."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is to cover. ``now`` None: the real time, or the end of the replayed day."""

    command: str
    source_ids: Sequence[str] | None = None
    window: Window | None = None
    replay: Replay | None = None
    now: datetime | None = None
    proxy: str | None = None
    past: bool = False
    """Also read the date sitemaps and archives of the window's days (daily run, backfill)."""


@contextmanager
def open_run(settings: Settings, plan: RunPlan, *, progress: Progress = ignore_progress) -> Iterator[Run]:
    """A new run for the plan, with its sources locked; closed as failed if the block raises."""
    sources = planned_sources(settings, plan)
    with open_store(settings) as engine, locks.one_at_a_time(engine, list(sources), holder=f"onrecord {plan.command}"):
        run = begin_run(engine, settings, plan, sources, progress)
        try:
            yield run
        except BaseException as error:
            with engine.begin() as connection:
                reason = f"{type(error).__name__}: {error}"[:500]
                runs.finish_run(connection, run.id, exit_code=130, exit_reason=reason)
                run_ended(connection, run.id)
            raise


def begin_run(engine: Engine, settings: Settings, plan: RunPlan, sources: dict[str, Source], progress: Progress) -> Run:
    """Insert the run, and update the stored sources, roster and watches from the configuration.

    A new watch starts here and not in the alert stage, so that what a run found before it was killed still raises
    alerts.
    """
    now = run_clock(plan)
    sessions.end_overlong(engine)
    roster = load_roster(settings)
    watches = load_watches(settings, {speaker.id for speaker in roster.speakers})
    with engine.begin() as connection:
        sync_sources(connection, sources.values(), now=now)
        sync_roster(connection, roster)
        sync_watches(connection, watches, now)
        run_id = runs.start_run(
            connection, command=plan.command, clock=now, window=plan.window, code_version=extraction.VERSION
        )
    return Run(
        run_id,
        settings,
        engine,
        sources,
        now,
        plan.window,
        plan.replay,
        plan.proxy,
        past=plan.past,
        backfill=plan.command == runs.BACKFILL,
        progress=progress,
    )


def run_clock(plan: RunPlan) -> datetime:
    """The run's clock: ``now`` of the plan, else the end of the replay, else the real time."""
    if plan.now is not None:
        return plan.now.astimezone(UTC)
    if plan.replay is not None and plan.replay.as_of is not None:
        return plan.replay.as_of
    return datetime.now(UTC)


def planned_sources(settings: Settings, plan: RunPlan) -> dict[str, Source]:
    """The plan's sources by id; all enabled ones if it names none.

    Raises ConfigError for an unknown source, a live crawl without a contact address, or a missing browser.
    """
    known = load_sources(settings)
    wanted = list(plan.source_ids) if plan.source_ids else [source.id for source in known.values() if source.enabled]
    require_sources(known, wanted)
    if settings.contact is None and plan.replay is None and plan.command in CRAWLING:
        raise MissingSetting(
            "a live crawl needs ONRECORD_CONTACT: an e-mail or web address that is shown to every server that is asked",
            setting="ONRECORD_CONTACT",
        )
    if not wanted and plan.command in CRAWLING:
        raise ConfigError("no source is switched on; `onrecord sources list` shows all")
    found = {source: known[source] for source in wanted}
    no_browser = missing_browser_message(found) if plan.replay is None else None
    if no_browser:
        raise ConfigError(no_browser)
    return found


def perform_run(run: Run, *, stages: Sequence[Stage] = EVERY_STAGE) -> RunReport:
    """Perform the stages, close the run, and e-mail the ops mailbox if it failed."""
    for stage in stages:
        perform_stage(run, stage)
    return close_run(run)


def perform_stage(run: Run, stage: Stage) -> None:
    """Perform one stage for all items that wait for it, and note its counts with the run."""
    with instrumented_stage(run, stage):
        batching.note_stage_begun(run, stage)
        result = STAGE_FUNCTIONS[stage](run)
        batching.note_stage_ended(run, stage, result)
        record_stage_metrics(stage, result)
        log.info("stage_done", **result.counts)


def close_run(run: Run, *, missing: Sequence[str] = ()) -> RunReport:
    """Check the sources, store the run's result, and send the e-mails due to the ops mailbox.

    ``missing``: messages on work that the run should have done and has not.
    """
    found = check.check_run(run)
    with run.engine.begin() as connection:
        report = build_run_report(connection, run.id, run.window)
        report = replace(report, failures=[*report.failures, *missing])
        if found is not None:
            report = replace(report, incidents=tuple(found.incidents))
        runs.finish_run(connection, run.id, exit_code=report.exit_code, exit_reason=report.exit_reason[:2000])
        run_ended(connection, run.id)
    log.info("run_finished", run=run.id, exit_code=report.exit_code, reason=report.exit_reason)
    if report.exit_code and run.settings.ops_mail:
        _mail_ops(run, report)
    return report


def _mail_ops(run: Run, report: RunReport) -> None:
    """E-mail the ops mailbox. Errors are only logged, since they do not change the result of the run."""
    try:
        ops.send_run_failure(run.settings, report.run, report.failures, now=run.now)
    except Exception as error:
        log.error("ops_mail_failed", run=run.id, error=str(error), exc_info=ops.is_unforeseen(error))
