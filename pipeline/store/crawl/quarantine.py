"""What a stage could not read: set aside with its reason, and tried again after a while, or by other code.

A worker that died, or was too slow on a busy machine, says nothing of the input: it is tried again by the next run and
then ever more rarely, so that a page which kills every worker does not cost every run. What breaks a limit for certain
waits for other code.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.records import Stage
from pipeline.store.schema import quarantine
from pipeline.store.types import index_key

RETRY_AFTER = (timedelta(0), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""How long after each failed try the next one is due, by the server's clock; after one more, only other code tries."""

_rows = quarantine.c
_NOT_DUE = or_(_rows.retry_at.is_(None), _rows.retry_at > func.now())


def held_back(stage: Stage, item: ColumnElement[Any], code_version: str) -> ColumnElement[bool]:
    """That this code is not to try an item as a whole again, or not yet."""
    return exists().where(
        _rows.stage == stage.value,
        _rows["item"] == item,
        _rows.locator == "",
        _rows.code_version == code_version,
        _NOT_DUE,
    )


def is_held_back(connection: Connection, stage: Stage, item: str, locator: str, *, code_version: str) -> bool:
    """Whether this code is not to try the item, or the part of it that ``locator`` names, again, or not yet."""
    found = exists().where(_same(stage, item, locator), _rows.code_version == code_version, _NOT_DUE)
    return bool(connection.scalar(select(found)))


def record_failure(
    connection: Connection, stage: Stage, item: str, locator: str = "", *, code_version: str, reason: str, certain: bool
) -> None:
    """Note that this code has failed on an item once more. ``certain``: it would fail again, so it is not to try."""
    row = {"stage": stage.value, "item": item, "locator": index_key(locator), "code_version": code_version}
    due = None if certain else func.now() + RETRY_AFTER[0]
    statement = insert(quarantine).values(**row, reason=reason, tries=1, retry_at=due)
    tries = _rows.tries + 1
    pauses = {failed_tries: literal(pause) for failed_tries, pause in enumerate(RETRY_AFTER, 1)}
    later = None if certain else func.now() + case(pauses, value=tries)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(row), set_={"reason": reason, "tries": tries, "retry_at": later}
        )
    )


def clear_failures(connection: Connection, stage: Stage, item: str, locator: str = "") -> None:
    """Forget an item that was read after all."""
    connection.execute(delete(quarantine).where(_same(stage, item, locator)))


def _same(stage: Stage, item: str, locator: str) -> ColumnElement[bool]:
    return and_(_rows.stage == stage.value, _rows["item"] == item, _rows.locator == index_key(locator))
