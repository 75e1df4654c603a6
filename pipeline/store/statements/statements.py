"""Statements: save the groups of quotes that linking found, and note which articles are due to be linked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    Connection,
    String,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import DateTime

from pipeline.records import Statement, StoredQuote
from pipeline.store.alerts import outbox
from pipeline.store.schema import (
    articles,
    quotes,
    statement_aliases,
    statement_quotes,
    statements,
)
from pipeline.store.statements.linkable_quotes import has_span, is_linked


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
    claiming = next((one for one in members if one.claimant), founding)
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
        "claimant": claiming.claimant,
        "claimant_id": claiming.claimant_id,
        "stance_confidence": founding.stance_confidence,
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
