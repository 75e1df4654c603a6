"""The address of the database for other programs: psql, a notebook, a dashboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, StoreUnreachable
from pipeline.store import analysts, binaries, embedded
from pipeline.store.engine import connect, engine_on, sqlalchemy_url

ANALYST_ROLE = "analyst"


@contextmanager
def address(settings: Settings, role: str | None = None) -> Iterator[str]:
    """A ``postgresql://`` address, password included; the embedded server is up for the length of the block.

    ``role="analyst"``: of the read-only login, which only the embedded server has; on a server of your own its owner
    makes one.
    """
    if role not in (None, ANALYST_ROLE):
        raise ConfigError(f"no role {role!r}: --role takes {ANALYST_ROLE}, or leave it out")
    if settings.database_url:
        if role:
            raise ConfigError(
                "ONRECORD_DATABASE_URL is set, and a login for analysts is for the owner of that server to make: "
                f"CREATE ROLE somebody LOGIN PASSWORD '...' IN ROLE {analysts.GROUP};"
            )
        url = sqlalchemy_url(settings.database_url).set(drivername="postgresql")
        yield url.render_as_string(hide_password=False)
        return
    with embedded.use(settings.postgres) as server:
        with connect(settings):
            pass  # makes the tables on first use
        if role:
            with engine_on(sqlalchemy_url(server.url())) as engine:
                analysts.open_to_analysts(engine, server.analyst_password)
        yield server.url(analyst=bool(role))


def psql() -> str:
    """The program for a session; StoreUnreachable if there is none."""
    ours = binaries.folder() / "psql"
    if ours.is_file():
        return str(ours)
    if found := shutil.which("psql"):
        return found
    raise StoreUnreachable(
        "no psql found: install PostgreSQL's client (Debian: postgresql-client), or give the address that "
        "`onrecord db url` prints to a program of your own"
    )
