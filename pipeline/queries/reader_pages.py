"""What a reader of e-mails may know and change without signing in: own watches and whether they are stopped."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from pipeline.store.schema import subscribers, watches


@dataclass(frozen=True, slots=True)
class ReaderWatch:
    """A watch of a reader."""

    id: str
    title: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class ReaderEmails:
    """The e-mails of one reader. The address is not part of it: links show it to whoever has one."""

    id: str
    stopped: bool
    """Whether all e-mails are stopped."""
    watches: tuple[ReaderWatch, ...]
    """In the order of their titles."""


def load_reader_emails(connection: Connection, reader: str) -> ReaderEmails | None:
    """The e-mails of the subscriber with this id; None if there is none."""
    row = connection.execute(
        select(subscribers.c.id, subscribers.c.stopped_at).where(subscribers.c.id == reader)
    ).one_or_none()
    if row is None:
        return None
    own = connection.execute(
        select(watches.c.id, watches.c.title, watches.c.stopped_at)
        .where(watches.c.subscriber_id == reader, watches.c.enabled)
        .order_by(watches.c.title, watches.c.id)
    )
    found = tuple(ReaderWatch(it.id, it.title or it.id, it.stopped_at is not None) for it in own)
    return ReaderEmails(row.id, row.stopped_at is not None, found)
