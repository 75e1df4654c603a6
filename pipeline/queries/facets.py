"""How the hits of a search are spread over speakers, sources, languages, kinds of text and months."""

from __future__ import annotations

from datetime import tzinfo
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all

from pipeline.queries.page_rows import FacetValue
from pipeline.queries.rows import SearchQuestion
from pipeline.queries.search import matching_quotes
from pipeline.store.schema import articles, people, quotes, sources, speakers

MOST_VALUES = 12
"""Values of a facet that are counted; months are all counted."""


def search_facets(connection: Connection, question: SearchQuestion, zone: tzinfo) -> dict[str, tuple[FacetValue, ...]]:
    """By facet its values, the most frequent first; of ``month`` (YYYY-MM, in ``zone``) the newest first.

    Hits of nobody, and of undated articles, count for no speaker and no month.
    """
    hits = (
        matching_quotes(connection, question)
        .with_only_columns(
            quotes.c.speaker_id,
            quotes.c.speaker_name,
            articles.c.source_id,
            quotes.c.lang,
            quotes.c.text_kind,
            quotes.c.type,
            func.to_char(func.timezone(str(zone), articles.c.published_at), "YYYY-MM").label("month"),
        )
        .cte("hits")
    )
    known = func.coalesce(func.nullif(speakers.c.name_en, ""), people.c.name_en, people.c.name_ru)
    named = func.coalesce(known, func.mode().within_group(hits.c.speaker_name))
    by_speaker = (
        _counted("speaker", func.coalesce(hits.c.speaker_id, hits.c.speaker_name), named)
        .select_from(hits)
        .outerjoin(speakers, speakers.c.id == hits.c.speaker_id)
        .outerjoin(people, people.c.id == hits.c.speaker_id)
        .where(hits.c.speaker_name.is_not(None))
        .group_by(known)
    )
    by_source = (
        _counted("source", hits.c.source_id, sources.c.title)
        .join(sources, sources.c.id == hits.c.source_id)
        .group_by(sources.c.title)
    )
    plain = {"lang": hits.c.lang, "kind": hits.c.text_kind, "type": hits.c.type, "month": hits.c.month}
    by_others = [_counted(name, column, column).where(column.is_not(None)) for name, column in plain.items()]
    rows = connection.execute(union_all(by_speaker, by_source, *by_others)).all()
    found: dict[str, tuple[FacetValue, ...]] = {}
    for facet, group in groupby(sorted(rows, key=lambda row: row.facet), key=lambda row: row.facet):
        values = [FacetValue(facet, row.value, row.label or row.value, row.hits) for row in group if row.value]
        if facet == "month":
            found[facet] = tuple(sorted(values, key=lambda it: it.value, reverse=True))
        else:
            found[facet] = tuple(sorted(values, key=lambda it: (-it.hits, it.label))[:MOST_VALUES])
    return found


def _counted(facet: str, value: ColumnElement[Any], label: ColumnElement[Any]) -> Select[Any]:
    return select(
        literal(facet).label("facet"), value.label("value"), label.label("label"), func.count().label("hits")
    ).group_by(value)
