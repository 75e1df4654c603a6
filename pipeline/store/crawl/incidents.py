"""Incidents in the database: at most one of each kind is open for a source, even if runs work in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.health import Close, Incident, Intent, Kind, Open, Update
from pipeline.store.schema import incidents

HEALED, ACCEPTED = "healed", "accepted"


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident that was just opened or closed."""

    incident: Incident
    what: Literal["opened", "healed"]


def incidents_of_sources(
    connection: Connection, source_ids: Sequence[str], *, after: datetime
) -> dict[str, list[Incident]]:
    """By source, oldest first: the open incidents, and those closed after a moment."""
    query = (
        select(incidents)
        .where(
            incidents.c.source_id.in_(source_ids), or_(incidents.c.closed_at.is_(None), incidents.c.closed_at > after)
        )
        .order_by(incidents.c.opened_at, incidents.c.kind)
    )
    found: dict[str, list[Incident]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["source_id"], []).append(_incident(row))
    return found


def apply_intents(
    connection: Connection, intents: Iterable[Intent], *, at: datetime, run_id: str | None, past: bool
) -> list[IncidentChange]:
    """Open, update and close incidents; those opened or closed. Opening one that is open already does nothing."""
    changes: list[IncidentChange] = []
    for intent in intents:
        if isinstance(intent, Open):
            changes += _opened(connection, intent, at, run_id, past)
        elif isinstance(intent, Update):
            values = {"updated_at": at, "signals": list(intent.signals), "detail": intent.detail}
            connection.execute(_open(intent.incident.id).values(values))
        elif isinstance(intent, Close):
            ended = _close(connection, intent.incident.id, at, HEALED)
            changes += [IncidentChange(it, "healed") for it in ended]
    return changes


def _opened(connection: Connection, intent: Open, at: datetime, run_id: str | None, past: bool) -> list[IncidentChange]:
    values = {
        "id": ids.content_digest("incident", intent.source_id, intent.kind.value, at.isoformat()),
        "source_id": intent.source_id,
        "kind": intent.kind.value,
        "past": past,
        "since": intent.since,
        "opened_at": at,
        "updated_at": at,
        "signals": list(intent.signals),
        "detail": intent.detail,
        "run_id": run_id,
    }
    statement = insert(incidents).values(values).on_conflict_do_nothing().returning(*incidents.c)
    return [IncidentChange(_incident(row), "opened") for row in connection.execute(statement).mappings()]


def close_as_accepted(connection: Connection, incident_id: str, *, at: datetime) -> Incident | None:
    """Close an open incident because the source's new behaviour is accepted; None if no open one has this id."""
    return next(iter(_close(connection, incident_id, at, ACCEPTED)), None)


def snooze_incident(connection: Connection, incident_id: str, until: datetime) -> bool:
    """Let an open incident be silent until a moment; False if no open one has this id."""
    snoozed = _open(incident_id).values(snoozed_until=until).returning(incidents.c.id)
    return connection.scalar(snoozed) is not None


def _close(connection: Connection, incident_id: str, at: datetime, ending: str) -> list[Incident]:
    statement = _open(incident_id).values(closed_at=at, updated_at=at, ending=ending).returning(*incidents.c)
    return [_incident(row) for row in connection.execute(statement).mappings()]


def _open(incident_id: str) -> Any:
    return update(incidents).where(incidents.c.id == incident_id, incidents.c.closed_at.is_(None))


def _incident(row: Any) -> Incident:
    return Incident(
        id=row["id"],
        source_id=row["source_id"],
        kind=Kind(row["kind"]),
        since=row["since"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        signals=tuple(row["signals"]),
        detail=row["detail"],
        closed_at=row["closed_at"],
        ending=row["ending"],
        past=row["past"],
        snoozed_until=row["snoozed_until"],
    )
