"""Other sessions on our database: which of them block a migration, and analysts' sessions that exceed their limits.

Postgres lets every session lift its own time limits, so we enforce them from outside. That needs the right to end other
sessions: the embedded server's owner has it; elsewhere a member of ``pg_signal_backend`` and ``pg_read_all_stats``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.schema import SCHEMA
from pipeline.store.server.roles import ANALYSTS

log = structlog.get_logger()

STATEMENT_MINUTES, IDLE_MINUTES, TRANSACTION_MINUTES = 5, 10, 30
"""Limits for analysts: of one statement, of an idle transaction, and of a whole transaction."""
GRANT = "GRANT pg_signal_backend, pg_read_all_stats TO {user}"
"""Statement that grants us that right, for the superuser of the user's own server."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of another user or program on our database."""

    pid: int
    user: str
    application: str
    began: datetime | None
    """Start of its transaction; None if there is none, or if we may not see it."""

    def __str__(self) -> str:
        since = f", in a transaction since {self.began:%F %T %Z}" if self.began else ""
        program = "".join(it if it.isprintable() else "?" for it in self.application)
        return f"{self.user} ({program or 'no program named'}, database process {self.pid}{since})"


_MEMBERS = (
    "FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid WHERE a.datname = current_database() "
    "AND a.pid <> pg_backend_pid() AND a.usename <> current_user AND NOT r.rolsuper "
    "AND (SELECT pg_has_role(r.oid, g.oid, 'MEMBER') FROM pg_roles g WHERE g.rolname = :group)"
)
_OVERLONG = text(
    f"SELECT a.pid, a.usename, a.application_name, a.xact_start {_MEMBERS} "
    f"AND (a.state = 'active' AND a.query_start < now() - interval '{STATEMENT_MINUTES} min' "
    f"OR a.state LIKE 'idle in transaction%' AND a.state_change < now() - interval '{IDLE_MINUTES} min' "
    f"OR a.xact_start < now() - interval '{TRANSACTION_MINUTES} min')"
)
_BLOCKING = (
    "SELECT a.pid, a.usename, a.application_name, a.xact_start FROM pg_stat_activity a "
    "WHERE a.pid <> pg_backend_pid() AND a.pid IN (SELECT l.pid FROM pg_locks l "
    "JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() "
    "JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE l.granted AND n.nspname IN (:schema, 'analyst')) ORDER BY a.pid"
)


def blocking_sessions(connection: Connection) -> list[Session]:
    """Sessions that hold locks on our tables or views, for which a migration has to wait."""
    return [Session(*row) for row in connection.execute(text(_BLOCKING), {"schema": SCHEMA})]


def end_overlong(engine: Engine) -> list[Session]:
    """End analysts' sessions that exceed the limits, as far as we have the right; the sessions that were ended."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = [Session(*row) for row in connection.execute(_OVERLONG, {"group": ANALYSTS})]
        return _end(connection, found, "beyond the limits of analysts")


def end_blocking_analysts(engine: Engine) -> list[Session]:
    """End analysts' sessions that hold locks on our tables or views, as far as we may; the sessions that were ended."""
    members = text(f"SELECT a.pid {_MEMBERS}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analysts = set(connection.scalars(members, {"group": ANALYSTS}))
        return _end(
            connection, [it for it in blocking_sessions(connection) if it.pid in analysts], "in the way of an upgrade"
        )


def _end(connection: Connection, found: list[Session], why: str) -> list[Session]:
    ended = []
    for session in found:
        try:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": session.pid})
        except DBAPIError as error:
            mend = GRANT.format(user=connection.engine.url.username)
            log.warning("session_not_ended", session=str(session), why=why, reply=str(error.orig).strip(), mend=mend)
            continue
        log.warning("session_ended", session=str(session), why=why)
        ended.append(session)
    return ended
