"""Articles and their versions: what waits to be read, what a reading found, what the newest text is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on, insert

from pipeline import ids
from pipeline.errors import Rejected
from pipeline.records import Article, DocumentKind, Origin, Outcome, WarcRecord, Window
from pipeline.store.clean import clean, key
from pipeline.store.schema import articles, captures, readings, urls, versions

Change = Literal["new", "edited", "unchanged", "rejected"]
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
    listed: tuple[str, ...]
    """Of a feed: the URLs that were discovered in it, as last told."""


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A URL whose page was last refused, so that its text may come from the feed that lists it."""

    url: str
    source_id: str
    reason: str
    discovered_in: str
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one reading. ``article_id`` and ``version_id`` are None for a rejection."""

    change: Change
    article_id: str | None = None
    version_id: str | None = None


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
    read = exists().where(
        readings.c.capture_id == captures.c.id,
        readings.c.locator == "",
        readings.c.code_version == code_version,
        readings.c.read_at >= last_news,
    )
    query = (
        select(captures, last_news.label("at"), urls.c.title, urls.c.published_raw)
        .outerjoin(urls, urls.c.url == captures.c.requested_url)
        .where(captures.c.kind.in_([DocumentKind.PAGE.value, DocumentKind.FEED.value]), ~read)
        .order_by(last_news, captures.c.id)
    )
    if window is not None:
        query = query.where(last_news >= window.start, last_news < window.end)
    if sources is not None:
        query = query.where(captures.c.source_id.in_(sources))
    rows = connection.execute(query).all()
    listed = _listed(connection, [row.requested_url for row in rows if row.kind == DocumentKind.FEED.value])
    return [_waiting(row, listed.get(row.requested_url, ())) for row in rows]


def _waiting(row: Row[Any], listed: tuple[str, ...]) -> WaitingCapture:
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
        listed=listed,
    )


def _listed(connection: Connection, feeds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    if feeds:
        query = select(urls.c.discovered_in, urls.c.url).where(urls.c.discovered_in.in_(feeds)).order_by(urls.c.url)
        for row in connection.execute(query):
            found.setdefault(row.discovered_in, []).append(row.url)
    return {feed: tuple(members) for feed, members in found.items()}


def refused_pages(connection: Connection, *, sources: Sequence[str] | None = None) -> list[RefusedPage]:
    """URLs whose page ended as an error when last tried, in order; ``reason`` tells what kind of refusal it was."""
    query = (
        select(urls)
        .where(urls.c.kind == DocumentKind.PAGE.value, urls.c.outcome == Outcome.ERROR.value)
        .order_by(urls.c.url)
    )
    if sources is not None:
        query = query.where(urls.c.source_id.in_(sources))
    return [
        RefusedPage(row.url, row.source_id, row.reason, row.discovered_in, row.last_seen_at)
        for row in connection.execute(query)
    ]


def was_read(connection: Connection, capture_id: str, locator: str, *, code_version: str) -> bool:
    """Whether this code has read this entry of this capture."""
    query = select(readings.c.read_at).where(
        readings.c.capture_id == capture_id,
        readings.c.locator == locator,
        readings.c.code_version == code_version,
    )
    return connection.scalar(query) is not None


def save_reading(
    connection: Connection,
    capture: WaitingCapture,
    result: Article | Rejected,
    *,
    code_version: str,
    now: datetime,
    origin: Origin = Origin.PAGE,
    locator: str = "",
    led_here: Sequence[str] = (),
    run_id: str | None = None,
) -> Saved:
    """Keep what one reading of a capture found, and say what it changed.

    The text is compared with the last version of the same origin only. ``led_here``: further URLs that led to the
    article, as discovered (for a feed entry: the URL it lists). To be called in a transaction of its own: it holds the
    article's row until the end. Its commit does not wait for the disk: what a crash of the server takes back is
    whole, and is read again by the next run.
    """
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    if isinstance(result, Rejected):
        _note(connection, capture, locator, code_version, now, result.outcome, result.reason, result.detail, None)
        return Saved("rejected")
    article = _article_row(connection, capture, result)
    saved = _save_version(connection, capture, result, article, origin, locator, code_version, run_id)
    _renew_article(connection, article.id, capture, result, origin)
    _link_urls(connection, article.id, capture if origin is Origin.PAGE else None, led_here)
    outcome = Outcome.UNCHANGED if saved.change == "unchanged" else Outcome.KEPT
    _note(connection, capture, locator, code_version, now, outcome, saved.change, "", saved.version_id)
    return saved


def save_feed_reading(connection: Connection, capture: WaitingCapture, *, code_version: str, now: datetime) -> None:
    """Note that a feed capture has been gone through; its entries have readings of their own."""
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
        locator=key(locator),
        code_version=code_version,
        outcome=outcome.value,
        reason=reason,
        detail=detail[:1000],
        version_id=version_id,
        # Never before the bytes were seen, whatever the run's clock says: else the capture would wait for ever.
        read_at=max(now, capture.seen_at),
    )
    told = ("outcome", "reason", "detail", "version_id", "read_at")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["capture_id", "locator", "code_version"],
            set_={name: statement.excluded[name] for name in told},
        )
    )


def _article_row(connection: Connection, capture: WaitingCapture, result: Article) -> Row[Any]:
    """The article's row, made if need be and locked until the end of the transaction."""
    url = key(result.url)
    statement = insert(articles).values(
        id=ids.article_id(url),
        url=url,
        source_id=capture.source_id,
        lang=result.lang,
        title=result.title,
        published_at=result.published_at,
        published_raw=result.published_raw,
        first_seen_at=capture.seen_at,
        last_seen_at=capture.seen_at,
    )
    connection.execute(statement.on_conflict_do_nothing())
    return connection.execute(select(articles).where(articles.c.url == url).with_for_update()).one()


def _save_version(
    connection: Connection,
    capture: WaitingCapture,
    result: Article,
    article: Row[Any],
    origin: Origin,
    locator: str,
    code_version: str,
    run_id: str | None,
) -> Saved:
    body = clean(result.text)
    sha256 = ids.text_sha256(body)
    history = connection.execute(
        select(versions.c.id, versions.c.n, versions.c.text_sha256, versions.c.code_version, versions.c.seen_at)
        .where(versions.c.article_id == article.id, versions.c.origin == origin.value)
        .order_by(versions.c.seen_at, versions.c.n)
    ).all()
    before = [row for row in history if row.seen_at <= capture.seen_at]
    # An older capture that is read late is compared with what stood before it; failing that, with what came first.
    last = before[-1] if before else (history[0] if history else None)
    again = _read_by_other_code(connection, capture, locator, code_version)
    if last is not None and last.text_sha256 == sha256:
        return Saved("unchanged", article.id, last.id)
    if again is not None and again != history[-1].id:
        # Other code read these bytes, and newer text has come since: history is not rewritten.
        return Saved("unchanged", article.id, again)
    by_code = again is not None or (last is not None and last.code_version != code_version)
    occurrence = 1 + sum(row.text_sha256 == sha256 for row in history)
    version = ids.version_id(article.id, origin.value, sha256, occurrence)
    connection.execute(
        insert(versions).values(
            id=version,
            article_id=article.id,
            n=_next_number(connection, article.id),
            capture_id=capture.id,
            origin=origin.value,
            locator=locator,
            title=result.title,
            text=body,
            lang=result.lang,
            text_sha256=sha256,
            published_at=result.published_at,
            published_raw=result.published_raw,
            modified_at=result.modified_at,
            extractor=result.extractor,
            encoding=result.encoding,
            flags=[clean(flag) for flag in result.flags],
            code_version=code_version,
            cause="code" if by_code else "source",
            seen_at=capture.seen_at,
            run_id=run_id,
        )
    )
    return Saved("edited" if history else "new", article.id, version)


def _next_number(connection: Connection, article_id: str) -> int:
    found = connection.scalar(select(func.max(versions.c.n)).where(versions.c.article_id == article_id))
    return int(found or 0) + 1


def _read_by_other_code(connection: Connection, capture: WaitingCapture, locator: str, code_version: str) -> str | None:
    """The version that another code version found in these very bytes; None if they were never read or refused.

    Bytes that have returned since are news: what was read of them before is beside the point.
    """
    query = (
        select(readings.c.version_id)
        .where(
            readings.c.capture_id == capture.id,
            readings.c.locator == key(locator),
            readings.c.code_version != code_version,
            readings.c.version_id.is_not(None),
            readings.c.read_at >= capture.seen_at,
        )
        .order_by(readings.c.read_at.desc())
        .limit(1)
    )
    return connection.scalar(query)


def _newest_first() -> tuple[ColumnElement[Any], ...]:
    """Order of versions in which the article's present text is the first: the latest seen, of the page if in doubt."""
    return versions.c.seen_at.desc(), (versions.c.origin == Origin.PAGE.value).desc(), versions.c.n.desc()


def _renew_article(
    connection: Connection, article_id: str, capture: WaitingCapture, result: Article, origin: Origin
) -> None:
    """Let the article's row follow its newest text; what that does not tell stays as it was known."""
    query = select(versions.c.origin, versions.c.seen_at).where(versions.c.article_id == article_id)
    newest = connection.execute(query.order_by(*_newest_first()).limit(1)).one()
    values: dict[str, Any] = {
        "first_seen_at": func.least(articles.c.first_seen_at, capture.seen_at),
        "last_seen_at": func.greatest(articles.c.last_seen_at, capture.seen_at),
    }
    if newest.origin == origin and newest.seen_at <= capture.seen_at:
        told = {
            "lang": result.lang,
            "title": result.title,
            "published_at": result.published_at,
            "published_raw": result.published_raw,
        }
        values |= {name: value for name, value in told.items() if value}
    connection.execute(update(articles).where(articles.c.id == article_id).values(values))


def _link_urls(
    connection: Connection, article_id: str, capture: WaitingCapture | None, led_here: Sequence[str]
) -> None:
    """Let every URL that led to the article know it, redirected ones included."""
    known = {key(url) for url in led_here}
    leads: list[ColumnElement[bool]] = []
    if capture is not None:
        known |= {capture.url, capture.requested_url}
        leads.append(urls.c.final_url == capture.url)
    leads.append(urls.c.url.in_(sorted(known)))
    connection.execute(
        update(urls)
        .where(or_(*leads), urls.c.kind == DocumentKind.PAGE.value, urls.c.article_id.is_distinct_from(article_id))
        .values(article_id=article_id)
    )


def mark_gone(connection: Connection, url: str, *, at: datetime) -> None:
    """Note that the article at this URL, canonical or as discovered, is no longer there; its versions stay."""
    its_url = select(urls.c.article_id).where(urls.c.url == key(url)).scalar_subquery()
    connection.execute(
        update(articles)
        .where(or_(articles.c.id == its_url, articles.c.url == key(url)), articles.c.gone_at.is_(None))
        .values(gone_at=at)
    )


def newest_versions(connection: Connection, run_id: str | None = None) -> Iterator[dict[str, Any]]:
    """The newest version of every article, as ``onrecord articles --jsonl`` prints it (CONTRACTS), by URL.

    With ``run_id``, only articles of which that run made a version, and the newest of those.
    """
    newest = (
        select(versions.c.article_id, versions.c.id)
        .ext(distinct_on(versions.c.article_id))
        .order_by(versions.c.article_id, *_newest_first())
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
        select(articles.c.id, articles.c.url, articles.c.source_id, versions, asked.label("asked"))
        .join(chosen, chosen.c.article_id == articles.c.id)
        .join(versions, versions.c.id == chosen.c.id)
        .order_by(articles.c.url)
    )
    result = connection.execute(query, execution_options={"yield_per": 200})
    for row in result.mappings():
        yield {
            "id": row[articles.c.id],
            "url": row[articles.c.url],
            "requested_urls": row["asked"] or [],
            "source": row[articles.c.source_id],
            "lang": row[versions.c.lang],
            "title": row[versions.c.title],
            "published_at": row[versions.c.published_at],
            "text": row[versions.c.text],
            "version": row[versions.c.id],
        }
