"""The rows of the sources: one for each that was ever configured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.config.source import Source
from pipeline.store.schema import sources


def source_ids(connection: Connection) -> set[str]:
    """Ids of all sources that a run has ever used."""
    return set(connection.scalars(select(sources.c.id)))


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
