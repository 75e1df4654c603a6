"""Look after the sources: note what a run saw of each, judge it, keep incidents, and write to the ops mailbox.

The deciding is :mod:`pipeline.health`'s; here is the doing. One check at a time; a check that is repeated changes
nothing and sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine

from pipeline import health
from pipeline.alerts import ops, ops_health
from pipeline.alerts.ops_health import Line, Trouble
from pipeline.alerts.transports import Transport, Unavailable, transport_for
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import ConfigError, TransportError
from pipeline.health import DocumentState, Incident, Mask, Observation
from pipeline.health.habits import MEMORY
from pipeline.stages.run import Run
from pipeline.store import incidents, observations, ops_letters
from pipeline.store.incidents import Change
from pipeline.store.locks import one_at_a_time
from pipeline.store.ops_letters import OpsLetter

log = structlog.get_logger()

CHECKING = "health"
MOSCOW = ZoneInfo("Europe/Moscow")
DAY = timedelta(days=1)
LATE = timedelta(hours=36)
"""A run over a day that ended longer ago is a backfill: it says nothing of how sources are now."""
OVERDUE, SLACK = 1.5, timedelta(hours=2)
"""No run for so many usual intervals and this: it is we who are silent."""
HORIZON = timedelta(hours=72)
"""A letter that could not be handed over for so long is given up."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source stands."""

    source: Source
    last_run_at: datetime | None = None
    last_new_at: datetime | None = None
    new: int = 0
    """New pages in the last 24 hours."""
    usual: float | None = None
    """What is usual for these hours; None if it is not known yet."""
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


def incident_json(it: Incident) -> dict[str, Any]:
    """An incident as ``onrecord health --json`` and ``onrecord run --json`` print it."""
    return {
        "id": it.id,
        "source": it.source_id,
        "kind": str(it.kind),
        "since": it.since,
        "opened_at": it.opened_at,
        "updated_at": it.updated_at,
        "detail": it.detail,
    }


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found and did. ``overdue`` says that no run has come for too long; empty if one has."""

    at: datetime
    sources: tuple[SourceHealth, ...]
    overdue: str = ""
    ours: tuple[str, ...] = ()
    """Sources that were not judged since so many failed together that it must be our own network."""
    changes: tuple[Change, ...] = ()
    problems: list[str] = field(default_factory=list)
    """Why letters could not be handed over."""

    @property
    def incidents(self) -> list[Incident]:
        return [incident for it in self.sources for incident in it.incidents]

    @property
    def well(self) -> bool:
        return not self.incidents and not self.overdue


def of_run(run: Run) -> Health | None:
    """Check the sources a run has crawled; None if it says nothing of how they are now (replays, backfills)."""
    if run.replay is not None or (run.window is not None and not (run.past and run.now - run.window.end < LATE)):
        return None
    return check(run.engine, run.settings, run.sources, now=run.now, run_id=run.id, past=run.past)


def check(
    engine: Engine,
    settings: Settings,
    sources: Mapping[str, Source],
    *,
    now: datetime,
    run_id: str | None = None,
    past: bool = False,
    transport: Transport | None = None,
) -> Health:
    """Judge the sources by what the run saw, or without one by what was last seen of them, and do what follows.

    ``past``: the run also read archives. Letters go to the ops mailbox, if there is one, and to nobody else.
    """
    with one_at_a_time(engine, [CHECKING], holder=f"onrecord health {run_id or ''}".strip()):
        with engine.begin() as connection:
            ours = observe(connection, run_id, sources, now, past=past) if run_id else []
            found, changes = [], []
            for source in sources.values():
                sorts = (past,) if run_id else (False, True)
                judged = [judge(connection, source, now, run_id, past=sort) for sort in sorts]
                changes += [change for more in judged for change in more]
                found.append(standing(connection, source, now))
            result = Health(now, tuple(found), "" if run_id else overdue(found, now), tuple(ours), tuple(changes))
            if settings.ops_mail:
                write_letters(connection, result)
        if settings.ops_mail:
            deliver(engine, settings, transport or transport_for(settings), result)
    return result


def observe(
    connection: Connection, run_id: str, sources: Mapping[str, Source], now: datetime, *, past: bool
) -> list[str]:
    """Keep what the run saw; the sources left out because our own network failed them."""
    seen = observations.count(connection, run_id, list(sources), at=now, past=past)
    ours = [it.source_id for it in seen if it.unreadable and it.states == {DocumentState.FAILED}]
    if not health.fault_of_ours(seen):
        ours = []
    observations.keep(connection, [it for it in seen if it.source_id not in ours])
    if ours:
        log.error("health.our_own_network", run=run_id, sources=ours)
    return ours


def judge(connection: Connection, source: Source, now: datetime, run_id: str | None, *, past: bool) -> list[Change]:
    """Judge the newest observation by runs of one sort, if it is this run's or not yet a day or two old."""
    known = incidents.of_sources(connection, [source.id], after=now - MEMORY).get(source.id, [])
    seen = remembered(connection, source, known, now, past=past)
    if not seen or (seen[-1].run_id != run_id if run_id else now - seen[-1].at > LATE):
        return []
    habits = habits_of(source, seen[:-1], known, now)
    verdict = health.judge(seen, habits, source, [mask for it in known if (mask := mask_of(it)) is not None])
    standing = [it for it in known if it.closed_at is None]
    own = [it for it in standing if it.past is past]
    intents = [
        intent
        for intent in health.decide(verdict, own)
        if not (isinstance(intent, health.Open) and any(it.kind is intent.kind for it in standing))
    ]
    return incidents.apply(connection, intents, at=seen[-1].at, run_id=seen[-1].run_id, past=past)


def remembered(
    connection: Connection, source: Source, known: Iterable[Incident], now: datetime, *, past: bool
) -> list[Observation]:
    """What is remembered of a source: nothing from before it was last said that it is now otherwise."""
    accepted = [it.closed_at for it in known if it.ending == incidents.ACCEPTED and it.closed_at]
    return observations.history(connection, source.id, after=max([now - MEMORY, *accepted]), past=past)


def habits_of(source: Source, seen: Sequence[Observation], known: Iterable[Incident], now: datetime) -> health.Habits:
    masks = [Mask(it.since, it.closed_at or now, it.kind) for it in known]
    return health.learn(seen, masks, zone=source.dates.zone, country=source.country)


def mask_of(it: Incident) -> Mask | None:
    """The time an incident took, if it is over."""
    return Mask(it.since, it.closed_at, it.kind) if it.closed_at else None


def standing(connection: Connection, source: Source, now: datetime) -> SourceHealth:
    """How a source stands after it was judged."""
    known = incidents.of_sources(connection, [source.id], after=now - MEMORY).get(source.id, [])
    current = tuple(it for it in known if it.closed_at is None)
    sorts = [remembered(connection, source, known, now, past=sort) for sort in (False, True)]
    seen = max(sorts, key=len)
    if not seen:
        return SourceHealth(source, incidents=current)
    habits = habits_of(source, seen, known, now)
    usual = None
    if habits.rhythm is not None:
        usual = float(habits.rhythm.expected([now - DAY, now])[1])
    together = sorted((it for sort in sorts for it in sort), key=lambda it: it.at)
    return SourceHealth(
        source,
        together[-1].at,
        next((it.at for it in reversed(together) if it.new), None),
        sum(it.new for it in together if now - DAY < it.at <= now),
        usual,
        current,
        health.judge(seen, habits, source).warnings,
        habits.interval,
    )


def overdue(found: Sequence[SourceHealth], now: datetime) -> str:
    """That no run has come for too long; empty if one has, or if none is known."""
    last = max((it.last_run_at for it in found if it.last_run_at), default=None)
    interval = min((it.interval for it in found if it.interval), default=DAY)
    if last is None or now - last <= interval * OVERDUE + SLACK:
        return ""
    hours = (now - last) / timedelta(hours=1)
    return f"no source has been crawled for {hours:.0f} h; is the scheduler at work?"


def accept(engine: Engine, incident_id: str, now: datetime) -> Incident:
    """End an incident because this is how its source is now. ConfigError if no such incident is open."""
    with engine.begin() as connection:
        found = incidents.accept(connection, incident_id, at=now)
    if found is None:
        raise ConfigError(f"no open incident {incident_id!r}; `onrecord health` shows all")
    return found


def write_letters(connection: Connection, result: Health) -> None:
    """The letters that are due: on each incident opened or healed, and once a day (Moscow) on all sources."""
    by_id = {it.source.id: it.source for it in result.sources}
    for change in result.changes:
        told = trouble(change.incident, by_id[change.incident.source_id])
        write = ops_health.opened if change.what == "opened" else ops_health.healed
        subject, text = write(told)
        ops_letters.add(connection, OpsLetter(f"{change.what}.{change.incident.id}", subject, text, result.at))
    day = result.at.astimezone(MOSCOW).date()
    name = f"daily.{day}"
    if not ops_letters.known(connection, name):
        subject, text = letter_of_the_day(connection, result)
        ops_letters.add(connection, OpsLetter(name, subject, text, result.at))


def letter_of_the_day(connection: Connection, result: Health) -> tuple[str, str]:
    by_id = {it.source.id: it.source for it in result.sources}
    lately = incidents.of_sources(connection, list(by_id), after=result.at - DAY)
    ended = [it for more in lately.values() for it in more if it.ending == incidents.HEALED]
    seen = [it for it in result.sources if it.last_run_at]
    return ops_health.daily(
        result.at.astimezone(MOSCOW).date(),
        [Line(it.source.id, it.new, it.usual, it.last_new_at) for it in seen],
        [trouble(it, by_id[it.source_id]) for it in result.incidents],
        [trouble(it, by_id[it.source_id]) for it in ended],
        [f"{it.source.id}: {warning}" for it in result.sources for warning in it.warnings],
        [it.source.id for it in result.sources if not it.last_run_at],
    )


def trouble(it: Incident, source: Source) -> Trouble:
    return Trouble(
        it.id, source.id, source.title, str(it.kind), it.since, it.opened_at, it.closed_at, it.detail, source.notes
    )


def deliver(engine: Engine, settings: Settings, transport: Transport, result: Health) -> None:
    """Hand over every letter that waits; what is not taken now waits for the next check."""
    with engine.connect() as connection:
        waiting = ops_letters.pending(connection)
    for letter in waiting:
        try:
            message = ops.message(settings, f"o2.{letter.id}", letter.subject, letter.text, letter.built_at)
            reply = transport.send(message)
        except TransportError as error:
            result.problems.append(str(error))
            log.error("ops_mail_failed", letter=letter.id, error=str(error))
            with engine.begin() as connection:
                if error.permanent or result.at - letter.built_at > HORIZON:
                    ops_letters.give_up(connection, letter.id, reply=str(error))
                else:
                    ops_letters.put_off(connection, letter.id, reply=str(error))
            if isinstance(error, Unavailable):
                return
            continue
        with engine.begin() as connection:
            ops_letters.sent(connection, letter.id, reply=reply, at=result.at)
