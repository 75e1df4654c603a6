"""The audit log as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from pipeline.queries.rows import AuditEntry
from pipeline.store.schema import audit


def audit_entries(connection: Connection) -> Iterator[AuditEntry]:
    """Every entry, oldest first."""
    columns = (audit.c.at, audit.c.who, audit.c.act, audit.c.subject, audit.c.reason, audit.c.detail)
    for row in connection.execute(select(*columns).order_by(audit.c.id)).mappings():
        yield AuditEntry(**row)
