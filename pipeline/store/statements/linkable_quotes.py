"""The quotes that linking reads: which are due, and each with what linking must know of its article."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, DateTime, Text, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline import ids
from pipeline.quote_rules import SpanRule
from pipeline.records import StoredQuote, Window
from pipeline.statements.segments import LinkableQuote
from pipeline.store.articles.quotes import NEWEST_VERSION_FIRST
from pipeline.store.bulk import among, rows_of
from pipeline.store.schema import articles, quote_spans, quotes, segments, versions

IN_FULL = ("transcript", "interview")
"""Kinds of texts whose quotes are turns."""

WITH_ARTICLE = quotes.join(articles, articles.c.id == quotes.c.article_id)

_STORED = (
    quotes.c.id,
    quotes.c.article_id,
    articles.c.source_id,
    quotes.c.text,
    quotes.c.lang,
    quotes.c.type,
    quotes.c.speaker_id,
    quotes.c.speaker_name,
    articles.c.published_at,
    quotes.c.first_seen_at,
    quotes.c.stance,
    quotes.c.claimant,
    quotes.c.claimant_id,
    quotes.c.stance_confidence,
)


def is_linked() -> Any:
    """Condition: a quote reports a statement."""
    return select(segments.c.id).where(segments.c.quote_id == quotes.c.id).exists()


def has_span() -> Any:
    """Condition: a version of its article has the quote; one that only older code found is in none."""
    return select(quote_spans.c.quote_id).where(quote_spans.c.quote_id == quotes.c.id).exists()


def is_unlinked() -> ColumnElement[bool]:
    """Condition: a quote, joined with its article, reports no statement yet."""
    return and_(articles.c.link_due.is_not(None), ~is_linked(), has_span())


def articles_due(connection: Connection) -> dict[str, datetime]:
    """Ids of the articles whose quotes or times changed since they were last linked, and when they changed."""
    query = select(articles.c.id, articles.c.link_due).where(articles.c.link_due.is_not(None))
    return {row.id: row.link_due for row in connection.execute(query)}


def mark_articles_linked(connection: Connection, gone_through: Mapping[str, datetime]) -> None:
    """Record that these articles were linked; one that changed meanwhile, or has unlinked quotes, stays due."""
    if not gone_through:
        return
    when = rows_of({"id": Text(), "at": DateTime(timezone=True)}, list(gone_through.items()))
    left = select(quotes.c.id).where(quotes.c.article_id == articles.c.id, ~is_linked(), has_span())
    own = (articles.c.id == when.c.id, articles.c.link_due == when.c.at)
    connection.execute(update(articles).where(*own, ~left.exists()).values(link_due=None))


def quotes_due(connection: Connection, window: Window | None = None) -> list[str]:
    """Ids of the quotes of articles that are due, by speaker and time.

    ``window`` is over when they were first seen; quotes that are linked already are looked at whenever that was.
    """
    query = select(quotes.c.id).select_from(WITH_ARTICLE).where(articles.c.link_due.is_not(None), has_span())
    if window is not None:
        seen = and_(quotes.c.first_seen_at >= window.start, quotes.c.first_seen_at < window.end)
        query = query.where(or_(seen, is_linked()))
    at = func.coalesce(articles.c.published_at, quotes.c.first_seen_at)
    return list(connection.scalars(query.order_by(quotes.c.speaker_id, quotes.c.speaker_name, at, quotes.c.id)))


def lost_quotes(connection: Connection) -> list[str]:
    """Ids of linked quotes, of articles that are due, which no version of their article has any more."""
    query = select(quotes.c.id).select_from(WITH_ARTICLE)
    gone = (articles.c.link_due.is_not(None), quotes.c.text != "", is_linked(), ~has_span())
    return list(connection.scalars(query.where(*gone).order_by(quotes.c.id)))


def load_quotes(connection: Connection, names: Collection[str]) -> dict[str, LinkableQuote]:
    """The quotes with these ids, as far as a version has them, each as it stands in the newest one."""
    if not names:
        return {}
    query = (
        select(*_STORED, quote_spans.c.start, versions.c.id.label("version"), quotes.c.span_rule, quotes.c.text_kind)
        .ext(distinct_on(quotes.c.id))
        .select_from(WITH_ARTICLE)
        .join(quote_spans, quote_spans.c.quote_id == quotes.c.id)
        .join(versions, versions.c.id == quote_spans.c.version_id)
        .where(among(quotes.c.id, names))
        .order_by(quotes.c.id, *NEWEST_VERSION_FIRST)
    )
    found = {}
    for row in connection.execute(query):
        *stored, start, version, rule, kind = row
        turn = kind in IN_FULL or rule == SpanRule.TURN.value
        found[row.id] = LinkableQuote(StoredQuote(*stored), start, turn, version)
    return found


def state_of(one: LinkableQuote) -> str:
    """A digest of all that the links and the statements of a quote follow from, but for the code and the roster."""
    quote = one.quote
    published = None if quote.published_at is None else quote.published_at.timestamp()
    known: Sequence[object] = (
        quote.text, quote.lang, quote.type, quote.speaker_id, quote.speaker_name, published, quote.seen_at.timestamp(),
        quote.stance, quote.claimant, quote.claimant_id, quote.stance_confidence, one.turn, one.version,
    )  # fmt: skip
    return ids.content_digest("linked", *(repr(it) for it in known))
