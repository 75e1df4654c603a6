"""Which captures wait to be read, and which pages were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, literal_column, or_, select

from pipeline.records import DocumentKind, Stage, WarcRecord, Window
from pipeline.store.crawl import quarantine
from pipeline.store.schema import captures, readings, urls

last_news = func.coalesce(captures.c.returned_at, captures.c.seen_at)
"""When a capture's bytes were last news."""


@dataclass(frozen=True, slots=True)
class WaitingCapture:
    """A capture that nobody has read yet with the code at hand."""

    id: str
    url: str
    """That answered, after redirects."""
    requested_url: str
    """As discovered: the item of the ledger."""
    source_id: str
    kind: DocumentKind
    content_type: str
    body_sha256: str
    seen_at: datetime
    record: WarcRecord
    title: str
    """As the discovery document names it; empty if it does not."""
    published_raw: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A URL whose page was last refused, so that its text may come from the feed that lists it."""

    url: str
    source_id: str
    reason: str
    discovered_in: str
    last_seen_at: datetime


def captures_waiting(
    connection: Connection,
    *,
    code_version: str,
    window: Window | None = None,
    sources: Sequence[str] | None = None,
) -> list[WaitingCapture]:
    """Captures of pages and feeds without a reading by this code, oldest first.

    A page that went back to bytes it had before waits again. ``window`` is over when the bytes were last news.
    """
    query = (
        select(captures, last_news.label("at"), urls.c.title, urls.c.published_raw)
        .outerjoin(urls, urls.c.url == captures.c.requested_url)
        .where(is_unread(code_version))
        .order_by(last_news, captures.c.id)
    )
    if window is not None:
        query = query.where(last_news >= window.start, last_news < window.end)
    if sources is not None:
        query = query.where(captures.c.source_id.in_(sources))
    return [as_waiting(row) for row in connection.execute(query)]


def is_unread(code_version: str) -> ColumnElement[bool]:
    """That a capture is of a page or feed, and has no reading by this code since its bytes were last news.

    What this code has failed on waits again when that is due.
    """
    # Three ranges of one index: what this code has read, which is nearly all, is never looked at.
    others = or_(captures.c.read_by.is_(None), captures.c.read_by < code_version, captures.c.read_by > code_version)
    # As the index has it: a bound value would not be known when the plan is made.
    kinds = captures.c.kind.in_([literal_column(f"'{kind}'") for kind in (DocumentKind.PAGE, DocumentKind.FEED)])
    read = exists().where(
        readings.c.capture_id == captures.c.id,
        readings.c.locator == "",
        readings.c.code_version == code_version,
        readings.c.read_at >= last_news,
    )
    return and_(kinds, others, ~read, ~quarantine.held_back(Stage.EXTRACT, captures.c.id, code_version))


def as_waiting(row: Row[Any]) -> WaitingCapture:
    """A row of ``captures`` with ``at``, ``title`` and ``published_raw`` beside it."""
    return WaitingCapture(
        id=row.id,
        url=row.url,
        requested_url=row.requested_url,
        source_id=row.source_id,
        kind=DocumentKind(row.kind),
        content_type=row.content_type,
        body_sha256=row.body_sha256,
        seen_at=row.at,
        record=WarcRecord(row.warc_id, row.warc_offset, row.warc_length, row.sha256),
        title=row.title or "",
        published_raw=row.published_raw or "",
    )


def refused_pages(connection: Connection, *, sources: Sequence[str] | None = None) -> list[RefusedPage]:
    """URLs whose page ended as an error when last tried, in order; ``reason`` tells what kind of refusal it was."""
    query = (
        select(urls)
        .where(urls.c.kind == literal_column("'page'"), urls.c.outcome == literal_column("'error'"))
        .order_by(urls.c.url)
    )
    if sources is not None:
        query = query.where(urls.c.source_id.in_(sources))
    return [
        RefusedPage(row.url, row.source_id, row.reason, row.discovered_in, row.last_seen_at)
        for row in connection.execute(query)
    ]
