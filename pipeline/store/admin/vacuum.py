"""What a database needs from time to time: dead rows cleared away, statistics renewed."""

from __future__ import annotations

from sqlalchemy import Engine, text

from pipeline.store.schema import SCHEMA, metadata


def vacuum_tables(engine: Engine) -> list[str]:
    """Vacuum and analyse each of our tables; their names. Takes no lock that readers or writers would notice."""
    names = sorted(table.name for table in metadata.sorted_tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in names:
            connection.execute(text(f'VACUUM (ANALYZE, SKIP_LOCKED) "{SCHEMA}"."{name}"'))
    return names
