"""What was done: the runs, and what administrators did to the installation."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from pipeline.queries.rows import AuditEntry, RunRow
from pipeline.store.runs.runs import latest_run
from pipeline.store.schema import audit, runs
from pipeline.store.types import storable_text

_COLUMNS = (
    runs.c.id,
    runs.c.command,
    runs.c.clock,
    runs.c.window_start,
    runs.c.window_end,
    runs.c.started_at,
    runs.c.finished_at,
    runs.c.exit_code,
    runs.c.exit_reason,
)


def run_by_id(connection: Connection, run_id: str) -> RunRow | None:
    """The run with this id; None if there is none."""
    row = connection.execute(select(*_COLUMNS).where(runs.c.id == storable_text(run_id))).mappings().one_or_none()
    return RunRow(**row) if row else None


def newest_run(connection: Connection) -> RunRow | None:
    """The run that started last; None if nothing has run yet."""
    newest = latest_run(connection)
    return run_by_id(connection, newest) if newest else None


def audit_entries(connection: Connection) -> Iterator[AuditEntry]:
    """Every entry, oldest first."""
    columns = (audit.c.at, audit.c.who, audit.c.act, audit.c.subject, audit.c.reason, audit.c.detail)
    for row in connection.execute(select(*columns).order_by(audit.c.id)).mappings():
        yield AuditEntry(**row)
