"""Run the pipeline: open a run, perform its stages, check the sources, close it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection, Engine

from pipeline import extraction
from pipeline.config.secrecy import without_password
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.config.sources import load_sources, missing_browser_message, require_sources
from pipeline.config.speakers import load_roster
from pipeline.config.watches import load_watches
from pipeline.errors import ConfigError, MissingSetting
from pipeline.monitoring import check, emails, run_failures
from pipeline.monitoring.source_status import Health
from pipeline.records import Stage, Window
from pipeline.runs import due
from pipeline.runs.report import RunReport, build_run_report
from pipeline.stages import alert, batching, crawl, extract, link, quote
from pipeline.stages.context import Progress, Replay, Run, StageFunction, ignore_progress
from pipeline.stages.instrumentation import instrumented_stage, record_stage_metrics, run_ended
from pipeline.store import locks
from pipeline.store.alerts.watches import sync_watches
from pipeline.store.crawl.sources import note_crawl, sync_sources
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
PING_SECONDS = 10.0
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
    planned = planned_sources(settings, plan)
    with open_store(settings) as engine:
        sources = crawlable_sources(engine, plan, planned)
        with locks.one_at_a_time(engine, list(sources), holder=f"onrecord {plan.command}"):
            run = begin_run(engine, settings, plan, sources, progress)
            try:
                yield run
            except BaseException as error:
                with engine.begin() as connection:
                    reason = f"{type(error).__name__}: {error}"[:500]
                    runs.finish_run(connection, run.id, exit_code=130, exit_reason=reason)
                    run_ended(connection, run.id)
                raise


def crawlable_sources(engine: Engine, plan: RunPlan, sources: dict[str, Source]) -> dict[str, Source]:
    """The sources without those that are paused, unless the plan names them or crawls no live site."""
    if plan.command not in CRAWLING or plan.replay is not None:
        return sources
    found = due.without_paused(engine, sources, run_clock(plan), named=plan.source_ids or ())
    if not found:
        raise ConfigError("every source is paused; `onrecord sources list` shows until when")
    return found


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
        if plan.command in CRAWLING and plan.replay is None and plan.command != runs.BACKFILL:
            note_crawl(connection, list(sources), now)
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


def close_run(run: Run, *, missing: Sequence[str] = (), link: str = "") -> RunReport:
    """Check the sources, store the run's result, and send the e-mails due to the ops mailbox.

    ``missing``: messages on work that the run should have done and has not. ``link``: its log in the scheduler's pages.
    """
    found = check.check_run(run)
    with run.engine.begin() as connection:
        report = build_run_report(connection, run.id, run.window)
        report = replace(report, failures=[*report.failures, *missing])
        if found is not None:
            report = replace(report, incidents=tuple(found.incidents))
            command = command_of(connection, run)
            report = report.without_known(
                run_failures.notified_before(connection, command, list(report.sources), before=run.now)
            )
        runs.finish_run(connection, run.id, exit_code=report.exit_code, exit_reason=report.exit_reason[:2000])
        run_ended(connection, run.id)
    log.info("run_finished", run=run.id, exit_code=report.exit_code, reason=report.exit_reason)
    tell_ops(run, report, found, link)
    if not report.exit_code:
        ping_watchdog(run.settings)
    return report


def tell_ops(run: Run, report: RunReport, found: Health | None, link: str) -> None:
    """Queue and send the e-mails on a run that has ended. Errors do not change the result of the run."""
    now = datetime.now(UTC) if run.replay is not None else run.now
    with run.engine.begin() as connection:
        empty = {source: it.failure for source, it in report.sources.items() if it.is_empty and it.in_replay}
        own = [it for it in report.failures if it not in {f"{source}: {why}" for source, why in empty.items()}]
        ours = set(found.ours) if found else set()
        if ours:
            own.append("our own network: none of the sources that should have answered could be reached")
        ended = run_failures.EndedRun(
            run.id,
            command_of(connection, run),
            now,
            crawled=list(report.sources),
            empty={source: why for source, why in empty.items() if source not in ours and source not in report.known},
            failures=own,
            known=[f"{source}: {empty[source]} ({notified})" for source, notified in report.known.items()],
            link=link,
        )
        run_failures.note_ended_run(connection, run.settings, ended)
    emails.deliver_ops_emails(run.engine, run.settings, now=now)


def command_of(connection: Connection, run: Run) -> str:
    """The command of the run, or ``replay``: replays say nothing about the web of today."""
    row = runs.run_row(connection, run.id)
    return "replay" if run.replay is not None else str(row["command"]) if row else ""


def ping_watchdog(settings: Settings) -> None:
    """Ask for ``ONRECORD_PING_URL``, so that an outside watchdog knows that runs end well. Errors are only logged."""
    if settings.ping_url is None:
        return
    try:
        with urllib.request.urlopen(settings.ping_url, timeout=PING_SECONDS):
            pass
    except (OSError, ValueError) as error:
        log.error("ping_failed", error=without_password(str(error)))
