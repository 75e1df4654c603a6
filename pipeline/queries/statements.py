"""Statements with their reports and context, and where the ids of statements lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on
from sqlalchemy.sql.selectable import LateralFromClause

from pipeline.language.sentences import sentences_after, sentences_before
from pipeline.queries.rows import ReportLink, StatementReport, StatementView
from pipeline.store.articles.quotes import NEWEST_VERSION_FIRST
from pipeline.store.schema import (
    articles,
    quote_spans,
    quotes,
    segment_links,
    segments,
    sources,
    statement_aliases,
    statements,
    versions,
)

CONTEXT = 600
"""Characters of text before and after a quote that are searched for its neighbouring sentences."""


def current_statement_id(connection: Connection, name: str) -> str | None:
    """The id that a statement has now, from any id it was ever given; None if there is no such statement.

    A statement that was merged into another leads to that one: what links and e-mails name is found for ever.
    """
    if connection.scalar(select(statements.c.id).where(statements.c.id == name)) is not None:
        return name
    return connection.scalar(select(statement_aliases.c.new_id).where(statement_aliases.c.old_id == name))


def load_statement_views(
    connection: Connection, names: Sequence[str], *, every_report: bool = False
) -> list[StatementView]:
    """The statements with these ids, in the order given; unknown ids are left out.

    Of an article that says it several times the first report is shown, or with ``every_report`` each.
    """
    rows = {row.id: row for row in connection.execute(select(statements).where(statements.c.id.in_(names)))}
    reports: dict[str, list[tuple[StatementReport, float]]] = defaultdict(list)
    for statement, report, confidence in _reports(connection, names):
        reports[statement].append((report, confidence))
    return [_view(rows[name], reports[name], every_report=every_report) for name in names if name in rows]


def newest_statements(connection: Connection, limit: int) -> list[StatementView]:
    """The statements published last, newest first; those of undated articles come last."""
    order = (statements.c.first_published_at.desc().nulls_last(), statements.c.first_seen_at.desc(), statements.c.id)
    query = select(statements.c.id).where(statements.c.stance == "said").order_by(*order).limit(limit)
    names = list(connection.scalars(query))
    found = {view.id: view for view in load_statement_views(connection, names)}
    return [found[name] for name in names]


def _view(row: Row[Any], reports: Sequence[tuple[StatementReport, float]], *, every_report: bool) -> StatementView:
    """``confidence`` is that of the most certain report."""
    shown = [report for report, _ in reports]
    if not every_report:
        shown = list({report.url: report for report in reversed(shown)}.values())[::-1]
    return StatementView(
        id=row.id,
        speaker_id=row.speaker_id,
        speaker_name=row.speaker_name,
        text=row.text,
        lang=row.lang,
        type=row.type,
        confidence=max((confidence for _, confidence in reports), default=0.0),
        first_published_at=row.first_published_at,
        first_published_on=next(
            (report.published_on for report, _ in reports if report.published_at == row.first_published_at), None
        ),
        first_seen_at=row.first_seen_at,
        reports=tuple(shown),
        stance=row.stance,
        claimant=row.claimant,
        claimant_id=row.claimant_id,
        stance_confidence=row.stance_confidence,
    )


def _reports(connection: Connection, names: Sequence[str]) -> Iterator[tuple[str, StatementReport, float]]:
    """Statement id, report and confidence, first published first."""
    span = quote_spans.alias()
    start, text = span.c.start + segments.c.start, versions.c.text
    words = func.substr(quotes.c.text, segments.c.start + 1, segments.c.end - segments.c.start)
    query = (
        select(
            segments.c.statement_id,
            articles.c.source_id,
            sources.c.title.label("source_title"),
            articles.c.url,
            articles.c.title,
            articles.c.published_at,
            articles.c.published_on,
            quotes.c.id,
            quotes.c.article_id,
            segments.c.start,
            segments.c.end,
            segments.c.how,
            segments.c.score,
            words.label("words"),
            func.coalesce(start, 0).label("place"),
            quotes.c.first_seen_at,
            quotes.c.confidence,
            func.substr(text, func.greatest(start - CONTEXT, 0) + 1, func.least(start, CONTEXT)).label("before"),
            func.substr(text, span.c.start + segments.c.end + 1, CONTEXT).label("after"),
        )
        .ext(distinct_on(segments.c.id))
        .join(quotes, quotes.c.id == segments.c.quote_id)
        .join(articles, articles.c.id == quotes.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .outerjoin(span, span.c.quote_id == quotes.c.id)
        .outerjoin(versions, versions.c.id == span.c.version_id)
        .where(segments.c.statement_id.in_(names))
        .order_by(segments.c.id, *NEWEST_VERSION_FIRST)
    )
    rows = connection.execute(query).all()
    for row in sorted(rows, key=lambda row: (row.published_at is None, row.published_at or row.first_seen_at, row.id)):
        before = row.before or ""
        report = StatementReport(
            source_id=row.source_id,
            source_title=row.source_title or row.source_id,
            url=row.url,
            title=row.title,
            published_at=row.published_at,
            published_on=row.published_on,
            seen_at=row.first_seen_at,
            before=sentences_before(before, cut=len(before) >= CONTEXT),
            quote=row.words,
            after=sentences_after(row.after or ""),
            quote_id=row.id,
            article_id=row.article_id,
            start=row.start,
            end=row.end,
            place=row.place,
            how=row.how,
            score=row.score,
        )
        yield row.statement_id, report, row.confidence


def statements_of_quote() -> LateralFromClause:
    """To be joined to ``quotes``: ``statement_ids``, in the order of the words, and ``statement_id``, the first."""
    ordered = aggregate_order_by(segments.c.statement_id, segments.c.start)
    found = func.array_agg(ordered, type_=ARRAY(Text))
    query = select(found[1].label("statement_id"), func.coalesce(found, cast([], ARRAY(Text))).label("statement_ids"))
    return query.where(segments.c.quote_id == quotes.c.id).correlate(quotes).lateral("reported")


def links_within(connection: Connection, statement: str) -> list[ReportLink]:
    """The links between the reports of a statement, and between them and others that are alike and apart.

    Those that join come first, the strongest first.
    """
    one, other, mine, yours = segments.alias(), segments.alias(), quotes.alias(), quotes.alias()
    link = segment_links
    query = (
        select(
            link,
            one.c.statement_id.label("statement_a"),
            other.c.statement_id.label("statement_b"),
            mine.c.id.label("quote_a"),
            yours.c.id.label("quote_b"),
            func.substr(mine.c.text, link.c.start_a + 1, link.c.end_a - link.c.start_a).label("words_a"),
            func.substr(yours.c.text, link.c.start_b + 1, link.c.end_b - link.c.start_b).label("words_b"),
        )
        .join(one, one.c.id == link.c.a)
        .join(other, other.c.id == link.c.b)
        .join(mine, mine.c.id == one.c.quote_id)
        .join(yours, yours.c.id == other.c.quote_id)
        .where(or_(one.c.statement_id == statement, other.c.statement_id == statement))
        .where(or_(link.c.kind == "apart", one.c.statement_id == other.c.statement_id))
        .order_by(link.c.kind == "apart", link.c.score.desc(), link.c.a, link.c.b)
    )
    return [_link(row, statement) for row in connection.execute(query)]


def _link(row: Row[Any], statement: str) -> ReportLink:
    """The link as the statement's own report has it, which comes first."""
    a = (row.quote_a, row.start_a, row.end_a, row.words_a)
    b = (row.quote_b, row.start_b, row.end_b, row.words_b)
    (mine, yours, there) = (a, b, row.statement_b) if row.statement_a == statement else (b, a, row.statement_a)
    return ReportLink(row.kind, row.score, row.why, *mine, *yours, there, row.code_version)
