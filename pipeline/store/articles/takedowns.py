"""Takedowns in the database: find where an article's text is stored, remove it, and keep a mark that it was removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from pipeline import ids
from pipeline.reasons import Reason
from pipeline.records import TAKEN_DOWN, DocumentKind, WarcRecord
from pipeline.store.articles import search_terms
from pipeline.store.crawl.captures import RECORD_COLUMNS, warc_record
from pipeline.store.schema import (
    alerts,
    articles,
    captures,
    quotes,
    segments,
    statements,
    takedowns,
    urls,
    versions,
    warc_files,
)
from pipeline.store.types import CleanText, index_key


@dataclass(frozen=True, slots=True)
class TakedownScope:
    """All that a takedown of one address covers."""

    article_ids: tuple[str, ...]
    addresses: tuple[str, ...]
    """Addresses under which it was listed, requested, or answered."""
    source_ids: tuple[str, ...]
    documents: tuple[WarcRecord, ...]
    """Captured feeds, sitemaps and listings of its sources, which may contain its title and words too."""


def takedown_scope(connection: Connection, url: str) -> TakedownScope | None:
    """What the address refers to; None if the store does not know it."""
    named = index_key(url)
    led = select(urls.c.article_id).where(or_(urls.c.url == named, urls.c.final_url == named))
    found = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.source_id).where(
            or_(articles.c.url == named, articles.c.id.in_(led))
        )
    ).all()
    own = [row.id for row in found]
    listed = connection.execute(
        select(urls.c.url, urls.c.final_url, urls.c.source_id).where(
            or_(urls.c.url == named, urls.c.final_url == named, urls.c.article_id.in_(own)),
            urls.c.kind == DocumentKind.PAGE.value,
        )
    ).all()
    if not found and not listed:
        return None
    addresses = {named, *(row.url for row in found), *(row.url for row in listed), *(row.final_url for row in listed)}
    sources = sorted({row.source_id for row in (*found, *listed)})
    return TakedownScope(
        tuple(own),
        tuple(sorted(addresses - {""})),
        tuple(sources),
        tuple(_listings(connection, sources)),
    )


def forget(connection: Connection, what: TakedownScope, *, reason: str, now: datetime) -> list[str]:
    """Remove the texts from every table and mark the addresses as taken down; Message-IDs of the e-mails about them.

    Rows stay, so that permalinks keep working: versions and quotes without their words, statements with the words of
    another outlet, if there is one. Words that no quote is left with leave the table of word forms too. Pending alerts
    on statements without any words are not sent.
    """
    marks = insert(takedowns).values(
        [
            {"url": it, "article_id": next(iter(what.article_ids), None), "reason": reason, "at": now}
            for it in what.addresses
        ]
    )
    connection.execute(marks.on_conflict_do_nothing(index_elements=["url"]))
    connection.execute(
        update(urls)
        .where(urls.c.url.in_(what.addresses))
        .values(title=None, outcome="gone", reason=Reason.TAKEN_DOWN, etag="", last_modified="")
    )
    own = versions.c.article_id.in_(what.article_ids)
    flag = func.array_append(func.array_remove(versions.c.flags, TAKEN_DOWN), TAKEN_DOWN, type_=ARRAY(CleanText))
    connection.execute(
        update(versions).where(own).values(text="", title="", text_sha256=ids.text_sha256(""), flags=flag)
    )
    connection.execute(
        update(articles)
        .where(articles.c.id.in_(what.article_ids))
        .values(title="", gone_at=func.coalesce(articles.c.gone_at, now))
    )
    connection.execute(update(quotes).where(quotes.c.article_id.in_(what.article_ids)).values(text="", search_terms=""))
    message_ids = _forget_statements(connection, what)
    of_article = select(quotes.c.id).where(quotes.c.article_id.in_(what.article_ids))
    wordless = update(segments).where(segments.c.quote_id.in_(of_article))
    connection.execute(wordless.values(stems="", words_digest="", places=[]))
    search_terms.forget_unused_words(connection)
    return message_ids


def _forget_statements(connection: Connection, what: TakedownScope) -> list[str]:
    member = segments.join(quotes, quotes.c.id == segments.c.quote_id)
    affected = select(segments.c.statement_id).select_from(member)
    affected = affected.where(quotes.c.article_id.in_(what.article_ids))
    words = func.substr(quotes.c.text, segments.c.start + 1, segments.c.end - segments.c.start)
    other = (
        select(words)
        .select_from(member)
        .where(segments.c.statement_id == statements.c.id, quotes.c.text != "")
        .order_by(quotes.c.first_seen_at, quotes.c.id)
        .limit(1)
        .scalar_subquery()
    )
    names = list(connection.scalars(affected.distinct()))
    connection.execute(update(statements).where(statements.c.id.in_(names)).values(text=func.coalesce(other, "")))
    affected_alerts = (
        update(alerts).where(alerts.c.statement_id.in_(names)).values(sent_text="").returning(alerts.c.message_id)
    )
    message_ids = sorted({it for it in connection.scalars(affected_alerts) if it})
    # The subject of an e-mail may have the words of any of its statements.
    connection.execute(update(alerts).where(alerts.c.message_id.in_(message_ids)).values(subject=""))
    empty = select(statements.c.id).where(statements.c.id.in_(names), statements.c.text == "")
    connection.execute(
        update(alerts)
        .where(alerts.c.statement_id.in_(empty), alerts.c.state == "pending")
        .values(state="dead", last_reply=TAKEN_DOWN)
    )
    return message_ids


def note_rewritten(connection: Connection, old: WarcRecord, sha256: str) -> None:
    """Store the new digest of a WARC record that was redacted in place."""
    location = (captures.c.warc_id == old.warc, captures.c.warc_offset == old.offset)
    connection.execute(update(captures).where(*location).values(sha256=sha256))


def note_file(connection: Connection, name: str, *, sha256: str) -> None:
    """Store the new digest of a WARC file in which records were redacted."""
    connection.execute(
        update(warc_files).where(warc_files.c.id == name, warc_files.c.state != "open").values(sha256=sha256)
    )


def taken_down_addresses(connection: Connection, source_id: str) -> set[str]:
    """The addresses of a source that were taken down."""
    query = select(takedowns.c.url).outerjoin(urls, urls.c.url == takedowns.c.url)
    query = query.outerjoin(articles, articles.c.id == takedowns.c.article_id)
    return set(connection.scalars(query.where(or_(urls.c.source_id == source_id, articles.c.source_id == source_id))))


def forget_titles(connection: Connection, addresses: Iterable[str]) -> None:
    """Remove titles that were stored again when these addresses were listed again."""
    connection.execute(update(urls).where(urls.c.url.in_(addresses), urls.c.title.is_not(None)).values(title=None))


def listing_records(connection: Connection, run_id: str, source_id: str) -> list[WarcRecord]:
    """The feeds, sitemaps and listings of a source in WARC files that this run wrote."""
    own = select(warc_files.c.id).where(warc_files.c.run_id == run_id)
    return _listings(connection, [source_id], captures.c.warc_id.in_(own))


def _listings(connection: Connection, sources: Sequence[str], *more: ColumnElement[bool]) -> list[WarcRecord]:
    query = select(*RECORD_COLUMNS)
    kept = captures.c.kind != DocumentKind.PAGE.value
    found = connection.execute(query.where(captures.c.source_id.in_(sources), kept, *more))
    return [warc_record(row) for row in found]


def is_taken_down(connection: Connection, addresses: Iterable[str]) -> bool:
    """Whether one of these addresses was taken down."""
    named = [index_key(it) for it in addresses]
    return connection.scalar(select(literal(1)).where(takedowns.c.url.in_(named)).limit(1)) is not None
