"""Statements: find quotes that wait to be linked and quotes they may belong with, and save the groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    column,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import DateTime

from pipeline import ids
from pipeline.records import Statement, StoredQuote, Window
from pipeline.statements.grouping import LONG_WORDS
from pipeline.store.alerts import outbox
from pipeline.store.schema import (
    articles,
    quote_spans,
    quotes,
    statement_aliases,
    statement_quotes,
    statements,
)

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
)
WITH_ARTICLE = quotes.join(articles, articles.c.id == quotes.c.article_id)


@dataclass(slots=True)
class SavedStatements:
    """Counts of saved statements: new ones, those that grew or changed, and ids that became aliases.

    ``linked``: ids of the quotes that were in no statement before.
    """

    new: int = 0
    changed: int = 0
    aliased: int = 0
    linked: set[str] = field(default_factory=set)


def articles_due(connection: Connection) -> dict[str, datetime]:
    """Ids of the articles whose quotes or times changed since they were last linked, and when they changed."""
    query = select(articles.c.id, articles.c.link_due).where(articles.c.link_due.is_not(None))
    return {row.id: row.link_due for row in connection.execute(query)}


def mark_articles_linked(connection: Connection, gone_through: Mapping[str, datetime]) -> None:
    """Record that these articles were linked; one that changed meanwhile, or has unlinked quotes, stays due."""
    when = select(
        func.unnest(literal(list(gone_through), ARRAY(String))).label("id"),
        func.unnest(literal(list(gone_through.values()), ARRAY(DateTime(timezone=True)))).label("at"),
    ).subquery()
    left = select(quotes.c.id).where(quotes.c.article_id == articles.c.id, ~is_linked(), has_span())
    own = (articles.c.id == when.c.id, articles.c.link_due == when.c.at)
    connection.execute(update(articles).where(*own, ~left.exists()).values(link_due=None))


def is_linked() -> Any:
    """Condition: a quote is in a statement."""
    return select(statement_quotes.c.quote_id).where(statement_quotes.c.quote_id == quotes.c.id).exists()


def has_span() -> Any:
    """Condition: a version of its article has the quote; one that only older code found is in none."""
    return select(quote_spans.c.quote_id).where(quote_spans.c.quote_id == quotes.c.id).exists()


def quotes_waiting(connection: Connection, window: Window | None = None) -> list[str]:
    """Ids of the quotes in no statement yet, by speaker and time. ``window`` is over when they were first seen."""
    query = select(quotes.c.id).select_from(WITH_ARTICLE).where(is_unlinked())
    if window is not None:
        query = query.where(quotes.c.first_seen_at >= window.start, quotes.c.first_seen_at < window.end)
    at = func.coalesce(articles.c.published_at, quotes.c.first_seen_at)
    return list(connection.scalars(query.order_by(quotes.c.speaker_id, quotes.c.speaker_name, at, quotes.c.id)))


def is_unlinked() -> ColumnElement[bool]:
    """Condition: a quote, joined with its article, is in no statement yet."""
    return and_(articles.c.link_due.is_not(None), ~is_linked(), has_span())


def outdated_quotes(connection: Connection, since: datetime) -> list[str]:
    """Ids of linked quotes whose speaker, stance or time differs from those of their statement.

    Times are compared in statements first seen from ``since`` on, speakers in all. Only articles that are due are
    checked, with the other quotes of their statements.
    """
    own = _speaker_key(quotes)
    stated = _speaker_key(statements)
    joined = statement_quotes.join(quotes, quotes.c.id == statement_quotes.c.quote_id).join(
        statements, statements.c.id == statement_quotes.c.statement_id
    )
    written = (
        select(statement_quotes.c.statement_id)
        .select_from(statement_quotes.join(WITH_ARTICLE, quotes.c.id == statement_quotes.c.quote_id))
        .where(articles.c.link_due.is_not(None))
        .cte("written")
    )
    touched = statements.c.id.in_(select(written.c.statement_id))
    other = (
        select(quotes.c.id)
        .select_from(joined)
        .where(touched, or_(own != stated, quotes.c.stance != statements.c.stance))
    )
    backed = select(statement_quotes.c.statement_id).select_from(joined).where(touched, own == stated)
    unbacked = (
        select(quotes.c.id)
        .select_from(joined)
        .where(touched, stated.is_not(None), own.is_(None), ~statements.c.id.in_(backed))
    )
    moved = (
        select(statements.c.id)
        .select_from(joined.join(articles, articles.c.id == quotes.c.article_id))
        .where(touched, statements.c.first_seen_at >= since)
        .group_by(statements.c.id)
        .having(
            or_(
                func.min(articles.c.published_at).is_distinct_from(statements.c.first_published_at),
                func.min(quotes.c.first_seen_at) != statements.c.first_seen_at,
            )
        )
    )
    retimed = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id.in_(moved))
    apart = (
        select(quotes.c.id)
        .select_from(joined.join(articles, articles.c.id == quotes.c.article_id))
        .where(touched, articles.c.published_at.is_(None), statement_quotes.c.how != "founding")
    )
    return sorted(connection.scalars(union(other, unbacked, retimed, apart)))


def _speaker_key(table: Any) -> Any:
    return func.coalesce(literal_column("'id:'") + table.c.speaker_id, literal_column("'name:'") + table.c.speaker_name)


def quotes_by_ids(connection: Connection, names: Collection[str]) -> list[StoredQuote]:
    """The quotes with these ids, as far as a version still has them."""
    return _stored(connection, _held().where(quotes.c.id.in_(names)))


def _held() -> Select[Any]:
    return select(*_STORED).select_from(WITH_ARTICLE).where(has_span())


def quotes_of_same_statements(connection: Connection, names: Collection[str]) -> list[StoredQuote]:
    """All quotes of the statements that these quotes are in now."""
    own = select(statement_quotes.c.statement_id).where(statement_quotes.c.quote_id.in_(names))
    members = select(statement_quotes.c.quote_id).where(statement_quotes.c.statement_id.in_(own))
    return _stored(connection, select(*_STORED).select_from(WITH_ARTICLE).where(quotes.c.id.in_(members)))


def neighbouring_quotes(connection: Connection, around: Sequence[StoredQuote], span: timedelta) -> list[StoredQuote]:
    """The quotes that may belong to one statement with any of ``around``, and some that do not.

    These are quotes of the same articles; quotes with the same words, if there are enough words; and quotes of the same
    speakers, at most ``span`` apart in time. A quote without a time is found by article and words only.
    """
    if not around:
        return []
    found = {quote.id: quote for quote in _stored(connection, _same_articles(around))}
    for query in (_same_words(around), *_same_speakers(around, span)):
        found |= {quote.id: quote for quote in _stored(connection, query)}
    return list(found.values())


def _same_articles(around: Sequence[StoredQuote]) -> Select[Any]:
    names = {quote.article_id for quote in around}
    return _held().where(quotes.c.article_id.in_(names))


def _same_words(around: Sequence[StoredQuote]) -> Select[Any]:
    said = {ids.normalised_words(quote.text) for quote in around}
    words = {ids.text_sha256(one) for one in said if len(one.split()) >= LONG_WORDS}
    return _held().where(quotes.c.words_sha256.in_(words))


def _same_speakers(around: Sequence[StoredQuote], span: timedelta) -> list[Select[Any]]:
    """One query for speakers of the roster and one for those known by name alone."""
    times: dict[tuple[str, bool], list[datetime]] = defaultdict(list)
    for quote in around:
        known = quote.speaker_id or quote.speaker_name
        if known and quote.published_at:
            times[known, bool(quote.speaker_id)].append(quote.published_at)
    found: list[Select[Any]] = []
    for rostered in (True, False):
        rows = [(who, min(at) - span, max(at) + span) for (who, by_id), at in times.items() if by_id == rostered]
        if not rows:
            continue
        when = values(
            column("who", String), column("lo", DateTime(timezone=True)), column("hi", DateTime(timezone=True)),
            name="wanted",
        ).data(rows)  # fmt: skip
        same = quotes.c.speaker_id == when.c.who
        if not rostered:
            same = and_(quotes.c.speaker_id.is_(None), quotes.c.speaker_name == when.c.who)
        query = select(*_STORED).select_from(WITH_ARTICLE.join(when, same)).where(has_span())
        # The whole span as well, which an index can use; else all quotes of a frequent speaker would be scanned.
        whole = (min(lo for _, lo, _ in rows), max(hi for _, _, hi in rows))
        for start, end in ((when.c.lo, when.c.hi), whole):
            query = query.where(articles.c.published_at >= start, articles.c.published_at <= end)
        found.append(query)
    return found


def _stored(connection: Connection, query: Select[Any]) -> list[StoredQuote]:
    return [StoredQuote(*row) for row in connection.execute(query)]


def save_statements(
    connection: Connection, grouped: Sequence[Statement], members: Mapping[str, StoredQuote]
) -> SavedStatements:
    """Replace the statements that these quotes were in by the new ones; ``members`` are all their quotes by id.

    If a quote of a statement is given, all its quotes must be (see :func:`quotes_of_same_statements`). Ids that end
    become aliases, and their alerts are moved. A statement with a new quote or another speaker is matched again.
    """
    before = _statement_ids(connection, members)
    after = {one.quote_id: statement.id for statement in grouped for one in statement.quotes}
    ended = _founding(connection, set(before.values()) - set(after.values()))
    # If the founding quote was removed, the alias points to the statement of the first remaining quote.
    first = {before[name]: name for name in sorted(before, reverse=True)}
    heirs = {old: after.get(founding) or after[first[old]] for old, founding in ended.items()}
    saved = SavedStatements(aliased=len(heirs), linked=after.keys() - before.keys())
    rows = [_row(statement, [members[one.quote_id] for one in statement.quotes]) for statement in grouped]
    _put(connection, rows, {after[name] for name in after if before.get(name) != after[name]}, saved)
    _put_members(connection, grouped)
    parted = {(old, after[name]) for name, old in before.items() if after[name] not in (old, heirs.get(old))}
    outbox.copy_alerts(connection, sorted(parted))
    outbox.move_alerts(connection, heirs)
    _end(connection, heirs, set(after.values()))
    return saved


def _statement_ids(connection: Connection, names: Collection[str]) -> dict[str, str]:
    query = select(statement_quotes.c.quote_id, statement_quotes.c.statement_id)
    query = query.where(statement_quotes.c.quote_id.in_(names))
    return {row.quote_id: row.statement_id for row in connection.execute(query)}


def _founding(connection: Connection, names: Collection[str]) -> dict[str, str]:
    query = select(statements.c.id, statements.c.founding_quote_id).where(statements.c.id.in_(names))
    return {row.id: row.founding_quote_id for row in connection.execute(query.order_by(statements.c.id))}


def _row(statement: Statement, members: Sequence[StoredQuote]) -> dict[str, object]:
    """The statement's row: words of the founding quote, speaker of the first quote that names one."""
    founding = members[0]
    speaker = next((one for one in members if one.speaker_id or one.speaker_name), founding)
    return {
        "id": statement.id,
        "founding_quote_id": statement.founding_quote_id,
        "speaker_id": speaker.speaker_id,
        "speaker_name": speaker.speaker_name,
        "text": founding.text,
        "lang": founding.lang,
        "type": founding.type,
        "first_published_at": min((one.published_at for one in members if one.published_at), default=None),
        "first_seen_at": min(one.seen_at for one in members),
        "stance": founding.stance,
        "claimant": next((one.claimant for one in members if one.claimant), None),
    }


def _put(
    connection: Connection, rows: Sequence[dict[str, object]], grown: Collection[str], saved: SavedStatements
) -> None:
    """Upsert the rows; statements in ``grown``, or with another speaker, are matched against the watches again."""
    query = select(statements).where(statements.c.id.in_([row["id"] for row in rows]))
    stored = {row["id"]: row for row in connection.execute(query).mappings()}
    new = [row for row in rows if row["id"] not in stored]
    if new:
        connection.execute(insert(statements), new)
    saved.new += len(new)
    for row in rows:
        old = stored.get(row["id"])
        if old is None or (row["id"] not in grown and all(old[name] == value for name, value in row.items())):
            continue
        same_speaker = (old["speaker_id"], old["speaker_name"]) == (row["speaker_id"], row["speaker_name"])
        matched = old["matched_at"] if same_speaker and row["id"] not in grown else None
        connection.execute(update(statements).where(statements.c.id == row["id"]).values(**row, matched_at=matched))
        saved.changed += 1


def _put_members(connection: Connection, found: Sequence[Statement]) -> None:
    rows = [
        {"quote_id": one.quote_id, "statement_id": statement.id, "how": one.how, "score": one.score}
        for statement in found
        for one in statement.quotes
    ]
    new = insert(statement_quotes)
    updates = {name: new.excluded[name] for name in ("statement_id", "how", "score")}
    differs = or_(*(value.is_distinct_from(statement_quotes.c[name]) for name, value in updates.items()))
    if rows:
        connection.execute(new.on_conflict_do_update(index_elements=["quote_id"], set_=updates, where=differs), rows)


def _end(connection: Connection, heirs: Mapping[str, str], live: Collection[str]) -> None:
    """Turn the ids of ``heirs`` into aliases, and redirect their aliases; an id in use is no alias."""
    connection.execute(delete(statement_aliases).where(statement_aliases.c.old_id.in_(live)))
    for old, heir in heirs.items():
        connection.execute(update(statement_aliases).where(statement_aliases.c.new_id == old).values(new_id=heir))
        connection.execute(insert(statement_aliases).values(old_id=old, new_id=heir))
    connection.execute(delete(statements).where(statements.c.id.in_(heirs)))
