"""Who gets e-mails: readers stop and resume those of one watch or all; mailboxes that refuse them are suspended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, or_, select, update

from pipeline.store.schema import subscribers, watches


def stop_emails(connection: Connection, reader: str, watch: str | None, now: datetime) -> bool:
    """Stop the e-mails of a watch (None: all e-mails) to the subscriber ``reader`` from now on, also those that wait.

    False if there is no such subscriber, or no such watch of theirs. A second time changes nothing.
    """
    if not _is_known(connection, reader, watch):
        return False
    table, which = _target(reader, watch)
    connection.execute(update(table).where(which, table.c.stopped_at.is_(None)).values(stopped_at=now))
    return True


def resume_emails(connection: Connection, reader: str, watch: str | None, now: datetime) -> bool:
    """Take back :func:`stop_emails`: the watch, or all of the reader's, starts anew, so that nothing is sent belatedly.

    False if there is no such subscriber, or no such watch of theirs.
    """
    if not _is_known(connection, reader, watch):
        return False
    table, which = _target(reader, watch)
    stopped = connection.scalars(update(table).where(which, table.c.stopped_at.is_not(None)).values(stopped_at=None)
                                 .returning(table.c.id)).all()  # fmt: skip
    if stopped:
        own = watches.c.subscriber_id == reader if watch is None else watches.c.id == watch
        connection.execute(update(watches).where(own).values(since=now))
    return True


def resume_mailbox(connection: Connection, address: str) -> bool | None:
    """Take back the suspension of a mailbox that refused e-mails; whether it was suspended, None if nobody has it."""
    own = subscribers.c.address == address
    before = connection.execute(select(subscribers.c.suspended_at).where(own)).one_or_none()
    connection.execute(update(subscribers).where(own).values(suspended_at=None, refusals=0))
    return None if before is None else before.suspended_at is not None


def receives_emails() -> ColumnElement[bool]:
    """Condition on a row of ``watches``: it is in use, and neither it nor its reader's mailbox was stopped."""
    idle = (subscribers.c.id == watches.c.subscriber_id) & or_(
        subscribers.c.stopped_at.is_not(None), subscribers.c.suspended_at.is_not(None)
    )
    return and_(watches.c.enabled, watches.c.stopped_at.is_(None), ~exists(select(subscribers.c.id).where(idle)))


def _is_known(connection: Connection, reader: str, watch: str | None) -> bool:
    table, which = _target(reader, watch)
    return connection.scalar(select(table.c.id).where(which)) is not None


def _target(reader: str, watch: str | None) -> tuple[Table, ColumnElement[bool]]:
    if watch is None:
        return subscribers, subscribers.c.id == reader
    return watches, (watches.c.id == watch) & (watches.c.subscriber_id == reader)
