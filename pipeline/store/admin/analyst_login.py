"""The analysts' read-only login: it can read the views of the schema ``analyst`` and nothing else.

The migrations create the views and a group role. This module does what belongs to the server rather than the schema: it
creates a login on the embedded server, and revokes rights that Postgres gives to everybody and that would let a reader
write.
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
"""``temp_file_limit`` stops queries that spill to disk without end, and only a superuser can lift it. A session can
lift the other limits; :mod:`pipeline.store.server.sessions` ends those that exceed them."""

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
"""Functions that everybody may call and that write or fill shared resources; advisory locks are closed as well."""

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
    """Create the analysts' login on the embedded server, and revoke from everybody the rights to write or to block.

    ``connection`` is the superuser's of the embedded server, which holds no other databases than ours. Can be repeated,
    and resets the password and settings, which the login's users can change.
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
    """Reset what users of the analysts' login may have changed of its settings and password, if the login exists."""
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
