"""Runs the migrations on the connection that pipeline.store.migrate hands over, or on ONRECORD_DATABASE_URL."""

from __future__ import annotations

import os
from typing import Any, Literal

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.types import TypeDecorator

from alembic import context
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.schema import SCHEMA, metadata


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Only our own schema is compared; the analysts' views are not tables."""
    return name == SCHEMA if kind == "schema" else True


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A migration stands alone: it names the type of the database, not the class of ours that wraps it."""
    if kind == "type" and isinstance(item, TypeDecorator):
        name = type(item.impl).__name__
        return f"postgresql.{name}()" if name == "JSONB" else f"sa.{name}()"
    return False


def migrate(connection: Connection) -> None:
    # The operator classes of pg_trgm are found wherever the extension lives.
    home = connection.scalar(
        text(
            "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'pg_trgm'"
        )
    )
    connection.execute(text(f"SET LOCAL search_path TO public, {home or SCHEMA}, {SCHEMA}"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    # A user named like the schema would have it first on the search path, and tables would compare as unqualified.
    connection.dialect.default_schema_name = "public"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=include_name,
        render_item=render_item,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
elif url := os.environ.get("ONRECORD_DATABASE_URL"):
    with create_engine(sqlalchemy_url(url)).begin() as own:
        migrate(own)
else:
    raise SystemExit("set ONRECORD_DATABASE_URL, or use `onrecord db upgrade`")
