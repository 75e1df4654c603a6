"""Which pairs of segments are worth comparing: those that share rare words, a speaker and a time. Pure, near-linear."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product

from pipeline.statements.likeness import may_be_alike
from pipeline.statements.normal_form import NormalForm, rarest_stems
from pipeline.statements.same_speaker import KnownSpeakers, SpeakerOf, speaker_blocks
from pipeline.statements.segments import Segment

KEYS = 10
"""Rarest stems by which a segment is found."""
SHARED_KEYS = 2
"""Keys that two different wordings must share to be compared."""
LONG_WORDS = 8
"""From this length on, equal words are compared whoever the speakers are."""
_NEIGHBOURS = 2
"""Later reports, in time, with which one of equal words is compared."""
_NEAREST = 4
"""Reports before and after, in time, with which one of other words is compared; with those of its article always."""
FIRST = 2
"""Earliest reports with which one of as many equal words and without a day is compared."""
PERIOD_DAYS = 4
"""Length of the periods by which wordings are filed: what is near in time stands in neighbouring ones."""
_UNDATED = -10
"""In place of a period: that of wordings without a day."""


@dataclass(frozen=True)
class _Wording:
    """Segments of the same words, speaker and stance, in order of time."""

    dated: tuple[Segment, ...]
    undated: tuple[Segment, ...]
    blocks: frozenset[str]

    @property
    def form(self) -> NormalForm:
        return (self.dated or self.undated)[0].form

    @cached_property
    def orders(self) -> list[tuple[bool, datetime, str]]:
        return [one.order for one in self.dated]

    @cached_property
    def in_article(self) -> Mapping[str, Sequence[Segment]]:
        found: dict[str, list[Segment]] = defaultdict(list)
        for one in (*self.dated, *self.undated):
            found[one.of.quote.article_id].append(one)
        return found

    @cached_property
    def periods(self) -> frozenset[int]:
        found = {period_of(one.at) for one in self.dated if one.at is not None}
        return frozenset(found | ({_UNDATED} if self.undated else set()))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(rarest_stems(self.form, KEYS))

    @cached_property
    def beside_keys(self) -> float:
        """Weight of the stems that are no keys."""
        return self.form.mass - sum(self.form.weights[key] for key in self.keys)


def period_of(at: datetime) -> int:
    """The number of the period in which a moment lies."""
    return at.toordinal() // PERIOD_DAYS


def blocks_of(segment: Segment, known: KnownSpeakers) -> frozenset[str]:
    """Keys of which two segments of one speaker share at least one; none if its article names nobody."""
    return speaker_blocks(SpeakerOf(segment.of.quote.speaker_id, segment.of.quote.speaker_name), known)


def candidate_pairs(cut: Iterable[Segment], known: KnownSpeakers) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of segments that may be linked; each once or more, in no particular order.

    Whether a pair is among them depends on these two and on reports of the same words between them in time, or, where
    one has no day, on the earliest ones: a store need not read all that it holds to add some.
    """
    segments = list(cut)
    wordings = _wordings(segments, known)
    for one in wordings:
        yield from _neighbours(one)
    yield from _equal_words(segments)
    for mine, yours in _sharing_keys(wordings):
        yield from _pairs_between(mine, yours)
    yield from _unnamed(segments, known)


def _wordings(cut: Sequence[Segment], known: KnownSpeakers) -> list[_Wording]:
    together: dict[object, list[Segment]] = defaultdict(list)
    for one in cut:
        quote = one.of.quote
        key = (one.form.words, quote.lang, one.form.spoken, quote.speaker_id, quote.speaker_name, quote.stance)
        together[key].append(one)
    return [_wording(members, blocks_of(members[0], known)) for members in together.values()]


def _wording(members: Iterable[Segment], blocks: frozenset[str] = frozenset()) -> _Wording:
    ordered = sorted(members, key=lambda one: one.order)
    dated = tuple(one for one in ordered if one.at is not None)
    return _Wording(dated, tuple(ordered[len(dated) :]), blocks)


def _neighbours(wording: _Wording) -> Iterator[tuple[Segment, Segment]]:
    """Equal words: each with the next ones in time; those without a day with each other."""
    for members in (wording.dated, wording.undated):
        for at, one in enumerate(members):
            yield from ((one, other) for other in members[at + 1 : at + 1 + _NEIGHBOURS])


def _equal_words(cut: Iterable[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """Long equal words, whoever is named as their speaker."""
    together: dict[object, list[Segment]] = defaultdict(list)
    for one in cut:
        if len(one.form.words) >= LONG_WORDS:
            together[one.form.words, one.form.lang].append(one)
    for members in together.values():
        wording = _wording(members)
        yield from _neighbours(wording)
        yield from product(wording.undated, wording.dated[:FIRST])


def _sharing_keys(wordings: list[_Wording]) -> Iterator[tuple[_Wording, _Wording]]:
    """Wordings of one speaker and of near days that share keys, each pair once."""
    postings: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for number, one in enumerate(wordings):
        places = [(block, near) for block in one.blocks for near in near_periods(one.periods)]
        shared: Counter[int] = Counter()
        weights: dict[int, float] = defaultdict(float)
        for key in one.keys:
            found: set[int] = set()
            for block, near in places:
                found.update(postings.get((block, near, key), ()))
            shared.update(found)
            for other in found:
                weights[other] += one.form.weights[key]
        for other, count in shared.items():
            most = weights[other] + one.beside_keys + wordings[other].beside_keys
            if count >= SHARED_KEYS and may_be_alike(one.form, wordings[other].form, most):
                yield wordings[other], one
        for place in ((block, period, key) for block in one.blocks for period in one.periods for key in one.keys):
            postings[place].append(number)


def near_periods(periods: Iterable[int]) -> set[int]:
    """The periods in which may lie what is near in time to something in these."""
    return {near for it in periods for near in ((it - 1, it, it + 1) if it != _UNDATED else (it,))}


def _pairs_between(mine: _Wording, yours: _Wording) -> Iterator[tuple[Segment, Segment]]:
    for some, others in ((mine, yours), (yours, mine)):
        for one in some.dated:
            at = bisect_left(others.orders, one.order)
            yield from ((one, other) for other in others.dated[max(0, at - _NEAREST) : at + _NEAREST])
    for article in mine.in_article.keys() & yours.in_article.keys():
        yield from product(mine.in_article[article], yours.in_article[article])


def _unnamed(cut: Iterable[Segment], known: KnownSpeakers) -> Iterator[tuple[Segment, Segment]]:
    """Segments that their article gives to nobody, with the others of the article with which they share keys."""
    articles: dict[str, list[Segment]] = defaultdict(list)
    for one in cut:
        articles[one.of.quote.article_id].append(one)
    for members in articles.values():
        nobodys = [one for one in members if not blocks_of(one, known)]
        if not nobodys:
            continue
        postings: dict[str, list[Segment]] = defaultdict(list)
        for one in members:
            for key in rarest_stems(one.form, KEYS):
                postings[key].append(one)
        for one in nobodys:
            shared = Counter(other.id for key in rarest_stems(one.form, KEYS) for other in postings[key])
            yield from ((one, other) for other in members if other is not one and shared[other.id] >= SHARED_KEYS)
