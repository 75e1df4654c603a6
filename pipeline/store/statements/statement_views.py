"""Statements with their reports and context, as shown to readers, and as matched against watches."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.records import StatementReport, StatementView
from pipeline.store.runs.runs import BACKFILL
from pipeline.store.schema import (
    articles,
    captures,
    quote_spans,
    quotes,
    runs,
    sources,
    statement_quotes,
    statements,
    versions,
)

CONTEXT = 600
"""Characters of text before and after a quote that are searched for its neighbouring sentences."""

_STOP = re.compile(r"(?<=[.!?…])[»”\"')]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class UnmatchedStatement:
    """A statement that has not been matched against the watches since it was created or last grew."""

    id: str
    source_id: str
    speakers: tuple[str, ...]
    texts: tuple[str, ...]
    first_published_at: datetime | None
    first_seen_at: datetime
    stance: str = "said"
    backfilled: bool = False
    """Whether its founding quote is only in pages that a backfill fetched first."""


def unmatched_statements(connection: Connection) -> list[UnmatchedStatement]:
    """The statements that wait to be matched, oldest first."""
    return _unmatched(connection, statements.c.matched_at.is_(None))


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
            func.array_agg(quotes.c.text).label("texts"),
            and_(
                _fetched_by(statements.c.founding_quote_id, runs.c.command == BACKFILL),
                ~_fetched_by(statements.c.founding_quote_id, runs.c.command != BACKFILL),
            ).label("backfilled"),
        )
        .join(founding, founding.c.id == statements.c.founding_quote_id)
        .join(articles, articles.c.id == founding.c.article_id)
        .join(statement_quotes, statement_quotes.c.statement_id == statements.c.id)
        .join(quotes, quotes.c.id == statement_quotes.c.quote_id)
        .where(which)
        .group_by(statements.c.id, articles.c.source_id)
        .order_by(statements.c.first_published_at.nulls_last(), statements.c.first_seen_at, statements.c.id)
    )
    return [
        UnmatchedStatement(
            id=row.id,
            source_id=row.source_id,
            speakers=(row.speaker_id,) if row.speaker_id else (),
            texts=tuple(sorted(set(row.texts))),
            first_published_at=row.first_published_at,
            first_seen_at=row.first_seen_at,
            stance=row.stance,
            backfilled=row.backfilled,
        )
        for row in connection.execute(query)
    ]


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


def load_statement_views(connection: Connection, names: Sequence[str]) -> list[StatementView]:
    """The statements with these ids, in the order given; unknown ids are left out."""
    rows = {row.id: row for row in connection.execute(select(statements).where(statements.c.id.in_(names)))}
    reports: dict[str, list[tuple[StatementReport, float]]] = defaultdict(list)
    for statement, report, confidence in _reports(connection, names):
        reports[statement].append((report, confidence))
    return [_view(rows[name], reports[name]) for name in names if name in rows]


def newest_statements(connection: Connection, limit: int) -> list[StatementView]:
    """The statements published last, newest first; those of undated articles come last."""
    order = (statements.c.first_published_at.desc().nulls_last(), statements.c.first_seen_at.desc(), statements.c.id)
    query = select(statements.c.id).where(statements.c.stance == "said").order_by(*order).limit(limit)
    names = list(connection.scalars(query))
    found = {view.id: view for view in load_statement_views(connection, names)}
    return [found[name] for name in names]


def _view(row: Row[Any], reports: Sequence[tuple[StatementReport, float]]) -> StatementView:
    """``confidence`` is that of the most certain report; an article that repeats the words is one report."""
    return StatementView(
        id=row.id,
        speaker_id=row.speaker_id,
        speaker_name=row.speaker_name,
        text=row.text,
        lang=row.lang,
        type=row.type,
        confidence=max((confidence for _, confidence in reports), default=0.0),
        first_published_at=row.first_published_at,
        first_published_on=next(
            (report.published_on for report, _ in reports if report.published_at == row.first_published_at), None
        ),
        first_seen_at=row.first_seen_at,
        reports=tuple({report.url: report for report, _ in reversed(reports)}.values())[::-1],
    )


def _reports(connection: Connection, names: Sequence[str]) -> Iterator[tuple[str, StatementReport, float]]:
    """Statement id, report and confidence, first published first; an article that repeats the words is one report."""
    span = quote_spans.alias()
    start, text = span.c.start, versions.c.text
    query = (
        select(
            statement_quotes.c.statement_id,
            articles.c.source_id,
            sources.c.title.label("source_title"),
            articles.c.url,
            articles.c.title,
            articles.c.published_at,
            articles.c.published_on,
            quotes.c.id,
            quotes.c.text,
            quotes.c.first_seen_at,
            quotes.c.confidence,
            func.substr(text, func.greatest(start - CONTEXT, 0) + 1, func.least(start, CONTEXT)).label("before"),
            func.substr(text, span.c.end + 1, CONTEXT).label("after"),
        )
        .ext(distinct_on(quotes.c.id))
        .join(quotes, quotes.c.id == statement_quotes.c.quote_id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .outerjoin(span, span.c.quote_id == quotes.c.id)
        .outerjoin(versions, versions.c.id == span.c.version_id)
        .where(statement_quotes.c.statement_id.in_(names))
        .order_by(quotes.c.id, versions.c.seen_at.desc().nulls_last(), versions.c.n.desc().nulls_last())
    )
    rows = connection.execute(query).all()
    for row in sorted(rows, key=lambda row: (row.published_at is None, row.published_at or row.first_seen_at, row.id)):
        report = StatementReport(
            source_id=row.source_id,
            source_title=row.source_title or row.source_id,
            url=row.url,
            title=row.title,
            published_at=row.published_at,
            published_on=row.published_on,
            seen_at=row.first_seen_at,
            before=sentence_before(row.before or ""),
            quote=row.text,
            after=sentence_after(row.after or ""),
        )
        yield row.statement_id, report, row.confidence


def sentence_before(text: str) -> str:
    """The context before a quote: the start of its sentence, and the sentence before, as far as ``text`` goes."""
    ends = [found.end() for found in _STOP.finditer(text.rstrip())]
    if len(ends) >= 2:
        return text[ends[-2] :]
    return text if len(text) < CONTEXT else text[ends[0] if ends else 0 :]


def sentence_after(text: str) -> str:
    """The context after a quote: the rest of its sentence, and the next one, as far as ``text`` goes."""
    ends = [found.start() for found in _STOP.finditer(text) if found.start() > 0]
    return text[: ends[1]] if len(ends) >= 2 else text
