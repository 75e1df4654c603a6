"""One run at a time over the same ground: advisory locks, which Postgres lets go when their holder dies."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection, Engine, select, text

from pipeline.errors import OnrecordError
from pipeline.store.schema import sources

log = structlog.get_logger()

POLL_SECONDS = 0.5
SPACE = 0x6F72
"""First half of our two-part lock keys, so that other users of the database stay out of the way: ``or`` in ASCII."""

_TRY = text("SELECT pg_try_advisory_lock(:space, :key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:space, :key)")
_HOLDER = text(
    "SELECT a.pid, a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :space AND l.objid = :key AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1"
)


class Held(OnrecordError):
    """Another run holds the lock and did not end within the time we wait; the message says who it is."""


@contextmanager
def one_at_a_time(engine: Engine, names: Sequence[str], *, holder: str, wait_seconds: float = 3600.0) -> Iterator[None]:
    """Hold the locks called ``names`` for the length of the block.

    Waits for whoever holds one of them and logs who that is; after ``wait_seconds`` raises :class:`Held`. ``holder``
    is what others are told of us. The lock lives on a connection of its own, so a killed run lets it go at once.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        told = connection.scalar(text("SHOW application_name"))
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": holder[:60]})
        taken: list[int] = []
        try:
            # In one order for all, so that two runs never wait for each other.
            for name in sorted(set(names)):
                _take(connection, name, wait_seconds)
                taken.append(_key(name))
            yield
        finally:
            for key in taken:
                connection.execute(_UNLOCK, {"space": SPACE, "key": key})
            connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": told})


@contextmanager
def no_run(
    engine: Engine, configured: Iterable[str], *, holder: str, wait_seconds: float = 6 * 3600.0
) -> Iterator[None]:
    """Keep every run out for the length of the block: over sources that are ``configured``, and that ever were.

    Waits for the runs at work; raises :class:`Held` after ``wait_seconds``.
    """
    with engine.connect() as connection:
        names = {*configured, *connection.scalars(select(sources.c.id))}
    with one_at_a_time(engine, sorted(names), holder=holder, wait_seconds=wait_seconds):
        yield


def _key(name: str) -> int:
    """31 bits of the name's digest: ``pg_locks`` shows keys unsigned, and these read the same either way."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1


def _take(connection: Connection, name: str, wait_seconds: float) -> None:
    asked = {"space": SPACE, "key": _key(name)}
    deadline = time.monotonic() + wait_seconds
    waiting = False
    while not connection.scalar(_TRY, asked):
        other = connection.execute(_HOLDER, asked).one_or_none()
        who = f"{other.application_name} (since {other.backend_start:%F %T %Z})" if other else "another run"
        if time.monotonic() >= deadline:
            raise Held(f"{who} is at work on {name}, and did not end within {wait_seconds:.0f} s; try again later")
        if not waiting:
            log.info("run.waits", held_by=who, lock=name)
            waiting = True
        time.sleep(POLL_SECONDS)
