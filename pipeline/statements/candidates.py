"""Which pairs of segments are worth comparing: those that share rare words, a speaker and a time. Pure, near-linear."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.statements.normal_form import rarest_stems
from pipeline.statements.same_speaker import KnownSpeakers, SpeakerOf, speaker_blocks
from pipeline.statements.segments import Segment

KEYS = 10
"""Rarest stems by which a segment is found."""
SHARED_KEYS = 2
"""Keys that two different wordings must share to be compared."""
LONG_WORDS = 8
"""From this length on, equal words are compared whoever the speakers are."""
_NEIGHBOURS = 2
"""Reports before and after, in time, with which one of other words is compared; with those of its article always."""
_FEW = 16
"""Pairs of reports of two wordings up to which all are compared."""
_DAYS = 4
"""Length of the periods by which wordings are filed: what is near in time stands in neighbouring ones."""
_UNDATED, _ANY = -10, -20
"""In place of a period: that of wordings without a day, and one under which all are found."""


@dataclass(frozen=True)
class _Wording:
    """Segments of the same words, speaker and stance, in order of time."""

    members: tuple[Segment, ...]
    blocks: frozenset[str]

    @cached_property
    def periods(self) -> frozenset[int]:
        return frozenset(_UNDATED if one.at is None else one.at.toordinal() // _DAYS for one in self.members)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(rarest_stems(self.members[0].form, KEYS))


def candidate_pairs(cut: Iterable[Segment], known: KnownSpeakers) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of segments that may be linked; each once or more, in no particular order."""
    wordings = _wordings(cut, known)
    for one in wordings:
        yield from _neighbours(one.members)
    yield from _equal_words(wordings)
    for mine, yours in _sharing_keys(wordings):
        yield from _pairs_between(mine.members, yours.members)


def _wordings(cut: Iterable[Segment], known: KnownSpeakers) -> list[_Wording]:
    together: dict[object, list[Segment]] = defaultdict(list)
    for one in cut:
        quote = one.of.quote
        key = (one.form.words, quote.lang, one.form.spoken, quote.speaker_id, quote.speaker_name, quote.stance)
        together[key].append(one)
    anonymous = {one.of.quote.article_id for own in together.values() for one in own if not _blocks(one, known)}
    found = []
    for members in together.values():
        members.sort(key=lambda one: one.order)
        articles = {one.of.quote.article_id for one in members} & anonymous
        found.append(_Wording(tuple(members), _blocks(members[0], known) | {f"article:{it}" for it in articles}))
    return found


def _blocks(segment: Segment, known: KnownSpeakers) -> frozenset[str]:
    return speaker_blocks(SpeakerOf(segment.of.quote.speaker_id, segment.of.quote.speaker_name), known)


def _neighbours(members: tuple[Segment, ...]) -> Iterator[tuple[Segment, Segment]]:
    """Equal words: each with the next ones in time."""
    for at, one in enumerate(members):
        yield from ((one, other) for other in members[at + 1 : at + 1 + _NEIGHBOURS])


def _equal_words(wordings: Iterable[_Wording]) -> Iterator[tuple[Segment, Segment]]:
    """Long equal words, whoever is named as their speaker."""
    together: dict[object, list[Segment]] = defaultdict(list)
    for one in wordings:
        form = one.members[0].form
        if len(form.words) >= LONG_WORDS:
            together[form.words, form.lang].extend(one.members)
    for members in together.values():
        yield from _neighbours(tuple(sorted(members, key=lambda one: one.order)))


def _sharing_keys(wordings: list[_Wording]) -> Iterator[tuple[_Wording, _Wording]]:
    """Wordings of one speaker or article and of near days that share keys, each pair once."""
    postings: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    undated = any(_UNDATED in one.periods for one in wordings)
    for number, one in enumerate(wordings):
        places = [(block, near) for block in one.blocks for near in _searched(one.periods, undated)]
        shared: Counter[int] = Counter()
        for key in one.keys:
            found: set[int] = set()
            for block, near in places:
                found.update(postings.get((block, near, key), ()))
            shared.update(found)
        yield from ((wordings[other], one) for other, count in shared.items() if count >= SHARED_KEYS)
        filed = {*one.periods, _ANY} if undated else one.periods
        for place in ((block, period, key) for block in one.blocks for period in filed for key in one.keys):
            postings[place].append(number)


def _searched(periods: frozenset[int], undated: bool) -> set[int]:
    """The periods in which wordings may be near in time; what has no day is near to all."""
    if _UNDATED in periods:
        return {_ANY}
    return {near for it in periods for near in (it - 1, it, it + 1)} | ({_UNDATED} if undated else set())


def _pairs_between(mine: tuple[Segment, ...], yours: tuple[Segment, ...]) -> Iterator[tuple[Segment, Segment]]:
    if len(mine) * len(yours) <= _FEW:
        yield from ((one, other) for one in mine for other in yours)
        return
    for some, others in ((mine, yours), (yours, mine)):
        orders = [one.order for one in others]
        articles = defaultdict(list)
        for other in others:
            articles[other.of.quote.article_id].append(other)
        for one in some:
            at = bisect_left(orders, one.order)
            near = others[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
            yield from ((one, other) for other in (*near, *articles.get(one.of.quote.article_id, ())))
