"""Statements that the watches have still to be matched against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from pipeline.language.formulas import is_formula
from pipeline.records import Passage, Window
from pipeline.store.runs.runs import BACKFILL
from pipeline.store.schema import articles, captures, quote_spans, quotes, runs, segments, statements, versions
from pipeline.store.statements.people import ids_ever_had


@dataclass(frozen=True, slots=True)
class UnmatchedStatement:
    """A statement that has not been matched against the watches since it was created or last grew."""

    id: str
    source_id: str
    speakers: tuple[str, ...]
    """Every id that the speaker has, had, or would have by the name alone."""
    texts: tuple[str, ...]
    first_published_at: datetime | None
    first_seen_at: datetime
    stance: str = "said"
    formula: bool = False
    """Whether all its reports are nothing but greetings, thanks or set phrases."""
    confidence: float = 1.0
    """Of the report that is most certain to be its speaker's."""
    backfilled: bool = False
    """Whether its founding quote is only in pages that a backfill fetched first."""
    passages: tuple[Passage, ...] = ()
    """The quotes of several sentences that begin with a report of it."""


def unmatched_statements(connection: Connection, window: Window | None = None) -> list[UnmatchedStatement]:
    """The statements that wait to be matched, oldest first. ``window`` is over when they were first seen."""
    waiting: list[ColumnElement[bool]] = [statements.c.matched_at.is_(None)]
    if window is not None:
        waiting += [statements.c.first_seen_at >= window.start, statements.c.first_seen_at < window.end]
    return _unmatched(connection, and_(*waiting))


def seen_since(connection: Connection, start: datetime) -> list[UnmatchedStatement]:
    """The statements first seen from ``start`` on, oldest first, matched or not."""
    return _unmatched(connection, statements.c.first_seen_at >= start)


def _unmatched(connection: Connection, which: Any) -> list[UnmatchedStatement]:
    founding = quotes.alias()
    query = (
        select(
            statements.c.id,
            articles.c.source_id,
            statements.c.speaker_id,
            statements.c.first_published_at,
            statements.c.first_seen_at,
            statements.c.stance,
            func.array_agg(func.substr(quotes.c.text, segments.c.start + 1, segments.c.end - segments.c.start)).label(
                "texts"
            ),
            func.bool_and(quotes.c.formula).label("formula"),
            func.max(quotes.c.confidence).label("confidence"),
            and_(
                _fetched_by(statements.c.founding_quote_id, runs.c.command == BACKFILL),
                ~_fetched_by(statements.c.founding_quote_id, runs.c.command != BACKFILL),
            ).label("backfilled"),
        )
        .join(founding, founding.c.id == statements.c.founding_quote_id)
        .join(articles, articles.c.id == founding.c.article_id)
        .join(segments, segments.c.statement_id == statements.c.id)
        .join(quotes, quotes.c.id == segments.c.quote_id)
        .where(which)
        .group_by(statements.c.id, articles.c.source_id)
        .order_by(statements.c.first_published_at.nulls_last(), statements.c.first_seen_at, statements.c.id)
    )
    rows = connection.execute(query).all()
    passages = _passages(connection, which)
    called = ids_ever_had(connection, {row.speaker_id for row in rows if row.speaker_id})
    return [
        UnmatchedStatement(
            id=row.id,
            source_id=row.source_id,
            speakers=called.get(row.speaker_id, ()),
            texts=tuple(sorted(set(row.texts))),
            first_published_at=row.first_published_at,
            first_seen_at=row.first_seen_at,
            stance=row.stance,
            formula=row.formula or all(map(is_formula, row.texts)),
            confidence=row.confidence,
            backfilled=row.backfilled,
            passages=tuple(passages.get(row.id, ())),
        )
        for row in rows
    ]


def _passages(connection: Connection, which: Any) -> dict[str, list[Passage]]:
    """The quotes of several sentences of which the first reports a statement that meets a condition, by statement."""
    wanted = select(segments.c.quote_id).join(statements, statements.c.id == segments.c.statement_id).where(which)
    places = [func.array_agg(aggregate_order_by(it, segments.c.start)) for it in
              (segments.c.statement_id, segments.c.start, segments.c.end)]  # fmt: skip
    query = (
        select(quotes.c.text, *places)
        .join(segments, segments.c.quote_id == quotes.c.id)
        .where(quotes.c.id.in_(wanted))
        .group_by(quotes.c.id)
        .having(func.count() > 1)
        .order_by(quotes.c.id)
    )
    found: dict[str, list[Passage]] = defaultdict(list)
    for text, reported, starts, ends in connection.execute(query):
        sentences = tuple(text[start:end] for start, end in zip(starts, ends, strict=True))
        found[reported[0]].append(Passage(text, sentences))
    return found


def _fetched_by(quote_id: ColumnElement[str], which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a page that contains the quote was first fetched by a run that meets the condition."""
    return exists().where(
        quote_spans.c.quote_id == quote_id,
        versions.c.id == quote_spans.c.version_id,
        captures.c.id == versions.c.capture_id,
        runs.c.id == captures.c.run_id,
        which,
    )


def mark_matched(connection: Connection, names: Collection[str], now: datetime) -> None:
    """Record that the watches were matched against these statements."""
    connection.execute(update(statements).where(statements.c.id.in_(names)).values(matched_at=now))
