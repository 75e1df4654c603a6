"""The health check: store what a run observed of each source, evaluate it, update incidents, e-mail the ops mailbox.

The decisions are made in :mod:`pipeline.health`; this module reads and writes the database. One check at a time; a
repeated check changes nothing and sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, Engine

from pipeline import health
from pipeline.alerts.channels.email.faults import Transport
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import InvalidValue, UnknownName
from pipeline.health import DocumentState, HealthVerdict, Incident, Mask, Observation
from pipeline.monitoring import emails, installation, overdue_run, run_failures
from pipeline.monitoring.source_status import Health
from pipeline.queries.sources import SourceHealth, known_incidents, observed_runs, source_health
from pipeline.stages.context import Run
from pipeline.store import audit
from pipeline.store.crawl import incidents, observations
from pipeline.store.crawl.incidents import IncidentChange
from pipeline.store.locks import one_at_a_time
from pipeline.store.runs.installation_incidents import snooze_installation_incident

log = structlog.get_logger()

CHECKING = "health"
DAY = timedelta(days=1)
LATE = timedelta(hours=36)
"""A run over a day that ended longer ago is a backfill, and says nothing about the present health of sources."""
OVERDUE, SLACK = 1.5, timedelta(hours=2)
"""Runs are overdue if none came for this many usual intervals, plus this much slack."""


def check_run(run: Run) -> Health | None:
    """Check the sources a run has crawled; None if it says nothing about their present health (replays, backfills)."""
    if run.replay is not None or run.backfill or (run.window is not None and not run.past):
        return None
    return check_health(run.engine, run.settings, run.sources, now=run.now, run_id=run.id, past=run.past)


def check_health(
    engine: Engine,
    settings: Settings,
    sources: Mapping[str, Source],
    *,
    now: datetime,
    run_id: str | None = None,
    past: bool = False,
    transport: Transport | None = None,
) -> Health:
    """Evaluate the sources, and update incidents, and send the e-mails that are due.

    By what the run observed; without a run, by the last observations. ``past``: the run also read archives. E-mails go
    to the ops mailbox only, if one is set.
    """
    with (
        one_at_a_time(engine, [CHECKING], holder=f"onrecord sources health {run_id or ''}".strip()),
        engine.begin() as connection,
    ):
        ours = save_run_observations(connection, run_id, sources, now, past=past) if run_id else []
        found, changes = [], []
        for source in sources.values():
            stands, more = check_source(connection, source, now, run_id)
            found.append(stands)
            changes += more
        result = Health(now, tuple(found), "" if run_id else overdue_message(found, now), tuple(ours), tuple(changes))
        if settings.ops_mail:
            emails.write_due_emails(
                connection, settings, result, partial(run_failures.failure_notification, connection)
            )
            installation.remind_after_snooze(connection, settings, now)
        overdue_run.note_overdue_run(connection, settings, now)
        installation.check_disks(connection, settings, now)
    result.problems.extend(emails.deliver_ops_emails(engine, settings, now=now, transport=transport))
    return result


def save_run_observations(
    connection: Connection, run_id: str, sources: Mapping[str, Source], now: datetime, *, past: bool
) -> list[str]:
    """Save what the run observed; ids of the sources left out because our own network failed."""
    seen = observations.run_observations(connection, run_id, list(sources), at=now, past=past)
    ours = [it.source_id for it in seen if it.unreadable and it.states == {DocumentState.FAILED}]
    if not health.fault_of_ours(seen):
        ours = []
    observations.save_observations(connection, [it for it in seen if it.source_id not in ours])
    if ours:
        log.error("own_network_down", run=run_id, sources=ours)
    return ours


def check_source(
    connection: Connection, source: Source, now: datetime, run_id: str | None
) -> tuple[SourceHealth, list[IncidentChange]]:
    """Evaluate a source by the run's observation; without a run, by the last ones. Its health, and changed incidents.

    Observations of runs that read archives, and of those that do not, are evaluated separately.
    """
    known = known_incidents(connection, source, now)
    observed = observed_runs(connection, source, known, now)
    changes: list[IncidentChange] = []
    warnings: list[str] = []
    for sort in observed:
        newest = sort.observations[-1] if sort.observations else None
        if newest and (newest.run_id == run_id if run_id else now - newest.at < LATE):
            verdict = health.evaluate_source(sort.observations, sort.baseline, source, ended_masks(known))
            changes += carry_out(connection, verdict, known, newest)
            warnings += verdict.warnings
    return source_health(connection, source, observed, now, warnings=warnings), changes


def carry_out(
    connection: Connection, verdict: HealthVerdict, known: Sequence[Incident], newest: Observation
) -> list[IncidentChange]:
    """Open, update and close incidents after a verdict, but only those of the same sort of runs (``past``)."""
    own = [it for it in known if it.closed_at is None and it.past is newest.past]
    intents = health.decide_intents(verdict, own)
    return incidents.apply_intents(connection, intents, at=newest.at, run_id=newest.run_id, past=newest.past)


def ended_masks(known: Iterable[Incident]) -> list[Mask]:
    """The periods of closed incidents."""
    return [Mask(it.since, it.closed_at, it.kind) for it in known if it.closed_at]


def overdue_message(sources: Sequence[SourceHealth], now: datetime) -> str:
    """A message that no run came for too long; empty if one did, or if no run is known."""
    last = max((it.last_run_at for it in sources if it.last_run_at), default=None)
    interval = min((it.interval for it in sources if it.interval), default=DAY)
    if last is None or now - last <= interval * OVERDUE + SLACK:
        return ""
    hours = (now - last) / timedelta(hours=1)
    return f"no source has been crawled for {hours:.0f} h; is the scheduler at work?"


def accept_incident(engine: Engine, incident_id: str, now: datetime) -> Incident:
    """Close an incident because the source's new behaviour is accepted, and add that to the audit log.

    Raises ConfigError if it is not open.
    """
    with engine.begin() as connection:
        found = incidents.close_as_accepted(connection, incident_id, at=now)
        if found is None:
            raise UnknownName(
                f"no open incident {incident_id!r}; `onrecord sources health` shows all",
                kind="incident",
                name=incident_id,
            )
        audit.add_audit_entry(connection, "accept", incident_id, detail={"source": found.source_id})
    return found


def snooze_until(engine: Engine, incident_id: str, until: datetime, *, now: datetime) -> None:
    """Keep an open incident, of a source or of the installation, silent until then, and add that to the audit log.

    InvalidValue if the moment is not ahead, UnknownName if no open incident has this id.
    """
    if until <= now:
        raise InvalidValue(f"--until {until:%Y-%m-%d %H:%M} UTC is not ahead", name="--until", value=until.isoformat())
    with engine.begin() as connection:
        if not incidents.snooze_incident(connection, incident_id, until) and not snooze_installation_incident(
            connection, incident_id, until
        ):
            raise UnknownName(
                f"no open incident {incident_id!r}; `onrecord ops incidents` shows all",
                kind="incident",
                name=incident_id,
            )
        audit.add_audit_entry(connection, "snooze", incident_id, detail={"until": until.isoformat()})
