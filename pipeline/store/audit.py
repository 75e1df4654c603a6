"""The audit log: what administrators did to the installation (upgrades, takedowns, restores). Append-only."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, text

from pipeline.store.schema import audit


def add_audit_entry(
    connection: Connection, act: str, subject: str, *, reason: str = "", detail: Mapping[str, object] | None = None
) -> None:
    """Add an entry, dated now, with the name of the current user and machine."""
    connection.execute(
        insert(audit).values(
            at=datetime.now(UTC), who=_who(), act=act, subject=subject, reason=reason, detail=dict(detail or {})
        )
    )


def add_audit_entry_if_possible(engine: Engine, act: str, subject: str) -> None:
    """Add an entry, unless the database does not have the audit table yet."""
    with engine.begin() as connection:
        if connection.scalar(text("SELECT to_regclass(:name)"), {"name": str(audit)}) is not None:
            add_audit_entry(connection, act, subject)


def _who() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"  # a container's user may have no name
    return f"{user}@{socket.gethostname()}"
