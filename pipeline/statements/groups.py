"""Puts linked segments together: one statement for each thing said. Reads links, never words. Pure.

The groups follow from the set of segments and links alone, and their ids from their founding segments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from pipeline import ids
from pipeline.statements.likeness import LinkKind
from pipeline.statements.links import SPAN, SegmentLink, speaker_of
from pipeline.statements.same_speaker import KnownSpeakers, SpeakerOf, same_speaker
from pipeline.statements.segments import Segment

ABSENT = 0.3
"""What a pair of wordings counts that nobody linked."""
LEAST_MEAN = 0.4
"""Mean score between two groups below which they are not one statement."""

_Words = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """One segment's place in a statement: how it repeats the founding one, and how sure that is (0 to 1)."""

    segment: Segment
    how: LinkKind
    score: float


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said, with all its reports in order of time; the first of them is the founding one."""

    id: str
    reports: tuple[Report, ...]

    @property
    def founding(self) -> Segment:
        return self.reports[0].segment


@dataclass(slots=True)
class _Group:
    members: list[Segment]
    words: set[_Words] = field(default_factory=set)
    speakers: set[SpeakerOf] = field(default_factory=set)
    quotes: set[str] = field(default_factory=set)
    turns: int = 0
    first: datetime | None = None
    last: datetime | None = None


def group_segments(cut: Iterable[Segment], links: Iterable[SegmentLink], known: KnownSpeakers) -> list[Statement]:
    """All things said, in order of their ids; every segment reports exactly one.

    Segments that links do not connect, directly or through others, have no part in each other's.
    """
    segments = {one.id: one for one in cut}
    usable = [link for link in links if link.a in segments and link.b in segments]
    found: list[Statement] = []
    for members, own in _connected(segments, usable):
        found += _groups_of(members, own, known)
    return sorted(found, key=lambda one: one.id)


def _connected(
    segments: Mapping[str, Segment], links: Sequence[SegmentLink]
) -> Iterator[tuple[dict[str, Segment], list[SegmentLink]]]:
    """The segments that links connect, but those of what is apart, each set with the links within it."""
    near: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.kind != "apart":
            near[link.a].append(link.b)
            near[link.b].append(link.a)
    number: dict[str, int] = {}
    sets: list[dict[str, Segment]] = []
    for start in segments:
        if start in number:
            continue
        waiting, members = [start], {}
        while waiting:
            one = waiting.pop()
            if one not in members:
                members[one] = segments[one]
                number[one] = len(sets)
                waiting += near.get(one, ())
        sets.append(members)
    own: list[list[SegmentLink]] = [[] for _ in sets]
    for link in links:
        if number[link.a] == number[link.b]:
            own[number[link.a]].append(link)
    return zip(sets, own, strict=True)


def _groups_of(
    segments: Mapping[str, Segment], usable: Sequence[SegmentLink], known: KnownSpeakers
) -> Iterator[Statement]:
    """What connected segments report."""
    scores, apart = _by_words(segments, usable)
    groups = {one.id: _group_of(one) for one in segments.values()}
    for link in _strongest_first(segments, usable):
        mine, yours = groups[link.a], groups[link.b]
        if mine is not yours and _may_join(mine, yours, scores, apart, known):
            joined, other = (mine, yours) if len(mine.members) >= len(yours.members) else (yours, mine)
            _absorb(joined, other)
            for one in other.members:
                groups[one.id] = joined
    linked: dict[str, list[SegmentLink]] = defaultdict(list)
    for link in usable:
        if link.kind != "apart":
            linked[link.a].append(link)
            linked[link.b].append(link)
    distinct = {id(group): group for group in groups.values()}.values()
    return (_statement(group.members, linked) for group in distinct)


def statement_id(founding_segment: str) -> str:
    """The id of the statement that begins with this segment."""
    return ids.content_digest("statement", founding_segment)


def _words_of(segment: Segment) -> _Words:
    return segment.form.lang, segment.form.words


def _by_words(
    segments: Mapping[str, Segment], links: Iterable[SegmentLink]
) -> tuple[dict[frozenset[_Words], float], set[frozenset[_Words]]]:
    """The best score between two wordings, and which wordings are never one statement."""
    scores: dict[frozenset[_Words], float] = {}
    apart: set[frozenset[_Words]] = set()
    for link in links:
        pair = frozenset((_words_of(segments[link.a]), _words_of(segments[link.b])))
        if link.kind == "apart":
            apart.add(pair)
        else:
            scores[pair] = max(link.score, scores.get(pair, 0.0))
    return scores, apart


def _strongest_first(segments: Mapping[str, Segment], links: Sequence[SegmentLink]) -> list[SegmentLink]:
    """The links that join, by score, then those of the earliest reports."""

    def rank(link: SegmentLink) -> tuple[object, ...]:
        first, second = sorted((segments[link.a].order, segments[link.b].order))
        return -link.score, first, second

    return sorted((link for link in links if link.kind != "apart"), key=rank)


def _group_of(one: Segment) -> _Group:
    return _Group([one], {_words_of(one)}, {speaker_of(one)}, {one.of.quote.id}, int(one.of.turn), one.at, one.at)


def _may_join(
    mine: _Group,
    yours: _Group,
    scores: Mapping[frozenset[_Words], float],
    apart: set[frozenset[_Words]],
    known: KnownSpeakers,
) -> bool:
    if mine.turns + yours.turns > 1 or not mine.quotes.isdisjoint(yours.quotes) or _too_long(mine, yours):
        return False
    if any(same_speaker(one, other, known) == "other" for one, other in product(mine.speakers, yours.speakers)):
        return False
    total = 0.0
    for one, other in product(mine.words, yours.words):
        pair = frozenset((one, other))
        if pair in apart:
            return False
        total += 1.0 if one == other else scores.get(pair, ABSENT)
    return total >= LEAST_MEAN * len(mine.words) * len(yours.words)


def _too_long(mine: _Group, yours: _Group) -> bool:
    times = [it for it in (mine.first, mine.last, yours.first, yours.last) if it is not None]
    return bool(times) and max(times) - min(times) > SPAN


def _absorb(group: _Group, other: _Group) -> None:
    group.members += other.members
    group.words |= other.words
    group.speakers |= other.speakers
    group.quotes |= other.quotes
    group.turns += other.turns
    group.first = min((it for it in (group.first, other.first) if it is not None), default=None)
    group.last = max((it for it in (group.last, other.last) if it is not None), default=None)


def _statement(members: Iterable[Segment], linked: Mapping[str, Sequence[SegmentLink]]) -> Statement:
    ordered = sorted(members, key=lambda one: one.order)
    founding, inside = ordered[0], {one.id for one in ordered}
    reports = [Report(founding, "exact", 1.0)]
    for one in ordered[1:]:
        near = [link for link in linked[one.id] if link.a in inside and link.b in inside]
        reports.append(_report(one, founding, near))
    return Statement(statement_id(founding.id), tuple(reports))


def _report(one: Segment, founding: Segment, near: Sequence[SegmentLink]) -> Report:
    """How a segment repeats the founding one; if these two are not linked, the one most like it."""
    if _words_of(one) == _words_of(founding):
        return Report(one, "exact", 1.0)
    link = max(near, key=lambda it: (founding.id in (it.a, it.b), it.score, it.a, it.b))
    assert link.kind != "apart"
    return Report(one, link.kind, link.score)
