"""Quarantine: items on which a stage failed, with the reason, to be retried later with backoff, or by newer code.

A worker that crashed or timed out on a busy machine does not prove the input bad: it is retried by the next run and
then at growing intervals, so that a page which crashes every worker does not cost every run. Input that certainly
exceeds a limit waits for newer code.
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
"""Delay after each failed try, by the server's clock. After one more failure only other code versions try again."""

_rows = quarantine.c
_NOT_DUE = or_(_rows.retry_at.is_(None), _rows.retry_at > func.now())


def held_back(stage: Stage, item: ColumnElement[Any], code_version: str) -> ColumnElement[bool]:
    """Condition: this code must not try the item as a whole, or not yet."""
    return exists().where(
        _rows.stage == stage.value,
        _rows["item"] == item,
        _rows.locator == "",
        _rows.code_version == code_version,
        _NOT_DUE,
    )


def is_held_back(connection: Connection, stage: Stage, item: str, locator: str, *, code_version: str) -> bool:
    """Whether this code must not try the item, or its part ``locator``, or not yet."""
    found = exists().where(_same(stage, item, locator), _rows.code_version == code_version, _NOT_DUE)
    return bool(connection.scalar(select(found)))


def record_failure(
    connection: Connection, stage: Stage, item: str, locator: str = "", *, code_version: str, reason: str, certain: bool
) -> None:
    """Record one more failure of this code on an item. ``certain``: this code would fail again, so never retry."""
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
    """Remove an item that was read after all."""
    connection.execute(delete(quarantine).where(_same(stage, item, locator)))


def _same(stage: Stage, item: str, locator: str) -> ColumnElement[bool]:
    return and_(_rows.stage == stage.value, _rows["item"] == item, _rows.locator == index_key(locator))
