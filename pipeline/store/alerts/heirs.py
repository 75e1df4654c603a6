"""What becomes of alerts when statements are split or merged: what was sent once is not sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.store.alerts.outbox import PENDING, SENT, STATES, SUMMARISED, UNSURE
from pipeline.store.schema import alerts, deliveries, subscribers


def copy_alerts(connection: Connection, parted: Sequence[tuple[str, str]]) -> None:
    """After quotes moved from one statement to another, count alerts sent on the first as sent on the second."""
    for old, new in parted:
        query = select(alerts, subscribers.c.address).join(subscribers, subscribers.c.id == alerts.c.subscriber_id)
        for row in connection.execute(query.where(alerts.c.statement_id == old, alerts.c.corrects.is_(None))).all():
            values = {
                "id": ids.alert_id(row.watch_id, row.address, new),
                "watch_id": row.watch_id,
                "subscriber_id": row.subscriber_id,
                "statement_id": new,
                "kind": row.kind,
                "channel": row.channel,
                "state": SUMMARISED if row.state in (SENT, PENDING, UNSURE) else row.state,
                "message_id": row.message_id,
                "built_at": row.built_at,
                "run_id": row.run_id,
                "sent_at": row.sent_at,
                "last_reply": f"sent with statement {old}",
            }
            connection.execute(insert(alerts).values(values).on_conflict_do_nothing())


def move_alerts(connection: Connection, heirs: Mapping[str, str]) -> None:
    """Move alerts of ended statements (keys) to the statements that replace them, keeping one per watch and reader."""
    for old, heir in heirs.items():
        for alert in connection.execute(select(alerts).where(alerts.c.statement_id == old)).all():
            rival = connection.execute(
                select(alerts).where(
                    alerts.c.corrects.is_(None),
                    alerts.c.statement_id == heir,
                    alerts.c.watch_id == alert.watch_id,
                    alerts.c.subscriber_id == alert.subscriber_id,
                )
            ).one_or_none()
            if rival is not None and alert.corrects is None:
                alert, lesser = sorted((alert, rival), key=_rank)
                corrected = update(alerts).where(alerts.c.corrects == lesser.id).values(corrects=alert.id)
                connection.execute(corrected)
                moved = update(deliveries).where(deliveries.c.alert_id == lesser.id).values(alert_id=alert.id)
                connection.execute(moved)
                connection.execute(delete(alerts).where(alerts.c.id == lesser.id))
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(statement_id=heir))


def _rank(alert: Row[Any]) -> tuple[int, int, str]:
    """Sort key, best alert first: by state, sent ones first; of equal states those tried most often."""
    return STATES.index(alert.state), -alert.attempts, alert.id
