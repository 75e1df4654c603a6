"""Our tables as files, and back: COPY in text form, which any PostgreSQL from 15 to 18 reads, whichever wrote it.

The tables themselves are not dumped: the migrations make them, at the revision that the rows were taken at, and bring
them to the present one when the rows are in.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table, select, text

from pipeline.errors import ConfigError
from pipeline.store import migrate
from pipeline.store.digest import digest
from pipeline.store.engine import shown
from pipeline.store.schema import REVISION, SCHEMA, metadata

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class TableRows:
    """What was written of one table: its columns in the file's order."""

    table: str
    columns: tuple[str, ...]
    rows: int


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One state of the database for the length of the block, whatever others write meanwhile."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection


def dump(connection: Connection, folder: Path) -> list[TableRows]:
    """Write each table's rows to ``TABLE.copy.gz`` in the folder; what was written, in an order fit for loading."""
    found = []
    for table in metadata.sorted_tables:
        columns = tuple(column.name for column in table.columns if column.computed is None)
        with gzip.open(folder / file_of(table.name), "wb", compresslevel=6) as file:
            rows = _copy_out(connection, table, columns, file)
        found.append(TableRows(table.name, columns, rows))
    return found


def file_of(table: str) -> str:
    """Name of the file that holds a table's rows."""
    return f"{table}.copy.gz"


def prepare(engine: Engine, revision: str) -> None:
    """Have the tables of ``revision``, without a row. ConfigError if the database holds anything of ours."""
    if revision > REVISION:
        raise ConfigError(
            f"the backup was taken at migration {revision}, newer than this onrecord knows ({REVISION}): "
            "update onrecord"
        )
    at = migrate.current(engine)
    if at is not None:
        with engine.connect() as connection:
            _refuse_rows(connection, shown(engine))
    if at is not None and at > revision:
        migrate.downgrade(engine, revision)
    elif at != revision:
        migrate.upgrade(engine, revision)


def load(engine: Engine, tables: list[TableRows], folder: Path, expected: dict[str, str], revision: str) -> None:
    """Put the rows of :func:`dump` into the tables of :func:`prepare`, all or none, and bring those up to date.

    ``expected`` is the digest the state had. ConfigError if what was loaded has another: nothing is kept then.
    """
    with engine.begin() as connection:
        for told in tables:
            with gzip.open(folder / file_of(told.table), "rb") as file:
                _copy_in(connection, told, file)
        connection.execute(text(_RENUMBER))
        # The digest of other code is over other columns; it can be compared only at the revision it was made at.
        if revision == REVISION and (found := digest(connection)) != expected:
            differing = sorted(name for name in expected if found.get(name) != expected[name])
            raise ConfigError(
                f"what was loaded is not what was saved (digest of {', '.join(differing)}); nothing is kept"
            )
    migrate.upgrade(engine)


_RENUMBER = """
DO $$
DECLARE it record; top bigint;
BEGIN
    FOR it IN SELECT table_name, column_name FROM information_schema.columns
              WHERE table_schema = 'onrecord' AND is_identity = 'YES' LOOP
        EXECUTE format('SELECT max(%I) FROM onrecord.%I', it.column_name, it.table_name) INTO top;
        IF top IS NOT NULL THEN
            PERFORM setval(pg_get_serial_sequence(format('onrecord.%I', it.table_name), it.column_name), top);
        END IF;
    END LOOP;
END $$
"""
"""Numbers that the server gives go on after the highest that was loaded."""


def _refuse_rows(connection: Connection, where: str) -> None:
    there = set(
        connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = :schema"), {"schema": SCHEMA}
        )
    )
    for table in metadata.sorted_tables:
        if table.name in there and connection.execute(select(text("1")).select_from(table).limit(1)).first():
            raise ConfigError(
                f"the database {where} is not empty ({table.name} has rows): restore into an empty one. Make another "
                "and point ONRECORD_DATABASE_URL at it, or set ONRECORD_HOME to a new folder"
            )


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _cursor(connection: Connection) -> Any:
    """psycopg's cursor on the connection's own transaction."""
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


def _copy_out(connection: Connection, table: Table, columns: tuple[str, ...], file: IO[bytes] | gzip.GzipFile) -> int:
    with _cursor(connection) as cursor:
        with cursor.copy(f'COPY {SCHEMA}."{table.name}" ({_names(columns)}) TO STDOUT') as copy:
            for piece in copy:
                file.write(bytes(piece))
        return int(cursor.rowcount)


def _copy_in(connection: Connection, told: TableRows, file: IO[bytes] | gzip.GzipFile) -> None:
    with _cursor(connection) as cursor:
        with cursor.copy(f'COPY {SCHEMA}."{told.table}" ({_names(told.columns)}) FROM STDIN') as copy:
            while piece := file.read(_STEP):
                copy.write(piece)
        if cursor.rowcount != told.rows:
            raise ConfigError(f"{told.table}: {cursor.rowcount} rows were loaded, {told.rows} were saved")
