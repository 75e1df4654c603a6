"""Corrections: what was sent and is reworded, withdrawn or attributed to somebody else by its publication since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import AlertKind
from pipeline.store.alerts.outbox import PENDING, SENT, SENT_BEFORE, SUMMARISED, email_id
from pipeline.store.schema import alerts, edits, quotes, segments, statements

EDITS_OF = timedelta(days=3)
"""Edits seen longer ago have had their corrections."""
CORRECTED_FOR = timedelta(days=30)
"""What was sent longer ago is not corrected."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an e-mail said, and what the publication says now: no words if it has withdrawn them."""

    was: str
    was_speaker: str
    now: str
    now_speaker: str


def add_corrections(connection: Connection, now: datetime, *, run_id: str, domain: str) -> int:
    """Add a correction for each alert that was sent and whose words an edit took back; how many are new.

    No correction is due while another report of the statement has the same words of the same speaker. Each alert is
    corrected once.
    """
    old, new = quotes.alias("old"), quotes.alias("new")
    stands = select(segments.c.id).join(quotes, quotes.c.id == segments.c.quote_id).where(
        segments.c.statement_id == alerts.c.statement_id,
        quotes.c.id != old.c.id,
        func.strpos(quotes.c.text, alerts.c.sent_text) > 0,
        quotes.c.speaker_id.is_not_distinct_from(alerts.c.sent_speaker_id),
    )  # fmt: skip
    sides = [
        (name, (it.c.id, it.c.text, it.c.speaker_id, it.c.speaker_name)) for name, it in (("old", old), ("new", new))
    ]
    recent = (edits.c.seen_at >= now - EDITS_OF) & edits.c.kind.in_(("removed", "reworded", "reattributed"))
    reported = select(edits.c.id.label("edit_id"), segments.c.statement_id).join(
        segments, segments.c.quote_id == edits.c.quote_id
    )
    founded = select(edits.c.id, statements.c.id).join(statements, statements.c.founding_quote_id == edits.c.quote_id)
    touched = reported.where(recent).union(founded.where(recent)).subquery()
    query = (
        select(
            alerts,
            edits.c.kind.label("edit"),
            *(column.label(f"{which}_{column.name}") for which, columns in sides for column in columns),
        )
        .join(touched, touched.c.statement_id == alerts.c.statement_id)
        .join(edits, edits.c.id == touched.c.edit_id)
        .join(old, old.c.id == edits.c.quote_id)
        .outerjoin(new, new.c.id == edits.c.other_quote_id)
        .where(
            alerts.c.state.in_((SENT, SUMMARISED)),
            alerts.c.corrects.is_(None),
            alerts.c.sent_text != "",
            alerts.c.sent_at >= now - CORRECTED_FOR,
            (old.c.speaker_id == alerts.c.sent_speaker_id) | (edits.c.kind == "reattributed"),
            edits.c.seen_at >= alerts.c.sent_at,
            func.strpos(old.c.text, alerts.c.sent_text) > 0,
            ~stands.exists(),
        )
        .order_by(alerts.c.id, edits.c.seen_at)
    )  # fmt: skip
    rows: dict[str, dict[str, object]] = {}
    covered = []
    for row in connection.execute(query).all():
        side = "old" if row.edit == "reattributed" else "new"
        now_quote, now_text, now_id, now_name = (
            getattr(row, f"{side}_{name}") for name in ("id", "text", "speaker_id", "speaker_name")
        )
        if not (now_text is not None and row.sent_text in now_text and now_id == row.sent_speaker_id):
            covered.append((row.subscriber_id, now_quote))
            named = ids.content_digest("correction", row.subscriber_id, row.statement_id, row.sent_text)
            rows[row.id] = {
                "id": ids.content_digest("correction", row.id),
                "watch_id": row.watch_id,
                "subscriber_id": row.subscriber_id,
                "statement_id": row.statement_id,
                "kind": AlertKind.CORRECTION,
                "channel": row.channel,
                "state": PENDING,
                "next_at": now,
                "message_id": email_id(AlertKind.CORRECTION, row.channel, named, domain),
                "thread_id": row.thread_id or row.message_id,
                "corrects": row.id,
                "sent_text": now_text or "",
                "sent_speaker_id": now_id,
                "sent_speaker_name": now_name or "",
                "built_at": now,
                "run_id": run_id,
            }
    if not rows:
        return 0
    add = insert(alerts).on_conflict_do_nothing().returning(alerts.c.id)
    made = connection.scalars(add, list(rows.values())).all()
    for reader, quote in covered:
        _leave_to_correction(connection, reader, quote)
    return len(made)


def _leave_to_correction(connection: Connection, reader: str, quote: str | None) -> None:
    """Send no e-mail of its own on the new words: the correction has them."""
    said = select(segments.c.statement_id).where(segments.c.quote_id == quote)
    fresh = (alerts.c.state == PENDING) & (alerts.c.attempts == 0) & alerts.c.corrects.is_(None)
    fresh &= (alerts.c.subscriber_id == reader) & alerts.c.statement_id.in_(said)
    connection.execute(update(alerts).where(fresh).values(state=SENT_BEFORE, next_at=None))


def load_correction(connection: Connection, name: str) -> Correction:
    """What a correction says; ``name`` is its alert's id."""
    sent = alerts.alias()
    query = select(
        sent.c.sent_text.label("was"),
        sent.c.sent_speaker_name.label("was_speaker"),
        alerts.c.sent_text.label("now"),
        alerts.c.sent_speaker_name.label("now_speaker"),
    ).join(sent, sent.c.id == alerts.c.corrects)
    row = connection.execute(query.where(alerts.c.id == name)).one()
    return Correction(row.was, row.was_speaker, row.now, row.now_speaker)
