"""Articles as people read them: the newest version of each, and which are translations of one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from pipeline.config.source import Source
from pipeline.queries.page_rows import EditionRow, PairedEditions
from pipeline.queries.rows import ArticleRow
from pipeline.records import TAKEN_DOWN
from pipeline.store.articles.versions import newest_first
from pipeline.store.schema import articles, urls, versions


def newest_versions(connection: Connection, run_id: str | None = None) -> Iterator[ArticleRow]:
    """The newest version of every article, by URL.

    With ``run_id``, only articles of which that run made a version, and the newest of those. What was taken down is
    left out.
    """
    newest = (
        select(versions.c.article_id, versions.c.id)
        .ext(distinct_on(versions.c.article_id))
        .order_by(versions.c.article_id, *newest_first())
    )
    if run_id is not None:
        newest = newest.where(versions.c.run_id == run_id)
    chosen = newest.subquery()
    asked = (
        select(func.array_agg(aggregate_order_by(urls.c.url, urls.c.url)))
        .where(urls.c.article_id == articles.c.id)
        .scalar_subquery()
    )
    query = (
        select(
            articles.c.id, articles.c.url, articles.c.source_id, articles.c.published_on, versions, asked.label("asked")
        )
        .join(chosen, chosen.c.article_id == articles.c.id)
        .join(versions, versions.c.id == chosen.c.id)
        .where(~versions.c.flags.contains([TAKEN_DOWN]))
        .order_by(articles.c.url)
    )
    result = connection.execute(query, execution_options={"yield_per": 200})
    for row in result.mappings():
        yield ArticleRow(
            id=row[articles.c.id],
            url=row[articles.c.url],
            requested_urls=tuple(row["asked"] or ()),
            source=row[articles.c.source_id],
            lang=row[versions.c.lang],
            title=row[versions.c.title],
            published_at=row[versions.c.published_at],
            text=row[versions.c.text],
            version=row[versions.c.id],
            published_on=row[articles.c.published_on],
        )


def paired_editions(rows: Iterable[ArticleRow], sources: Mapping[str, Source]) -> Iterator[PairedEditions]:
    """The articles of each key that several editions share, by key; those of one key by source and URL.

    The source's ``edition.key`` says how to get the key from a URL; the text is not compared.
    """
    found: dict[str, list[EditionRow]] = {}
    for row in rows:
        source = sources.get(row.source)
        key = source.edition.shared_key(row.url) if source and source.edition else None
        if key is not None:
            edition = EditionRow(row.id, row.url, row.source, row.lang, row.title, row.published_at)
            found.setdefault(key, []).append(edition)
    for key, paired in sorted(found.items()):
        if len({row.source for row in paired}) > 1:
            yield PairedEditions(key, tuple(sorted(paired, key=lambda it: (it.source, it.url))))
