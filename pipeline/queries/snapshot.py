"""Open the database for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, TimeoutError

from pipeline.config.settings import Settings
from pipeline.errors import QueryTooSlow, StoreUnreachable
from pipeline.store.engine import open_store

CANCELLED = "57014"
"""SQLSTATE of a statement that took longer than it may."""


@contextmanager
def open_snapshot(settings: Settings) -> Iterator[Connection]:
    """A read-only connection that sees one state of the database, for the length of the block.

    Counts and lists read from it agree, whatever is written meanwhile. Raises as
    :func:`pipeline.store.engine.open_store` does.
    """
    with open_store(settings) as engine, engine.connect() as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def bounded_snapshot(engine: Engine, seconds: float, role: str | None = None) -> Iterator[Connection]:
    """As :func:`open_snapshot`, of a store that is open, for many readers: no query may take longer than ``seconds``.

    ``role``: what it works as, if not as the user who logged in. Raises QueryTooSlow for a query that does,
    StoreUnreachable if the database is away or has no connection left.
    """
    with _bounded(seconds), engine.connect() as connection:
        bound = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        _bind(bound, seconds, role)
        yield bound


@contextmanager
def bounded_change(engine: Engine, seconds: float, role: str | None = None) -> Iterator[Connection]:
    """A connection on which the block's changes are made together or not at all. Raises as :func:`bounded_snapshot`."""
    with _bounded(seconds), engine.begin() as connection:
        _bind(connection, seconds, role)
        yield connection


def _bind(connection: Connection, seconds: float, role: str | None) -> None:
    """Limit the transaction: in one query, since each costs a way to the server and back."""
    limits = "SELECT set_config('statement_timeout', :limit, true), set_config('role', :role, true)"
    connection.execute(text(limits), {"limit": str(int(seconds * 1000)), "role": role or "none"})


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """In the block, errors of the database become those that a page can show."""
    try:
        yield
    except TimeoutError as error:
        raise StoreUnreachable("all connections to the database are in use; try again in a moment") from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state == CANCELLED:
            raise QueryTooSlow(f"the answer takes longer than {seconds:.0f} s: ask for less") from error
        if error.connection_invalidated or not state or state.startswith(("08", "28", "3D", "53", "55", "57P")):
            raise StoreUnreachable("the database does not answer; try again in a moment") from error
        raise
