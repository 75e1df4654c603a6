"""The quotes that linking reads: those that wait, those whose statement is outdated, and those they may belong with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    column,
    func,
    literal_column,
    or_,
    select,
    union,
    values,
)
from sqlalchemy.types import DateTime

from pipeline import ids
from pipeline.records import StoredQuote, Window
from pipeline.statements.grouping import LONG_WORDS
from pipeline.store.schema import (
    articles,
    quote_spans,
    quotes,
    statement_quotes,
    statements,
)

_STORED = (
    quotes.c.id,
    quotes.c.article_id,
    articles.c.source_id,
    quotes.c.text,
    quotes.c.lang,
    quotes.c.type,
    quotes.c.speaker_id,
    quotes.c.speaker_name,
    articles.c.published_at,
    quotes.c.first_seen_at,
    quotes.c.stance,
    quotes.c.claimant,
    quotes.c.claimant_id,
    quotes.c.stance_confidence,
)


WITH_ARTICLE = quotes.join(articles, articles.c.id == quotes.c.article_id)


def is_linked() -> Any:
    """Condition: a quote is in a statement."""
    return select(statement_quotes.c.quote_id).where(statement_quotes.c.quote_id == quotes.c.id).exists()


def has_span() -> Any:
    """Condition: a version of its article has the quote; one that only older code found is in none."""
    return select(quote_spans.c.quote_id).where(quote_spans.c.quote_id == quotes.c.id).exists()


def quotes_waiting(connection: Connection, window: Window | None = None) -> list[str]:
    """Ids of the quotes in no statement yet, by speaker and time. ``window`` is over when they were first seen."""
    query = select(quotes.c.id).select_from(WITH_ARTICLE).where(is_unlinked())
    if window is not None:
        query = query.where(quotes.c.first_seen_at >= window.start, quotes.c.first_seen_at < window.end)
    at = func.coalesce(articles.c.published_at, quotes.c.first_seen_at)
    return list(connection.scalars(query.order_by(quotes.c.speaker_id, quotes.c.speaker_name, at, quotes.c.id)))


def is_unlinked() -> ColumnElement[bool]:
    """Condition: a quote, joined with its article, is in no statement yet."""
    return and_(articles.c.link_due.is_not(None), ~is_linked(), has_span())


def outdated_quotes(connection: Connection, since: datetime) -> list[str]:
    """Ids of linked quotes whose speaker, stance or time differs from those of their statement.

    Times are compared in statements first seen from ``since`` on, speakers in all. Only articles that are due are
    checked, with the other quotes of their statements.
    """
    own = _speaker_key(quotes)
    stated = _speaker_key(statements)
    joined = statement_quotes.join(quotes, quotes.c.id == statement_quotes.c.quote_id).join(
        statements, statements.c.id == statement_quotes.c.statement_id
    )
    written = (
        select(statement_quotes.c.statement_id)
        .select_from(statement_quotes.join(WITH_ARTICLE, quotes.c.id == statement_quotes.c.quote_id))
        .where(articles.c.link_due.is_not(None))
        .cte("written")
    )
    touched = statements.c.id.in_(select(written.c.statement_id))
    other = (
        select(quotes.c.id)
        .select_from(joined)
        .where(touched, or_(own != stated, quotes.c.stance != statements.c.stance))
    )
    backed = select(statement_quotes.c.statement_id).select_from(joined).where(touched, own == stated)
    unbacked = (
        select(quotes.c.id)
        .select_from(joined)
        .where(touched, stated.is_not(None), own.is_(None), ~statements.c.id.in_(backed))
    )
    moved = (
        select(statements.c.id)
        .select_from(joined.join(articles, articles.c.id == quotes.c.article_id))
        .where(touched, statements.c.first_seen_at >= since)
        .group_by(statements.c.id)
        .having(
            or_(
                func.min(articles.c.published_at).is_distinct_from(statements.c.first_published_at),
                func.min(quotes.c.first_seen_at) != statements.c.first_seen_at,
            )
        )
    )
    retimed = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id.in_(moved))
    apart = (
        select(quotes.c.id)
        .select_from(joined.join(articles, articles.c.id == quotes.c.article_id))
        .where(touched, articles.c.published_at.is_(None), statement_quotes.c.how != "founding")
    )
    return sorted(connection.scalars(union(other, unbacked, retimed, apart)))


def _speaker_key(table: Any) -> Any:
    return func.coalesce(literal_column("'id:'") + table.c.speaker_id, literal_column("'name:'") + table.c.speaker_name)


def quotes_by_ids(connection: Connection, names: Collection[str]) -> list[StoredQuote]:
    """The quotes with these ids, as far as a version still has them."""
    return _stored(connection, _held().where(quotes.c.id.in_(names)))


def _held() -> Select[Any]:
    return select(*_STORED).select_from(WITH_ARTICLE).where(has_span())


def quotes_of_same_statements(connection: Connection, names: Collection[str]) -> list[StoredQuote]:
    """All quotes of the statements that these quotes are in now."""
    own = select(statement_quotes.c.statement_id).where(statement_quotes.c.quote_id.in_(names))
    members = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id.in_(own))
    return _stored(connection, select(*_STORED).select_from(WITH_ARTICLE).where(quotes.c.id.in_(members)))


def neighbouring_quotes(connection: Connection, around: Sequence[StoredQuote], span: timedelta) -> list[StoredQuote]:
    """The quotes that may belong to one statement with any of ``around``, and some that do not.

    These are quotes of the same articles; quotes with the same words, if there are enough words; and quotes of the same
    speakers, at most ``span`` apart in time. A quote without a time is found by article and words only.
    """
    if not around:
        return []
    found = {quote.id: quote for quote in _stored(connection, _same_articles(around))}
    for query in (_same_words(around), *_same_speakers(around, span)):
        found |= {quote.id: quote for quote in _stored(connection, query)}
    return list(found.values())


def _same_articles(around: Sequence[StoredQuote]) -> Select[Any]:
    names = {quote.article_id for quote in around}
    return _held().where(quotes.c.article_id.in_(names))


def _same_words(around: Sequence[StoredQuote]) -> Select[Any]:
    said = {ids.normalised_words(quote.text) for quote in around}
    words = {ids.text_sha256(one) for one in said if len(one.split()) >= LONG_WORDS}
    return _held().where(quotes.c.words_sha256.in_(words))


def _same_speakers(around: Sequence[StoredQuote], span: timedelta) -> list[Select[Any]]:
    """One query for speakers of the roster and one for those known by name alone."""
    times: dict[tuple[str, bool], list[datetime]] = defaultdict(list)
    for quote in around:
        known = quote.speaker_id or quote.speaker_name
        if known and quote.published_at:
            times[known, bool(quote.speaker_id)].append(quote.published_at)
    found: list[Select[Any]] = []
    for rostered in (True, False):
        rows = [(who, min(at) - span, max(at) + span) for (who, by_id), at in times.items() if by_id == rostered]
        if not rows:
            continue
        when = values(
            column("who", String), column("lo", DateTime(timezone=True)), column("hi", DateTime(timezone=True)),
            name="wanted",
        ).data(rows)  # fmt: skip
        same = quotes.c.speaker_id == when.c.who
        if not rostered:
            same = and_(quotes.c.speaker_id.is_(None), quotes.c.speaker_name == when.c.who)
        query = select(*_STORED).select_from(WITH_ARTICLE.join(when, same)).where(has_span())
        # The whole span as well, which an index can use; else all quotes of a frequent speaker would be scanned.
        whole = (min(lo for _, lo, _ in rows), max(hi for _, _, hi in rows))
        for start, end in ((when.c.lo, when.c.hi), whole):
            query = query.where(articles.c.published_at >= start, articles.c.published_at <= end)
        found.append(query)
    return found


def _stored(connection: Connection, query: Select[Any]) -> list[StoredQuote]:
    return [StoredQuote(*row) for row in connection.execute(query)]
