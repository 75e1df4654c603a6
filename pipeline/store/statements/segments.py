"""Segments and the links between them, as they were when they were linked; those that new ones may be linked with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Row, Text, delete, func, or_, select, text, update

from pipeline import ids
from pipeline.statements.candidates import FIRST, KEYS, blocks_of, near_periods, period_of
from pipeline.statements.links import SPAN, SegmentLink, may_be_linked
from pipeline.statements.normal_form import rarest_stems
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.segments import Segment
from pipeline.store.bulk import among, rows_of, upsert_rows
from pipeline.store.schema import articles, link_inputs, quotes, segment_links, segments

_UNDATED, _NOBODY = "undated", "-"
_LINKABLE = text("segments.places <> '{}'")
"""As the index has it, so that it is used."""
_PLACES = 60
"""Places of which the segments are read at a time."""


@dataclass(frozen=True, slots=True)
class SegmentKeys:
    """By what a segment is found: its rarest stems, and where it is filed."""

    id: str
    quote_id: str
    stems: tuple[str, ...]
    places: tuple[str, ...]
    """Each a block, a space, and a period; none for a segment that no other may be linked with."""
    at: datetime | None
    words: str
    """Digest of its words and their language."""

    @property
    def blocks(self) -> Iterator[str]:
        return (place.rpartition(" ")[0] for place in self.places if not place.startswith(_NOBODY))


@dataclass(frozen=True, slots=True)
class LinkedSegment:
    """A segment in the store, with its statement and the digest of what it was linked with."""

    keys: SegmentKeys
    start: int
    end: int
    statement_id: str
    how: str
    score: float
    linked_as: str


def keys_of(segment: Segment, known: KnownSpeakers) -> SegmentKeys:
    """By what a segment will be found."""
    places: tuple[str, ...] = ()
    if may_be_linked(segment):
        period = _UNDATED if segment.at is None else str(period_of(segment.at))
        places = tuple(f"{block} {period}" for block in sorted(blocks_of(segment, known)) or [_NOBODY])
    words = ids.content_digest("words", segment.form.lang, " ".join(segment.form.words))
    stems = tuple(rarest_stems(segment.form, KEYS))
    return SegmentKeys(segment.id, segment.of.quote.id, stems, places, segment.at, words)


def places_near(keys: SegmentKeys) -> list[str]:
    """Where segments are filed that may have a speaker with this one, and may be near in time."""
    if keys.at is None:
        return []
    periods = near_periods([period_of(keys.at)])
    return [f"{block} {period}" for block in keys.blocks for period in periods]


_KEYS = (
    segments.c.id,
    segments.c.quote_id,
    segments.c.stems,
    segments.c.places,
    segments.c.published_at,
    segments.c.words_digest,
)


def _keys(row: Row[Any] | Sequence[Any]) -> SegmentKeys:
    name, quote, stems, places, at, words = row[:6]
    return SegmentKeys(name, quote, tuple(stems.split()), tuple(places), at, words)


def segments_of_quotes(connection: Connection, names: Collection[str]) -> list[LinkedSegment]:
    """The segments that these quotes have, in order of their ids."""
    return _linked(connection, among(segments.c.quote_id, names))


def segments_called(connection: Connection, names: Collection[str]) -> list[LinkedSegment]:
    """The segments with these ids, in order of them."""
    return _linked(connection, among(segments.c.id, names))


def _linked(connection: Connection, which: Any) -> list[LinkedSegment]:
    query = select(
        *_KEYS,
        segments.c.start,
        segments.c.end,
        segments.c.statement_id,
        segments.c.how,
        segments.c.score,
        segments.c.linked_as,
    )
    return [
        LinkedSegment(_keys(row), row.start, row.end, row.statement_id, row.how, row.score, row.linked_as)
        for row in connection.execute(query.where(which).order_by(segments.c.id))
    ]


def of_same_words(connection: Connection, around: Iterable[SegmentKeys]) -> list[SegmentKeys]:
    """Linkable segments with the words of these: those near them in time, and those without a day."""
    dated: dict[str, list[datetime]] = {}
    words = set()
    for one in around:
        if one.places:
            words.add(one.words)
            if one.at is not None:
                dated.setdefault(one.words, []).append(one.at)
    if not words:
        return []
    rows = [(digest, min(at) - SPAN, max(at) + SPAN) for digest, at in sorted(dated.items())]
    when = rows_of({"words": Text(), "lo": DateTime(timezone=True), "hi": DateTime(timezone=True)}, rows)
    near = select(*_KEYS).join(
        when, (segments.c.words_digest == when.c.words) & segments.c.published_at.between(when.c.lo, when.c.hi)
    )
    undated = select(*_KEYS).where(among(segments.c.words_digest, words), segments.c.published_at.is_(None))
    found = [_keys(row) for query in (near, undated) for row in connection.execute(query.where(_LINKABLE))]
    return sorted({one.id: one for one in found}.values(), key=lambda one: one.id)


def earliest_of_words(connection: Connection, words: Collection[str]) -> list[SegmentKeys]:
    """The earliest dated segments with each of these words, with which those without a day are compared."""
    if not words:
        return []
    rank = func.row_number().over(
        partition_by=segments.c.words_digest, order_by=(segments.c.published_at, segments.c.id.collate("C"))
    )
    dated = (segments.c.published_at.is_not(None), _LINKABLE)
    ranked = select(*_KEYS, rank.label("rank")).where(among(segments.c.words_digest, words), *dated).subquery()
    query = select(ranked).where(ranked.c.rank <= FIRST)
    return [_keys(row) for row in connection.execute(query)]


def filed_at(connection: Connection, places: Collection[str]) -> Iterator[SegmentKeys]:
    """The segments that are filed at any of these places."""
    ordered = sorted(places)
    for at in range(0, len(ordered), _PLACES):
        query = select(*_KEYS).where(segments.c.places.overlap(ordered[at : at + _PLACES]))
        yield from map(_keys, connection.execute(query))


def of_articles(connection: Connection, names: Collection[str]) -> list[tuple[str, SegmentKeys]]:
    """The linkable segments of these articles, each with its article."""
    query = select(*_KEYS, quotes.c.article_id).join(quotes, quotes.c.id == segments.c.quote_id)
    rows = connection.execute(query.where(among(quotes.c.article_id, names), _LINKABLE))
    return [(row.article_id, _keys(row)) for row in rows]


def links_of(connection: Connection, names: Collection[str]) -> list[SegmentLink]:
    """All links of these segments, in order."""
    if not names:
        return []
    columns = segment_links.c
    query = select(segment_links).where(or_(among(columns.a, names), among(columns.b, names)))
    return [
        SegmentLink(it.a, it.b, it.kind, it.score, (it.start_a, it.end_a), (it.start_b, it.end_b), it.why,
                    it.code_version)
        for it in connection.execute(query.order_by(columns.a, columns.b))
    ]  # fmt: skip


def put_links(connection: Connection, gone: Iterable[SegmentLink], new: Iterable[SegmentLink]) -> None:
    """Remove and add links; those added must be between segments that are stored."""
    lost = [(link.a, link.b) for link in gone]
    if lost:
        pairs = rows_of({"a": Text(), "b": Text()}, lost)
        connection.execute(delete(segment_links).where(segment_links.c.a == pairs.c.a, segment_links.c.b == pairs.c.b))
    rows = [
        {
            "a": it.a, "b": it.b, "kind": it.kind, "score": it.score, "start_a": it.span_a[0], "end_a": it.span_a[1],
            "start_b": it.span_b[0], "end_b": it.span_b[1], "why": it.why, "code_version": it.version,
        }
        for it in new
    ]  # fmt: skip
    upsert_rows(connection, segment_links, rows)


def put_segments(connection: Connection, found: Iterable[LinkedSegment]) -> None:
    """Insert or replace segments, whose statements must be stored."""
    rows = [
        {
            "id": it.keys.id, "quote_id": it.keys.quote_id, "start": it.start, "end": it.end,
            "statement_id": it.statement_id, "how": it.how, "score": it.score, "words_digest": it.keys.words,
            "stems": " ".join(it.keys.stems), "places": it.keys.places, "published_at": it.keys.at,
            "linked_as": it.linked_as,
        }
        for it in found
    ]  # fmt: skip
    upsert_rows(connection, segments, rows)


def drop_segments(connection: Connection, names: Collection[str]) -> None:
    """Delete segments that have no links any more."""
    if names:
        connection.execute(delete(segments).where(among(segments.c.id, names)))


def forget_links(connection: Connection, inputs: Mapping[str, str]) -> None:
    """Where the code or what the roster says of a speaker is not what was linked with, let it all be linked again.

    ``inputs``: ``code`` with the version of the code, ``speaker:ID`` with what the roster says of each speaker. The
    segments stay in their statements until then, and none of them is linked with.
    """
    stored = {row.name: row.value for row in connection.execute(select(link_inputs))}
    changed = {name for name in stored.keys() | inputs.keys() if stored.get(name) != inputs.get(name)}
    if not changed:
        return
    of_quotes = select(quotes.c.id)
    if "code" not in changed:
        speakers = {name.removeprefix("speaker:") for name in changed}
        of_quotes = of_quotes.where(among(quotes.c.speaker_id, speakers))
    own = select(segments.c.id).where(segments.c.quote_id.in_(of_quotes))
    due = select(quotes.c.article_id).where(quotes.c.id.in_(select(segments.c.quote_id).where(segments.c.id.in_(own))))
    marked = update(articles).where(articles.c.id.in_(due), articles.c.link_due.is_(None))
    connection.execute(marked.values(link_due=func.clock_timestamp()))
    connection.execute(delete(segment_links).where(or_(segment_links.c.a.in_(own), segment_links.c.b.in_(own))))
    fresh = update(segments).where(segments.c.id.in_(own), segments.c.linked_as != "")
    connection.execute(fresh.values(linked_as="", places=[]))
    connection.execute(delete(link_inputs).where(among(link_inputs.c.name, changed)))
    upsert_rows(connection, link_inputs, [{"name": it, "value": inputs[it]} for it in sorted(changed & inputs.keys())])
