"""What analysts may do: read the views of the schema ``analyst``, and nothing else.

The migrations make the views and a group role. Here is what belongs to a server rather than to a schema: a login for
our own server, and the rights that Postgres gives to everybody and that would let a reader write.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from pipeline.store import embedded

GROUP = "onrecord_analyst"
CONNECTIONS = 20
TEMP_FILE_LIMIT = "2GB"
"""Stops a runaway query that spills; only a superuser can set it back."""

WRITERS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)",
    "lo_unlink(oid)",
    "lowrite(integer, bytea)",
)
"""Functions of Postgres that everybody may call and that write or hold large objects."""

HOW_TO_ADD = (
    f"CREATE ROLE {GROUP} NOLOGIN; GRANT USAGE ON SCHEMA analyst TO {GROUP}; "
    f"GRANT SELECT ON ALL TABLES IN SCHEMA analyst TO {GROUP};"
)
"""For the owner of a server on which we may not create roles."""


def has_group(connection: Connection) -> bool:
    """Whether the analysts' role exists and may read the views."""
    return bool(
        connection.scalar(
            text(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role) "
                "AND to_regclass('analyst.quotes') IS NOT NULL "
                "AND (SELECT has_table_privilege(oid, 'analyst.quotes', 'SELECT') FROM pg_roles WHERE rolname = :role)"
            ),
            {"role": GROUP},
        )
    )


def open_to_analysts(engine: Engine, password: str) -> None:
    """Give our own server a login for analysts, and take from everybody the rights that let a reader write.

    For the embedded server only: there we are superuser and nobody else's database is beside ours. Can be repeated.
    """
    login = embedded.ANALYST
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": login}):
            connection.execute(text(f"CREATE ROLE {login} LOGIN IN ROLE {GROUP}"))
        quoted = connection.scalar(text("SELECT quote_literal(:password)"), {"password": password})
        connection.execute(text(f"ALTER ROLE {login} PASSWORD {quoted} CONNECTION LIMIT {CONNECTIONS}"))
        for setting, value in (
            ("search_path", "analyst"),
            ("default_transaction_read_only", "on"),
            ("statement_timeout", "'5min'"),
            ("idle_in_transaction_session_timeout", "'10min'"),
            ("temp_file_limit", f"'{TEMP_FILE_LIMIT}'"),
        ):
            connection.execute(text(f"ALTER ROLE {login} SET {setting} = {value}"))
        connection.execute(text(f"REVOKE ALL ON DATABASE {embedded.NAME} FROM PUBLIC"))
        connection.execute(text(f"GRANT CONNECT ON DATABASE {embedded.NAME} TO {GROUP}"))
        connection.execute(text(f"REVOKE ALL ON SCHEMA public, {embedded.NAME} FROM PUBLIC"))
        for function in WRITERS:
            connection.execute(text(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC"))
