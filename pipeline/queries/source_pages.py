"""Sources as pages show them: what is stored of each, when it was last read, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta, tzinfo

from sqlalchemy import Connection, Date, cast, func, select

from pipeline.queries.page_rows import IncidentRow, SourceRow
from pipeline.store.schema import articles, incidents, observations, quotes, sources


def list_sources(connection: Connection, source_id: str | None = None) -> tuple[SourceRow, ...]:
    """Every source that a run has ever used, or only that one; those with open incidents first, then by title."""
    one = [] if source_id is None else [sources.c.id == source_id]
    stored = (
        select(articles.c.source_id, func.count().label("articles"), func.max(articles.c.first_seen_at).label("new_at"))
        .group_by(articles.c.source_id)
        .subquery()
    )
    quoted = (
        select(articles.c.source_id, func.count().label("quotes"))
        .join(quotes, quotes.c.article_id == articles.c.id)
        .group_by(articles.c.source_id)
        .subquery()
    )
    observed = select(func.max(observations.c.at)).where(observations.c.source_id == sources.c.id).scalar_subquery()
    query = (
        select(
            sources.c.id,
            func.coalesce(func.nullif(sources.c.title, ""), sources.c.id).label("title"),
            sources.c.publisher,
            sources.c.country,
            sources.c.language.label("lang"),
            sources.c.home,
            func.coalesce(stored.c.articles, 0).label("articles"),
            func.coalesce(quoted.c.quotes, 0).label("quotes"),
            observed.label("last_run_at"),
            stored.c.new_at.label("last_new_at"),
        )
        .outerjoin(stored, stored.c.source_id == sources.c.id)
        .outerjoin(quoted, quoted.c.source_id == sources.c.id)
        .where(*one)
    )
    open_ones: defaultdict[str, list[IncidentRow]] = defaultdict(list)
    for incident in source_incidents(connection, source_id, only_open=True):
        open_ones[incident.source].append(incident)
    rows = [SourceRow(**row, incidents=tuple(open_ones[row["id"]])) for row in connection.execute(query).mappings()]
    return tuple(sorted(rows, key=lambda it: (not it.incidents, it.title.casefold(), it.id)))


def source_incidents(
    connection: Connection, source_id: str | None = None, *, only_open: bool = False, limit: int = 200
) -> tuple[IncidentRow, ...]:
    """Incidents, of that source or of all, the newest first."""
    query = select(
        incidents.c.id,
        incidents.c.source_id.label("source"),
        incidents.c.kind,
        incidents.c.since,
        incidents.c.opened_at,
        incidents.c.closed_at,
        incidents.c.ending,
        incidents.c.detail,
    ).order_by(incidents.c.opened_at.desc(), incidents.c.id)
    if source_id is not None:
        query = query.where(incidents.c.source_id == source_id)
    if only_open:
        query = query.where(incidents.c.closed_at.is_(None))
    return tuple(IncidentRow(**row) for row in connection.execute(query.limit(limit)).mappings())


def articles_by_day(connection: Connection, source_id: str, zone: tzinfo, *, until: date, days: int) -> dict[date, int]:
    """Number of articles first seen on each of so many days in ``zone``, the last being ``until``; zero ones too."""
    day = cast(func.timezone(str(zone), articles.c.first_seen_at), Date)
    since = until - timedelta(days=days - 1)
    query = select(day, func.count()).where(articles.c.source_id == source_id, day.between(since, until)).group_by(day)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {since + timedelta(days=n): found.get(since + timedelta(days=n), 0) for n in range(days)}
