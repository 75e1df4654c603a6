"""The result of a health check, for the command line, the e-mails and the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.config.source import Source
from pipeline.health import Incident
from pipeline.store.crawl.incidents import IncidentChange


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The health of one source."""

    source: Source
    last_run_at: datetime | None = None
    last_new_at: datetime | None = None
    new: int = 0
    """New pages in the last 24 hours."""
    usual: float | None = None
    """New pages that are usual in these hours; None if not learned yet."""
    incidents: tuple[Incident, ...] = ()
    warnings: tuple[str, ...] = ()
    interval: timedelta = timedelta(0)

    def as_json(self) -> dict[str, Any]:
        return {
            "last_run_at": self.last_run_at,
            "last_new_at": self.last_new_at,
            "new_24_hours": self.new,
            "usual_24_hours": None if self.usual is None else round(self.usual, 1),
            "incidents": [incident_json(it) for it in self.incidents],
            "warnings": list(self.warnings),
        }


def incident_json(incident: Incident) -> dict[str, Any]:
    """An incident as ``onrecord sources health --json`` and ``onrecord run --json`` print it."""
    return {
        "id": incident.id,
        "source": incident.source_id,
        "kind": str(incident.kind),
        "since": incident.since,
        "opened_at": incident.opened_at,
        "updated_at": incident.updated_at,
        "detail": incident.detail,
    }


@dataclass(frozen=True, slots=True)
class Health:
    """The result of a check. ``overdue``: a message if no run came for too long, else empty."""

    at: datetime
    sources: tuple[SourceHealth, ...]
    overdue: str = ""
    ours: tuple[str, ...] = ()
    """Sources not evaluated, because so many failed at once that it must be our own network."""
    changes: tuple[IncidentChange, ...] = ()
    problems: list[str] = field(default_factory=list)
    """Why e-mails could not be sent."""

    @property
    def incidents(self) -> list[Incident]:
        return [incident for it in self.sources for incident in it.incidents]

    @property
    def is_ok(self) -> bool:
        """Whether no incident is open and runs come on time."""
        return not self.incidents and not self.overdue
