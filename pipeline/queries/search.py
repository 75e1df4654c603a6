"""Full-text search of quotes, in any form of a word, in either language."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Double, Select, cast, func, literal, select, true

from pipeline.queries.keyset import after_cursor
from pipeline.queries.rows import SearchHit, SearchPage, SearchQuestion, TimeCursor
from pipeline.queries.speakers import attributed_to
from pipeline.queries.statements import statements_of_quote
from pipeline.store.articles.search_terms import count_unanalysed, words_condition
from pipeline.store.schema import articles, quotes, sources


def search_quotes(
    connection: Connection,
    question: SearchQuestion,
    *,
    limit: int = 50,
    offset: int = 0,
    newest: bool = False,
    after: TimeCursor | None = None,
) -> SearchPage:
    """Quotes that match, best first, newest first among equals; those of undated articles come last.

    ``newest``: newest first, whatever the rank. ``after``: only what comes after the last row of another page in the
    same order; the count is of all hits all the same. The order is total: equal hits are in the order of their ids. The
    count and the hits agree only in one snapshot (:func:`pipeline.queries.snapshot.open_snapshot`).
    """
    conditions, found_rank = _conditions(connection, question)
    ranked = found_rank is not None and not newest
    rank = cast(found_rank, Double) if ranked else literal(0.0, Double)
    total = connection.scalar(select(func.count()).select_from(_matching(conditions).subquery())) or 0
    reported = statements_of_quote()
    page = (
        _matching(conditions)
        .with_only_columns(*_columns(), reported.c.statement_id, reported.c.statement_ids, rank.label("rank"))
        .outerjoin(reported, true())
        .where(after_cursor(after, articles.c.published_at, quotes.c.id, rank if ranked else None))
        .order_by(*([rank.desc()] if ranked else []), articles.c.published_at.desc().nulls_last(), quotes.c.id)
        .limit(limit + 1)
        .offset(offset)
    )
    rows = [dict(row) for row in connection.execute(page).mappings()]
    ranks = [row.pop("rank") for row in rows]
    hits = tuple(SearchHit(**{**row, "statement_ids": tuple(row["statement_ids"])}) for row in rows[:limit])
    is_last = len(rows) <= limit or not hits
    cursor = None if is_last else TimeCursor(hits[-1].published_at, hits[-1].id, ranks[limit - 1] if ranked else None)
    unanalysed = count_unanalysed(connection) if question.words.strip() else 0
    return SearchPage(total, hits, None if is_last or after else offset + len(hits), unanalysed, cursor)


def matching_quotes(connection: Connection, question: SearchQuestion) -> Select[tuple[str]]:
    """A query for the ids of the quotes that match, in no order."""
    return _matching(_conditions(connection, question)[0])


def _matching(conditions: list[ColumnElement[bool]]) -> Select[tuple[str]]:
    return (
        select(quotes.c.id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(true(), *conditions)
    )


def _conditions(
    connection: Connection, question: SearchQuestion
) -> tuple[list[ColumnElement[bool]], ColumnElement[Any] | None]:
    """The conditions that a quote must meet, and the rank of one that does; None if no words are asked for."""
    conditions: list[ColumnElement[bool]] = []
    rank: ColumnElement[Any] | None = None
    if question.words.strip():
        matches, rank = words_condition(question.words)
        conditions.append(matches)
    if question.speaker:
        conditions.append(attributed_to(connection, question.speaker))
    if question.source:
        conditions.append(articles.c.source_id == question.source)
    if question.start:
        conditions.append(articles.c.published_at >= question.start)
    if question.end:
        conditions.append(articles.c.published_at < question.end)
    same = {"lang": question.lang, "stance": question.stance, "text_kind": question.kind, "type": question.type}
    conditions += [quotes.c[name] == value for name, value in same.items() if value]
    return conditions, rank


def _columns() -> tuple[ColumnElement[Any], ...]:
    return (
        quotes.c.id,
        quotes.c.text.label("quote"),
        quotes.c.type,
        quotes.c.lang,
        quotes.c.speaker_id,
        quotes.c.speaker_name,
        quotes.c.stance,
        quotes.c.claimant,
        quotes.c.confidence,
        articles.c.source_id.label("source"),
        sources.c.title.label("source_title"),
        articles.c.url,
        articles.c.title,
        articles.c.published_at,
        articles.c.published_on,
        quotes.c.first_seen_at,
        quotes.c.claimant_id,
        quotes.c.stance_confidence,
        quotes.c.speaker_office,
        quotes.c.article_id,
        quotes.c.text_kind.label("kind"),
    )
