"""Incidents: decide from a verdict which to open, which to update, and which to close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.health.observation import HealthVerdict, Kind, Symptom


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that is or was wrong with a source."""

    id: str
    source_id: str
    kind: Kind
    since: datetime
    """When the source was last known to be well."""
    opened_at: datetime
    updated_at: datetime
    signals: tuple[str, ...]
    """All signals ever seen in it: it is healed when all of them pass."""
    detail: str
    closed_at: datetime | None = None
    ending: str = ""
    """``healed``, or ``accepted`` if somebody said that this is how the source is now; empty while open."""
    past: bool = False
    """Found by runs that also read archives; only such runs can close it."""
    snoozed_until: datetime | None = None
    """Nobody is to be reminded of it before."""


@dataclass(frozen=True, slots=True)
class Open:
    """Open a new incident."""

    source_id: str
    kind: Kind
    since: datetime
    signals: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Update:
    """Update an open incident with the symptoms seen now."""

    incident: Incident
    signals: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close an incident as healed."""

    incident: Incident


Intent = Open | Update | Close


def decide_intents(verdict: HealthVerdict, incidents: Iterable[Incident]) -> Iterator[Intent]:
    """The changes to a source's open incidents that follow from a verdict."""
    found: dict[Kind, list[Symptom]] = {}
    for symptom in verdict.symptoms:
        found.setdefault(symptom.kind, []).append(symptom)
    standing = {incident.kind: incident for incident in incidents}
    for kind, symptoms in found.items():
        signals, detail = _signals(symptoms), symptoms_text(symptoms)
        if kind in standing:
            known = standing[kind]
            yield Update(known, tuple(dict.fromkeys((*known.signals, *signals))), detail)
        else:
            yield Open(verdict.source_id, kind, min(it.since for it in symptoms), signals, detail)
    for kind, incident in standing.items():
        if kind not in found and all((kind, signal) in verdict.passing for signal in incident.signals):
            yield Close(incident)


def _signals(symptoms: Sequence[Symptom]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.signal for it in symptoms))


def symptoms_text(symptoms: Sequence[Symptom]) -> str:
    """The details of the symptoms as one line."""
    return "; ".join(dict.fromkeys(it.detail for it in symptoms))
