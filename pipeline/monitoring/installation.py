"""Incidents of the installation: opened with an e-mail to the ops mailbox, silent while they last, closed with one.

E-mails go into the outbox of ops e-mails; :func:`pipeline.monitoring.emails.deliver_ops_emails` sends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from pipeline import ids
from pipeline.alerts import ops_installation
from pipeline.config.settings import Settings
from pipeline.errors import StoreUnreachable
from pipeline.monitoring import emails, storeless
from pipeline.operations.disk_space import tight_disks
from pipeline.store.alerts import ops_mail
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.engine import open_store
from pipeline.store.runs import installation_incidents
from pipeline.store.runs.installation_incidents import InstallationIncident, InstallationKind, Trouble

log = structlog.get_logger()


def report_trouble(settings: Settings, trouble: Trouble) -> None:
    """E-mail the ops mailbox about a trouble, once while it lasts. Without a database a file remembers that it was."""
    now = datetime.now(UTC)
    try:
        with open_store(settings) as engine:
            with engine.begin() as connection:
                tell(connection, settings, [trouble], now=now)
            emails.deliver_ops_emails(engine, settings, now=now)
    except StoreUnreachable as error:
        log.error("store_unreachable", trouble=trouble.kind.value, subject=trouble.subject, error=str(error))
        storeless.tell_without_store(settings, trouble, now=now)


def end_trouble(settings: Settings, kind: InstallationKind, subject: str) -> None:
    """Close the open incident of this kind and subject, if there is one, with an e-mail."""
    now = datetime.now(UTC)
    with open_store(settings) as engine:
        with engine.begin() as connection:
            ended = [it for it in open_ones(connection, kind) if it.subject == subject]
            heal(connection, settings, ended, now=now)
        if ended:
            emails.deliver_ops_emails(engine, settings, now=now)


def open_ones(connection: Connection, *kinds: InstallationKind) -> list[InstallationIncident]:
    """The open incidents of these kinds."""
    return [it for it in installation_incidents.installation_incidents_since(connection) if it.kind in kinds]


def tell(connection: Connection, settings: Settings, troubles: Sequence[Trouble], *, now: datetime) -> None:
    """Open an incident for each trouble, with an e-mail of its own; one that is open already is only updated."""
    for trouble in troubles:
        email_id = f"trouble.{ids.content_digest(trouble.kind.value, trouble.subject, now.isoformat())}"
        opened = installation_incidents.open_incidents(
            connection, [trouble], at=now, email_id=email_id if settings.ops_mail else ""
        )
        if opened:
            log.error("installation_incident", kind=trouble.kind.value, subject=trouble.subject, detail=trouble.detail)
        if opened and settings.ops_mail:
            subject, text = ops_installation.trouble_email(trouble, now, settings.timezone)
            ops_mail.add_ops_email(connection, OpsEmail(email_id, subject, text, now))


def heal(connection: Connection, settings: Settings, ended: Sequence[InstallationIncident], *, now: datetime) -> None:
    """Close incidents, with one e-mail for all of which one was sent and that are not snoozed."""
    installation_incidents.close_incidents(connection, [it.id for it in ended], at=now)
    notified = [it for it in ended if it.email_id and not emails.is_snoozed(it.snoozed_until, now)]
    if notified and settings.ops_mail:
        subject, text = ops_installation.over_email(notified, now, settings.timezone)
        email_id = f"over.{ids.content_digest(*(it.id for it in notified))}"
        ops_mail.add_ops_email(connection, OpsEmail(email_id, subject, text, now))


def keep_in_step(
    connection: Connection,
    settings: Settings,
    kind: InstallationKind,
    troubles: Sequence[Trouble],
    *,
    now: datetime,
) -> None:
    """Make the open incidents of a kind those of the troubles: tell the new ones, close the others."""
    tell(connection, settings, troubles, now=now)
    seen = {it.subject for it in troubles}
    heal(connection, settings, [it for it in open_ones(connection, kind) if it.subject not in seen], now=now)


def check_disks(connection: Connection, settings: Settings, now: datetime) -> None:
    """Open or close the incidents of disks that are nearly full."""
    troubles = [
        Trouble(InstallationKind.DISK_NEARLY_FULL, str(it.path), f"{it.free / 1024**3:.1f} GiB are free for {it.path}.")
        for it in tight_disks(settings)
    ]
    keep_in_step(connection, settings, InstallationKind.DISK_NEARLY_FULL, troubles, now=now)


def remind_after_snooze(connection: Connection, settings: Settings, now: datetime) -> None:
    """Queue one e-mail for each open incident of the installation whose snooze has ended."""
    for it in installation_incidents.installation_incidents_since(connection):
        if it.snoozed_until is not None and it.snoozed_until <= now and settings.ops_mail:
            subject, text = ops_installation.trouble_email(it, it.opened_at, settings.timezone)
            email_id = f"again.{it.id}.{it.snoozed_until:%Y%m%d%H%M}"
            ops_mail.add_ops_email(connection, OpsEmail(email_id, f"{subject} (still)", text, now))
