"""Dead letters: put alerts that could not be delivered back into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, exists, select, update

from pipeline.records import AlertKind
from pipeline.store.alerts.outbox import DEAD, PENDING
from pipeline.store.schema import alerts, watches


def unknown_watches(connection: Connection, names: Sequence[str]) -> list[str]:
    """The given ids for which the store has no watch."""
    known = set(connection.scalars(select(watches.c.id).where(watches.c.id.in_(names))))
    return [name for name in names if name not in known]


def resend_dead_alerts(
    connection: Connection, *, since: datetime, now: datetime, only: Sequence[str] | None = None
) -> list[str]:
    """Make dead alerts first due at ``since`` or later pending again, as if they were new; their ids.

    ``only``: ids of watches; None: all. Alerts of a watch that is gone, or whose address has changed, stay dead. They
    keep their Message-IDs, so that a reader's mail program can recognise a message that did arrive.
    """
    used = exists(
        select(watches.c.id).where(
            watches.c.id == alerts.c.watch_id, watches.c.enabled, watches.c.subscriber_id == alerts.c.subscriber_id
        )
    )
    dead = (alerts.c.state == DEAD) & (alerts.c.built_at >= since) & used
    if only is not None:
        dead &= alerts.c.watch_id.in_(only)
    # Alerts that never were in a summary may be put into one, if many wait.
    tries = case((alerts.c.kind == AlertKind.ALERT, 0), else_=alerts.c.attempts)
    again = {"state": PENDING, "next_at": now, "built_at": now, "attempts": tries, "lease_until": None}
    return sorted(connection.scalars(update(alerts).where(dead).values(again).returning(alerts.c.id)))
