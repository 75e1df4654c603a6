"""Statements: save what linking found, and match again against the watches what is new in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.statements.groups import Statement
from pipeline.statements.links import SegmentLink
from pipeline.statements.segments import Segment
from pipeline.store.bulk import among, upsert_rows
from pipeline.store.schema import statements
from pipeline.store.statements import segments as stored_segments
from pipeline.store.statements.ended import Moved, end_statements
from pipeline.store.statements.segments import LinkedSegment

FOUNDING = "founding"
"""How the earliest report of a statement repeats it."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What became of some segments: the statements they report now, and what was stored of them."""

    found: Sequence[Statement]
    before: Sequence[LinkedSegment]
    """As they are stored, those that are gone too, and those of quotes that are cut in another way now."""
    gone: frozenset[str]
    """Ids of the segments that are no more."""
    lost_links: Sequence[SegmentLink]
    new_links: Sequence[SegmentLink]


@dataclass(slots=True)
class SavedStatements:
    """Counts of statements: new ones, those that grew or changed, ids that became aliases, and those that ended."""

    new: int = 0
    changed: int = 0
    aliased: int = 0
    ended: int = 0


@dataclass(slots=True)
class _Origins:
    """In which statements the segments were before."""

    own: dict[str, str] = field(default_factory=dict)
    of_quotes: dict[str, list[LinkedSegment]] = field(default_factory=lambda: defaultdict(list))

    def of(self, one: Segment) -> set[str]:
        """The statement that a segment was in, or those of the segments into which its words were cut before."""
        if one.id in self.own:
            return {self.own[one.id]}
        around = self.of_quotes.get(one.of.quote.id, ())
        return {it.statement_id for it in around if it.start < one.end and one.start < it.end} or {
            it.statement_id for it in around
        }


def save_statements(connection: Connection, now: Regrouped, segment_rows: Sequence[LinkedSegment]) -> SavedStatements:
    """Store the statements with their segments (``segment_rows``: those that are new or changed) and links.

    Statements that have no segment left end: their ids become aliases, and their alerts are moved. Whoever was notified
    of a statement counts as notified of all that it was divided into. A statement is matched against the watches again
    if it has a report that was in none, or another speaker or stance.
    """
    origins = _Origins()
    for it in now.before:
        origins.own[it.keys.id] = it.statement_id
        origins.of_quotes[it.keys.quote_id].append(it)
    earlier = _stored(connection, {it.statement_id for it in now.before} | {one.id for one in now.found})
    saved = SavedStatements()
    _put_statements(connection, now.found, origins, earlier, saved)
    stored_segments.put_links(connection, now.lost_links, ())
    stored_segments.put_segments(connection, segment_rows)
    stored_segments.drop_segments(connection, now.gone)
    stored_segments.put_links(connection, (), now.new_links)
    moves = {(old, one.id) for one in now.found for it in one.reports for old in origins.of(it.segment)}
    moved = Moved(now.before, now.gone, moves, earlier, {one.id for one in now.found})
    saved.aliased, saved.ended = end_statements(connection, moved)
    return saved


def _stored(connection: Connection, names: Collection[str]) -> dict[str, Mapping[str, Any]]:
    rows = connection.execute(select(statements).where(among(statements.c.id, names))).mappings()
    return {row["id"]: dict(row) for row in rows}


def _row(found: Statement) -> dict[str, Any]:
    """The statement's row: words of the founding segment, speaker of the first report that names one."""
    founding = found.founding
    members = [report.segment.of.quote for report in found.reports]
    first = founding.of.quote
    speaker = next((one for one in members if one.speaker_id or one.speaker_name), first)
    claiming = next((one for one in members if one.claimant), first)
    return {
        "id": found.id,
        "founding_quote_id": first.id,
        "founding_segment_id": founding.id,
        "speaker_id": speaker.speaker_id,
        "speaker_name": speaker.speaker_name,
        "text": founding.text,
        "lang": first.lang,
        "type": first.type,
        "first_published_at": min((one.published_at for one in members if one.published_at), default=None),
        "first_seen_at": min(one.seen_at for one in members),
        "stance": first.stance,
        "claimant": claiming.claimant,
        "claimant_id": claiming.claimant_id,
        "stance_confidence": first.stance_confidence,
    }


def _put_statements(
    connection: Connection,
    found: Iterable[Statement],
    origins: _Origins,
    earlier: Mapping[str, Mapping[str, Any]],
    saved: SavedStatements,
) -> None:
    rows = []
    for one in found:
        row = _row(one)
        old = earlier.get(one.id)
        came_from = [origins.of(report.segment) for report in one.reports]
        same = old is not None and all(it == {one.id} for it in came_from) and _asks_alike(old, row)
        row["matched_at"] = old["matched_at"] if same and old else _matched_at(row, came_from, earlier)
        if old is None:
            saved.new += 1
        elif any(old[name] != value for name, value in row.items()) or not all(it == {one.id} for it in came_from):
            saved.changed += 1
        else:
            continue
        rows.append(row)
    upsert_rows(connection, statements, rows)


def _asks_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two statements meet the same watches, as far as their speaker and stance go."""
    return all(one[name] == other[name] for name in ("speaker_id", "speaker_name", "stance"))


def _matched_at(
    row: Mapping[str, Any], came_from: Iterable[set[str]], earlier: Mapping[str, Mapping[str, Any]]
) -> datetime | None:
    """When the watches were matched against all reports, if they were and nothing has changed for them; else None."""
    when: list[datetime] = []
    for names in came_from:
        matched = [
            earlier[it]["matched_at"]
            for it in names
            if it in earlier and earlier[it]["matched_at"] is not None and _asks_alike(earlier[it], row)
        ]
        if not matched:
            return None
        when += matched
    return max(when)
