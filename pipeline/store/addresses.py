"""What the stages after the crawl have to say of an address, and the captures they go back to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.records import DocumentKind, LedgerEntry, WarcRecord
from pipeline.store.articles import WaitingCapture
from pipeline.store.clean import key
from pipeline.store.schema import captures, urls, versions


def settle(connection: Connection, entries: Iterable[LedgerEntry]) -> None:
    """Remember how addresses ended, so that the next crawl knows what need not be asked for again."""
    rows = [{"item": key(it.item), "told": it.outcome.value, "why": it.reason} for it in entries]
    if rows:
        statement = update(urls).where(urls.c.url == bindparam("item"))
        connection.execute(statement.values(outcome=bindparam("told"), reason=bindparam("why")), rows)


def page_of_version(connection: Connection, version_id: str) -> tuple[str, str] | None:
    """``(address as discovered, address that answered)`` of the capture a version was first read from."""
    query = select(captures.c.requested_url, captures.c.url).join(versions, versions.c.capture_id == captures.c.id)
    row = connection.execute(query.where(versions.c.id == version_id)).one_or_none()
    return (row.requested_url, row.url) if row else None


def feed_captures(connection: Connection, feeds: Sequence[str]) -> list[WaitingCapture]:
    """The newest capture of each of these feeds, in order of their addresses."""
    query = (
        select(captures)
        .ext(distinct_on(captures.c.requested_url))
        .where(captures.c.requested_url.in_([key(feed) for feed in feeds]), captures.c.kind == DocumentKind.FEED.value)
        .order_by(captures.c.requested_url, captures.c.seen_at.desc())
    )
    return [
        WaitingCapture(
            id=row.id,
            url=row.url,
            requested_url=row.requested_url,
            source_id=row.source_id,
            kind=DocumentKind.FEED,
            content_type=row.content_type,
            body_sha256=row.body_sha256,
            seen_at=row.seen_at,
            record=WarcRecord(row.warc_id, row.warc_offset, row.warc_length, row.sha256),
            title="",
            published_raw="",
            listed=(),
        )
        for row in connection.execute(query)
    ]
