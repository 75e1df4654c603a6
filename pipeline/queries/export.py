"""All quotes, each with its proof, for an export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Numeric, Select, Subquery, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.queries.rows import ExportedQuote, SearchQuestion
from pipeline.queries.search import matching_quotes
from pipeline.queries.statements import statements_of_quote
from pipeline.store.articles.quotes import NEWEST_VERSION_FIRST
from pipeline.store.schema import articles, captures, quote_spans, quotes, sources, statements, versions


def exported_quotes(
    connection: Connection, run_id: str | None = None, *, of: SearchQuestion | Sequence[str] | None = None
) -> Iterator[ExportedQuote]:
    """Every quote, those seen first first.

    The proof is that of the newest version that has the quote. With ``run_id``, only quotes in versions that the run
    read, with the newest of those versions as proof. ``of``: only the quotes that answer a question, or have these ids.
    """
    wanted = matching_quotes(connection, of) if isinstance(of, SearchQuestion) else of
    newest, reported = _newest_spans(run_id, wanted), statements_of_quote()
    query = (
        select(
            reported.c.statement_id,
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
            quotes.c.claimant_id,
            quotes.c.stance_confidence,
            quotes.c.speaker_office,
            reported.c.statement_ids,
        )
        .join(newest, newest.c.quote_id == quotes.c.id)
        .join(versions, versions.c.id == newest.c.version_id)
        .join(captures, captures.c.id == versions.c.capture_id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .outerjoin(reported, true())
        .outerjoin(statements, statements.c.id == reported.c.statement_id)
        .order_by(quotes.c.first_seen_at, quotes.c.article_id, newest.c.start)
    )
    for row in connection.execute(query, execution_options={"yield_per": 500}).mappings():
        yield ExportedQuote(**{**row, "statement_ids": tuple(row["statement_ids"])})


def _newest_spans(run_id: str | None, wanted: Select[tuple[str]] | Sequence[str] | None) -> Subquery:
    """The span of each quote in the newest version that has it, or in the newest of those that the run read."""
    spans = (
        select(quote_spans.c.quote_id, quote_spans.c.version_id, quote_spans.c.start, quote_spans.c.end)
        .ext(distinct_on(quote_spans.c.quote_id))
        .join(versions, versions.c.id == quote_spans.c.version_id)
        .order_by(quote_spans.c.quote_id, *NEWEST_VERSION_FIRST)
    )
    if run_id is not None:
        spans = spans.where(versions.c.run_id == run_id)
    if wanted is not None:
        spans = spans.where(quote_spans.c.quote_id.in_(wanted))
    return spans.subquery()
