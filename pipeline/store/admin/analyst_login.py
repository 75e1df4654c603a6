"""What analysts may do: read the views of the schema ``analyst``, and nothing else.

The migrations make the views and a group role. Here is what belongs to a server rather than to a schema: a login for
our own server, and the rights that Postgres gives to everybody and that would let a reader write.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from pipeline.store.schema import SCHEMA
from pipeline.store.server import roles

GROUP = roles.ANALYSTS
CONNECTIONS = 20
SETTINGS = {
    "search_path": "analyst",
    "default_transaction_read_only": "on",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "10min",
    "temp_file_limit": "2GB",
}
"""The last stops a runaway query that spills, and only a superuser can lift it. The others are for whoever means well:
Postgres lets a session lift them, and :mod:`pipeline.store.server.sessions` ends what exceeds them."""

CLOSED = (
    "lo_creat",
    "lo_create",
    "lo_from_bytea",
    "lo_open",
    "lo_put",
    "lo_unlink",
    "lowrite",
    "pg_logical_emit_message",
    "pg_notify",
)
"""Functions of Postgres that everybody may call and that write, or fill what all share; and all advisory locks."""

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


def open_to_analysts(connection: psycopg.Connection, password: str) -> None:
    """Give our own server a login for analysts, and take from everybody the rights that let a reader write or block.

    For the embedded server's superuser, whose connection this is: nobody else's database is beside ours there. Can be
    repeated, and sets back what whoever logged in has changed of its own password and settings.
    """
    login = roles.ANALYST
    with connection.transaction():
        connection.execute("SET LOCAL search_path = pg_catalog")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone():
            connection.execute(f"CREATE ROLE {login} LOGIN IN ROLE {GROUP}")
        limits = sql.SQL(f"ALTER ROLE {login} LOGIN INHERIT PASSWORD {{}} CONNECTION LIMIT {CONNECTIONS}")
        connection.execute(limits.format(sql.Literal(password)))
        _set_back(connection)
        connection.execute(f"REVOKE ALL ON DATABASE {roles.OWNER} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {roles.OWNER} TO {GROUP}")
        connection.execute(f"REVOKE ALL ON SCHEMA public, {SCHEMA} FROM PUBLIC")
        for (function,) in connection.execute(_OPEN_FUNCTIONS, (list(CLOSED),)).fetchall():
            connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function)))


def set_back(root: Path, port: int, password: str) -> None:
    """Take back what the analysts' login of our own server may have changed of itself, if there is one."""
    with roles.superuser_connection(root, port) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (roles.ANALYST,)).fetchone():
            open_to_analysts(connection, password)


def _set_back(connection: psycopg.Connection) -> None:
    connection.execute(f"ALTER ROLE {roles.ANALYST} RESET ALL")
    connection.execute(f"ALTER ROLE {roles.ANALYST} IN DATABASE {roles.OWNER} RESET ALL")
    for setting, value in SETTINGS.items():
        words = sql.SQL(f"ALTER ROLE {roles.ANALYST} SET {setting} = {{}}")
        connection.execute(words.format(sql.Literal(value)))


_OPEN_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (p.proname = ANY(%s) OR p.proname ~ '^pg_(try_)?advisory_')
AND has_function_privilege('public', p.oid, 'EXECUTE')
"""
