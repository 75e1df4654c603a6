"""Incidents of the installation itself, which no source is to blame for: at most one of a kind and subject is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.store.schema import installation_incidents


class InstallationKind(StrEnum):
    """What can be wrong with an installation."""

    RUN_FAILED = "run-failed"
    """A run ended with a failure that no incident of a source explains."""
    NOT_OPENED = "not-opened"
    """A scheduled run could not begin."""
    TASK_FAILED = "task-failed"
    """A task outside of a run's stages failed: upkeep, or the report of a run."""
    ARCHIVE_DAMAGED = "archive-damaged"
    """The nightly proof found bytes or texts that are not what was stored."""
    DAG_BROKEN = "dag-broken"
    """Airflow cannot import a DAG file."""
    SCHEDULER_STILL = "scheduler-still"
    """A part of Airflow has given no sign of life for minutes."""
    DISK_NEARLY_FULL = "disk-nearly-full"
    DAILY_LATE = "daily-late"
    """A daily run has not ended hours after it was due."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong that was just seen. ``subject`` names what it is about, so that one e-mail is sent."""

    kind: InstallationKind
    subject: str
    detail: str
    link: str = ""
    """Address of the log, if there is one."""
    items: tuple[str, ...] = ()
    """What must be checked again before it can be over."""


@dataclass(frozen=True, slots=True)
class InstallationIncident:
    """Something that is or was wrong with the installation."""

    id: str
    kind: InstallationKind
    subject: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    detail: str
    link: str
    items: tuple[str, ...]
    email_id: str
    """Id of the e-mail about it; empty if there was no mailbox."""
    snoozed_until: datetime | None


def open_incidents(
    connection: Connection, troubles: Sequence[Trouble], *, at: datetime, email_id: str
) -> list[InstallationIncident]:
    """Open an incident for each trouble, or update the one that is open; those that are new."""
    opened = []
    for trouble in troubles:
        seen = {"updated_at": at, "detail": trouble.detail, "link": trouble.link, "items": list(trouble.items)}
        values = {
            "id": ids.content_digest("installation", trouble.kind.value, trouble.subject, at.isoformat()),
            "kind": trouble.kind.value,
            "subject": trouble.subject,
            "opened_at": at,
            "email_id": email_id,
            **seen,
        }
        statement = insert(installation_incidents).values(values).on_conflict_do_nothing()
        rows = connection.execute(statement.returning(*installation_incidents.c)).mappings().all()
        opened += [_incident(row) for row in rows]
        if not rows:
            same = (
                installation_incidents.c.kind == trouble.kind.value,
                installation_incidents.c.subject == trouble.subject,
                installation_incidents.c.closed_at.is_(None),
            )
            connection.execute(update(installation_incidents).where(*same).values(seen))
    return opened


def close_incidents(connection: Connection, incident_ids: Collection[str], *, at: datetime) -> None:
    """Close these incidents, if they are open."""
    over = installation_incidents.c.id.in_(incident_ids) & installation_incidents.c.closed_at.is_(None)
    connection.execute(update(installation_incidents).where(over).values(closed_at=at, updated_at=at))


def installation_incidents_since(
    connection: Connection, after: datetime | None = None, *, kind: InstallationKind | None = None
) -> list[InstallationIncident]:
    """The open incidents, and those closed after a moment (``None``: none of them), oldest first."""
    table = installation_incidents.c
    wanted = table.closed_at.is_(None) if after is None else or_(table.closed_at.is_(None), table.closed_at > after)
    query = select(installation_incidents).where(wanted).order_by(table.opened_at, table.kind, table.subject)
    if kind is not None:
        query = query.where(table.kind == kind.value)
    return [_incident(row) for row in connection.execute(query).mappings()]


def snooze_installation_incident(connection: Connection, incident_id: str, until: datetime) -> bool:
    """Let an open incident be silent until a moment; False if no open one has this id."""
    one = (installation_incidents.c.id == incident_id) & installation_incidents.c.closed_at.is_(None)
    snoozed = update(installation_incidents).where(one).values(snoozed_until=until)
    return connection.scalar(snoozed.returning(installation_incidents.c.id)) is not None


def _incident(row: Any) -> InstallationIncident:
    return InstallationIncident(
        id=row["id"],
        kind=InstallationKind(row["kind"]),
        subject=row["subject"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        closed_at=row["closed_at"],
        detail=row["detail"],
        link=row["link"],
        items=tuple(row["items"]),
        email_id=row["email_id"],
        snoozed_until=row["snoozed_until"],
    )
