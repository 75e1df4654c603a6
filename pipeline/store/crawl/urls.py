"""URLs as the later stages see them: outcomes, articles they lead to, and captures to read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, bindparam, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.extraction.near_duplicates import Published
from pipeline.records import LedgerEntry
from pipeline.store.articles.versions import newest_first
from pipeline.store.crawl.captures import WaitingCapture, as_waiting
from pipeline.store.schema import articles, captures, urls, versions
from pipeline.store.types import index_key


def save_url_outcomes(connection: Connection, entries: Iterable[LedgerEntry]) -> None:
    """Store the outcomes of URLs, so that the next crawl knows which it need not request again."""
    rows = [{"item": index_key(it.item), "new_outcome": it.outcome.value, "new_reason": it.reason} for it in entries]
    if rows:
        statement = update(urls).where(urls.c.url == bindparam("item"))
        connection.execute(statement.values(outcome=bindparam("new_outcome"), reason=bindparam("new_reason")), rows)


def page_of_version(connection: Connection, version_id: str) -> tuple[str, str] | None:
    """``(URL as discovered, URL that answered)`` of the capture a version was first read from."""
    query = select(captures.c.requested_url, captures.c.url).join(versions, versions.c.capture_id == captures.c.id)
    row = connection.execute(query.where(versions.c.id == version_id)).one_or_none()
    return (row.requested_url, row.url) if row else None


def feed_captures(connection: Connection, feeds: Sequence[str]) -> list[WaitingCapture]:
    """The newest capture of each of these feeds, ordered by URL."""
    query = (
        select(captures, captures.c.seen_at.label("at"), literal("").label("title"), literal("").label("published_raw"))
        .ext(distinct_on(captures.c.requested_url))
        .where(
            captures.c.requested_url.in_([index_key(feed) for feed in feeds]),
            captures.c.kind == literal_column("'feed'"),
        )
        .order_by(captures.c.requested_url, captures.c.seen_at.desc())
    )
    return [as_waiting(row) for row in connection.execute(query)]


def published_on(connection: Connection, source_id: str, day: date) -> list[Published]:
    """The articles of a source that were published, or if undated first seen, on a day (UTC)."""
    at = func.coalesce(articles.c.published_at, articles.c.first_seen_at)
    start = datetime.combine(day, time(), UTC)
    query = select(articles.c.url, articles.c.title, at.label("at")).where(
        articles.c.source_id == source_id, at >= start, at < start + timedelta(days=1)
    )
    return [Published(row.url, row.title, row.at) for row in connection.execute(query.order_by(articles.c.url))]


def newest_text(connection: Connection, article_url: str) -> str | None:
    """The current text of the article at a canonical URL; None if there is no such article."""
    query = (
        select(versions.c.text)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(articles.c.url == index_key(article_url))
        .order_by(*newest_first())
        .limit(1)
    )
    return connection.scalar(query)


def link_url_to_article(connection: Connection, url: str, article_url: str) -> None:
    """Point a discovered URL to the article that it turned out to be."""
    article = select(articles.c.id).where(articles.c.url == index_key(article_url)).scalar_subquery()
    connection.execute(update(urls).where(urls.c.url == index_key(url)).values(article_id=article))
