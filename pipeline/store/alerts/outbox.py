"""The outbox: alerts to be sent, and what became of each.

An alert is inserted before its e-mail is written. E-mails are claimed with a lease, sent, then marked: a kill between
the last two steps sends an e-mail again, with the same Message-ID, and never loses one. Alerts that share a Message-ID
go out in one e-mail.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import AlertChannel, AlertKind, Watch
from pipeline.store.alerts.readers import receives_emails
from pipeline.store.alerts.watches import subscriber_id
from pipeline.store.schema import alerts, articles, deliveries, quotes, statements, subscribers, watches

LEASE = timedelta(seconds=180)
"""How long a claimed e-mail is reserved for the process that sends it; longer than any transport's deadline."""

PENDING, SENT, SUMMARISED, DEAD = "pending", "sent", "summarised", "dead"
OLD = "suppressed-old"
NOT_SAID = "suppressed-not-said"
STOPPED = "suppressed-stopped"

_RANK = {SENT: 0, SUMMARISED: 1, PENDING: 2, DEAD: 3, "suppressed-new-watch": 4, OLD: 5, NOT_SAID: 6, STOPPED: 7}


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A statement that matched a watch, and the state in which the alert starts."""

    watch: Watch
    statement_id: str
    state: str

    @property
    def id(self) -> str:
        return ids.alert_id(self.watch.id, self.watch.address, self.statement_id)


@dataclass(frozen=True, slots=True)
class ClaimedEmail:
    """An e-mail that this process has leased for sending: its alerts in order, and how often it was tried before."""

    message_id: str
    kind: AlertKind
    watch_id: str
    address: str
    built_at: datetime
    tried: int
    alerts: tuple[str, ...]


def add_alerts(
    connection: Connection, new: Sequence[NewAlert], *, run_id: str, now: datetime, domain: str, channel: AlertChannel
) -> set[str]:
    """Add alerts to the outbox; ids of the new ones. A reader gets at most one alert per watch and statement."""
    if not new:
        return set()
    rows = [
        {
            "id": alert.id,
            "watch_id": alert.watch.id,
            "subscriber_id": subscriber_id(alert.watch.address),
            "statement_id": alert.statement_id,
            "kind": AlertKind.ALERT,
            "channel": channel,
            "state": alert.state,
            "next_at": now if alert.state == PENDING else None,
            "message_id": _message_id(AlertKind.ALERT, channel, alert.id, domain),
            "built_at": now,
            "run_id": run_id,
        }
        for alert in new
    ]
    names = [alert.id for alert in new]
    before = _known(connection, names)
    connection.execute(insert(alerts).on_conflict_do_nothing(), rows)
    return _known(connection, names) - before


def _known(connection: Connection, names: Collection[str]) -> set[str]:
    return set(connection.scalars(select(alerts.c.id).where(alerts.c.id.in_(names))))


_PREFIX = {
    (AlertKind.ALERT, AlertChannel.EMAIL): "a1",
    (AlertKind.ALERT, AlertChannel.SPOOL): "sa1",
    (AlertKind.SUMMARY, AlertChannel.EMAIL): "d1",
    (AlertKind.SUMMARY, AlertChannel.SPOOL): "sd1",
}
"""How Message-IDs begin. They must stay as they are, since readers' mail programs know messages by them."""


def _message_id(kind: AlertKind, channel: AlertChannel, name: str, domain: str) -> str:
    return f"<{_PREFIX[kind, channel]}.{name}@{domain}>"


def _due(now: datetime, channel: AlertChannel) -> Any:
    """Condition: a pending alert of a watch in use is due on the channel."""
    return (alerts.c.state == PENDING) & (alerts.c.next_at <= now) & (alerts.c.channel == channel) & _is_used()


def _is_used() -> ColumnElement[bool]:
    used = (watches.c.id == alerts.c.watch_id) & (watches.c.subscriber_id == alerts.c.subscriber_id)
    return exists(select(watches.c.id).where(used, receives_emails()))


def withdraw_alerts(connection: Connection) -> list[str]:
    """Cancel pending alerts on statements whose stance is no longer ``said``; their ids."""
    unsaid = select(statements.c.id).where(statements.c.id == alerts.c.statement_id, statements.c.stance != "said")
    waiting = (alerts.c.state == PENDING) & unsaid.exists()
    taken = update(alerts).where(waiting).values(state=NOT_SAID, lease_until=None, next_at=None)
    return sorted(connection.scalars(taken.returning(alerts.c.id)))


def expire_alerts(connection: Connection, before: datetime, *, channel: AlertChannel) -> list[str]:
    """Mark pending alerts of the channel that were built before a moment as dead; their ids.

    Those of a watch that is not in use any more, or was stopped, are not dead but cancelled, and not in the result.
    """
    late = (alerts.c.state == PENDING) & (alerts.c.built_at < before) & (alerts.c.channel == channel)
    unused = update(alerts).where(late, ~_is_used()).values(state=STOPPED, lease_until=None, next_at=None)
    connection.execute(unused)
    reply = func.concat("given up: not handed over in time. ", alerts.c.last_reply)
    gone = update(alerts).where(late).values(state=DEAD, lease_until=None, last_reply=reply)
    return sorted(connection.scalars(gone.returning(alerts.c.id)))


def gather_summaries(connection: Connection, now: datetime, *, above: int, domain: str, channel: AlertChannel) -> int:
    """If more than ``above`` untried e-mails wait for one watch and reader, merge them into one; how many were made.

    The merge is stored with the alerts, so that after a kill the next run sends the same e-mail.
    """
    fresh = _due(now, channel) & (alerts.c.attempts == 0) & (alerts.c.kind == AlertKind.ALERT)
    query = select(alerts.c.watch_id, alerts.c.subscriber_id, func.array_agg(alerts.c.id)).where(fresh)
    query = query.group_by(alerts.c.watch_id, alerts.c.subscriber_id).having(func.count() > above)
    made = 0
    for watch, reader, names in connection.execute(query).all():
        digest = ids.content_digest("summary", watch, reader, *sorted(names))
        merged = {"kind": AlertKind.SUMMARY, "message_id": _message_id(AlertKind.SUMMARY, channel, digest, domain)}
        connection.execute(update(alerts).where(alerts.c.id.in_(names)).values(merged))
        made += 1
    return made


def claim_email(
    connection: Connection, now: datetime, *, among: Collection[str], tried: Collection[str], channel: AlertChannel
) -> ClaimedEmail | None:
    """Lease the next e-mail that is due; None if there is none.

    ``among``: ids of the watches it may be for; ``tried``: Message-IDs to skip.
    """
    open_ = _due(now, channel) & alerts.c.watch_id.in_(among) & alerts.c.message_id.not_in(tried)
    query = select(alerts.c.message_id).where(open_).order_by(alerts.c.built_at, alerts.c.id)
    message_id = connection.scalar(query.limit(1))
    if message_id is None:
        return None
    own = (alerts.c.state == PENDING) & (alerts.c.message_id == message_id)
    rows = connection.execute(
        select(alerts, subscribers.c.address)
        .join(subscribers, subscribers.c.id == alerts.c.subscriber_id)
        .join(statements, statements.c.id == alerts.c.statement_id)
        .where(own)
        .order_by(statements.c.first_published_at.nulls_last(), statements.c.first_seen_at, alerts.c.id)
        .with_for_update(of=alerts)
    ).all()
    leased = {"lease_until": now + LEASE, "attempts": alerts.c.attempts + 1}
    connection.execute(update(alerts).where(own).values(leased))
    started = select(alerts.c.id, alerts.c.attempts, func.clock_timestamp(), literal("started")).where(own)
    columns = ["alert_id", "attempt", "started_at", "result"]
    connection.execute(insert(deliveries).from_select(columns, started))
    first = rows[0]
    return ClaimedEmail(
        message_id,
        AlertKind(first.kind),
        first.watch_id,
        first.address,
        first.built_at,
        first.attempts,
        tuple(row.id for row in rows),
    )


def statements_of(connection: Connection, email: ClaimedEmail) -> list[str]:
    """Current ids of the statements that the e-mail's alerts are about, in the order of the e-mail."""
    query = select(alerts.c.id, alerts.c.statement_id).where(alerts.c.id.in_(email.alerts))
    found = {row.id: row.statement_id for row in connection.execute(query)}
    return [found[name] for name in email.alerts if name in found]


def mark_email_sent(
    connection: Connection, email: ClaimedEmail, *, state: str, subject: str, reply: str, now: datetime
) -> None:
    """Mark the e-mail's alerts as ``state``: SENT, or SUMMARISED if sent in a summary."""
    updates = {"state": state, "subject": subject, "last_reply": reply, "sent_at": now, "next_at": None}
    _close(connection, email, "sent", reply, updates)


def put_off_email(connection: Connection, email: ClaimedEmail, *, reply: str, until: datetime) -> None:
    """Record that sending failed; it may be tried again from ``until`` on."""
    _close(connection, email, "put off", reply, {"last_reply": reply, "next_at": until})


def give_up_email(connection: Connection, email: ClaimedEmail, *, reply: str) -> None:
    """Record that the e-mail cannot be delivered; its alerts are dead."""
    _close(connection, email, "given up", reply, {"state": DEAD, "last_reply": reply, "next_at": None})


def _close(connection: Connection, email: ClaimedEmail, result: str, reply: str, updates: dict[str, object]) -> None:
    own = (alerts.c.id.in_(email.alerts)) & (alerts.c.state == PENDING)
    connection.execute(update(alerts).where(own).values(lease_until=None, **updates))
    begun = (deliveries.c.alert_id.in_(email.alerts)) & (deliveries.c.finished_at.is_(None))
    begun &= deliveries.c.attempt == email.tried + 1
    ended = {"finished_at": func.clock_timestamp(), "result": result, "reply": reply}
    connection.execute(update(deliveries).where(begun).values(ended))


def count_waiting_alerts(connection: Connection, *, channel: AlertChannel) -> int:
    """How many alerts of enabled watches are still to be sent on the channel, now or later."""
    far = datetime.max.replace(tzinfo=UTC)
    return connection.scalar(select(func.count()).select_from(alerts).where(_due(far, channel))) or 0


def sources_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """By alert id: the source of its statement's founding quote, under which the ledger lists the alert."""
    query = (
        select(alerts.c.id, articles.c.source_id)
        .join(statements, statements.c.id == alerts.c.statement_id)
        .join(quotes, quotes.c.id == statements.c.founding_quote_id)
        .join(articles, articles.c.id == quotes.c.article_id)
    )
    return {row.id: row.source_id for row in connection.execute(query.where(alerts.c.id.in_(names)))}


def copy_alerts(connection: Connection, parted: Sequence[tuple[str, str]]) -> None:
    """After quotes moved from one statement to another, count alerts sent on the first as sent on the second."""
    for old, new in parted:
        query = select(alerts, subscribers.c.address).join(subscribers, subscribers.c.id == alerts.c.subscriber_id)
        for row in connection.execute(query.where(alerts.c.statement_id == old)).all():
            values = {
                "id": ids.alert_id(row.watch_id, row.address, new),
                "watch_id": row.watch_id,
                "subscriber_id": row.subscriber_id,
                "statement_id": new,
                "kind": row.kind,
                "channel": row.channel,
                "state": SUMMARISED if row.state in (SENT, PENDING) else row.state,
                "message_id": row.message_id,
                "built_at": row.built_at,
                "run_id": row.run_id,
                "sent_at": row.sent_at,
                "last_reply": f"told with statement {old}",
            }
            connection.execute(insert(alerts).values(values).on_conflict_do_nothing())


def move_alerts(connection: Connection, heirs: Mapping[str, str]) -> None:
    """Move alerts of ended statements (keys) to the statements that replace them, keeping one per watch and reader."""
    for old, heir in heirs.items():
        for alert in connection.execute(select(alerts).where(alerts.c.statement_id == old)).all():
            rival = connection.execute(
                select(alerts).where(
                    alerts.c.statement_id == heir,
                    alerts.c.watch_id == alert.watch_id,
                    alerts.c.subscriber_id == alert.subscriber_id,
                )
            ).one_or_none()
            if rival is not None:
                alert, lesser = sorted((alert, rival), key=_rank)
                moved = update(deliveries).where(deliveries.c.alert_id == lesser.id).values(alert_id=alert.id)
                connection.execute(moved)
                connection.execute(delete(alerts).where(alerts.c.id == lesser.id))
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(statement_id=heir))


def _rank(alert: Row[Any]) -> tuple[int, int, str]:
    """Sort key, best alert first: by state, sent ones first; of equal states those tried most often."""
    return _RANK[alert.state], -alert.attempts, alert.id
