"""WARC files as the store knows them: open, closed, uploaded to other storage."""

from __future__ import annotations

from sqlalchemy import Connection, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.store.schema import warc_files


def open_warc(connection: Connection, name: str, *, run_id: str) -> None:
    """Record a WARC file that is being written."""
    connection.execute(
        insert(warc_files).values(id=name, uri=name, run_id=run_id).on_conflict_do_nothing(index_elements=["id"])
    )


def close_warc(connection: Connection, name: str, *, sha256: str, size: int) -> None:
    """Record that a WARC file is complete, with its SHA-256 and length in bytes. An uploaded file is not changed."""
    statement = update(warc_files).where(
        warc_files.c.id == name,
        or_(
            warc_files.c.state == "open",
            and_(warc_files.c.state == "closed", warc_files.c.sha256.is_distinct_from(sha256)),
        ),
    )
    connection.execute(statement.values(state="closed", sha256=sha256, size=size))


def files_to_upload(connection: Connection) -> list[str]:
    """Names of the closed files that have not been uploaded, oldest first."""
    query = select(warc_files.c.id).where(warc_files.c.state == "closed").order_by(warc_files.c.run_id, warc_files.c.id)
    return list(connection.scalars(query))


def note_uploaded(connection: Connection, name: str, uri: str) -> None:
    """Record that a closed file was uploaded to ``uri``."""
    closed = update(warc_files).where(warc_files.c.id == name, warc_files.c.state == "closed")
    connection.execute(closed.values(state="uploaded", uri=uri))


def uploaded_sizes(connection: Connection) -> dict[str, int]:
    """Size in bytes of the uploaded files, by name."""
    query = select(warc_files.c.id, warc_files.c.size).where(warc_files.c.state == "uploaded")
    return {row.id: row.size or 0 for row in connection.execute(query)}
