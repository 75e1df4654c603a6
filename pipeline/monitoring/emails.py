"""E-mails to the ops mailbox about the health of sources: queued when they are due, then sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from pipeline.alerts import ops, ops_health, ops_installation
from pipeline.alerts.channels.email import transport_for
from pipeline.alerts.channels.email.faults import Transport, Unavailable
from pipeline.alerts.ops_health import IncidentNotice, SourceLine
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.config.sources import load_sources
from pipeline.errors import TransportError
from pipeline.health import Incident
from pipeline.monitoring.source_status import Health
from pipeline.stages.context import MOSCOW
from pipeline.store import locks
from pipeline.store.alerts import ops_mail
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.crawl import incidents
from pipeline.store.runs import installation_incidents

log = structlog.get_logger()

DAY = timedelta(days=1)
DELIVERING = "ops-mail"
HORIZON = timedelta(hours=72)
"""An e-mail that could not be sent for this long becomes a dead letter."""


def write_due_emails(
    connection: Connection, settings: Settings, result: Health, notified_by: Callable[[str], str] = lambda _: ""
) -> None:
    """Queue the e-mails that are due: one for each incident opened or healed, and one a day (Moscow) on all sources.

    ``notified_by``: id of the e-mail that said already that runs fail by a source; its incident then needs none.
    """
    by_id = {it.source.id: it.source for it in result.sources}
    for change in result.changes:
        notice = incident_notice(change.incident, by_id[change.incident.source_id])
        compose = ops_health.incident_opened_email if change.what == "opened" else ops_health.incident_healed_email
        subject, text = compose(notice, settings.timezone)
        if change.what == "healed" and is_snoozed(change.incident.snoozed_until, result.at):
            continue
        notified = notified_by(change.incident.source_id) if change.what == "opened" else ""
        email = OpsEmail(f"{change.what}.{change.incident.id}", subject, text, result.at)
        ops_mail.add_ops_email(connection, email, notified_by=notified)
    for it in result.incidents:
        if it.snoozed_until is not None and it.snoozed_until <= result.at:
            notice = incident_notice(it, by_id[it.source_id])
            subject, text = ops_health.incident_opened_email(notice, settings.timezone)
            name = f"again.{it.id}.{it.snoozed_until:%Y%m%d%H%M}"
            ops_mail.add_ops_email(connection, OpsEmail(name, f"{subject} (still)", text, result.at))
    day = result.at.astimezone(MOSCOW).date()
    name = f"daily.{day}"
    enabled = {it.id for it in load_sources(settings).values() if it.enabled}
    of_all = enabled <= by_id.keys() and any(it.last_run_at for it in result.sources)
    if of_all and not ops_mail.has_ops_email(connection, name):
        subject, text = compose_daily_email(connection, settings, result)
        ops_mail.add_ops_email(connection, OpsEmail(name, subject, text, result.at))


def compose_daily_email(connection: Connection, settings: Settings, result: Health) -> tuple[str, str]:
    """Subject and text of the daily e-mail on all sources that were ever crawled."""
    by_id = {it.source.id: it.source for it in result.sources}
    lately = incidents.incidents_of_sources(connection, list(by_id), after=result.at - DAY)
    ended = [it for more in lately.values() for it in more if it.ending == incidents.HEALED]
    seen = [it for it in result.sources if it.last_run_at]
    return ops_health.daily_health_email(
        result.at.astimezone(MOSCOW).date(),
        [SourceLine(it.source.id, it.new, it.usual, it.last_new_at) for it in seen],
        [incident_notice(it, by_id[it.source_id]) for it in result.incidents],
        [incident_notice(it, by_id[it.source_id]) for it in ended],
        [f"{it.source.id}: {warning}" for it in result.sources for warning in it.warnings],
        [it.source.id for it in result.sources if not it.last_run_at],
        [
            (ops_installation.incident_title(it), it.opened_at, it.detail)
            for it in installation_incidents.installation_incidents_since(connection)
        ],
        settings.timezone,
    )


def is_snoozed(until: datetime | None, now: datetime) -> bool:
    """Whether an incident that was snoozed until then is silent now."""
    return until is not None and until > now


def incident_notice(incident: Incident, source: Source) -> IncidentNotice:
    """The fields of an incident and its source that the e-mails show."""
    return IncidentNotice(
        incident.id,
        source.id,
        source.title,
        str(incident.kind),
        incident.since,
        incident.opened_at,
        incident.closed_at,
        incident.detail,
        source.notes,
    )


def deliver_ops_emails(
    engine: Engine, settings: Settings, *, now: datetime, transport: Transport | None = None
) -> list[str]:
    """Send all queued e-mails, by the configured transport if none is given; why some could not be sent.

    What fails for now stays queued. Nothing is sent, nor counted as failed, without ``ONRECORD_OPS_MAIL``.
    """
    if not settings.ops_mail:
        return []
    problems: list[str] = []
    with locks.one_at_a_time(engine, [DELIVERING], holder="onrecord: e-mails to the ops mailbox"):
        with engine.connect() as connection:
            waiting = ops_mail.pending_ops_emails(connection)
        for email in waiting:
            try:
                message = ops.ops_message(settings, f"o2.{email.id}", email.subject, email.text, email.built_at)
                reply = (transport or transport_for(settings)).send(message)
            except Exception as error:
                log.error("ops_mail_failed", email=email.id, error=str(error), exc_info=ops.is_unforeseen(error))
                problems.append(str(error))
                _not_sent(engine, email, error, now)
                if isinstance(error, Unavailable):
                    break
                continue
            with engine.begin() as connection:
                ops_mail.mark_ops_email_sent(connection, email.id, reply=reply, at=now)
    return problems


def _not_sent(engine: Engine, email: OpsEmail, error: Exception, now: datetime) -> None:
    """Give the e-mail up if it was refused or is too old; otherwise it waits for the next delivery."""
    refused = isinstance(error, TransportError) and error.permanent
    with engine.begin() as connection:
        if refused or now - email.built_at > HORIZON:
            ops_mail.give_up_ops_email(connection, email.id, reply=str(error))
        else:
            ops_mail.put_off_ops_email(connection, email.id, reply=str(error))
