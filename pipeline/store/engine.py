"""Open the database: a checked SQLAlchemy engine on the user's PostgreSQL server or on the embedded one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.config.secrecy import without_password
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, StoreUnreachable
from pipeline.runtime import private_files
from pipeline.store import migrate
from pipeline.store.server import embedded, server_process

log = structlog.get_logger()

_RETRY_SECONDS = 1.0

OLDEST = 150000
"""``server_version_num`` of PostgreSQL 15.0."""

MEND = (
    "Make a new database with the right locale (template0 lets you choose it) and point ONRECORD_DATABASE_URL at it:\n"
    "  PostgreSQL 17, 18: createdb --template=template0 --encoding=UTF8 --locale-provider=builtin "
    "--builtin-locale=C.UTF-8 --lc-collate=C --lc-ctype=C.UTF-8 NAME\n"
    "  PostgreSQL 15, 16: createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 NAME"
)


@contextmanager
def open_store(settings: Settings, *, migrated: bool = True) -> Iterator[Engine]:
    """An engine on a database that is usable and up to date, for the length of the block.

    The embedded server is started if it does not run, and stopped by its last user. An embedded or empty database is
    migrated first; any other that is behind is refused, with a message that says what to do. ``migrated=False`` skips
    the migrations, for the commands that manage them. Raises :class:`StoreUnreachable` or :class:`ConfigError`.
    """
    private_files.close_to_others(settings.home)
    with _server(settings) as (url, ours), engine_on(url) as engine:
        if not ours:
            check_fit(engine)
        try:
            if migrated:
                migrate.ensure_current(engine, ours=ours)
            yield engine
        except DBAPIError as error:
            if not _lost(error):
                raise
            mend = "Make room for it and run" if _full(error, settings, ours=ours) else "Run"
            raise StoreUnreachable(
                f"lost the database {display_address(engine)}: {_reply(error)}\n"
                f"What was finished is stored. {mend} the same command again once the server is back.",
                database=display_address(engine),
            ) from error


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[URL, bool]]:
    """The address to connect to, and whether it is the embedded server, which runs for the length of the block."""
    if settings.database_url:
        yield sqlalchemy_url(settings.database_url), False
        return
    with embedded.use(settings.postgres) as server:
        yield sqlalchemy_url(server.url()), True


def _lost(error: DBAPIError) -> bool:
    """Whether the connection was lost: the server is gone, is starting or stopping, or accepts no more connections."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("08", "57P", "53"))


def _full(error: DBAPIError, settings: Settings, *, ours: bool) -> bool:
    """Whether the server's disk is full; after a crash there is no SQLSTATE, so free space is checked too."""
    return getattr(error.orig, "sqlstate", "") == "53100" or (ours and server_process.out_of_room(settings.postgres))


def _reply(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())


def sqlalchemy_url(address: str) -> URL:
    """The URL for SQLAlchemy's psycopg driver. Raises ConfigError unless the scheme is one of PostgreSQL's."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"ONRECORD_DATABASE_URL is no address of a database: {_form()}") from error
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ConfigError(f"ONRECORD_DATABASE_URL starts with {url.drivername}://, which is not PostgreSQL: {_form()}")
    return url.set(drivername="postgresql+psycopg")


def _form() -> str:
    return "write postgresql://USER:PASSWORD@HOST:PORT/NAME"


@contextmanager
def engine_on(url: URL) -> Iterator[Engine]:
    """An engine with our connection settings, without checking the server, for the length of the block."""
    arguments = {"connect_timeout": 10, "application_name": "onrecord", "client_encoding": "utf8"}
    engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15, connect_args=arguments)
    try:
        yield engine
    finally:
        engine.dispose()


def display_address(engine: Engine) -> str:
    """The address of the database without passwords, for messages."""
    return without_password(engine.url.set(drivername="postgresql").render_as_string(hide_password=True))


def wait_for_server(settings: Settings, seconds: float) -> None:
    """Return as soon as the user's own server accepts a connection; at once for the embedded one, which we start.

    Tried once a second. Raises :class:`StoreUnreachable` with the server's last answer after ``seconds``, and at once
    if the server answers but its database cannot be used.
    """
    if not settings.database_url:
        return
    deadline = time.monotonic() + seconds
    with engine_on(sqlalchemy_url(settings.database_url)) as engine:
        while True:
            try:
                check_fit(engine)
                return
            except StoreUnreachable as error:
                if not isinstance(error.__cause__, DBAPIError) or time.monotonic() >= deadline:
                    raise
                log.info("waits_for_database", address=display_address(engine), reply=_reply(error.__cause__))
            time.sleep(_RETRY_SECONDS)


def check_fit(engine: Engine) -> None:
    """Raise :class:`StoreUnreachable` unless the server answers, is new enough and can search Russian text."""
    try:
        with engine.connect() as connection:
            number = int(connection.scalar(text("SHOW server_version_num")) or 0)
            problem = _too_old(number) or russian_problem(connection)
    except DBAPIError as error:
        raise StoreUnreachable(
            f"cannot reach the database {display_address(engine)}: {_reply(error)}\n"
            "Check ONRECORD_DATABASE_URL and that the server runs; unset it to use the database onrecord brings along.",
            database=display_address(engine),
        ) from error
    if problem:
        where = display_address(engine)
        raise StoreUnreachable(f"the database {where} cannot be used: {problem}", database=where)


def _too_old(number: int) -> str:
    if number >= OLDEST:
        return ""
    return f"it is PostgreSQL {number // 10000}, and onrecord needs 15 to 18. Upgrade the server or use another."


def russian_problem(connection: Connection) -> str:
    """Why Russian text cannot be searched in this database, with the fix; empty if it can.

    In a database created under the C locale ``lower()`` does not change Cyrillic, stemming does nothing and pg_trgm
    finds no trigrams, all without an error.
    """
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        return f"its encoding is {encoding}, not UTF8.\n{MEND}"
    folds = connection.scalar(text("SELECT lower('ПУТИН') = 'путин' AND 'КРЕМЛЬ' ILIKE 'кремль'"))
    stems = connection.scalar(
        text(
            "SELECT to_tsvector('pg_catalog.russian', 'ПРЕЗИДЕНТА Путина') "
            "@@ to_tsquery('pg_catalog.russian', 'президент & путин')"
        )
    )
    if not (folds and stems):
        return f"Russian text search is broken in it, since its locale knows no Cyrillic.\n{MEND}"
    home = connection.scalar(
        text(
            "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'pg_trgm'"
        )
    )
    if home and (connection.scalar(text(f"SELECT {home}.similarity('Кремль', 'кремль')")) or 0) < 1:
        return f"pg_trgm finds no Russian letters in it, since its LC_CTYPE knows no Cyrillic.\n{MEND}"
    return ""


@dataclass(frozen=True, slots=True)
class ServerState:
    """What a server has and offers."""

    version: str
    trigrams: str | None
    """Version of the extension pg_trgm in this database; None if it is not installed."""
    offers_trigrams: bool
    has_views: bool
    """Whether the views for analysts have been made."""


def server_state(connection: Connection) -> ServerState:
    """The server's version, and which of the parts that onrecord needs are there."""
    row = connection.execute(
        text(
            "SELECT current_setting('server_version') AS version, "
            "(SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams, "
            "EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS offers_trigrams, "
            "to_regclass('analyst.quotes') IS NOT NULL AS has_views"
        )
    ).one()
    return ServerState(row.version, row.trigrams, row.offers_trigrams, row.has_views)
