"""Export of quotes as rows for a spreadsheet, each with its proof; cells are protected against formula injection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Numeric, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.runtime.escaping import escape_control_characters
from pipeline.store.schema import (
    articles,
    captures,
    quote_spans,
    quotes,
    sources,
    statement_quotes,
    statements,
    versions,
)

COLUMNS = (
    "statement_id",
    "quote_id",
    "speaker_id",
    "speaker_name",
    "quote",
    "type",
    "lang",
    "confidence",
    "source_id",
    "source",
    "url",
    "title",
    "published_at",
    "first_seen_at",
    "statement_first_published_at",
    "article_id",
    "version_id",
    "start",
    "end",
    "warc_file",
    "warc_offset",
    "warc_length",
    "warc_sha256",
    "stance",
    "claimant",
)

FORMULA = frozenset("=+-@\t\r\n%＝＋－＠")
"""First characters that make a spreadsheet read a cell as a formula (OWASP, CSV injection), full-width ones too."""


def safe_cell(value: object) -> str:
    """The value as the text of a cell: a leading apostrophe stops a spreadsheet from running it as a formula.

    Spaces at the start, no-break spaces and the like included, do not hide a formula from a spreadsheet, so they are
    skipped in the check. Control characters are escaped.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, int | float):
        return str(value)
    shown = str(value)
    visible = shown.lstrip(" \u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff")
    mark = "'" if shown[:1] in FORMULA or visible[:1] in FORMULA else ""
    return mark + escape_control_characters(shown)


def export_rows(connection: Connection, run_id: str | None = None) -> Iterator[list[str]]:
    """One row of cells for each quote, in the order of :data:`COLUMNS`; the quotes seen first come first.

    The proof is that of the newest version that has the quote. With ``run_id``, only quotes in versions that the run
    read, with the newest of those versions as proof.
    """
    spans = (
        select(quote_spans.c.quote_id, quote_spans.c.version_id, quote_spans.c.start, quote_spans.c.end)
        .ext(distinct_on(quote_spans.c.quote_id))
        .join(versions, versions.c.id == quote_spans.c.version_id)
        .order_by(quote_spans.c.quote_id, versions.c.seen_at.desc(), versions.c.n.desc())
    )
    if run_id is not None:
        spans = spans.where(versions.c.run_id == run_id)
    newest = spans.subquery()
    query = (
        select(
            statement_quotes.c.statement_id,
            quotes.c.id.label("quote_id"),
            quotes.c.speaker_id,
            quotes.c.speaker_name,
            quotes.c.text.label("quote"),
            quotes.c.type,
            quotes.c.lang,
            func.round(quotes.c.confidence.cast(Numeric), 3).label("confidence"),
            articles.c.source_id,
            sources.c.title.label("source"),
            articles.c.url,
            articles.c.title,
            articles.c.published_at,
            quotes.c.first_seen_at,
            statements.c.first_published_at.label("statement_first_published_at"),
            quotes.c.article_id,
            newest.c.version_id,
            newest.c.start,
            newest.c.end,
            captures.c.warc_id.label("warc_file"),
            captures.c.warc_offset,
            captures.c.warc_length,
            captures.c.sha256.label("warc_sha256"),
            quotes.c.stance,
            quotes.c.claimant,
        )
        .join(newest, newest.c.quote_id == quotes.c.id)
        .join(versions, versions.c.id == newest.c.version_id)
        .join(captures, captures.c.id == versions.c.capture_id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .outerjoin(statement_quotes, statement_quotes.c.quote_id == quotes.c.id)
        .outerjoin(statements, statements.c.id == statement_quotes.c.statement_id)
        .order_by(quotes.c.first_seen_at, quotes.c.article_id, newest.c.start)
    )
    for row in connection.execute(query, execution_options={"yield_per": 500}).mappings():
        yield [safe_cell(row[name]) for name in COLUMNS]
