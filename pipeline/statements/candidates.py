"""Which pairs of segments are worth comparing: those that share rare words, a speaker and a time. Pure, near-linear."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
_DAYS = 3
_ANY_DAY = -1
"""Under which every wording is found: what has no day is compared with all."""


@dataclass(frozen=True)
class _Wording:
    """Segments of the same words, speaker and stance, in order of time."""

    members: tuple[Segment, ...]
    blocks: frozenset[str]

    @cached_property
    def days(self) -> frozenset[int | None]:
        return frozenset(one.at.toordinal() if one.at is not None else None for one in self.members)

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
    found = []
    for members in together.values():
        quote = members[0].of.quote
        blocks = speaker_blocks(SpeakerOf(quote.speaker_id, quote.speaker_name), known)
        members.sort(key=lambda one: one.order)
        articles = frozenset(f"article:{one.of.quote.article_id}" for one in members)
        found.append(_Wording(tuple(members), blocks | articles))
    return found


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
    postings: Mapping[tuple[str, int | None, str], list[int]] = defaultdict(list)
    for number, one in enumerate(wordings):
        shared: Counter[int] = Counter()
        for block in one.blocks:
            here: Counter[int] = Counter()
            days = {near for day in one.days for near in _days_near(day)}
            for key in one.keys:
                here.update({other for day in days for other in postings.get((block, day, key), ())})
            shared |= here
        yield from ((wordings[other], one) for other, count in shared.items() if count >= SHARED_KEYS)
        for block in one.blocks:
            for day in {*one.days, _ANY_DAY}:
                for key in one.keys:
                    postings[block, day, key].append(number)


def _days_near(day: int | None) -> Iterator[int | None]:
    if day is None:
        yield _ANY_DAY
    else:
        yield None
        yield from range(day - _DAYS, day + _DAYS + 1)


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
