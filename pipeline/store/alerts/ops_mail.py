"""The outbox of e-mails to the ops mailbox: kept from the moment they are due until they are sent.

An e-mail is inserted in the transaction that makes it due, sent, then marked: after a kill in between it is sent again
with the same Message-ID, and none is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.store.schema import ops_letters

PENDING, SENT, DEAD = "pending", "sent", "dead"


@dataclass(frozen=True, slots=True)
class OpsEmail:
    """An e-mail to the ops mailbox. ``id`` names its subject matter, so that the same news is sent once."""

    id: str
    subject: str
    text: str
    built_at: datetime


def add_ops_email(connection: Connection, email: OpsEmail, *, notified_by: str = "") -> bool:
    """Queue the e-mail; False if it was there already. ``notified_by``: another that said it, so none is sent."""
    values = {"id": email.id, "subject": email.subject, "text": email.text, "built_at": email.built_at}
    if notified_by:
        values |= {"state": SENT, "last_reply": f"said by {notified_by}", "sent_at": email.built_at}
    statement = insert(ops_letters).values(values).on_conflict_do_nothing().returning(ops_letters.c.id)
    return connection.scalar(statement) is not None


def has_ops_email(connection: Connection, email_id: str) -> bool:
    """Whether there is such an e-mail, sent or not."""
    return connection.scalar(select(ops_letters.c.id).where(ops_letters.c.id == email_id)) is not None


def sent_ops_emails(connection: Connection, email_ids: Collection[str]) -> set[str]:
    """Those of the ids whose e-mail the mail server has accepted."""
    sent = ops_letters.c.id.in_(email_ids) & (ops_letters.c.state == SENT)
    return set(connection.scalars(select(ops_letters.c.id).where(sent)))


def pending_ops_emails(connection: Connection) -> list[OpsEmail]:
    """The e-mails to be sent, oldest first."""
    query = select(ops_letters).where(ops_letters.c.state == PENDING)
    rows = connection.execute(query.order_by(ops_letters.c.built_at, ops_letters.c.id))
    return [OpsEmail(row.id, row.subject, row.text, row.built_at) for row in rows]


def mark_ops_email_sent(connection: Connection, email_id: str, *, reply: str, at: datetime) -> None:
    """Record that the e-mail was sent, with the server's reply."""
    _mark(connection, email_id, state=SENT, last_reply=reply, sent_at=at)


def put_off_ops_email(connection: Connection, email_id: str, *, reply: str) -> None:
    """Record a failed try; the e-mail stays pending."""
    _mark(connection, email_id, last_reply=reply)


def give_up_ops_email(connection: Connection, email_id: str, *, reply: str) -> None:
    """Record that the e-mail cannot be delivered; it is not tried again."""
    _mark(connection, email_id, state=DEAD, last_reply=reply)


def _mark(connection: Connection, email_id: str, **values: object) -> None:
    one = update(ops_letters).where(ops_letters.c.id == email_id)
    connection.execute(one.values(attempts=ops_letters.c.attempts + 1, **values))
