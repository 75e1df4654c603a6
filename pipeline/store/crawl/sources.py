"""The rows of the sources: one for each that was ever configured."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.config.source import Source
from pipeline.store.schema import sources


def source_ids(connection: Connection) -> set[str]:
    """Ids of all sources that a run has ever used."""
    return set(connection.scalars(select(sources.c.id)))


@dataclass(frozen=True, slots=True)
class CrawlTimes:
    """When a live crawl of a source last began, and until when no scheduled run crawls it."""

    crawled_at: datetime | None
    paused_until: datetime | None


def crawl_times(connection: Connection) -> dict[str, CrawlTimes]:
    """The times of each source that a run has ever used, by id."""
    rows = connection.execute(select(sources.c.id, sources.c.crawled_at, sources.c.paused_until))
    return {row.id: CrawlTimes(row.crawled_at, row.paused_until) for row in rows}


def note_crawl(connection: Connection, source_ids: Collection[str], at: datetime) -> None:
    """Note that a live crawl of these sources begins."""
    connection.execute(update(sources).where(sources.c.id.in_(source_ids)).values(crawled_at=at))


def pause_source(connection: Connection, source_id: str, until: datetime | None) -> None:
    """Let no scheduled run crawl the source until then; None: crawl it again."""
    connection.execute(update(sources).where(sources.c.id == source_id).values(paused_until=until))


def sync_sources(connection: Connection, configured: Iterable[Source], *, now: datetime) -> None:
    """Insert or update the row of each configured source. Sources no longer configured keep their row."""
    rows = [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "country": source.country,
            "language": source.language,
            "home": source.home,
            "definition": source.model_dump(mode="json"),
            "updated": now,
        }
        for source in sorted(configured, key=lambda it: it.id)
    ]
    if not rows:
        return
    statement = insert(sources)
    new = statement.excluded
    updates = {column: new[column] for column in rows[0] if column != "id"}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=updates, where=sources.c.definition.is_distinct_from(new.definition)
        ),
        rows,
    )
