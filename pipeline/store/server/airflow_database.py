"""Airflow's metadata database: the database ``airflow`` in the embedded server, or one of the user's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from pipeline.config.secrecy import without_password
from pipeline.config.settings import AIRFLOW_DATABASE_URL, Settings
from pipeline.errors import StoreUnreachable
from pipeline.runtime import private_files
from pipeline.store.server import embedded, roles

log = structlog.get_logger()

NAME = "airflow"
SPACE = 0x6F72
"""First half of the advisory lock's key. Only Airflow's own user logs in to its database, so nobody else takes it."""
WAIT_SECONDS = 900.0


def configured_metadata_url() -> str | None:
    """The address of the user's own metadata database; None if it is in the embedded server."""
    return AIRFLOW_DATABASE_URL.value()


@contextmanager
def airflow_database(settings: Settings) -> Iterator[str]:
    """The address of Airflow's metadata database, available for the length of the block.

    ``ONRECORD_AIRFLOW_DATABASE_URL`` if set; else the database ``airflow`` in the embedded server, created if missing.
    """
    if address := configured_metadata_url():
        yield address
        return
    private_files.close_to_others(settings.home)
    with embedded.use(settings.postgres) as server:
        _make(server)
        yield server.url(NAME)


def import_errors(metadata_url: str) -> dict[str, str]:
    """Why Airflow could not import DAG files, by file. StoreUnreachable if its database cannot be read."""
    engine = create_engine(_with_our_driver(metadata_url))
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT filename, stacktrace FROM import_error ORDER BY filename"))
            return {row.filename: row.stacktrace or "" for row in rows}
    except SQLAlchemyError as error:
        raise StoreUnreachable(
            f"Airflow's metadata database cannot be read: {without_password(str(error).splitlines()[0])}"
        ) from error
    finally:
        engine.dispose()


def _with_our_driver(metadata_url: str) -> URL:
    url = make_url(metadata_url)
    is_postgres = url.get_backend_name() in ("postgresql", "postgres")
    return url.set(drivername="postgresql+psycopg") if is_postgres else url


@contextmanager
def migration_lock(metadata_url: str) -> Iterator[None]:
    """Lock Airflow's migrations for the length of the block, so that machines that start together migrate one by one.

    Does nothing if the database is not PostgreSQL. Raises StoreUnreachable if it cannot be reached or stays locked.
    """
    url = make_url(metadata_url)
    if url.get_backend_name() not in ("postgresql", "postgres"):
        yield
        return
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            _wait_for_turn(connection)
            yield
    except OperationalError as error:
        raise StoreUnreachable(
            f"Airflow's metadata database cannot be reached: {without_password(str(error.orig))}"
        ) from error
    finally:
        engine.dispose()


def _wait_for_turn(connection: Connection) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    said = False
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:space, 0)"), {"space": SPACE}):
        other = connection.execute(_HOLDER, {"space": SPACE}).one_or_none()
        who = f"{other.usename} (database process {other.pid})" if other else "another session"
        if time.monotonic() >= deadline:
            raise StoreUnreachable(f"{who} has locked Airflow's tables for {WAIT_SECONDS:.0f} s; end it and try again")
        if not said:
            log.warning("airflow_migration_waits", held_by=who, at_most_seconds=WAIT_SECONDS)
            said = True
        time.sleep(0.5)


_HOLDER = text(
    "SELECT a.pid, a.usename FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :space AND l.objid = 0 AND l.objsubid = 2 LIMIT 1"
)


def _make(server: embedded.Server) -> None:
    with roles.superuser_connection(server.root, server.port, "postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} OWNER {roles.OWNER}")
        connection.execute(f"REVOKE ALL ON DATABASE {NAME} FROM PUBLIC")
