"""Save articles as read from captures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from pipeline.records import Article, Disposition, Origin, Outcome, Stage
from pipeline.store.articles.versions import (
    ArticleReading,
    SavedReading,
    VersionChange,
    save_article_reading,
)
from pipeline.store.articles.withdrawals import withdraw_versions
from pipeline.store.crawl import quarantine
from pipeline.store.crawl.captures import RefusedPage, WaitingCapture, captures_waiting, last_news, refused_pages
from pipeline.store.schema import articles, captures, readings, urls, versions
from pipeline.store.types import index_key

__all__ = [
    "RefusedPage",
    "SavedReading",
    "VersionChange",
    "WaitingCapture",
    "captures_waiting",
    "mark_gone",
    "refused_pages",
    "save_feed_reading",
    "save_reading",
    "versions_made",
    "was_read",
]


def was_read(connection: Connection, capture_id: str, locator: str, *, code_version: str) -> bool:
    """Whether this code version has read this entry of this capture."""
    query = select(readings.c.read_at).where(
        readings.c.capture_id == capture_id,
        readings.c.locator == locator,
        readings.c.code_version == code_version,
    )
    return connection.scalar(query) is not None


def save_reading(
    connection: Connection,
    capture: WaitingCapture,
    result: Article | Disposition,
    *,
    code_version: str,
    now: datetime,
    origin: Origin = Origin.PAGE,
    locator: str = "",
    led_here: Sequence[str] = (),
    run_id: str | None = None,
) -> SavedReading:
    """Store the result of reading one capture or feed entry, and say what it changed.

    The text is compared with the last version of the same origin only. Versions that other code read from the same
    bytes are withdrawn if the bytes turn out to be no article, or another one. ``led_here``: further URLs that led to
    the article, as discovered (for a feed entry: the URL it lists). Call it in a transaction of its own: it locks the
    article's row until the end, and commits asynchronously. A crash of the server can lose the last commits as a whole;
    the next run then reads these captures again.
    """
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    if isinstance(result, Disposition):
        if result.outcome is Outcome.NOT_ARTICLE:
            withdraw_versions(connection, capture.id, locator, code_version=code_version, kept=None)
        _note(connection, capture, locator, code_version, now, result.outcome, result.reason, result.detail, None)
        return SavedReading("rejected")
    saved = save_article_reading(
        connection, ArticleReading(capture, result, origin, locator, code_version, run_id), led_here
    )
    withdraw_versions(connection, capture.id, locator, code_version=code_version, kept=saved.article_id)
    outcome = Outcome.UNCHANGED if saved.change == "unchanged" else Outcome.KEPT
    _note(connection, capture, locator, code_version, now, outcome, saved.change, "", saved.version_id)
    return saved


def save_feed_reading(connection: Connection, capture: WaitingCapture, *, code_version: str, now: datetime) -> None:
    """Record that a feed capture was read; its entries have readings of their own."""
    _note(connection, capture, "", code_version, now, Outcome.KEPT, "feed", "", None)


def _note(
    connection: Connection,
    capture: WaitingCapture,
    locator: str,
    code_version: str,
    now: datetime,
    outcome: Outcome,
    reason: str,
    detail: str,
    version_id: str | None,
) -> None:
    statement = insert(readings).values(
        capture_id=capture.id,
        locator=index_key(locator),
        code_version=code_version,
        outcome=outcome.value,
        reason=reason,
        detail=detail[:1000],
        version_id=version_id,
        # Never earlier than the capture, whatever the run's clock says, or it would wait to be read for ever.
        read_at=max(now, capture.seen_at),
    )
    columns = ("outcome", "reason", "detail", "version_id", "read_at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["capture_id", "locator", "code_version"],
            set_={name: statement.excluded[name] for name in columns},
        )
    )
    quarantine.clear_failures(connection, Stage.EXTRACT, capture.id, locator)
    if not locator:
        own = update(captures).where(captures.c.id == capture.id, last_news <= max(now, capture.seen_at))
        connection.execute(own.values(read_by=code_version))


def versions_made(connection: Connection, run_id: str, sources: Sequence[str]) -> int:
    """The number of versions that a run created for articles of these sources."""
    query = (
        select(func.count())
        .select_from(versions)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.run_id == run_id, articles.c.source_id.in_(sources))
    )
    return connection.scalar(query) or 0


def mark_gone(connection: Connection, url: str, *, at: datetime) -> None:
    """Record that the article at this URL, canonical or as discovered, is no longer online; its versions stay."""
    its_url = select(urls.c.article_id).where(urls.c.url == index_key(url)).scalar_subquery()
    connection.execute(
        update(articles)
        .where(or_(articles.c.id == its_url, articles.c.url == index_key(url)), articles.c.gone_at.is_(None))
        .values(gone_at=at)
    )
