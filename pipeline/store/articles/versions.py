"""Versions of an article: decide whether a text is new, save it, and update the article's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.records import DAY_ONLY, Article, DocumentKind, Origin
from pipeline.runtime.days import own_day
from pipeline.store.crawl.captures import WaitingCapture
from pipeline.store.schema import articles, readings, urls, versions
from pipeline.store.types import index_key, storable_text

VersionChange = Literal["new", "edited", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class SavedReading:
    """The result of saving one reading. ``article_id`` and ``version_id`` are None for a rejection."""

    change: VersionChange
    article_id: str | None = None
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article as one version of the code read it from a capture, or from one entry of it."""

    capture: WaitingCapture
    article: Article
    origin: Origin
    locator: str
    code_version: str
    run_id: str | None


def save_article_reading(connection: Connection, reading: ArticleReading, led_here: Sequence[str]) -> SavedReading:
    """Store an article that was read, with a new version if the text is new. Locks the article's row."""
    article_id = _article_row(connection, reading)
    history = _history(connection, article_id)
    saved = _save_version(connection, reading, article_id, history)
    if saved.change == "unchanged":
        _renew_version(connection, reading, saved.version_id)
    _renew_article(connection, reading, article_id, history)
    _link_urls(connection, article_id, reading, led_here)
    return saved


def newest_first() -> tuple[ColumnElement[Any], ...]:
    """Sort order that puts the article's current text first: the latest seen; of equals, the one read from the page."""
    return versions.c.seen_at.desc(), (versions.c.origin == Origin.PAGE.value).desc(), versions.c.n.desc()


def _article_row(connection: Connection, reading: ArticleReading) -> str:
    """Id of the article's row, which is created if necessary and locked until the end of the transaction."""
    article, seen_at = reading.article, reading.capture.seen_at
    url = index_key(article.url)
    statement = insert(articles).values(
        id=ids.article_id(url),
        url=url,
        source_id=reading.capture.source_id,
        lang=article.lang,
        title=article.title,
        published_at=article.published_at,
        published_on=published_on(article.published_at, article.flags),
        published_raw=article.published_raw,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
    )
    connection.execute(statement.on_conflict_do_nothing())
    return str(connection.scalars(select(articles.c.id).where(articles.c.url == url).with_for_update()).one())


def _history(connection: Connection, article_id: str) -> list[Row[Any]]:
    """The article's versions of both origins, in the order in which they were seen."""
    query = (
        select(
            versions.c.id,
            versions.c.n,
            versions.c.origin,
            versions.c.text_sha256,
            versions.c.code_version,
            versions.c.seen_at,
        )
        .where(versions.c.article_id == article_id)
        .order_by(versions.c.seen_at, versions.c.n)
    )
    return list(connection.execute(query))


def _save_version(
    connection: Connection, reading: ArticleReading, article_id: str, history: list[Row[Any]]
) -> SavedReading:
    text, seen_at = storable_text(reading.article.text), reading.capture.seen_at
    sha256 = ids.text_sha256(text)
    own = [row for row in history if row.origin == reading.origin]
    before = [row for row in own if row.seen_at <= seen_at]
    # An older capture that is read late is compared with the version before it, or with the first if there is none.
    last = before[-1] if before else (own[0] if own else None)
    if last is not None and last.text_sha256 == sha256:
        return SavedReading("unchanged", article_id, last.id)
    again = _read_by_other_code(connection, reading)
    if again in [row.id for row in own[:-1]]:
        # Other code read these bytes, and newer text has come since: history is not rewritten.
        return SavedReading("unchanged", article_id, again)
    by_code = again is not None or (last is not None and last.code_version != reading.code_version)
    occurrence = 1 + sum(row.text_sha256 == sha256 for row in own)
    version = ids.version_id(article_id, reading.origin.value, sha256, occurrence)
    number = 1 + max((row.n for row in history), default=0)
    _insert_version(
        connection,
        reading,
        {
            "id": version,
            "article_id": article_id,
            "n": number,
            "text": text,
            "text_sha256": sha256,
            "cause": "code" if by_code else "source",
        },
    )
    return SavedReading("edited" if own else "new", article_id, version)


def _as_read(reading: ArticleReading) -> dict[str, object]:
    """Columns of a version that newer code may read differently from the same bytes."""
    article = reading.article
    return {
        "title": article.title,
        "lang": article.lang,
        "published_at": article.published_at,
        "published_raw": article.published_raw,
        "modified_at": article.modified_at,
        "extractor": article.extractor,
        "encoding": article.encoding,
        "flags": [storable_text(flag) for flag in article.flags],
        "code_version": reading.code_version,
    }


def _insert_version(connection: Connection, reading: ArticleReading, values: dict[str, object]) -> None:
    connection.execute(
        insert(versions).values(
            capture_id=reading.capture.id,
            origin=reading.origin.value,
            locator=reading.locator,
            **_as_read(reading),
            seen_at=reading.capture.seen_at,
            run_id=reading.run_id,
            **values,
        )
    )


def _renew_version(connection: Connection, reading: ArticleReading, version_id: str | None) -> None:
    """Update a version with what newer code reads from the same bytes.

    Its quotes are searched for again if title, language or time of publication differ.
    """
    read = _as_read(reading)
    moved = or_(*(versions.c[name].is_distinct_from(read[name]) for name in ("title", "lang", "published_at")))
    connection.execute(
        update(versions)
        .where(
            versions.c.id == version_id,
            versions.c.capture_id == reading.capture.id,
            versions.c.locator == index_key(reading.locator),
            versions.c.code_version != reading.code_version,
        )
        .values(**read, quoted_by=case((moved, None), else_=versions.c.quoted_by))
    )


def _read_by_other_code(connection: Connection, reading: ArticleReading) -> str | None:
    """The version that other code read from these same bytes; None if it never read them, or found no article.

    If the bytes came back after other bytes, they count as new and earlier readings are ignored.
    """
    query = (
        select(readings.c.version_id)
        .where(
            readings.c.capture_id == reading.capture.id,
            readings.c.locator == index_key(reading.locator),
            readings.c.code_version != reading.code_version,
            readings.c.version_id.is_not(None),
            readings.c.read_at >= reading.capture.seen_at,
        )
        .order_by(readings.c.read_at.desc())
        .limit(1)
    )
    return connection.scalar(query)


def _renew_article(connection: Connection, reading: ArticleReading, article_id: str, history: list[Row[Any]]) -> None:
    """Update the article's row from its newest text; fields that this text lacks keep their values."""
    seen_at, article = reading.capture.seen_at, reading.article
    # Of texts seen at the same time, the page's is preferred.
    later = [
        row for row in history if (row.seen_at, row.origin == Origin.PAGE) > (seen_at, reading.origin == Origin.PAGE)
    ]
    values: dict[str, object] = {
        "first_seen_at": func.least(articles.c.first_seen_at, seen_at),
        "last_seen_at": func.greatest(articles.c.last_seen_at, seen_at),
    }
    if not later:
        news = {
            "lang": article.lang,
            "title": article.title,
            "published_at": article.published_at,
            "published_raw": article.published_raw,
        }
        values |= {name: value for name, value in news.items() if value}
        if article.published_at:
            values["published_on"] = published_on(article.published_at, article.flags)
        elif _read_by_other_code(connection, reading):
            values |= _publication_time(connection, reading, article_id)
        if "published_at" in values:
            moved = articles.c.published_at.is_distinct_from(values["published_at"])
            values["link_due"] = case((moved, func.clock_timestamp()), else_=articles.c.link_due)
    connection.execute(update(articles).where(articles.c.id == article_id).values(values))


def published_on(published_at: datetime | None, flags: Sequence[str]) -> date | None:
    """The day of publication, if the publication gives a date without a time; else None."""
    return own_day(published_at) if published_at and DAY_ONLY in flags else None


def _publication_time(connection: Connection, reading: ArticleReading, article_id: str) -> dict[str, object]:
    """The publication time where other code may have read a wrong one from these bytes.

    It is that of the newest version that this code has read; None if no version has one.
    """
    query = (
        select(versions.c.published_at, versions.c.published_raw, versions.c.flags)
        .where(
            versions.c.article_id == article_id,
            versions.c.code_version == reading.code_version,
            versions.c.published_at.is_not(None),
        )
        .order_by(*newest_first())
        .limit(1)
    )
    known = connection.execute(query).one_or_none()
    if known is None:
        return {"published_at": None, "published_raw": reading.article.published_raw, "published_on": None}
    at, raw = known.published_at, known.published_raw
    return {"published_at": at, "published_raw": raw, "published_on": published_on(at, known.flags)}


def _link_urls(connection: Connection, article_id: str, reading: ArticleReading, led_here: Sequence[str]) -> None:
    """Point every URL that led to the article, redirects included, to the article."""
    known = {index_key(url) for url in led_here}
    leads: list[ColumnElement[bool]] = []
    if reading.origin is Origin.PAGE:
        known |= {reading.capture.url, reading.capture.requested_url}
        leads.append(urls.c.final_url == reading.capture.url)
    leads.append(urls.c.url.in_(sorted(known)))
    connection.execute(
        update(urls)
        .where(or_(*leads), urls.c.kind == DocumentKind.PAGE.value, urls.c.article_id.is_distinct_from(article_id))
        .values(article_id=article_id)
    )
