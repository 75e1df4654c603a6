"""Rows of runs: when each started and ended, over which window, and with which exit code."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from pipeline.records import Window
from pipeline.store.runs import metric_totals
from pipeline.store.schema import runs

LATELY = timedelta(days=3)
BACKFILL = "backfill"
"""Command of runs over past days. What they find is no news and raises no alerts."""


def new_run_id(started_at: datetime) -> str:
    """A new id like ``20260615T063000-3f9a1c``: sorts by time and is unique among machines."""
    return f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def start_run(
    connection: Connection,
    *,
    command: str,
    clock: datetime,
    window: Window | None = None,
    code_version: str = "",
    run_id: str | None = None,
) -> str:
    """Insert a run and give back its id. ``clock`` is the run's current time; in a replay, the replayed day's end."""
    started = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(started, datetime)
    chosen = run_id or new_run_id(started)
    connection.execute(
        insert(runs).values(
            id=chosen,
            command=command,
            clock=clock,
            window_start=window and window.start,
            window_end=window and window.end,
            started_at=started,
            code_version=code_version,
        )
    )
    return chosen


def finish_run(connection: Connection, run_id: str, *, exit_code: int, exit_reason: str) -> None:
    """Close a run and add it to the metric totals."""
    values = {"finished_at": func.clock_timestamp(), "exit_code": exit_code, "exit_reason": exit_reason}
    connection.execute(update(runs).where(runs.c.id == run_id).values(values))
    metric_totals.update_metric_totals(connection, run_id)


def run_row(connection: Connection, run_id: str) -> RowMapping | None:
    """The row of a run; None if there is no such run."""
    return connection.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()


def latest_run(connection: Connection, *, finished: bool = False) -> str | None:
    """Id of the run that started last; with ``finished``, of the last one that ended."""
    query = select(runs.c.id).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(1)
    if finished:
        query = query.where(runs.c.finished_at.is_not(None))
    return connection.scalar(query)


def newest_window_end(connection: Connection, command: str, *, ended: bool = False) -> datetime | None:
    """The latest window end among the command's runs; with ``ended``, among those that ended."""
    query = select(func.max(runs.c.window_end)).where(runs.c.command == command)
    if ended:
        query = query.where(runs.c.exit_code.in_((0, 1)))
    newest: datetime | None = connection.scalar(query)
    return newest


def first_start(connection: Connection) -> datetime | None:
    """When the first run of this installation began, by its clock."""
    first: datetime | None = connection.scalar(select(func.min(runs.c.clock)))
    return first


def newest_start(connection: Connection, command: str, *, window_end: datetime) -> datetime | None:
    """When the command's newest run over the window that ends then began, by its clock."""
    wanted = (runs.c.command == command) & (runs.c.window_end == window_end)
    newest: datetime | None = connection.scalar(select(func.max(runs.c.clock)).where(wanted))
    return newest


def never_ended(connection: Connection, command: str) -> list[tuple[str, datetime]]:
    """Id and start of the command's runs of the last three days that have no end."""
    lately = func.clock_timestamp() - LATELY
    wanted = (runs.c.command == command) & runs.c.finished_at.is_(None) & (runs.c.started_at > lately)
    rows = connection.execute(select(runs.c.id, runs.c.started_at).where(wanted).order_by(runs.c.started_at))
    return [(row.id, row.started_at) for row in rows]


def clocks_of_ended(connection: Connection, command: str) -> set[datetime]:
    """The clocks (UTC) of the command's runs that ended, successfully or not; interrupted runs do not count."""
    query = select(runs.c.clock).where(runs.c.command == command, runs.c.exit_code.in_((0, 1)))
    return {clock.astimezone(UTC) for clock in connection.scalars(query)}
