"""Dump the tables to files and load them: COPY in text format, which PostgreSQL 15 to 18 all read.

The table definitions are not dumped: migrations create them at the revision the rows were saved at, and upgrade them
when the rows are loaded.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import ConfigError, StoreUnreachable
from pipeline.store import migrate
from pipeline.store.admin.digest import table_digests
from pipeline.store.engine import display_address
from pipeline.store.schema import REVISION, SCHEMA, locks, metadata, warc_files

SAVED: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if table is not locks)
"""The tables of a backup, in an order fit for loading. Locks are left out: they belong to sessions."""
FORMER = {"runs": {"summary"}, "statement_quotes": {"quote_id", "statement_id", "how", "score"}}
"""Columns that backups of older migrations have, some of them of tables that are no more."""
LONGEST_ROW = 256 << 20
"""Bytes of one row at most. Postgres' own limit is 1 GiB, which it would take as memory."""
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class TableRows:
    """What was written of one table: its columns in the order of the file, and its rows."""

    table: str
    columns: tuple[str, ...]
    rows: int


@contextmanager
def database_snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database for the length of the block, whatever others write."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection


def dump_tables(connection: Connection, folder: Path) -> list[TableRows]:
    """Write each table's rows to ``TABLE.copy.gz`` in the folder; what was written, in an order fit for loading."""
    found = []
    for table in SAVED:
        columns = tuple(column.name for column in table.columns if column.computed is None)
        with gzip.open(folder / file_of(table.name), "wb", compresslevel=6) as file:
            rows = _copy_out(connection, table, columns, file)
        found.append(TableRows(table.name, columns, rows))
    return found


def file_of(table: str) -> str:
    """Name of the file that holds a table's rows."""
    return f"{table}.copy.gz"


def prepare_tables(engine: Engine, revision: str) -> None:
    """Create the empty tables of ``revision``. Raises ConfigError if the database already holds data of ours."""
    at = migrate.current_revision(engine)
    if at is not None:
        with engine.connect() as connection:
            _refuse_rows(connection, display_address(engine))
    if at is not None and at > revision:
        migrate.downgrade_database(engine, revision)
    elif at != revision:
        migrate.upgrade_database(engine, revision)


@contextmanager
def loaded_tables(
    engine: Engine, tables: list[TableRows], files: dict[str, Path], expected: dict[str, str], revision: str
) -> Iterator[None]:
    """Load the rows of :func:`dump_tables`, and keep them and migrate to the newest revision if the block succeeds.

    ``files``: each table's file; ``expected``: the digest of the saved state, at ``revision``. Raises ConfigError if
    the database is not empty or if the loaded digest differs; no row is kept then.
    """
    prepare_tables(engine, revision)
    try:
        with engine.begin() as connection:
            _check_columns(connection, tables)
            for saved in tables:
                with gzip.open(files[saved.table], "rb") as file:
                    _copy_in(connection, saved, file)
            connection.execute(text(_RENUMBER))
            _check_names(connection)
            # Other code may take the digest over other columns, so compare it at the revision it was made at.
            if revision == REVISION and (found := table_digests(connection)) != expected:
                differing = sorted(name for name in expected.keys() | found if found.get(name) != expected.get(name))
                raise ConfigError(
                    f"what was loaded is not what was saved (digest of {', '.join(differing)}); nothing is kept"
                )
            yield
    except BaseException:
        with suppress(DBAPIError):  # less important than the error that led here
            migrate.upgrade_database(engine)
        raise
    migrate.upgrade_database(engine)


def not_ours(tables: list[TableRows], revision: str) -> str:
    """Why the tables of a backup cannot be ours; empty if they can. Reads no database and trusts no name."""
    if revision not in migrate.known_revisions():
        return f"'revision': {revision!r} is no migration that this onrecord knows (up to {REVISION}): update onrecord"
    columns = {table.name: {column.name for column in table.columns} for table in SAVED}
    known = {name: columns.get(name, set()) | FORMER.get(name, set()) for name in columns.keys() | FORMER.keys()}
    seen: set[str] = set()
    for saved in tables:
        if saved.table not in known:
            return f"'tables': {saved.table!r} is no table of ours"
        if saved.table in seen:
            return f"'tables': {saved.table!r} is in it twice"
        seen.add(saved.table)
        strange = [name for name in saved.columns if name not in known[saved.table]]
        if strange:
            return f"'tables': {saved.table}: {strange[0]!r} is no column of ours"
        if len(set(saved.columns)) != len(saved.columns):
            return f"'tables': {saved.table}: a column is in it twice"
    return ""


def is_plain_path(name: str) -> bool:
    """Whether a name is a relative path on every system: no parent folder, no root, nothing unprintable."""
    parts = name.split("/")
    return name.isprintable() and "\\" not in name and all(it not in ("", ".", "..") for it in parts)


def check_rows(path: Path, saved: TableRows) -> None:
    """Count a table's rows before they are loaded. Raises ConfigError unless there are as many as were saved.

    A few compressed bytes can expand to more than any memory or disk holds (a zip bomb).
    """
    rows, length = 0, 0
    try:
        with gzip.open(path, "rb") as file:
            while piece := file.read(_STEP):
                lines = piece.split(b"\n")
                rows += len(lines) - 1
                length = len(lines[-1]) if len(lines) > 1 else length + len(piece)
                if rows > saved.rows or length > LONGEST_ROW:
                    break
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigError(f"damaged: {file_of(saved.table)} cannot be unpacked: {error}") from error
    if length > LONGEST_ROW:
        raise ConfigError(f"{file_of(saved.table)}: a row of more than {LONGEST_ROW:,} bytes is none of ours")
    if rows != saved.rows or length:
        more = "more" if rows > saved.rows else f"{rows:,}"
        raise ConfigError(f"damaged: {file_of(saved.table)} has {more} rows, {saved.rows:,} were saved")


def _check_columns(connection: Connection, tables: list[TableRows]) -> None:
    """Raise ConfigError unless the tables have exactly the writable columns of the backup's migration."""
    there = inspect(connection)
    names = {*(table.name for table in SAVED), *FORMER}.intersection(there.get_table_names(SCHEMA))
    missing = sorted(names - {saved.table for saved in tables})
    if missing:
        raise ConfigError(f"the backup has no rows of the table {missing[0]}")
    for saved in tables:
        found = {it["name"] for it in there.get_columns(saved.table, SCHEMA) if not it.get("computed")}
        if saved.table not in names or found != set(saved.columns):
            raise ConfigError(f"the backup's columns of {saved.table} are not those of its migration")


def _check_names(connection: Connection) -> None:
    """Check that names of archive files, which become paths, stay inside the archive."""
    for name in connection.scalars(select(warc_files.c.id)):
        if not is_plain_path(name):
            raise ConfigError(f"the backup names {name!r} as a file of the archive, which is no name of ours")


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
"""Sets each sequence to continue after the highest number that was loaded."""


def _refuse_rows(connection: Connection, where: str) -> None:
    there = set(
        connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = :schema"), {"schema": SCHEMA}
        )
    )
    for table in SAVED:
        if table.name in there and connection.execute(select(text("1")).select_from(table).limit(1)).first():
            raise ConfigError(
                f"the database {where} is not empty ({table.name} has rows): restore into an empty one. Make another "
                "and point ONRECORD_DATABASE_URL at it, or set ONRECORD_HOME to a new folder"
            )


def _cursor(connection: Connection) -> Any:
    """psycopg's cursor on the connection's own transaction."""
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


def _copy_out(connection: Connection, table: Table, columns: tuple[str, ...], file: IO[bytes] | gzip.GzipFile) -> int:
    with _cursor(connection) as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(SCHEMA, table.name), names)) as copy:
            for piece in copy:
                file.write(bytes(piece))
        return int(cursor.rowcount)


def _copy_in(connection: Connection, saved: TableRows, file: IO[bytes] | gzip.GzipFile) -> None:
    target = sql.Identifier(SCHEMA, saved.table)
    columns = sql.SQL(", ").join(map(sql.Identifier, saved.columns))
    try:
        with _cursor(connection) as cursor:
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)) as copy:
                while piece := file.read(_STEP):
                    copy.write(piece)
            rows = cursor.rowcount
    except psycopg.OperationalError as error:
        raise StoreUnreachable(f"the database went away over {saved.table}: {' '.join(str(error).split())}") from error
    except psycopg.DatabaseError as error:
        said = error.diag.message_primary or " ".join(str(error).split())
        raise ConfigError(f"damaged: {file_of(saved.table)} cannot be loaded: {said}") from error
    if rows != saved.rows:
        raise ConfigError(f"{saved.table}: {rows} rows were loaded, {saved.rows} were saved")
