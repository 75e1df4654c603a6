"""The role that web pages work as: it reads what they show, and stops e-mails; it can do nothing else.

Pages log in as the owner and take this role for each transaction, so that a mistake in a query of theirs can neither
change the record nor read a reader's address.
"""

from __future__ import annotations

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.schema import SCHEMA, metadata
from pipeline.store.server.roles import WEB

log = structlog.get_logger()

PRIVATE = frozenset({"alerts", "audit", "deliveries", "locks", "ops_letters", "subscribers", "watches"})
"""Tables that no page shows."""
OF_READERS = (
    ("SELECT (id, stopped_at)", "subscribers"),
    ("UPDATE (stopped_at)", "subscribers"),
    ("SELECT (id, title, subscriber_id, enabled, stopped_at, since)", "watches"),
    ("UPDATE (stopped_at, since)", "watches"),
)
"""What the page needs on which a reader stops e-mails: no addresses, no definitions."""


def prepare_web_role(engine: Engine) -> str | None:
    """Make the role, or give it what it lacks, and give back its name; None where we may not: pages work as we do.

    Can be repeated, also by several at a time.
    """
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            _make_role(connection)
            if not _is_complete(connection):
                # Two sessions that grant rights to one table at a time would fail.
                connection.execute(text(f"LOCK TABLE {SCHEMA}.sources IN SHARE UPDATE EXCLUSIVE MODE"))
                _grant(connection)
    except DBAPIError as error:
        log.warning("web_role_not_made", reply=" ".join(str(error.orig).split()), role=WEB)
        return None
    return WEB


def _make_role(connection: Connection) -> None:
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": WEB}):
        connection.execute(text(f"CREATE ROLE {WEB} NOLOGIN"))
    if not connection.scalar(text("SELECT pg_has_role(current_user, :role, 'MEMBER')"), {"role": WEB}):
        connection.execute(text(f"GRANT {WEB} TO CURRENT_USER"))


def _public_tables() -> list[str]:
    return [table.name for table in metadata.sorted_tables if table.name not in PRIVATE]


def _is_complete(connection: Connection) -> bool:
    query = text(
        "SELECT bool_and(has_table_privilege(:role, to_regclass(:schema || '.' || name), 'SELECT')) "
        "AND has_column_privilege(:role, to_regclass(:schema || '.watches'), 'since', 'UPDATE') "
        "AND has_schema_privilege(:role, :schema, 'USAGE') FROM unnest(CAST(:names AS text[])) AS t (name)"
    )
    return bool(connection.scalar(query, {"role": WEB, "schema": SCHEMA, "names": _public_tables()}))


def _grant(connection: Connection) -> None:
    connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {WEB}"))
    for table in _public_tables():
        connection.execute(text(f"GRANT SELECT ON {SCHEMA}.{table} TO {WEB}"))
    for right, table in OF_READERS:
        connection.execute(text(f"GRANT {right} ON {SCHEMA}.{table} TO {WEB}"))
