"""Incidents as people are shown them: those of sources and those of the installation in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal, or_, select, union_all

from pipeline.store.schema import incidents, installation_incidents


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """Something that is or was wrong, with a source or with the installation itself."""

    id: str
    of: str
    """``source`` or ``installation``."""
    subject: str
    """The source's id, or what it is about."""
    kind: str
    opened_at: datetime
    closed_at: datetime | None
    snoozed_until: datetime | None
    detail: str


def listed_incidents(connection: Connection, *, after: datetime | None = None) -> list[ListedIncident]:
    """The open incidents, oldest first; with ``after`` also those closed after that moment."""
    found = union_all(
        select(
            incidents.c.id,
            literal("source").label("of"),
            incidents.c.source_id.label("subject"),
            incidents.c.kind,
            incidents.c.opened_at,
            incidents.c.closed_at,
            incidents.c.snoozed_until,
            incidents.c.detail,
        ).where(_wanted(incidents, after)),
        select(
            installation_incidents.c.id,
            literal("installation"),
            installation_incidents.c.subject,
            installation_incidents.c.kind,
            installation_incidents.c.opened_at,
            installation_incidents.c.closed_at,
            installation_incidents.c.snoozed_until,
            installation_incidents.c.detail,
        ).where(_wanted(installation_incidents, after)),
    ).subquery()
    rows = connection.execute(select(found).order_by(found.c.opened_at, found.c.id))
    return [ListedIncident(*row) for row in rows]


def _wanted(table: Any, after: datetime | None) -> Any:
    is_open = table.c.closed_at.is_(None)
    return is_open if after is None else or_(is_open, table.c.closed_at > after)
