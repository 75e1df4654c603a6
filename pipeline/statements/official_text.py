"""Where the official transcript has what the news print: verbatim, shortened, in other words or not at all. Pure.

An alignment ties one sentence of the news to its place in the transcript. It is no link between statements: two that
stand in one official sentence stay two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pipeline.language.normalise import fold_word
from pipeline.records import Span
from pipeline.statements import likeness, normal_form, segments
from pipeline.statements.candidates import KEYS
from pipeline.statements.differences import Difference
from pipeline.statements.likeness import LEAST_MASS, likeness_of
from pipeline.statements.links import SPAN, speaker_of
from pipeline.statements.normal_form import rarest_stems
from pipeline.statements.same_speaker import KnownSpeakers, same_speaker
from pipeline.statements.segments import Segment

VERSION = f"1.{segments.VERSION}.{normal_form.VERSION}.{likeness.VERSION}"
"""Raised whenever the same texts may be aligned in another way."""

OfficialHow = Literal["verbatim", "shortened", "paraphrased", "not found"]
_ORDER: tuple[OfficialHow, ...] = ("not found", "paraphrased", "shortened", "verbatim")

_MOST_SENTENCES = 3
"""Official sentences in a row that one sentence of the news may hold."""
_FEWEST_WORDS = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class OfficialAlignment:
    """A segment of the news and its place in the official text, offsets in both articles' texts in code points."""

    segment: str
    article: str
    span: Span
    official_article: str
    how: OfficialHow
    score: float
    """From 0 to 1: of ``verbatim`` 1, of ``not found`` that of the likest sentence."""
    official_span: Span | None
    """None of ``not found``."""
    differs: Difference | None = None
    """Of ``not found``: what differs from a sentence that is otherwise alike, such as a number."""
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class _Found:
    how: OfficialHow
    score: float
    held: tuple[Segment, ...]
    differs: Difference | None = None

    @property
    def rank(self) -> tuple[int, float, int, str]:
        return _ORDER.index(self.how), self.score, -len(self.held), self.held[0].id


def align_with_official(
    news: Iterable[Segment], official: Iterable[Segment], known: KnownSpeakers
) -> list[OfficialAlignment]:
    """Where each segment of the news stands in the official texts, in order of the segments' ids.

    Each article of the news is held against the one official text, in its language, that has most of it; what this text
    does not have is ``not found``. Articles of which no official text has anything are left out.
    """
    texts: dict[str, list[Segment]] = defaultdict(list)
    for one in official:
        texts[one.of.quote.article_id].append(one)
    articles: dict[str, list[Segment]] = defaultdict(list)
    for one in news:
        if one.of.quote.article_id not in texts and one.form.mass >= LEAST_MASS:
            articles[one.of.quote.article_id].append(one)
    indices = {name: _OfficialText(own) for name, own in sorted(texts.items())}
    found: list[OfficialAlignment] = []
    for own in articles.values():
        found += _in_the_best(own, indices, known)
    return sorted(found, key=lambda it: it.segment)


def _in_the_best(
    own: Sequence[Segment], texts: Mapping[str, _OfficialText], known: KnownSpeakers
) -> list[OfficialAlignment]:
    best: list[OfficialAlignment] = []
    for name, text in texts.items():
        found = [alignment for one in own if (alignment := text.place_of(one, name, known)) is not None]
        if _has(found) > _has(best):
            best = found
    return best


def _has(found: Iterable[OfficialAlignment]) -> float:
    return sum(_ORDER.index(it.how) for it in found)


class _OfficialText:
    """The sentences of one official text, found by their rarest stems."""

    def __init__(self, sentences: Iterable[Segment]) -> None:
        self._sentences = sorted(sentences, key=lambda it: (it.of.start + it.start, it.id))
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self._sentences):
            for stem in rarest_stems(one.form, KEYS):
                self._places[stem].append(at)

    def place_of(self, one: Segment, name: str, known: KnownSpeakers) -> OfficialAlignment | None:
        """Where the segment stands; None if this cannot be its text: other language, speaker or time."""
        first = self._sentences[0]
        if first.of.quote.lang != one.of.quote.lang or not _near(first, one):
            return None
        if not any(_may_be_his(it, one, known) for it in self._sentences):
            return None
        found = max(self._candidates(one, known), key=lambda it: it.rank, default=None)
        span = one.of.start + one.start, one.of.start + one.end
        article = one.of.quote.article_id
        if found is None or found.how == "not found":
            score, differs = (0.0, None) if found is None else (found.score, found.differs)
            return OfficialAlignment(one.id, article, span, name, "not found", score, None, differs)
        return OfficialAlignment(one.id, article, span, name, found.how, found.score, _official_span(one, found))

    def _candidates(self, one: Segment, known: KnownSpeakers) -> Iterator[_Found]:
        shared = Counter(at for stem in rarest_stems(one.form, KEYS) for at in self._places.get(stem, ()))
        for at in shared:
            for start in range(max(0, at - _MOST_SENTENCES + 1), at + 1):
                for end in range(at + 1, min(start + _MOST_SENTENCES, len(self._sentences)) + 1):
                    held = tuple(self._sentences[start:end])
                    if all(_may_be_his(it, one, known) for it in held) and (found := _compare(one, held)) is not None:
                        yield found


def _near(official: Segment, one: Segment) -> bool:
    return official.at is None or one.at is None or abs(official.at - one.at) <= SPAN


def _may_be_his(official: Segment, one: Segment, known: KnownSpeakers) -> bool:
    return same_speaker(speaker_of(official), speaker_of(one), known) == "same"


def _compare(one: Segment, held: tuple[Segment, ...]) -> _Found | None:
    """How the segment repeats official sentences in a row; None if not at all."""
    words = tuple(word for it in held for word in it.form.words)
    if one.form.spoken and one.form.words == words:
        return _Found("verbatim", 1.0, held)
    if one.form.spoken and _leaves_out(one.form.words, words):
        alike = likeness_of(one.form, held[0].form) if len(held) == 1 else None
        if alike is None or alike.differs in (None, "condition", "subject", "predicate"):
            return _Found("shortened", round(len(one.form.words) / len(words), 4), held)
    if len(held) > 1:
        return None
    alike = likeness_of(one.form, held[0].form)
    if alike.kind is None:
        return None
    if alike.differs is not None:
        return _Found("not found", round(alike.score, 4), held, alike.differs)
    return _Found("paraphrased", round(alike.score, 4), held)


def _leaves_out(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether all words stand in the other text in their order."""
    if not _FEWEST_WORDS <= len(part) < len(whole):
        return False
    rest = iter(whole)
    return all(word in rest for word in part)


def _official_span(one: Segment, found: _Found) -> Span:
    """From the first to the last word that both have; of a paraphrase the whole sentence."""
    first, last = found.held[0], found.held[-1]
    start, end = first.of.start + first.start, last.of.start + last.end
    if found.how != "shortened" or first.of is not last.of:
        return start, end
    text = first.of.quote.text[first.start : last.end]
    places = [(fold_word(it[0]), it.span()) for it in _WORD.finditer(text)]
    mine = [fold_word(it[0]) for it in _WORD.finditer(one.text)]
    matcher = SequenceMatcher(None, [word for word, _ in places], mine, autojunk=False)
    blocks = [it for it in matcher.get_matching_blocks() if it.size]
    if not blocks:
        return start, end
    begins, ends = places[blocks[0].a][1][0], places[blocks[-1].a + blocks[-1].size - 1][1][1]
    return start + begins, start + ends
