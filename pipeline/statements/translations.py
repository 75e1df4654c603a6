"""Links between statements of two languages that report one thing said. Pure; they never put them into one statement.

With sentence vectors two statements are linked if each is the other's best of all that its speaker said within a day.
Without, only those whose numbers and names agree and are nobody else's.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, product

import numpy

from pipeline.statements import normal_form
from pipeline.statements.differences import names_differ, one_has_all, shared_names
from pipeline.statements.groups import Statement
from pipeline.statements.likeness import LEAST_MASS
from pipeline.statements.links import speaker_of
from pipeline.statements.normal_form import NormalForm
from pipeline.statements.same_speaker import KnownSpeakers, same_speaker, speaker_blocks
from pipeline.statements.segments import Segment
from pipeline.statements.sentence_vectors import MODEL, Encode

VERSION = f"1.{normal_form.VERSION}"
"""Raised whenever the same statements may be linked in another way."""

SPAN = timedelta(hours=24)
"""How far apart the first reports of two statements may be."""
LEAST = 0.6
"""Score from which on two statements are linked, if each has few candidates."""
FEW = 100
_FOR_MANY = 0.03
"""Added to the score that is asked for with each doubling of the candidates above :data:`FEW`."""
LEAST_LEAD = 0.06
"""By how much the best must be better than the second best."""
_FOR_FACTS = 0.05
"""Added to the cosine if both have the same numbers, and again if they share a name."""
_CERTAIN = 2.5
"""What a number says that hardly anybody else gives on that day; where two agree, no vectors are needed."""
_FOR_NEIGHBOURS = 0.1
"""Added if the sentences before or behind are linked, in two articles that report both."""
_FOR_POLARITY = 0.08
"""Taken away if only one of them has a negation."""
_STEPS = 256
"""Cosines are rounded to so many steps, on all machines alike."""
_WORDINGS = 3
"""Wordings of a statement that are compared; the best so many pairs of two statements count."""
_MARKS = re.compile(r"[«»“”„\"]")


@dataclass(frozen=True, slots=True)
class TranslationLink:
    """Two statements, the lesser id first, that report one thing said in two languages, and what says so."""

    a: str
    b: str
    score: float
    """From 0 to 1."""
    method: str
    """The name of the model of sentence vectors, or ``facts``."""
    cosine: float | None
    numbers: frozenset[str]
    """Those that both have."""
    names: frozenset[str]
    """Those that both have, in Latin letters."""
    hours: float
    """Between their first reports."""
    version: str = VERSION


@dataclass(frozen=True, eq=False)
class _Side:
    """What is compared of a statement."""

    statement: Statement
    wordings: tuple[Segment, ...]

    @property
    def form(self) -> NormalForm:
        return self.wordings[0].form


def link_translations(
    statements: Iterable[Statement], known: KnownSpeakers, encode: Encode | None
) -> list[TranslationLink]:
    """All links between statements of two languages, in order of their ids; ``encode`` None: by facts only.

    Equal for any order of the statements. Vectors are made only of statements that have a candidate.
    """
    pairs = sorted(_candidates(statements, known), key=lambda it: (it[0].statement.id, it[1].statement.id))
    if encode is None:
        return _best(pairs, {key: _facts(*key) for key in pairs}, "facts")
    cosines = _cosines(pairs, encode)
    scores = {pair: _score(pair, cosines[pair]) for pair in pairs}
    first = _best(pairs, scores, MODEL, cosines)
    beside = _beside(pairs, first)
    raised = {pair: score + (_FOR_NEIGHBOURS if pair in beside else 0.0) for pair, score in scores.items()}
    return _best(pairs, raised, MODEL, cosines)


_Pair = tuple[_Side, _Side]


def _candidates(statements: Iterable[Statement], known: KnownSpeakers) -> Iterator[_Pair]:
    """Statements of one speaker, two languages and near times whose numbers and names do not contradict."""
    filed: dict[tuple[str, int], list[_Side]] = defaultdict(list)
    for one in sorted(statements, key=lambda it: it.id):
        at, side = one.founding.at, _side(one)
        if at is None or side.form.mass < LEAST_MASS:
            continue
        day = at.toordinal()
        seen: set[str] = set()
        for block in sorted(speaker_blocks(speaker_of(one.founding), known)):
            for other in (it for near in (day - 1, day, day + 1) for it in filed[block, near]):
                if other.statement.id not in seen and _may_be_one(other, side, known):
                    seen.add(other.statement.id)
                    yield other, side
        for block in speaker_blocks(speaker_of(one.founding), known):
            filed[block, day].append(side)


def _side(one: Statement) -> _Side:
    """The wordings that stand for a statement: quoted ones first, then the fullest."""
    ranked = sorted((it.segment for it in one.reports), key=lambda it: (not it.form.spoken, -it.form.mass, it.id))
    distinct = {it.form.words: it for it in reversed(ranked)}
    chosen = [it for it in ranked if distinct[it.form.words] is it]
    return _Side(one, tuple(chosen[:_WORDINGS]))


def _may_be_one(one: _Side, other: _Side, known: KnownSpeakers) -> bool:
    mine, yours = one.statement.founding, other.statement.founding
    if mine.of.quote.lang == yours.of.quote.lang or mine.of.quote.stance != yours.of.quote.stance:
        return False
    if mine.at is None or yours.at is None or abs(mine.at - yours.at) > SPAN:
        return False
    if same_speaker(speaker_of(mine), speaker_of(yours), known) != "same":
        return False
    a, b = one.form, other.form
    return one_has_all(a.numbers, b.numbers) and not names_differ(a, b) and a.asks == b.asks


def _cosines(pairs: Sequence[_Pair], encode: Encode) -> dict[_Pair, float]:
    texts = sorted({_plain(it) for pair in pairs for side in pair for it in side.wordings})
    if not texts:
        return {}
    vectors = encode(texts).astype(numpy.int64)
    lengths = numpy.sqrt((vectors * vectors).sum(axis=1))
    place = {text: at for at, text in enumerate(texts)}

    def cosine(one: Segment, other: Segment) -> float:
        a, b = place[_plain(one)], place[_plain(other)]
        return round(float(vectors[a] @ vectors[b]) / max(float(lengths[a] * lengths[b]), 1.0) * _STEPS) / _STEPS

    found = {}
    for pair in pairs:
        best = sorted((cosine(*two) for two in product(pair[0].wordings, pair[1].wordings)), reverse=True)[:_WORDINGS]
        found[pair] = sum(best) / len(best)
    return found


def _plain(segment: Segment) -> str:
    return " ".join(_MARKS.sub(" ", segment.text).split())


def _score(pair: _Pair, cosine: float) -> float:
    a, b = pair[0].form, pair[1].form
    score = cosine
    score += _FOR_FACTS * (bool(a.numbers) and a.numbers == b.numbers)
    score += _FOR_FACTS * (bool(shared_names(a, b)))
    return score - _FOR_POLARITY * (_negated(a) != _negated(b))


def _negated(form: NormalForm) -> bool:
    return any(clause.negated for clause in form.clauses) or form.denied


def _facts(one: _Side, other: _Side) -> float:
    """Half for the names and half for the numbers that both have, if these say enough."""
    a, b = one.form, other.form
    if a.numbers != b.numbers or not a.numbers or _negated(a) != _negated(b):
        return 0.0
    says = sum(_information_of(number) for number in a.numbers)
    named = bool(shared_names(a, b))
    return min(1.0, 0.3 * says + 0.3 * named)


def _information_of(number: str) -> float:
    """How much it says that two statements have a number in common: of a year or a small one little."""
    if (float(number) < 10 and "." not in number) or 1900 <= float(number) <= 2100:
        return 0.5
    return _CERTAIN if "." in number or float(number) >= 100 else 1.0


def _best(
    pairs: Sequence[_Pair], scores: Mapping[_Pair, float], method: str, cosines: Mapping[_Pair, float] | None = None
) -> list[TranslationLink]:
    """The links of which both sides are each other's best, with a lead."""
    ranked: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for one, other in pairs:
        for mine, yours in ((one, other), (other, one)):
            lang = yours.statement.founding.of.quote.lang
            ranked[mine.statement.id, lang].append((scores[one, other], yours.statement.id))
    for found in ranked.values():
        found.sort(reverse=True)
    links = []
    for pair in pairs:
        if scores[pair] >= _least(pair, ranked) and all(_leads(pair[at], pair[1 - at], ranked) for at in (0, 1)):
            links.append(_link(pair, scores[pair], method, None if cosines is None else cosines[pair]))
    return sorted(links, key=lambda it: (it.a, it.b))


def _least(pair: _Pair, ranked: Mapping[tuple[str, str], Sequence[tuple[float, str]]]) -> float:
    """The score that is asked for: the more there is to choose from, the likelier something is alike by chance."""
    one, other = pair
    counts = [
        len(ranked[mine.statement.id, yours.statement.founding.of.quote.lang])
        for mine, yours in ((one, other), (other, one))
    ]
    return LEAST + _FOR_MANY * max(0.0, math.log2(max(counts) / FEW))


def _leads(mine: _Side, yours: _Side, ranked: Mapping[tuple[str, str], Sequence[tuple[float, str]]]) -> bool:
    best = ranked[mine.statement.id, yours.statement.founding.of.quote.lang]
    if best[0][1] != yours.statement.id:
        return False
    return len(best) == 1 or best[0][0] - best[1][0] >= LEAST_LEAD


def _link(pair: _Pair, score: float, method: str, cosine: float | None) -> TranslationLink:
    one, other = sorted(pair, key=lambda it: it.statement.id)
    times = [it.statement.founding.at for it in (one, other)]
    assert times[0] is not None and times[1] is not None
    return TranslationLink(
        one.statement.id,
        other.statement.id,
        round(max(0.0, min(1.0, score)), 3),
        method,
        None if cosine is None else round(cosine, 3),
        one.form.numbers & other.form.numbers,
        shared_names(one.form, other.form),
        round(abs(times[0] - times[1]).total_seconds() / 3600, 2),
    )


def _beside(pairs: Sequence[_Pair], links: Iterable[TranslationLink]) -> set[_Pair]:
    """The pairs that stand beside linked ones in the same order in two articles."""
    linked = {frozenset((link.a, link.b)) for link in links}
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    by_article: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for side in {side for pair in pairs for side in pair}:
        for report in side.statement.reports:
            quote = report.segment.of
            by_article[quote.quote.article_id].append((quote.start + report.segment.start, side.statement.id))
    for places in by_article.values():
        for (_, one), (_, other) in pairwise(sorted(places)):
            after[one].add(other)
            before[other].add(one)

    def beside(mine: str, yours: str) -> bool:
        return any(frozenset(two) in linked for near in (after, before) for two in product(near[mine], near[yours]))

    return {pair for pair in pairs if beside(pair[0].statement.id, pair[1].statement.id)}
