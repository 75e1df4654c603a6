"""The outbox: alerts to be sent, and what became of each.

An alert is inserted before its e-mail is written. E-mails are claimed with a lease, sent, then marked: a kill between
the last two steps sends an e-mail again, with the same Message-ID, and never loses one. Alerts that share a Message-ID
go out in one e-mail.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import AlertChannel, AlertKind, Watch
from pipeline.store.alerts.readers import receives_emails
from pipeline.store.alerts.watches import subscriber_id
from pipeline.store.schema import alerts, articles, quotes, statements, watches

PENDING, UNSURE, SENT, SUMMARISED, DEAD = "pending", "unsure", "sent", "summarised", "dead"
OLD = "suppressed-old"
NOT_SAID = "suppressed-not-said"
SENT_BEFORE = "suppressed-sent"
STOPPED = "suppressed-stopped"
STATES = (SENT, SUMMARISED, UNSURE, PENDING, DEAD, "suppressed-new-watch", SENT_BEFORE, OLD, NOT_SAID, STOPPED)
"""All states of an alert; of two alerts on what is one statement now, the one whose state comes first is kept."""
OPEN = alerts.c.state.in_((PENDING, UNSURE)) & alerts.c.next_at.is_not(None)
"""Condition: the alert is still to be sent."""


_PREFIX = {
    (AlertKind.ALERT, AlertChannel.EMAIL): "a1",
    (AlertKind.ALERT, AlertChannel.SPOOL): "sa1",
    (AlertKind.SUMMARY, AlertChannel.EMAIL): "d1",
    (AlertKind.SUMMARY, AlertChannel.SPOOL): "sd1",
    (AlertKind.CORRECTION, AlertChannel.EMAIL): "c1",
    (AlertKind.CORRECTION, AlertChannel.SPOOL): "sc1",
}
"""How Message-IDs begin. They must stay as they are, since readers' mail programs know messages by them."""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A statement that matched a watch, the state in which the alert starts, and when it is due."""

    watch: Watch
    statement_id: str
    state: str
    kind: AlertKind = AlertKind.ALERT
    due: datetime | None = None
    """None: at once."""

    @property
    def id(self) -> str:
        return ids.alert_id(self.watch.id, self.watch.address, self.statement_id)


def add_alerts(
    connection: Connection, new: Sequence[NewAlert], *, run_id: str, now: datetime, domain: str, channel: AlertChannel
) -> set[str]:
    """Add alerts to the outbox; ids of the new ones. A reader gets at most one alert per watch and statement.

    A statement that was too old, or without a date, and turns out to be new is added as if it had not been there.
    """
    if not new:
        return set()
    rows = [
        {
            "id": alert.id,
            "watch_id": alert.watch.id,
            "subscriber_id": subscriber_id(alert.watch.address),
            "statement_id": alert.statement_id,
            "kind": alert.kind,
            "channel": channel,
            "state": alert.state,
            "next_at": (alert.due or now) if alert.state == PENDING else None,
            "message_id": email_id(alert.kind, channel, alert.id, domain),
            "built_at": now,
            "run_id": run_id,
        }
        for alert in new
    ]
    fresh = insert(alerts)
    revived = (alerts.c.state == OLD) & (fresh.excluded.state == PENDING)
    columns = ("kind", "channel", "state", "next_at", "message_id", "built_at", "run_id")
    add = fresh.on_conflict_do_update(
        index_elements=["watch_id", "subscriber_id", "statement_id"],
        index_where=alerts.c.corrects.is_(None),
        set_={name: fresh.excluded[name] for name in columns},
        where=revived,
    ).returning(alerts.c.id)
    # Sent to the reader's new address, and the old one is back: it was sent.
    query = select(alerts.c.id, alerts.c.subscriber_id).where(alerts.c.id.in_([row["id"] for row in rows]))
    moved = {row.id: row.subscriber_id for row in connection.execute(query)}
    rows = [row for row in rows if moved.get(str(row["id"]), row["subscriber_id"]) == row["subscriber_id"]]
    return set(connection.scalars(add, rows)) if rows else set()


def email_id(kind: AlertKind, channel: AlertChannel, name: str, domain: str) -> str:
    """A Message-ID: of an e-mail that is named so, or for the time being that of one alert."""
    return f"<{_PREFIX[kind, channel]}.{name}@{domain}>"


def statements_sent(connection: Connection, readers: Collection[str], names: Collection[str]) -> set[tuple[str, str]]:
    """Pairs of reader and statement, of those given, for which an e-mail was sent, or was at least tried."""
    sent = alerts.c.state.in_((SENT, SUMMARISED, UNSURE)) | ((alerts.c.state == PENDING) & (alerts.c.attempts > 0))
    query = select(alerts.c.subscriber_id, alerts.c.statement_id).where(
        sent, alerts.c.subscriber_id.in_(readers), alerts.c.statement_id.in_(names)
    )
    return {(row.subscriber_id, row.statement_id) for row in connection.execute(query)}


def is_due(now: datetime, channel: AlertChannel) -> ColumnElement[bool]:
    """Condition: an alert of a watch in use is due on the channel."""
    return OPEN & (alerts.c.next_at <= now) & (alerts.c.channel == channel) & is_used()


def is_used() -> ColumnElement[bool]:
    """Condition: the alert's watch is in use for the alert's reader, and neither was stopped."""
    used = (watches.c.id == alerts.c.watch_id) & (watches.c.subscriber_id == alerts.c.subscriber_id)
    return exists(select(watches.c.id).where(used, receives_emails()))


def withdraw_alerts(connection: Connection) -> list[str]:
    """Cancel pending alerts on statements whose stance is no longer ``said``; their ids."""
    unsaid = select(statements.c.id).where(statements.c.id == alerts.c.statement_id, statements.c.stance != "said")
    waiting = OPEN & alerts.c.corrects.is_(None) & unsaid.exists()
    taken = update(alerts).where(waiting).values(state=NOT_SAID, lease_until=None, next_at=None)
    return sorted(connection.scalars(taken.returning(alerts.c.id)))


def expire_alerts(connection: Connection, before: datetime, *, channel: AlertChannel) -> list[str]:
    """Mark pending alerts of the channel that were built before a moment as dead; their ids.

    Those of a watch that is not in use any more, or was stopped, are not dead but cancelled, and not in the result.
    """
    late = OPEN & (alerts.c.built_at < before) & (alerts.c.channel == channel)
    unused = update(alerts).where(late, ~is_used()).values(state=STOPPED, lease_until=None, next_at=None)
    connection.execute(unused)
    reply = func.concat("given up: not handed over in time. ", alerts.c.last_reply)
    gone = update(alerts).where(late).values(state=DEAD, lease_until=None, next_at=None, last_reply=reply)
    return sorted(connection.scalars(gone.returning(alerts.c.id)))


def count_waiting_alerts(connection: Connection, *, channel: AlertChannel) -> int:
    """How many alerts of enabled watches are still to be sent on the channel, now or later."""
    far = datetime.max.replace(tzinfo=UTC)
    return connection.scalar(select(func.count()).select_from(alerts).where(is_due(far, channel))) or 0


def sources_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """By alert id: the source of its statement's founding quote, under which the ledger lists the alert."""
    query = (
        select(alerts.c.id, articles.c.source_id)
        .join(statements, statements.c.id == alerts.c.statement_id)
        .join(quotes, quotes.c.id == statements.c.founding_quote_id)
        .join(articles, articles.c.id == quotes.c.article_id)
    )
    return {row.id: row.source_id for row in connection.execute(query.where(alerts.c.id.in_(names)))}


def unknown_watches(connection: Connection, names: Sequence[str]) -> list[str]:
    """The given ids for which the store has no watch."""
    known = set(connection.scalars(select(watches.c.id).where(watches.c.id.in_(names))))
    return [name for name in names if name not in known]


def resend_dead_alerts(
    connection: Connection, *, since: datetime, now: datetime, only: Sequence[str] | None = None
) -> list[str]:
    """Make dead alerts first due at ``since`` or later pending again, as if they were new; their ids.

    ``only``: ids of watches; None: all. Alerts of a watch that is gone, or whose address has changed, stay dead. They
    keep their Message-IDs, so that a reader's mail program can recognise a message that did arrive; those that were
    never tried are gathered into e-mails anew.
    """
    used = exists(
        select(watches.c.id).where(
            watches.c.id == alerts.c.watch_id, watches.c.enabled, watches.c.subscriber_id == alerts.c.subscriber_id
        )
    )
    dead = (alerts.c.state == DEAD) & (alerts.c.built_at >= since) & used
    if only is not None:
        dead &= alerts.c.watch_id.in_(only)
    again = {"state": PENDING, "next_at": now, "built_at": now, "lease_until": None}
    return sorted(connection.scalars(update(alerts).where(dead).values(again).returning(alerts.c.id)))
