"""What publications changed of their quotes after publication, the newest change first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from pipeline.queries.keyset import after_cursor
from pipeline.queries.page_rows import EditPage, EditRow
from pipeline.queries.rows import TimeCursor
from pipeline.store.schema import articles, edits, quotes, segments, sources, versions


def list_edits(
    connection: Connection,
    *,
    kind: str | None = None,
    source: str | None = None,
    article_id: str | None = None,
    quote_ids: Sequence[str] | None = None,
    limit: int = 50,
    after: TimeCursor | None = None,
) -> EditPage:
    """Edits that meet all conditions given. With ``quote_ids``: of these quotes, or that put one of them in place."""
    conditions: list[ColumnElement[bool]] = []
    if kind:
        conditions.append(edits.c.kind == kind)
    if source:
        conditions.append(articles.c.source_id == source)
    if article_id:
        conditions.append(edits.c.article_id == article_id)
    if quote_ids is not None:
        conditions.append(or_(edits.c.quote_id.in_(quote_ids), edits.c.other_quote_id.in_(quote_ids)))
    other, earlier = quotes.alias("other"), versions.alias("earlier")
    query = (
        select(
            edits.c.id,
            edits.c.kind,
            edits.c.seen_at,
            edits.c.article_id,
            articles.c.url,
            articles.c.title,
            articles.c.source_id.label("source"),
            func.coalesce(sources.c.title, sources.c.id).label("source_title"),
            edits.c.quote_id,
            quotes.c.text.label("quote"),
            quotes.c.speaker_id,
            quotes.c.speaker_name,
            edits.c.other_quote_id,
            other.c.text.label("other_quote"),
            other.c.speaker_name.label("other_speaker_name"),
            edits.c.from_version,
            edits.c.to_version,
            earlier.c.seen_at.label("present_at"),
            select(segments.c.statement_id)
            .where(segments.c.quote_id == edits.c.quote_id)
            .order_by(segments.c.start)
            .limit(1)
            .scalar_subquery()
            .label("statement_id"),
        )
        .join(quotes, quotes.c.id == edits.c.quote_id)
        .outerjoin(other, other.c.id == edits.c.other_quote_id)
        .join(articles, articles.c.id == edits.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .join(earlier, earlier.c.id == edits.c.from_version)
        .where(*conditions)
    )
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.where(after_cursor(after, edits.c.seen_at, edits.c.id))
    page = page.order_by(edits.c.seen_at.desc(), edits.c.id).limit(limit + 1)
    rows = [EditRow(**row) for row in connection.execute(page).mappings()]
    shown = tuple(rows[:limit])
    return EditPage(total, shown, TimeCursor(shown[-1].seen_at, shown[-1].id) if len(rows) > limit else None)
