"""Sources as the store knows them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from pipeline.store.schema import sources
from pipeline.store.types import storable_text


def has_source(connection: Connection, source_id: str) -> bool:
    """Whether any run has ever used the source."""
    return connection.scalar(select(sources.c.id).where(sources.c.id == storable_text(source_id))) is not None
