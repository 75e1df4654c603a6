"""The result of a health check, for the command line, the e-mails and the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.health import Incident
from pipeline.queries.sources import SourceHealth
from pipeline.store.crawl.incidents import IncidentChange


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
