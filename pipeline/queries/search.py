"""Full-text search of quotes, in any form of a word, in either language."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from pipeline.queries.rows import SearchHit, SearchPage, SearchQuestion
from pipeline.queries.speakers import attributed_to
from pipeline.store.articles.search_terms import count_unanalysed, words_condition
from pipeline.store.schema import articles, quotes, sources, statement_quotes


def search_quotes(connection: Connection, question: SearchQuestion, *, limit: int = 50, offset: int = 0) -> SearchPage:
    """Quotes that match, best first, newest first among equals; those of undated articles come last.

    The order is total: equal hits are in the order of their ids. The count and the hits agree only in one snapshot
    (:func:`pipeline.queries.snapshot.open_snapshot`).
    """
    conditions, rank = _conditions(connection, question)
    matching = (
        select(quotes.c.id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(*conditions)
    )
    total = connection.scalar(select(func.count()).select_from(matching.subquery())) or 0
    page = (
        matching.with_only_columns(*_columns())
        .outerjoin(statement_quotes, statement_quotes.c.quote_id == quotes.c.id)
        .order_by(rank.desc(), articles.c.published_at.desc().nulls_last(), quotes.c.id)
        .limit(limit)
        .offset(offset)
    )
    hits = tuple(SearchHit(**row) for row in connection.execute(page).mappings())
    after = offset + len(hits)
    unanalysed = count_unanalysed(connection) if question.words.strip() else 0
    return SearchPage(total, hits, after if hits and after < total else None, unanalysed)


def _conditions(
    connection: Connection, question: SearchQuestion
) -> tuple[list[ColumnElement[bool]], ColumnElement[Any]]:
    """The conditions that a quote must meet, and the rank of one that does."""
    conditions: list[ColumnElement[bool]] = []
    rank: ColumnElement[Any] = literal(0)
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
    if question.lang:
        conditions.append(quotes.c.lang == question.lang)
    if question.stance:
        conditions.append(quotes.c.stance == question.stance)
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
        statement_quotes.c.statement_id,
        quotes.c.claimant_id,
        quotes.c.stance_confidence,
        quotes.c.speaker_office,
    )
