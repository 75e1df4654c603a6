"""What becomes of the ids and alerts of statements that end: they are those of what came of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.store.alerts import outbox
from pipeline.store.alerts.heirs import copy_alerts, move_alerts
from pipeline.store.bulk import among, rows_of, upsert_rows
from pipeline.store.schema import (
    alerts,
    deliveries,
    edits,
    quote_spans,
    quotes,
    segments,
    statement_aliases,
    statements,
)
from pipeline.store.statements.segments import LinkedSegment


@dataclass(frozen=True, slots=True)
class Moved:
    """From which statements segments went to which, and what those were."""

    before: Sequence[LinkedSegment]
    gone: frozenset[str]
    """Ids of the segments that are no more."""
    moves: Collection[tuple[str, str]]
    """Former and present statement, of each report that is left."""
    earlier: Mapping[str, Mapping[str, Any]]
    """Rows of the former statements by id."""
    live: Collection[str]
    """Ids of the statements that were just saved."""


def end_statements(connection: Connection, moved: Moved) -> tuple[int, int]:
    """End the statements that have no segment any more; how many became aliases, and of how many nothing is left.

    Alerts go to the statement that has the founding segment or quote, or else one of the reports; whoever was notified
    of a statement counts as notified of all to which reports of it went.
    """
    former = {it.statement_id for it in moved.before}
    left = select(segments.c.statement_id).where(among(segments.c.statement_id, former)).distinct()
    ended = sorted(former - set(connection.scalars(left)))
    heirs = _heirs(connection, ended, moved)
    known = select(alerts.c.statement_id).where(among(alerts.c.statement_id, former)).distinct()
    alerted = set(connection.scalars(known))
    parted = [(old, new) for old, new in sorted(moved.moves) if old in alerted and new not in (old, heirs.get(old))]
    copy_alerts(connection, parted)
    move_alerts(connection, {old: heir for old, heir in heirs.items() if old in alerted})
    _put_aliases(connection, heirs, moved.live)
    return len(heirs), _drop_statements(connection, [name for name in ended if name not in heirs])


def _heirs(connection: Connection, ended: Collection[str], moved: Moved) -> dict[str, str]:
    if not ended:
        return {}
    rows = {name: moved.earlier[name] for name in ended}
    founding = {row["founding_segment_id"] for row in rows.values()}
    own = select(segments.c.id, segments.c.statement_id).where(among(segments.c.id, founding))
    first = (
        select(segments.c.quote_id, segments.c.statement_id)
        .ext(distinct_on(segments.c.quote_id))
        .where(among(segments.c.quote_id, {row["founding_quote_id"] for row in rows.values()}))
        .order_by(segments.c.quote_id, segments.c.start)
    )
    by_segment = {row.id: row.statement_id for row in connection.execute(own)}
    by_quote = {row.quote_id: row.statement_id for row in connection.execute(first)}
    by_report = dict(sorted(moved.moves, reverse=True))
    by_words = _of_same_words(connection, moved, set(ended))
    found = {
        name: by_segment.get(row["founding_segment_id"])
        or by_quote.get(row["founding_quote_id"])
        or by_report.get(name)
        or by_words.get(name)
        for name, row in rows.items()
    }
    return {name: heir for name, heir in found.items() if heir is not None}


def _of_same_words(connection: Connection, moved: Moved, ended: Collection[str]) -> dict[str, str]:
    """By ended statement: one that a segment of the same words in the same article reports."""
    lost = [
        (it.statement_id, it.keys.quote_id, it.keys.words)
        for it in moved.before
        if it.keys.id in moved.gone and it.statement_id in ended and it.keys.words
    ]
    if not lost:
        return {}
    was = rows_of({"statement": Text(), "quote": Text(), "words": Text()}, lost)
    old, new = quotes.alias(), quotes.alias()
    query = (
        select(was.c.statement, segments.c.statement_id)
        .join(old, old.c.id == was.c.quote)
        .join(new, new.c.article_id == old.c.article_id)
        .join(segments, and_(segments.c.quote_id == new.c.id, segments.c.words_digest == was.c.words))
        .order_by(was.c.statement.desc(), segments.c.statement_id.desc())
    )
    return {row.statement: row.statement_id for row in connection.execute(query)}


def _put_aliases(connection: Connection, heirs: Mapping[str, str], live: Collection[str]) -> None:
    """Turn the ids of ``heirs`` into aliases, and redirect their aliases; an id in use is no alias."""
    connection.execute(delete(statement_aliases).where(among(statement_aliases.c.old_id, live)))
    if not heirs:
        return
    given = rows_of({"old": Text(), "heir": Text()}, sorted(heirs.items()))
    redirected = update(statement_aliases).where(statement_aliases.c.new_id == given.c.old)
    connection.execute(redirected.values(new_id=given.c.heir))
    upsert_rows(connection, statement_aliases, [{"old_id": old, "new_id": heir} for old, heir in sorted(heirs.items())])
    connection.execute(delete(statements).where(among(statements.c.id, heirs)))


def _drop_statements(connection: Connection, names: Collection[str]) -> int:
    """Delete statements of which nothing is left; how many.

    One that a reader was notified of stays, without reports, since the e-mail links to it.
    """
    if not names:
        return 0
    of_these = select(statements.c.id).where(among(statements.c.id, names))
    dropped = sorted(set(names) - _sent_to_readers(connection, of_these))
    connection.execute(delete(statement_aliases).where(among(statement_aliases.c.new_id, dropped)))
    connection.execute(delete(statements).where(among(statements.c.id, dropped)))
    return len(dropped)


def _sent_to_readers(connection: Connection, ended: Select[Any]) -> set[str]:
    """Which of the ended statements a reader was notified of; alerts on them that were not sent are deleted."""
    due = select(alerts.c.id).where(alerts.c.statement_id.in_(ended), alerts.c.state == outbox.PENDING)
    due = due.where(alerts.c.attempts == 0)
    unsent = alerts.c.state.in_((outbox.OLD, "suppressed-new-watch"))
    connection.execute(delete(deliveries).where(deliveries.c.alert_id.in_(due)))
    connection.execute(delete(alerts).where(or_(alerts.c.id.in_(due), and_(alerts.c.statement_id.in_(ended), unsent))))
    return set(connection.scalars(select(alerts.c.statement_id).where(alerts.c.statement_id.in_(ended))))


def drop_lost_quotes(connection: Connection, names: Collection[str]) -> None:
    """Delete those of these quotes that no version has and to which nothing refers any more."""
    held = or_(
        select(quote_spans.c.quote_id).where(quote_spans.c.quote_id == quotes.c.id).exists(),
        select(segments.c.id).where(segments.c.quote_id == quotes.c.id).exists(),
        select(statements.c.id).where(statements.c.founding_quote_id == quotes.c.id).exists(),
        select(edits.c.id).where(or_(edits.c.quote_id == quotes.c.id, edits.c.other_quote_id == quotes.c.id)).exists(),
    )
    connection.execute(delete(quotes).where(among(quotes.c.id, names), ~held))
