"""Locks that keep two runs from working on the same sources at once: rows that name the session holding each lock.

A lock is void when its session has ended. Postgres' advisory locks are not used because anybody who can log in may take
them, and row locks because a transaction as long as a run would keep vacuum from removing dead rows anywhere in the
database.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass

import structlog
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import OnrecordError
from pipeline.store.migrate import LOCK_NOT_AVAILABLE
from pipeline.store.schema import SCHEMA, locks, sources

log = structlog.get_logger()

POLL_SECONDS = 0.5
ROW_SECONDS = 10
"""Longest wait for a lock's row itself, which others hold for the length of one statement only."""

_ME = text(
    "SELECT pg_backend_pid() AS pid, (SELECT backend_start FROM pg_stat_get_activity(pg_backend_pid())) AS started"
)
_TAKE = text(
    f"""
    INSERT INTO {SCHEMA}.locks AS held (name, holder, pid, session_start, server_start, since)
    VALUES (:name, :holder, :pid, :started, pg_postmaster_start_time(), clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, pid = excluded.pid, since = excluded.since,
        session_start = excluded.session_start, server_start = excluded.server_start
    WHERE held.server_start <> excluded.server_start OR NOT EXISTS (
        SELECT FROM pg_stat_get_activity(held.pid) AS live
        WHERE live.backend_start IS NULL OR held.session_start IS NULL OR live.backend_start = held.session_start
    )
    RETURNING name
    """  # noqa: S608
)
"""Takes a lock that is free, or whose holder's session has ended. Postgres hides when a session of another user began;
such a lock counts as held while its process number is in use. Sessions are checked after the row is locked, so no two
runs can take it."""
_FREE = text(
    f"DELETE FROM {SCHEMA}.locks WHERE name = :name AND pid = :pid AND session_start IS NOT DISTINCT FROM :started"  # noqa: S608
)


@dataclass(eq=False)
class Held(OnrecordError):
    """Another run holds the lock and did not end within the waiting time."""

    code = "held-by-run"
    _: KW_ONLY
    holder: str


@contextmanager
def one_at_a_time(engine: Engine, names: Sequence[str], *, holder: str, wait_seconds: float = 3600.0) -> Iterator[None]:
    """Hold the locks called ``names`` for the length of the block.

    Waits while somebody else holds one of them and logs who it is; raises :class:`Held` after ``wait_seconds``.
    ``holder`` is the name shown to others who wait. The locks belong to a connection of their own, so those of a killed
    run are free at once.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        previous_name = connection.scalar(text("SHOW application_name"))
        _set(connection, application_name=holder[:60], lock_timeout=f"{ROW_SECONDS}s", idle_session_timeout="0")
        me = connection.execute(_ME).mappings().one()
        who = f"{holder} (process {os.getpid()} on {socket.gethostname()})"
        taken: list[str] = []
        try:
            # Everybody takes locks in the same order, so that two runs never deadlock.
            for name in sorted(set(names)):
                _take(connection, {"name": name, "holder": who, **me}, wait_seconds)
                taken.append(name)
            yield
        finally:
            for name in taken:
                connection.execute(_FREE, {"name": name, **me})
            _set(connection, application_name=str(previous_name), lock_timeout="0", idle_session_timeout="0")


@contextmanager
def no_run(
    engine: Engine, configured: Iterable[str], *, holder: str, wait_seconds: float = 6 * 3600.0
) -> Iterator[None]:
    """Keep every run from starting for the length of the block, for ``configured`` sources and all sources ever stored.

    Waits for the runs in progress; raises :class:`Held` after ``wait_seconds``.
    """
    with engine.connect() as connection:
        names = {*configured, *connection.scalars(select(sources.c.id))}
    with one_at_a_time(engine, sorted(names), holder=holder, wait_seconds=wait_seconds):
        yield


def _set(connection: Connection, **settings: str) -> None:
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


def _take(connection: Connection, asked: dict[str, object], wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    waiting = False
    while not _taken(connection, asked):
        held = connection.execute(select(locks).where(locks.c.name == asked["name"])).one_or_none()
        who = f"{held.holder}, since {held.since:%F %T %Z}, database process {held.pid}" if held else "another run"
        if time.monotonic() >= deadline:
            raise Held(
                f"{who} is at work on {asked['name']}, and did not end within {wait_seconds:.0f} s; try again later",
                holder=who,
            )
        if not waiting:
            log.warning("run_waits", held_by=who, lock=asked["name"], at_most_seconds=wait_seconds)
            waiting = True
        time.sleep(POLL_SECONDS)


def _taken(connection: Connection, asked: dict[str, object]) -> bool:
    try:
        return connection.scalar(_TAKE, asked) is not None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
