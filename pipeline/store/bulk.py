"""Many rows in one statement: the values of each column go to the server as one array."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Subquery, Table, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

_JOINT = "\x1f"
"""Between the elements of an array within an array: arrays of arrays must be of one length."""


def among(column: ColumnElement[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Condition: a text column has one of these values."""
    return column == any_(literal(sorted(names), ARRAY(Text)))


def rows_of(columns: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]], name: str = "given") -> Subquery:
    """The rows as a table to select from, in their order."""
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    selected = [
        func.unnest(literal(list(of_column), ARRAY(type_))).label(column)
        for (column, type_), of_column in zip(columns.items(), values, strict=True)
    ]
    return select(*selected).subquery(name)


def upsert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns; those whose key is there already get the other values."""
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    plain = {column.name: Text() if isinstance(column.type, ARRAY) else column.type for column in columns}
    given = rows_of(plain, [[_plain(row[column.name]) for column in columns] for row in rows])
    values = [
        func.string_to_array(given.c[column.name], _JOINT) if isinstance(column.type, ARRAY) else given.c[column.name]
        for column in columns
    ]
    new = insert(table).from_select(list(plain), select(*values))
    key = list(table.primary_key.columns)
    updates = {column.name: new.excluded[column.name] for column in columns if column not in key}
    connection.execute(new.on_conflict_do_update(index_elements=key, set_=updates))


def _plain(value: Any) -> Any:
    return _JOINT.join(value) if isinstance(value, list | tuple) else value
