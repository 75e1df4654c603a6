"""Sources as people see them: whether they are known, and their health as the last observations show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from pipeline import health
from pipeline.config.source import Source
from pipeline.health import Incident, Mask, Observation
from pipeline.health.baseline import MEMORY, Baseline
from pipeline.store.crawl import incidents, observations
from pipeline.store.schema import sources
from pipeline.store.types import storable_text

DAY = timedelta(days=1)


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
    """Those that are open."""
    warnings: tuple[str, ...] = ()
    interval: timedelta = timedelta(0)
    """The usual time between two runs; zero if not learned yet."""


@dataclass(frozen=True, slots=True)
class ObservedRuns:
    """What is remembered of a source from one sort of runs: those that read archives too, or the others."""

    observations: tuple[Observation, ...]
    """Oldest first, none from before a change of the source was last accepted."""
    baseline: Baseline
    """Learned from all of them but the newest, without the periods of incidents."""


def has_source(connection: Connection, source_id: str) -> bool:
    """Whether any run has ever used the source."""
    return connection.scalar(select(sources.c.id).where(sources.c.id == storable_text(source_id))) is not None


def known_incidents(connection: Connection, source: Source, now: datetime) -> list[Incident]:
    """The source's open incidents, and those closed within the time that a baseline is learned from."""
    return incidents.incidents_of_sources(connection, [source.id], after=now - MEMORY).get(source.id, [])


def observed_runs(
    connection: Connection, source: Source, known: Sequence[Incident], now: datetime
) -> tuple[ObservedRuns, ObservedRuns]:
    """What is remembered of the source from runs that read no archives, and from those that did."""
    accepted = [it.closed_at for it in known if it.ending == incidents.ACCEPTED and it.closed_at]
    masks = [Mask(it.since, it.closed_at or now, it.kind) for it in known]

    def of(past: bool) -> ObservedRuns:
        after = max([now - MEMORY, *accepted])
        seen = observations.observation_history(connection, source.id, after=after, past=past)
        baseline = health.learn_baseline(seen[:-1], masks, zone=source.dates.zone, country=source.country)
        return ObservedRuns(tuple(seen), baseline)

    return of(False), of(True)


def source_health(
    connection: Connection,
    source: Source,
    observed: Sequence[ObservedRuns],
    now: datetime,
    *,
    warnings: Sequence[str] = (),
) -> SourceHealth:
    """The source's health now. ``warnings``: those of the newest evaluation; repeated ones are left out."""
    baseline = max(observed, key=lambda it: len(it.observations)).baseline
    together = sorted((it for sort in observed for it in sort.observations), key=lambda it: it.at)
    return SourceHealth(
        source,
        together[-1].at if together else observations.last_observed_at(connection, source.id),
        next((it.at for it in reversed(together) if it.new), None),
        sum(it.new for it in together if now - DAY < it.at <= now),
        None if baseline.seasonality is None else float(baseline.seasonality.expected([now - DAY, now])[1]),
        tuple(it for it in known_incidents(connection, source, now) if it.closed_at is None),
        tuple(dict.fromkeys(warnings)),
        baseline.interval,
    )
