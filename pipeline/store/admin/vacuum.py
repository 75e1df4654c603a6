"""Vacuum the tables: remove dead rows and renew the planner's statistics."""

from __future__ import annotations

from sqlalchemy import Engine, text

from pipeline.store.schema import SCHEMA, metadata


def vacuum_tables(engine: Engine) -> list[str]:
    """Vacuum and analyse each of our tables; their names. Readers and writers are not blocked."""
    names = sorted(table.name for table in metadata.sorted_tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in names:
            connection.execute(text(f'VACUUM (ANALYZE, SKIP_LOCKED) "{SCHEMA}"."{name}"'))
    return names
