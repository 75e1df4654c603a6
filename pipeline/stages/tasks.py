"""The stages as a scheduler calls them: every call a process of its own, knowing no more than the run's id.

``ONRECORD_REPLAY`` and ``ONRECORD_AS_OF`` make a scheduled run a replay.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError, TooManyFailures
from pipeline.records import Stage, Window
from pipeline.stages import crawl, whole
from pipeline.stages.child import Started
from pipeline.stages.deposit import deposit
from pipeline.stages.run import Replay, Run, silent
from pipeline.store import runs
from pipeline.store.engine import connect

MOSCOW = ZoneInfo("Europe/Moscow")


def source_ids() -> list[str]:
    """The sources a scheduled run crawls."""
    return list(whole.chosen(from_environment(), whole.Plan("daily", replay=replay())))


def replay() -> Replay | None:
    """The replay the environment asks for, if it does."""
    file = os.environ.get("ONRECORD_REPLAY")
    return Replay.of(Path(file), os.environ.get("ONRECORD_AS_OF")) if file else None


def begin_day(day: date) -> str:
    """Open the run of one calendar day in Moscow; its id."""
    start = datetime.combine(day, time(), MOSCOW).astimezone(UTC)
    settings = from_environment()
    plan = whole.Plan("daily", window=Window(start, start + timedelta(days=1)), replay=replay(), past=True)
    with connect(settings) as engine:
        return whole.begin(engine, settings, plan, whole.chosen(settings, plan), silent).id


@contextmanager
def resumed(run_id: str) -> Iterator[Run]:
    """A run that another process began."""
    settings = from_environment()
    with connect(settings) as engine:
        with engine.connect() as connection:
            row = runs.run(connection, run_id)
        if row is None:
            raise ConfigError(f"no run {run_id!r} in this database")
        window = Window(row["window_start"], row["window_end"]) if row["window_start"] else None
        sources = whole.chosen(settings, whole.Plan("daily", replay=replay()))
        yield Run(run_id, settings, engine, sources, row["clock"], window, replay(), past=True)


def crawl_task(run_id: str, source_id: str, *, started: Started | None = None) -> dict[str, Any]:
    """Crawl one source of the run; what it brought. A source that brought nothing is reported at the end, not here."""
    with resumed(run_id) as run:
        crawl.recover(run)
        summary = crawl.crawl_group(run, [source_id], started)[0]
        deposit(run, source_id)
        return summary.as_json()


def stage_task(stage: str, run_id: str) -> dict[str, Any]:
    """One stage of the run over everything that waits for it."""
    with resumed(run_id) as run:
        whole.perform_stage(run, Stage(stage))
    return {"stage": stage, "run": run_id}


def finish_task(run_id: str) -> dict[str, Any]:
    """Close the run; its report. Raises TooManyFailures, with the reasons, if it did not end well."""
    with resumed(run_id) as run:
        report = whole.close(run)
    if report.exit_code:
        raise TooManyFailures(report.exit_reason)
    found = report.as_json()
    return {name: found[name] for name in ("run", "versions_new", "quotes", "statements", "alerts", "exit_reason")}
