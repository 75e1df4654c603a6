"""Which sources a scheduled run crawls: those that are due by their schedule and not paused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine

from pipeline.config.schedule import is_due, parse_schedule
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import InvalidValue
from pipeline.store.audit import add_audit_entry
from pipeline.store.crawl import observations
from pipeline.store.crawl.sources import crawl_times, pause_source, sync_sources


def due_sources(engine: Engine, settings: Settings, sources: dict[str, Source], now: datetime) -> dict[str, Source]:
    """Those of the sources that are due now and not paused."""
    with engine.connect() as connection:
        times = crawl_times(connection)
        rates = observations.new_per_hour(connection, now)
    found = {}
    for name, source in without_paused(engine, sources, now).items():
        crawled_at = times[name].crawled_at if name in times else None
        schedule = parse_schedule(source.schedule)
        if is_due(schedule, crawled_at, now, zone=settings.timezone, new_per_hour=rates.get(name)):
            found[name] = source
    return found


def set_pause(engine: Engine, source: Source, until: datetime | None, *, now: datetime) -> None:
    """Pause a source until then, None: end its pause; and add that to the audit log. InvalidValue for a past moment."""
    if until is not None and until <= now:
        raise InvalidValue(f"--until {until:%Y-%m-%d %H:%M} UTC is not ahead", name="--until", value=until.isoformat())
    with engine.begin() as connection:
        sync_sources(connection, [source], now=now)
        pause_source(connection, source.id, until)
        add_audit_entry(
            connection,
            "pause" if until else "resume",
            source.id,
            detail={"until": until.isoformat()} if until else None,
        )


def without_paused(
    engine: Engine, sources: dict[str, Source], now: datetime, *, named: Collection[str] = ()
) -> dict[str, Source]:
    """The sources without those that are paused now; one that a run names is kept."""
    with engine.connect() as connection:
        times = crawl_times(connection)
    paused = {name for name, it in times.items() if it.paused_until is not None and it.paused_until > now}
    return {name: source for name, source in sources.items() if name in named or name not in paused}
