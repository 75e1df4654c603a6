"""Load crawls into the store: URLs, fetches, captures and the WARC files that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from pipeline import ids
from pipeline.reasons import Reason
from pipeline.records import DocumentKind, Fetch, KnownUrl, Outcome
from pipeline.store.crawl.captures import RECORD_COLUMNS, last_news, warc_record
from pipeline.store.schema import articles, captures, fetches, takedowns, urls, warc_files
from pipeline.store.types import index_key

NOT_ASKED = frozenset(
    {
        Reason.ROBOTS,
        Reason.ROBOTS_UNREAD,
        Reason.GUARD,
        Reason.NOT_TRIED,
        Reason.MAX_PAGES,
        Reason.RETRY_AFTER,
        Reason.SITEMAP_DEPTH,
    }
)
"""Reasons of errors for which no request was made."""
SEEN_AGAIN = (Outcome.KEPT, Outcome.UNCHANGED)


def known_urls(connection: Connection, source_id: str, *, since: datetime | None = None) -> Iterator[KnownUrl]:
    """What is known of the URLs of a source, by URL: of all, or of those seen from ``since`` on.

    Those that were taken down are always included.
    """
    held = and_(
        captures.c.url == urls.c.final_url,
        captures.c.kind == urls.c.kind,
        captures.c.body_sha256 == urls.c.body_sha256,
        urls.c.body_sha256 != "",
    )
    query = (
        select(
            urls,
            articles.c.published_at,
            *RECORD_COLUMNS,
            last_news.label("changed_at"),
            takedowns.c.url.is_not(None).label("taken_down"),
        )
        .outerjoin(takedowns, takedowns.c.url == urls.c.url)
        .outerjoin(articles, articles.c.id == urls.c.article_id)
        .outerjoin(captures, held)
        .where(urls.c.source_id == source_id)
        .order_by(urls.c.url)
    )
    if since is not None:
        lately = select(urls.c.url).where(urls.c.source_id == source_id, urls.c.last_seen_at >= since)
        query = query.where(urls.c.url.in_(union_all(lately, select(takedowns.c.url))))
    for row in connection.execute(query):
        yield KnownUrl(
            url=row.url,
            kind=DocumentKind(row.kind),
            first_seen_at=row.first_seen_at,
            etag=row.etag,
            last_modified=row.last_modified,
            body_sha256=row.body_sha256,
            last_fetched_at=row.last_fetched_at,
            outcome=_outcome(row),
            reason=Reason.TAKEN_DOWN if row.taken_down else row.reason,
            published_on=row.published_at.date() if row.published_at else None,
            record=warc_record(row) if row.warc_id else None,
            changed_at=row.changed_at,
        )


def _outcome(row: Row[Any]) -> Outcome | None:
    if row.taken_down:
        return Outcome.GONE
    return Outcome(row.outcome) if row.outcome else None


def load_journal(connection: Connection, run_id: str, source_id: str, journal: Iterable[Fetch]) -> int:
    """Load a crawl's journal into the store; the number of different URLs (by kind) in it.

    Idempotent: loading the same journal twice changes nothing. The journal of a killed run may be loaded late: newer
    data in the store is kept. If the journal has several lines for a URL, the last one counts.
    """
    last = {(fetch.kind, index_key(fetch.url)): fetch for fetch in journal}
    # In the same order for everybody, so that two crawls that update the same rows never deadlock.
    lines = [last[identity] for identity in sorted(last)]
    if lines:
        _load_warc_files(connection, run_id, lines)
        _load_captures(connection, run_id, source_id, lines)
        _load_fetches(connection, run_id, source_id, lines)
        _load_urls(connection, source_id, lines)
        _update_articles(connection, lines)
    return len(lines)


def forget_documents(connection: Connection, source_id: str) -> None:
    """Forget the validators of the source's feeds, sitemaps and listings, so that the next run reads them in full.

    An interrupted crawl may have read a document without following all its links. A conditional request would then be
    answered with "not modified", and those links would be lost.
    """
    kinds = [DocumentKind.FEED.value, DocumentKind.SITEMAP.value, DocumentKind.LISTING.value]
    connection.execute(
        update(urls)
        .where(urls.c.source_id == source_id, urls.c.kind.in_(kinds))
        .values(etag="", last_modified="", body_sha256="")
    )


def capture_of(fetch: Fetch) -> str | None:
    """Id of the capture that a fetch produced; None if it archived nothing."""
    if fetch.record is None:
        return None
    return ids.capture_id(index_key(fetch.final_url or fetch.url), fetch.kind.value, fetch.body_sha256)


def _load_warc_files(connection: Connection, run_id: str, lines: list[Fetch]) -> None:
    names = sorted({fetch.record.warc for fetch in lines if fetch.record})
    if names:
        connection.execute(
            insert(warc_files).on_conflict_do_nothing(index_elements=["id"]),
            [{"id": name, "uri": name, "run_id": run_id} for name in names],
        )


def _load_captures(connection: Connection, run_id: str, source_id: str, lines: list[Fetch]) -> None:
    rows = {}
    for fetch in lines:
        if fetch.record is not None:
            rows[capture_of(fetch)] = {
                "id": capture_of(fetch),
                "url": index_key(fetch.final_url or fetch.url),
                "requested_url": index_key(fetch.url),
                "source_id": source_id,
                "kind": fetch.kind.value,
                "content_type": fetch.content_type,
                "status": fetch.status,
                "body_sha256": fetch.body_sha256,
                "warc_id": fetch.record.warc,
                "warc_offset": fetch.record.offset,
                "warc_length": fetch.record.length,
                "sha256": fetch.record.sha256,
                "seen_at": fetch.seen_at,
                "run_id": run_id,
            }
    if not rows:
        return
    ordered = [rows[name] for name in sorted(rows, key=str)]
    connection.execute(insert(captures).on_conflict_do_nothing(index_elements=["id"]), ordered)
    # The same bytes again after others: the page went back to an earlier state, which must be read once more.
    returned = update(captures).where(captures.c.id == bindparam("which"), last_news < bindparam("at"))
    connection.execute(
        returned.values(returned_at=bindparam("at"), read_by=None),
        [{"which": row["id"], "at": row["seen_at"]} for row in ordered],
    )


def _load_fetches(connection: Connection, run_id: str, source_id: str, lines: list[Fetch]) -> None:
    statement = insert(fetches)
    rows = [
        {
            "run_id": run_id,
            "source_id": source_id,
            "url": index_key(fetch.url),
            "final_url": index_key(fetch.final_url),
            "kind": fetch.kind.value,
            "status": fetch.status,
            "outcome": fetch.outcome.value,
            "reason": fetch.reason,
            "detail": fetch.detail[:1000],
            "capture_id": capture_of(fetch),
            "discovered_in": index_key(fetch.discovered_in),
            "seen_at": fetch.seen_at,
            "elapsed_ms": fetch.elapsed_ms,
        }
        for fetch in lines
    ]
    key_columns = ("run_id", "source_id", "kind", "url")
    updates = {name: statement.excluded[name] for name in rows[0] if name not in key_columns}
    connection.execute(statement.on_conflict_do_update(index_elements=key_columns, set_=updates), rows)


def _load_urls(connection: Connection, source_id: str, lines: list[Fetch]) -> None:
    statement = insert(urls)
    new, old = statement.excluded, urls.c
    # A new body replaces the validators, also by none: with old ones it would seem unchanged for ever.
    new_body = new.body_sha256 != ""
    updates: dict[str, object] = {
        "final_url": func.coalesce(func.nullif(new.final_url, ""), old.final_url),
        "last_fetched_at": func.coalesce(new.last_fetched_at, old.last_fetched_at),
        "etag": case((new_body, new.etag), else_=func.coalesce(func.nullif(new.etag, ""), old.etag)),
        "last_modified": case(
            (new_body, new.last_modified), else_=func.coalesce(func.nullif(new.last_modified, ""), old.last_modified)
        ),
        "body_sha256": func.coalesce(func.nullif(new.body_sha256, ""), old.body_sha256),
        "outcome": new.outcome,
        "reason": new.reason,
        "title": func.coalesce(new.title, old.title),
        # Feeds later put the time of an update where the time of publication was.
        "published_raw": func.coalesce(old.published_raw, new.published_raw),
        "discovered_in": func.coalesce(func.nullif(new.discovered_in, ""), old.discovered_in),
        "last_seen_at": new.last_seen_at,
    }
    newer = statement.on_conflict_do_update(
        index_elements=["url"], set_=updates, where=new.last_seen_at >= old.last_seen_at
    )
    connection.execute(newer, [_url_row(source_id, fetch) for fetch in lines])
    # A journal that is loaded late may have seen the URL earlier.
    earlier = update(urls).where(urls.c.url == bindparam("which"), urls.c.first_seen_at > bindparam("at"))
    connection.execute(
        earlier.values(first_seen_at=bindparam("at")),
        [{"which": index_key(fetch.url), "at": fetch.seen_at} for fetch in lines],
    )


def _url_row(source_id: str, fetch: Fetch) -> dict[str, object]:
    asked = fetch.status is not None or (fetch.outcome is Outcome.ERROR and fetch.reason not in NOT_ASKED)
    return {
        "url": index_key(fetch.url),
        "source_id": source_id,
        "kind": fetch.kind.value,
        "final_url": index_key(fetch.final_url or fetch.url),
        "first_seen_at": fetch.seen_at,
        "last_seen_at": fetch.seen_at,
        "last_fetched_at": fetch.seen_at if asked else None,
        "etag": fetch.etag,
        "last_modified": fetch.last_modified,
        "body_sha256": fetch.body_sha256,
        "outcome": fetch.outcome.value,
        "reason": fetch.reason,
        "title": fetch.title or None,
        "published_raw": fetch.published_raw or None,
        "discovered_in": index_key(fetch.discovered_in),
    }


def _update_articles(connection: Connection, lines: list[Fetch]) -> None:
    """Update the articles' URLs, when they were last seen, and whether they are gone."""
    there = urls.alias("there")
    connection.execute(
        update(urls)
        .where(
            urls.c.url.in_([index_key(fetch.url) for fetch in lines]),
            urls.c.article_id.is_(None),
            there.c.final_url == urls.c.final_url,
            there.c.final_url != "",
            there.c.article_id.is_not(None),
        )
        .values(article_id=there.c.article_id)
    )
    pages = [fetch for fetch in lines if fetch.kind is DocumentKind.PAGE]
    seen = [{"which": index_key(fetch.url), "at": fetch.seen_at} for fetch in pages if fetch.outcome in SEEN_AGAIN]
    gone = [{"which": index_key(fetch.url), "at": fetch.seen_at} for fetch in pages if fetch.outcome is Outcome.GONE]
    its_url = select(urls.c.article_id).where(urls.c.url == bindparam("which")).scalar_subquery()
    at = bindparam("at", type_=articles.c.last_seen_at.type)
    if seen:
        connection.execute(
            update(articles)
            .where(articles.c.id == its_url, articles.c.last_seen_at < at)
            .values(last_seen_at=at, gone_at=None),
            seen,
        )
    if gone:
        connection.execute(
            update(articles)
            .where(articles.c.id == its_url, articles.c.gone_at.is_(None), articles.c.last_seen_at <= at)
            .values(gone_at=at),
            gone,
        )
