"""Gather alerts into e-mails: which wait, what the reader was sent lately, and which share an e-mail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from pipeline import ids
from pipeline.records import AlertChannel, AlertKind
from pipeline.store.alerts.outbox import PENDING, SENT, SUMMARISED, UNSURE, email_id, is_due
from pipeline.store.schema import alerts, quotes, segments, statements

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """An alert that is in no e-mail yet, or was sent lately, with what says on which occasion its words were said."""

    id: str
    reader: str
    watch_id: str
    kind: AlertKind
    speaker: str
    at: datetime
    articles: frozenset[str]
    thread: str
    """Message-ID of the first e-mail of its thread; empty while it was never tried."""


def alerts_in_no_email(connection: Connection, now: datetime, channel: AlertChannel) -> list[WaitingAlert]:
    """The alerts that are due and were never tried, oldest statement first. Corrections have e-mails of their own."""
    fresh = is_due(now, channel) & (alerts.c.attempts == 0) & (alerts.c.kind != AlertKind.CORRECTION)
    return [_waiting(row, fresh=True) for row in connection.execute(_with_occasion().where(fresh)).all()]


def alerts_sent_lately(
    connection: Connection, now: datetime, channel: AlertChannel, readers: Collection[str]
) -> list[WaitingAlert]:
    """What these readers were sent at once, or what was tried, in the last two days: threads that more may join."""
    tried = alerts.c.state.in_((SENT, UNSURE)) | ((alerts.c.state == PENDING) & (alerts.c.attempts > 0))
    tried &= (alerts.c.kind == AlertKind.ALERT) & (alerts.c.channel == channel) & (alerts.c.message_id != "")
    lately = alerts.c.subscriber_id.in_(readers) & (alerts.c.built_at >= now - 2 * DAY)
    return [_waiting(row, fresh=False) for row in connection.execute(_with_occasion().where(tried, lately)).all()]


def emails_of_last_day(connection: Connection, now: datetime, channel: AlertChannel) -> dict[str, int]:
    """By reader: how many e-mails were sent at once in the last 24 hours."""
    sent = alerts.c.state.in_((SENT, SUMMARISED)) & (alerts.c.kind == AlertKind.ALERT)
    query = select(alerts.c.subscriber_id, func.count(alerts.c.message_id.distinct()).label("number")).where(
        sent, alerts.c.sent_at > now - DAY, alerts.c.channel == channel
    )
    return {row.subscriber_id: row.number for row in connection.execute(query.group_by(alerts.c.subscriber_id))}


def put_into_email(
    connection: Connection,
    members: Sequence[WaitingAlert],
    *,
    kind: AlertKind,
    channel: AlertChannel,
    thread: str,
    domain: str,
) -> str:
    """Let the alerts, which are one reader's, share an e-mail; its Message-ID, which depends on the alerts alone."""
    message_id = email_id(kind, channel, ids.content_digest("email", *sorted(it.id for it in members)), domain)
    values = {"kind": kind, "message_id": message_id, "thread_id": thread or message_id}
    connection.execute(update(alerts).where(alerts.c.id.in_([it.id for it in members])).values(values))
    return message_id


def leave_for_summary(
    connection: Connection, names: Collection[str], until: datetime, *, channel: AlertChannel, domain: str
) -> None:
    """Let the alerts wait for the reader's next daily summary."""
    for name in names:
        values = {"next_at": until, "kind": AlertKind.SUMMARY}
        values["message_id"] = email_id(AlertKind.SUMMARY, channel, name, domain)
        connection.execute(update(alerts).where(alerts.c.id == name).values(values))


def _with_occasion() -> Select[Any]:
    return (
        select(
            alerts,
            func.coalesce(statements.c.speaker_id, statements.c.speaker_name, "").label("speaker"),
            func.coalesce(statements.c.first_published_at, statements.c.first_seen_at).label("at"),
            select(func.array_agg(quotes.c.article_id))
            .join(segments, segments.c.quote_id == quotes.c.id)
            .where(segments.c.statement_id == statements.c.id)
            .scalar_subquery()
            .label("articles"),
        )
        .join(statements, statements.c.id == alerts.c.statement_id)
        .order_by("at", statements.c.first_seen_at, alerts.c.id)
    )


def _waiting(row: Row[Any], *, fresh: bool) -> WaitingAlert:
    return WaitingAlert(
        row.id,
        row.subscriber_id,
        row.watch_id,
        AlertKind(row.kind),
        row.speaker,
        row.at,
        frozenset(row.articles or ()),
        "" if fresh else row.thread_id or row.message_id,
    )
