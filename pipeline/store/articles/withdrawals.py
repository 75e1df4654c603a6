"""Withdraw versions that newer code would not have stored: their bytes are no page of the article.

The mistake was our reading, so no edit of the publication is recorded. The bytes stay archived.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, or_, select, update

from pipeline.records import TAKEN_DOWN
from pipeline.store.articles.versions import newest_first, published_on
from pipeline.store.schema import articles, edits, quote_spans, readings, urls, versions
from pipeline.store.types import index_key


def withdraw_versions(
    connection: Connection, capture_id: str, locator: str, *, code_version: str, kept: str | None
) -> list[str]:
    """Delete the versions that other code read from these bytes, except those of the article ``kept``; their ids.

    The articles become due for linking, which then removes quotes without a version from their statements.
    """
    other_readings = readings.alias("other_readings")
    wrong = select(other_readings.c.version_id).where(
        other_readings.c.capture_id == capture_id,
        other_readings.c.locator == index_key(locator),
        other_readings.c.code_version != code_version,
    )
    query = select(versions.c.id, versions.c.article_id).where(
        versions.c.id.in_(wrong),
        versions.c.capture_id == capture_id,
        versions.c.article_id.is_distinct_from(kept),
        ~versions.c.flags.contains([TAKEN_DOWN]),
    )
    found = connection.execute(query).all()
    for row in found:
        connection.execute(select(articles.c.id).where(articles.c.id == row.article_id).with_for_update())
        _take_back(connection, row.id)
        _renew(connection, row.article_id)
    return [row.id for row in found]


def _take_back(connection: Connection, version_id: str) -> None:
    connection.execute(delete(edits).where(or_(edits.c.from_version == version_id, edits.c.to_version == version_id)))
    connection.execute(delete(quote_spans).where(quote_spans.c.version_id == version_id))
    connection.execute(update(readings).where(readings.c.version_id == version_id).values(version_id=None))
    connection.execute(delete(versions).where(versions.c.id == version_id))


def _renew(connection: Connection, article_id: str) -> None:
    """Update the article's row from its newest version; without any version, its URLs lead to no article any more."""
    newest = connection.execute(
        select(versions).where(versions.c.article_id == article_id).order_by(*newest_first()).limit(1)
    ).one_or_none()
    values: dict[str, object] = {"link_due": func.clock_timestamp()}
    if newest is None:
        connection.execute(update(urls).where(urls.c.article_id == article_id).values(article_id=None))
    else:
        values |= {name: getattr(newest, name) for name in ("title", "lang", "published_at", "published_raw")}
        values["published_on"] = published_on(newest.published_at, newest.flags)
        _ask_edits_again(connection, article_id)
    connection.execute(update(articles).where(articles.c.id == article_id).values(values))


def _ask_edits_again(connection: Connection, article_id: str) -> None:
    """Have the remaining versions compared again, since two of them may now be neighbours."""
    connection.execute(update(versions).where(versions.c.article_id == article_id).values(quoted_by=None))
