"""Open the database for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from pipeline.config.settings import Settings
from pipeline.store.engine import open_store


@contextmanager
def open_snapshot(settings: Settings) -> Iterator[Connection]:
    """A read-only connection that sees one state of the database, for the length of the block.

    Counts and lists read from it agree, whatever is written meanwhile. Raises as
    :func:`pipeline.store.engine.open_store` does.
    """
    with open_store(settings) as engine, engine.connect() as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
