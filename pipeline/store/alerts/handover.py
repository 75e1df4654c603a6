"""Hand e-mails of the outbox over: lease one, send it, mark what became of it.

A kill between sending and marking sends an e-mail again, with the same Message-ID, and never loses one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.records import AlertChannel, AlertKind
from pipeline.store.alerts.outbox import DEAD, OPEN, UNSURE, is_due, is_used
from pipeline.store.schema import alerts, deliveries, statements, subscribers

LEASE = timedelta(seconds=720)
"""How long a claimed e-mail is reserved for the process that sends it; longer than any transport's deadlines."""
MOST_REFUSALS = 3
"""After so many refusals for good in a row a mailbox is suspended: nothing more is sent to it."""


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """An alert of a claimed e-mail. ``corrects``: id of the alert that it corrects, if it is a correction."""

    id: str
    watch_id: str
    statement_id: str
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedEmail:
    """An e-mail that this process has leased for sending: its alerts in order, and how often it was tried before."""

    message_id: str
    kind: AlertKind
    reader: str
    address: str
    built_at: datetime
    tried: int
    unanswered: int
    """How often the server has taken the text without an answer."""
    thread: str
    """Message-ID of the first e-mail of the thread: its own, if it begins one."""
    alerts: tuple[ClaimedAlert, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of its alerts."""
        return tuple(alert.id for alert in self.alerts)


@dataclass(frozen=True, slots=True)
class SentWords:
    """What an e-mail says of a statement."""

    text: str
    speaker_id: str | None
    speaker_name: str


def claim_email(
    connection: Connection, now: datetime, *, among: Collection[str], tried: Collection[str], channel: AlertChannel
) -> ClaimedEmail | None:
    """Lease the next e-mail that is due, oldest statement first, and last what a server did not answer for; else None.

    ``among``: ids of the watches it may be for; ``tried``: Message-IDs to skip.
    """
    order = (statements.c.first_published_at.nulls_last(), statements.c.first_seen_at, alerts.c.id)
    open_ = is_due(now, channel) & alerts.c.watch_id.in_(among) & alerts.c.message_id.not_in(tried)
    query = select(alerts.c.message_id).join(statements, statements.c.id == alerts.c.statement_id).where(open_)
    message_id = connection.scalar(query.order_by(alerts.c.unanswered, *order).limit(1))
    if message_id is None:
        return None
    own = OPEN & is_used() & (alerts.c.message_id == message_id)
    rows = connection.execute(
        select(alerts, subscribers.c.address)
        .join(subscribers, subscribers.c.id == alerts.c.subscriber_id)
        .join(statements, statements.c.id == alerts.c.statement_id)
        .where(own)
        .order_by(*order)
        .with_for_update(of=alerts)
    ).all()
    names = [row.id for row in rows]
    leased = {"lease_until": now + LEASE, "attempts": alerts.c.attempts + 1}
    connection.execute(update(alerts).where(alerts.c.id.in_(names)).values(leased))
    started = select(alerts.c.id, alerts.c.attempts, func.clock_timestamp(), literal("started"))
    columns = ["alert_id", "attempt", "started_at", "result"]
    connection.execute(insert(deliveries).from_select(columns, started.where(alerts.c.id.in_(names))))
    first = rows[0]
    return ClaimedEmail(
        message_id,
        AlertKind(first.kind),
        first.subscriber_id,
        first.address,
        first.built_at,
        max(row.attempts for row in rows),
        max(row.unanswered for row in rows),
        first.thread_id or message_id,
        tuple(ClaimedAlert(row.id, row.watch_id, row.statement_id, row.corrects) for row in rows),
    )


def current_statement_ids(connection: Connection, email: ClaimedEmail) -> dict[str, str]:
    """By alert id: the id that its statement has now."""
    query = select(alerts.c.id, alerts.c.statement_id).where(alerts.c.id.in_(email.names))
    return {row.id: row.statement_id for row in connection.execute(query)}


def mark_email_sent(
    connection: Connection,
    email: ClaimedEmail,
    *,
    state: str,
    subject: str,
    reply: str,
    now: datetime,
    words: Mapping[str, SentWords],
) -> None:
    """Mark the e-mail's alerts as ``state``: SENT, or SUMMARISED if sent in a summary. ``words`` are by alert id."""
    updates = {"state": state, "subject": subject, "last_reply": reply, "sent_at": now, "next_at": None}
    _close(connection, email, "sent", reply, updates)
    for name, sent in words.items():
        noted = {
            "sent_text": sent.text,
            "sent_speaker_id": sent.speaker_id,
            "sent_speaker_name": sent.speaker_name,
        }
        connection.execute(update(alerts).where(alerts.c.id == name).values(noted))
    connection.execute(
        update(subscribers).where(subscribers.c.id == email.reader, subscribers.c.refusals > 0).values(refusals=0)
    )


def put_off_email(connection: Connection, email: ClaimedEmail, *, reply: str, until: datetime) -> None:
    """Record that sending failed; it may be tried again from ``until`` on."""
    _close(connection, email, "put off", reply, {"last_reply": reply, "next_at": until})


def leave_email_unsure(connection: Connection, email: ClaimedEmail, *, reply: str, until: datetime | None) -> None:
    """Record that the server took the e-mail and did not answer; tried again from ``until`` on (None: never)."""
    updates = {"state": UNSURE, "last_reply": reply, "next_at": until, "unanswered": alerts.c.unanswered + 1}
    _close(connection, email, "unsure", reply, updates)


def give_up_email(connection: Connection, email: ClaimedEmail, *, reply: str) -> None:
    """Record that the e-mail cannot be delivered; its alerts are dead."""
    _close(connection, email, "given up", reply, {"state": DEAD, "last_reply": reply, "next_at": None})


def note_refusal(connection: Connection, reader: str, *, reply: str, now: datetime) -> bool:
    """Count a refusal of the reader's mailbox for good; whether it is suspended by this one."""
    number = subscribers.c.refusals + 1
    suspended = case((number >= MOST_REFUSALS, func.coalesce(subscribers.c.suspended_at, now)))
    values = {"refusals": number, "last_reply": reply, "suspended_at": suspended}
    counted = update(subscribers).where(subscribers.c.id == reader).values(values).returning(subscribers.c.refusals)
    return bool(connection.scalar(counted) == MOST_REFUSALS)


def _close(connection: Connection, email: ClaimedEmail, result: str, reply: str, updates: Mapping[str, object]) -> None:
    own = alerts.c.id.in_(email.names) & OPEN
    connection.execute(update(alerts).where(own).values(lease_until=None, **updates))
    begun = (deliveries.c.alert_id.in_(email.names)) & (deliveries.c.finished_at.is_(None))
    begun &= deliveries.c.attempt == email.tried + 1
    ended = {"finished_at": func.clock_timestamp(), "result": result, "reply": reply}
    connection.execute(update(deliveries).where(begun).values(ended))
