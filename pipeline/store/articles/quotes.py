"""Quotes: the versions that the quote engine has not processed yet, and saving what it found in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from pipeline import ids
from pipeline.language.analyser import ANALYSER_VERSION, analyse_text
from pipeline.records import TAKEN_DOWN, Quote, Stage, Window
from pipeline.statements.edits import ComparedWording, compare_quotes, edit_id
from pipeline.store.articles import search_terms
from pipeline.store.articles.attribution import ATTRIBUTION, attribution_values, span_values
from pipeline.store.crawl import quarantine
from pipeline.store.rule_columns import RULE_PARTS
from pipeline.store.schema import articles, edits, quote_spans, quotes, segments, statements, versions

BATCH = 100
"""Number of versions whose texts are held in memory at a time."""
NEWEST_VERSION_FIRST = (versions.c.seen_at.desc(), versions.c.n.desc())
"""Sort order of the versions that have a quote; words and attribution of the quote are those in the first."""


@dataclass(frozen=True, slots=True)
class WaitingVersion:
    """A version that this version of the engine has not processed yet."""

    id: str
    article_id: str
    source_id: str
    url: str
    title: str
    text: str
    lang: str
    published_at: datetime | None
    seen_at: datetime


def versions_waiting(
    connection: Connection, engine_version: str, window: Window | None = None, *, sources: Sequence[str] | None = None
) -> dict[str, str]:
    """Ids of the versions that this engine version has not processed, oldest first, each with its source.

    ``window`` is over ``seen_at``.
    """
    query = (
        select(versions.c.id, articles.c.source_id)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(is_unquoted(engine_version))
        .order_by(versions.c.seen_at, versions.c.article_id, versions.c.n)
    )
    if window is not None:
        query = query.where(versions.c.seen_at >= window.start, versions.c.seen_at < window.end)
    if sources is not None:
        query = query.where(articles.c.source_id.in_(sources))
    return {row.id: row.source_id for row in connection.execute(query)}


def is_unquoted(engine_version: str) -> ColumnElement[bool]:
    """Condition: this engine version has not processed the text; if it failed on it, the next try must be due."""
    # Three ranges of one index, so that versions already processed, nearly all, are never scanned.
    by = versions.c.quoted_by
    others = or_(by.is_(None), by < engine_version, by > engine_version)
    failed = quarantine.held_back(Stage.QUOTE, versions.c.id, engine_version)
    return and_(others, ~versions.c.flags.contains([TAKEN_DOWN]), ~failed)


def load_waiting_versions(connection: Connection, names: Iterable[str]) -> Iterator[WaitingVersion]:
    """Load the versions with these ids, in the order given, in batches, since texts are large."""
    chosen = list(names)
    for start in range(0, len(chosen), BATCH):
        wanted = chosen[start : start + BATCH]
        rows = connection.execute(
            select(versions, articles.c.url, articles.c.source_id)
            .join(articles, articles.c.id == versions.c.article_id)
            .where(versions.c.id.in_(wanted))
        )
        found = {row.id: row for row in rows}
        for name in wanted:
            yield _waiting(found[name])


def _waiting(row: Row[Any]) -> WaitingVersion:
    return WaitingVersion(
        id=row.id,
        article_id=row.article_id,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        text=row.text,
        lang=row.lang,
        published_at=row.published_at,
        seen_at=row.seen_at,
    )


def save_quotes(
    connection: Connection, version_id: str, new_quotes: Sequence[Quote], *, engine_version: str, now: datetime
) -> list[str]:
    """Replace the quotes of a version by what the engine found in it; ids of the quotes, in order of the text.

    A quote's id follows from its words, so the same words in the next version are the same quote. Its attribution is
    that of the newest version that has it. Edits between neighbouring versions are updated as well, dated ``now``. Call
    it in a transaction of its own: it locks the article's row until the end, and commits asynchronously (if a crash of
    the server loses the commit, the next run does the version again).
    """
    connection.execute(text("SET LOCAL synchronous_commit TO off"))
    version = connection.execute(select(versions).where(versions.c.id == version_id)).one()
    connection.execute(select(articles.c.id).where(articles.c.id == version.article_id).with_for_update())
    before = set(connection.scalars(select(quote_spans.c.quote_id).where(quote_spans.c.version_id == version_id)))
    rows = _rows(version, new_quotes)
    words = _put_quotes(connection, version, rows, engine_version)
    connection.execute(delete(quote_spans).where(quote_spans.c.version_id == version_id))
    if rows:
        connection.execute(insert(quote_spans), [span_values(version_id, name, quote) for name, _, _, quote in rows])
    kept = [name for name, _, _, _ in rows]
    connection.execute(update(versions).where(versions.c.id == version_id).values(quoted_by=engine_version))
    quarantine.clear_failures(connection, Stage.QUOTE, version_id)
    _renew_attribution(connection, before | set(kept), engine_version)
    words |= search_terms.analyse_quotes(connection, before | set(kept))
    if before or kept:
        due = update(articles).where(articles.c.id == version.article_id)
        connection.execute(due.values(link_due=func.clock_timestamp()))
    _renew_edits(connection, version, engine_version, now)
    _drop_unheld(connection, before - set(kept))
    search_terms.put_word_forms(connection, words)
    return kept


def _rows(version: Row[Any], found: Sequence[Quote]) -> list[tuple[str, str, int, Quote]]:
    """``(quote id, normalised words, occurrence, quote)`` in order of the text, one for each span."""
    spans = {(quote.start, quote.end): quote for quote in found}
    seen: Counter[str] = Counter()
    rows = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(version.text):
            raise ValueError(
                f"quote {start}..{end} lies outside version {version.id} of {len(version.text)} characters"
            )
        words = ids.normalised_words(version.text[start:end])
        seen[words] += 1
        name = ids.quote_id(version.article_id, words, seen[words])
        rows.append((name, words, seen[words], spans[start, end]))
    return rows


def _put_quotes(
    connection: Connection, version: Row[Any], rows: list[tuple[str, str, int, Quote]], engine_version: str
) -> set[str]:
    """Insert the quotes that are new; the folded words of all."""
    tokens = {name: analyse_text(version.text[quote.start : quote.end]) for name, _, _, quote in rows}
    values = [
        {
            "id": name,
            "article_id": version.article_id,
            "words_sha256": ids.text_sha256(words),
            "occurrence": occurrence,
            "text": version.text[quote.start : quote.end],
            "lang": quote.lang or version.lang,
            "code_version": engine_version,
            "first_seen_at": version.seen_at,
            "search_terms": search_terms.term_vector(tokens[name]),
            "analysed_by": ANALYSER_VERSION,
            **attribution_values(quote),
        }
        for name, words, occurrence, quote in sorted(rows, key=lambda row: row[0])
    ]
    if values:
        connection.execute(insert(quotes).on_conflict_do_nothing(index_elements=["id"]), values)
    return {word for found in tokens.values() for word in search_terms.words_of(found)}


def _renew_attribution(connection: Connection, touched: set[str], engine_version: str) -> None:
    """Update attribution and first sight in the quotes' rows from the newest version that has each quote."""
    if not touched:
        return
    newest = (
        select(
            quote_spans,
            versions.c.text,
            func.min(versions.c.seen_at).over(partition_by=quote_spans.c.quote_id).label("first"),
        )
        .ext(distinct_on(quote_spans.c.quote_id))
        .join(versions, versions.c.id == quote_spans.c.version_id)
        .where(quote_spans.c.quote_id.in_(touched))
        .order_by(quote_spans.c.quote_id, *NEWEST_VERSION_FIRST)
        .subquery()
    )
    columns = (*ATTRIBUTION, *RULE_PARTS)
    words = func.substr(newest.c.text, newest.c.start + 1, newest.c.end - newest.c.start)
    connection.execute(
        update(quotes)
        .where(quotes.c.id == newest.c.quote_id)
        .values(
            {name: newest.c[name] for name in columns}
            | {"first_seen_at": newest.c.first, "code_version": engine_version, "text": words}
            | {"analysed_by": case((quotes.c.text == words, quotes.c.analysed_by))}
        )
    )


def _renew_edits(connection: Connection, version: Row[Any], engine_version: str, now: datetime) -> None:
    """Compare the version with its neighbours of the same origin, where both were processed by this engine version.

    A version created only because newer code extracted the text differently is no edit of the publication.
    """
    siblings = connection.execute(
        select(versions.c.id, versions.c.cause, versions.c.quoted_by, versions.c.seen_at)
        .where(versions.c.article_id == version.article_id, versions.c.origin == version.origin)
        .order_by(versions.c.seen_at, versions.c.n)
    ).all()
    position = [row.id for row in siblings].index(version.id)
    for older, newer in zip(
        siblings[max(position - 1, 0) : position + 1], siblings[max(position, 1) : position + 2], strict=False
    ):
        connection.execute(delete(edits).where(edits.c.from_version == older.id, edits.c.to_version == newer.id))
        if newer.cause == "source" and older.quoted_by == newer.quoted_by == engine_version:
            _put_edits(connection, version.article_id, older.id, newer.id, min(now, newer.seen_at))


def _put_edits(connection: Connection, article_id: str, older: str, newer: str, at: datetime) -> None:
    found = compare_quotes(_said(connection, older), _said(connection, newer))
    if found:
        connection.execute(
            insert(edits),
            [
                {
                    "id": edit_id(older, newer, change),
                    "article_id": article_id,
                    "from_version": older,
                    "to_version": newer,
                    "kind": change.kind,
                    "quote_id": change.quote_id,
                    "other_quote_id": change.other_id,
                    "seen_at": at,
                }
                for change in found
            ],
        )


def _said(connection: Connection, version_id: str) -> dict[str, ComparedWording]:
    query = (
        select(quote_spans, versions.c.text)
        .join(versions, versions.c.id == quote_spans.c.version_id)
        .where(quote_spans.c.version_id == version_id)
    )
    return {
        row.quote_id: ComparedWording(
            ids.normalised_words(row.text[row.start : row.end]), row.speaker_id or row.speaker_name
        )
        for row in connection.execute(query)
    }


def _drop_unheld(connection: Connection, lost: set[str]) -> None:
    """Delete quotes that are in no version any more, unless a statement or an edit refers to them."""
    if not lost:
        return
    held = or_(
        select(quote_spans.c.quote_id).where(quote_spans.c.quote_id == quotes.c.id).exists(),
        select(segments.c.id).where(segments.c.quote_id == quotes.c.id).exists(),
        select(statements.c.id).where(statements.c.founding_quote_id == quotes.c.id).exists(),
        select(edits.c.id).where(or_(edits.c.quote_id == quotes.c.id, edits.c.other_quote_id == quotes.c.id)).exists(),
    )
    connection.execute(delete(quotes).where(and_(quotes.c.id.in_(lost), ~held)))
