"""Captures that wait to be read, and pages that were refused."""

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
"""When a capture's bytes were last new: first seen, or seen again after other bytes."""
RECORD_COLUMNS = (captures.c.warc_id, captures.c.warc_offset, captures.c.warc_length, captures.c.sha256)
"""The columns that :func:`warc_record` needs."""


@dataclass(frozen=True, slots=True)
class WaitingCapture:
    """A capture that the current code has not read yet."""

    id: str
    url: str
    """The URL that answered, after redirects."""
    requested_url: str
    """The URL as discovered, which is the item in the ledger."""
    source_id: str
    kind: DocumentKind
    content_type: str
    body_sha256: str
    seen_at: datetime
    record: WarcRecord
    title: str
    """Title given by the discovery document; empty if it gives none."""
    published_raw: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A URL whose page was refused at the last try, so that its text may be taken from the feed that lists it."""

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
    """Captures of pages and feeds that this code version has not read, oldest first.

    A page that returned to earlier bytes waits again. ``window`` is over the time when the bytes were last new.
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
    """Condition: a capture is a page or feed, and this code has not read it since its bytes were last new.

    If this code failed on it, the next try must be due.
    """
    # Three ranges of one index, so that captures already read, nearly all, are never scanned.
    others = or_(captures.c.read_by.is_(None), captures.c.read_by < code_version, captures.c.read_by > code_version)
    # Literals as in the partial index: the planner does not know the values of bound parameters.
    kinds = captures.c.kind.in_([literal_column(f"'{kind}'") for kind in (DocumentKind.PAGE, DocumentKind.FEED)])
    read = exists().where(
        readings.c.capture_id == captures.c.id,
        readings.c.locator == "",
        readings.c.code_version == code_version,
        readings.c.read_at >= last_news,
    )
    return and_(kinds, others, ~read, ~quarantine.held_back(Stage.EXTRACT, captures.c.id, code_version))


def as_waiting(row: Row[Any]) -> WaitingCapture:
    """Convert a row of ``captures``, with ``at``, ``title`` and ``published_raw`` added."""
    return WaitingCapture(
        id=row.id,
        url=row.url,
        requested_url=row.requested_url,
        source_id=row.source_id,
        kind=DocumentKind(row.kind),
        content_type=row.content_type,
        body_sha256=row.body_sha256,
        seen_at=row.at,
        record=warc_record(row),
        title=row.title or "",
        published_raw=row.published_raw or "",
    )


def warc_record(row: Row[*tuple[Any, ...]]) -> WarcRecord:
    """The archived record of a row with :data:`RECORD_COLUMNS`."""
    return WarcRecord(row.warc_id, row.warc_offset, row.warc_length, row.sha256)


def refused_pages(connection: Connection, *, sources: Sequence[str] | None = None) -> list[RefusedPage]:
    """URLs whose page ended as an error at the last try, by URL; ``reason`` says which kind of error."""
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
