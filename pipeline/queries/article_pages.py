"""An article as a page shows it: one version with its quotes, and what other versions there are."""

from __future__ import annotations

from sqlalchemy import Connection, select

from pipeline.queries.page_rows import ArticlePage, QuoteInArticle, VersionRow
from pipeline.records import TAKEN_DOWN
from pipeline.store.articles.versions import newest_first
from pipeline.store.schema import articles, quote_spans, segments, sources, urls, versions
from pipeline.store.types import index_key


def article_called(connection: Connection, name: str) -> str | None:
    """The id of the article with this id, or that this URL led to; None if there is none."""
    known = select(articles.c.id).where((articles.c.id == name) | (articles.c.url == index_key(name)))
    asked = select(urls.c.article_id).where(urls.c.url == index_key(name), urls.c.article_id.is_not(None))
    return connection.scalar(known) or connection.scalar(asked)


def load_article_page(connection: Connection, article_id: str, version_id: str | None = None) -> ArticlePage | None:
    """The article with that version, by default its current one; None if there is no such article or version."""
    article = connection.execute(
        select(articles, sources.c.title.label("source_title"))
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id == article_id)
    ).one_or_none()
    rows = connection.execute(
        select(versions).where(versions.c.article_id == article_id).order_by(*newest_first())
    ).all()
    chosen = next((row for row in rows if version_id in (None, row.id)), None)
    if article is None or chosen is None:
        return None
    known = tuple(
        VersionRow(
            row.id,
            row.n,
            row.origin,
            row.cause,
            row.title,
            row.seen_at,
            row.modified_at,
            row.text_sha256,
            TAKEN_DOWN in row.flags,
        )
        for row in rows
    )
    shown = next(row for row in known if row.id == chosen.id)
    return ArticlePage(
        id=article.id,
        url=article.url,
        source=article.source_id,
        source_title=article.source_title or article.source_id,
        lang=chosen.lang,
        published_at=article.published_at,
        published_on=article.published_on,
        first_seen_at=article.first_seen_at,
        last_seen_at=article.last_seen_at,
        gone_at=article.gone_at,
        versions=known,
        shown=shown,
        text="" if shown.taken_down else chosen.text,
        quotes=() if shown.taken_down else _quotes_of(connection, chosen.id),
    )


def _quotes_of(connection: Connection, version_id: str) -> tuple[QuoteInArticle, ...]:
    spans = quote_spans
    reported = select(segments.c.statement_id).where(segments.c.quote_id == spans.c.quote_id)
    first = reported.order_by(segments.c.start).limit(1).scalar_subquery()
    query = (
        select(
            spans.c.quote_id,
            spans.c.start,
            spans.c.end,
            spans.c.speaker_id,
            spans.c.speaker_name,
            spans.c.type,
            spans.c.stance,
            spans.c.claimant,
            spans.c.confidence,
            first.label("statement_id"),
        )
        .where(spans.c.version_id == version_id)
        .order_by(spans.c.start, spans.c.end)
    )
    return tuple(QuoteInArticle(**row) for row in connection.execute(query).mappings())
