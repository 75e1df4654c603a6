"""Find quotes by words, in any form of the word, in either language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import REGCONFIG

from pipeline.store.clean import clean
from pipeline.store.schema import articles, quotes, sources, statement_quotes
from pipeline.store.speakers import speakers_called

CONFIGURATIONS = {"en": "english", "ru": "russian"}


def search(
    connection: Connection,
    words: str,
    *,
    speaker: str | None = None,
    source: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    lang: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Quotes that match, the best first and the newest of equals.

    ``words`` in any form and order; ``"in quotation marks"`` as a phrase, ``or`` between alternatives, ``-word`` to
    leave out; empty for no condition. ``speaker``: a roster id or part of any name. ``start``, ``end``: half-open,
    over the date of publication, or first sight where there is none. Each hit has ``id, quote, type, lang,
    speaker_id, speaker_name, confidence, source, source_title, url, title, published_at, first_seen_at, statement_id``.
    """
    when = func.coalesce(articles.c.published_at, quotes.c.first_seen_at)
    conditions: list[ColumnElement[bool]] = []
    rank: ColumnElement[Any] = literal(0)
    if words.strip():
        matches, rank = _matching(clean(words), lang)
        conditions.append(matches)
    if speaker:
        found = speakers_called(connection, speaker)
        as_printed = quotes.c.speaker_name.icontains(speaker.strip(), autoescape=True)
        conditions.append(or_(quotes.c.speaker_id.in_(found), and_(quotes.c.speaker_id.is_(None), as_printed)))
    if source:
        conditions.append(articles.c.source_id == source)
    if start:
        conditions.append(when >= start)
    if end:
        conditions.append(when < end)
    if lang:
        conditions.append(quotes.c.lang == lang)
    query = (
        select(
            quotes.c.id,
            quotes.c.text.label("quote"),
            quotes.c.type,
            quotes.c.lang,
            quotes.c.speaker_id,
            quotes.c.speaker_name,
            quotes.c.confidence,
            articles.c.source_id.label("source"),
            sources.c.title.label("source_title"),
            articles.c.url,
            articles.c.title,
            articles.c.published_at,
            quotes.c.first_seen_at,
            statement_quotes.c.statement_id,
        )
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .outerjoin(statement_quotes, statement_quotes.c.quote_id == quotes.c.id)
        .where(*conditions)
        .order_by(rank.desc(), when.desc(), quotes.c.id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _matching(words: str, lang: str | None) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """The condition and the rank. Each language is asked with the configuration its quotes are indexed with."""
    chosen = [lang] if lang in CONFIGURATIONS else list(CONFIGURATIONS)
    # One letter for two, as in the index: many texts write е where ё is meant.
    asked = words.translate(str.maketrans("Ёё", "Ее"))
    conditions, ranks = [], []
    for name in chosen:
        query = func.websearch_to_tsquery(cast(literal(CONFIGURATIONS[name]), REGCONFIG), asked)
        in_language = quotes.c.lang == name if name == "ru" else quotes.c.lang != "ru"
        conditions.append(and_(quotes.c.search.op("@@")(query), in_language))
        ranks.append(func.ts_rank_cd(quotes.c.search, query))
    return or_(*conditions), func.greatest(*ranks) if len(ranks) > 1 else ranks[0]
