"""Pages of a list in the order of time: each begins after the last row of the one before, whatever was added since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Double, and_, literal, or_, true

from pipeline.queries.rows import TimeCursor


def after_cursor(
    after: TimeCursor | None, at: ColumnElement[Any], name: ColumnElement[Any], rank: ColumnElement[Any] | None = None
) -> ColumnElement[bool]:
    """Condition: a row comes after the cursor in the order of rank (if any), time, id.

    The highest rank and the newest time are first, rows without a time last, equal ones in the order of their ids. All
    rows do if there is no cursor.
    """
    if after is None:
        return true()
    if after.at is None:
        later = and_(at.is_(None), name > after.id)
    else:
        later = or_(at < after.at, and_(at == after.at, name > after.id), at.is_(None))
    if rank is None or after.rank is None:
        return later
    last = literal(after.rank, Double)
    return or_(rank < last, and_(rank == last, later))
