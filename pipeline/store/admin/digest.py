"""One SHA-256 per table over its content, so that two states of the database can be compared.

Left out: runs, outcomes, fetches and deliveries; the health of sources; when we saw, tried or did something; where in
which WARC file bytes lie; and what only describes the last attempt. The publications' own dates are content and are
included.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, case, select

from pipeline.store import schema
from pipeline.store.alerts.outbox import DEAD, PENDING
from pipeline.store.types import CleanText

ALL = "all"

CONTENT: dict[Table, tuple[str, ...]] = {
    schema.sources: ("id", "title", "publisher", "country", "language", "home", "definition"),
    schema.urls: ("url", "source_id", "kind", "final_url", "body_sha256", "article_id"),
    schema.captures: ("id", "url", "source_id", "kind", "status", "body_sha256"),
    schema.articles: ("id", "url", "source_id", "lang", "title", "published_at", "published_raw"),
    schema.versions: (
        "id",
        "article_id",
        "n",
        "capture_id",
        "origin",
        "locator",
        "title",
        "text",
        "lang",
        "published_at",
        "published_raw",
        "modified_at",
        "extractor",
        "encoding",
        "flags",
        "code_version",
        "cause",
        "quoted_by",
    ),
    schema.readings: ("capture_id", "locator", "code_version", "version_id"),
    schema.quotes: (
        "id",
        "article_id",
        "words_sha256",
        "occurrence",
        "text",
        "lang",
        "type",
        "speaker_id",
        "speaker_name",
        "confidence",
        "rule",
        "code_version",
        "stance",
        "claimant",
        "claimant_id",
        "speaker_office",
        "formula",
        "text_kind",
    ),
    schema.quote_spans: (
        "quote_id",
        "version_id",
        "start",
        "end",
        "speaker_start",
        "speaker_end",
        "cue_start",
        "cue_end",
        "type",
        "speaker_id",
        "speaker_name",
        "confidence",
        "rule",
        "stance",
        "claimant",
        "claimant_id",
        "speaker_office",
        "formula",
        "text_kind",
    ),
    schema.edits: ("id", "article_id", "from_version", "to_version", "kind", "quote_id", "other_quote_id"),
    schema.speakers: tuple(column.name for column in schema.speakers.columns),
    schema.offices: tuple(column.name for column in schema.offices.columns),
    schema.names: tuple(column.name for column in schema.names.columns),
    schema.statements: (
        "id",
        "founding_quote_id",
        "founding_segment_id",
        "speaker_id",
        "speaker_name",
        "text",
        "lang",
        "type",
        "first_published_at",
        "stance",
        "claimant",
        "claimant_id",
    ),
    schema.people: ("id", "name_en", "name_ru", "names"),
    schema.statement_aliases: ("old_id", "new_id"),
    schema.segments: ("id", "quote_id", "start", "end", "statement_id", "how", "score", "words_digest", "stems"),
    schema.segment_links: (
        "a",
        "b",
        "kind",
        "score",
        "start_a",
        "end_a",
        "start_b",
        "end_b",
        "why",
        "code_version",
    ),
    schema.subscribers: ("id", "address"),
    schema.watches: ("id", "title", "definition", "subscriber_id", "enabled"),
    schema.alerts: ("id", "watch_id", "subscriber_id", "statement_id", "state"),
}
"""The columns of each table that are content."""

SETTLED = case((schema.alerts.c.state.in_((PENDING, DEAD)), schema.alerts.c.state), else_="settled")
"""Pending and dead alerts keep their state; all others count as one, since how an alert was sent depends on timing."""


def table_digests(connection: Connection) -> dict[str, str]:
    """SHA-256 in hex by table name, and under ``all`` one over all of them."""
    found = {table.name: _of_table(connection, table, columns) for table, columns in CONTENT.items()}
    together = hashlib.sha256()
    for name in sorted(found):
        together.update(f"{name} {found[name]}\n".encode())
    return {**found, ALL: together.hexdigest()}


def _of_table(connection: Connection, table: Table, columns: tuple[str, ...]) -> str:
    """Digest of a table, with rows ordered by key and code point, whatever the collation of the database."""
    order = [
        column.collate("C") if isinstance(column.type, CleanText) else column.asc().nulls_first()
        for column in list(table.primary_key.columns) or list(table.columns)
    ]
    query = select(*(SETTLED if table.c[name] is schema.alerts.c.state else table.c[name] for name in columns))
    query = query.order_by(*order)
    found = hashlib.sha256()
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        found.update(json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=True).encode() + b"\n")
    return found.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value
