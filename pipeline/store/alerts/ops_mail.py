"""Letters to whoever looks after the installation, kept from the moment they are due until they are handed over.

A letter is written in the transaction that makes it due, handed over, then marked: killed in between, it goes out again
with the same Message-ID, and none is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.store.schema import ops_letters

PENDING, SENT, DEAD = "pending", "sent", "dead"


@dataclass(frozen=True, slots=True)
class OpsLetter:
    """``id`` says what it is about, so that the same news makes one letter."""

    id: str
    subject: str
    text: str
    built_at: datetime


def add(connection: Connection, letter: OpsLetter) -> bool:
    """Have the letter sent; False if it was there already."""
    values = {"id": letter.id, "subject": letter.subject, "text": letter.text, "built_at": letter.built_at}
    statement = insert(ops_letters).values(values).on_conflict_do_nothing().returning(ops_letters.c.id)
    return connection.scalar(statement) is not None


def known(connection: Connection, letter_id: str) -> bool:
    """Whether there is such a letter, sent or not."""
    return connection.scalar(select(ops_letters.c.id).where(ops_letters.c.id == letter_id)) is not None


def pending(connection: Connection) -> list[OpsLetter]:
    """The letters to be sent, oldest first."""
    query = select(ops_letters).where(ops_letters.c.state == PENDING)
    rows = connection.execute(query.order_by(ops_letters.c.built_at, ops_letters.c.id))
    return [OpsLetter(row.id, row.subject, row.text, row.built_at) for row in rows]


def sent(connection: Connection, letter_id: str, *, reply: str, at: datetime) -> None:
    _mark(connection, letter_id, state=SENT, last_reply=reply, sent_at=at)


def put_off(connection: Connection, letter_id: str, *, reply: str) -> None:
    _mark(connection, letter_id, last_reply=reply)


def give_up(connection: Connection, letter_id: str, *, reply: str) -> None:
    _mark(connection, letter_id, state=DEAD, last_reply=reply)


def _mark(connection: Connection, letter_id: str, **values: object) -> None:
    one = update(ops_letters).where(ops_letters.c.id == letter_id)
    connection.execute(one.values(attempts=ops_letters.c.attempts + 1, **values))
