"""Other sessions on our database: who is in the way, and what analysts leave running beyond their limits.

Postgres lets everybody lift the time limits of their own sessions, so they are kept from outside: whoever may end other
sessions (the embedded server's owner may; elsewhere a member of ``pg_signal_backend`` and ``pg_read_all_stats``) does.
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
"""How long an analyst's statement may take, a transaction may wait for the next one, and last in all."""
GRANT = "GRANT pg_signal_backend, pg_read_all_stats TO {user}"
"""For the superuser of a server of one's own, so that we may."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of somebody on our database."""

    pid: int
    user: str
    application: str
    began: datetime | None
    """Of its transaction; None if it is hidden from us."""

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
    """Sessions that hold locks on our tables or views, which a change of these has to wait for."""
    return [Session(*row) for row in connection.execute(text(_BLOCKING), {"schema": SCHEMA})]


def end_overlong(engine: Engine) -> list[Session]:
    """End what analysts have running beyond the limits, as far as we may; which sessions those were."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = [Session(*row) for row in connection.execute(_OVERLONG, {"group": ANALYSTS})]
        return _end(connection, found, "beyond the limits of analysts")


def end_blocking_analysts(engine: Engine) -> list[Session]:
    """End the analysts' sessions that hold locks on our tables or views, as far as we may; which ones those were."""
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
            log.warning("session.not_ended", session=str(session), why=why, reply=str(error.orig).strip(), mend=mend)
            continue
        log.warning("session.ended", session=str(session), why=why)
        ended.append(session)
    return ended
