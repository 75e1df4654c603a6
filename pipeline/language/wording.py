"""What linking must know of a language's words to see whether two wordings say the same: lists, stems, weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from pipeline.language.en.wording import ENGLISH_WORDING
from pipeline.language.morphology import morphologies_of
from pipeline.language.ru.wording import RUSSIAN_WORDING
from pipeline.language.wording_lists import LanguageOfWords, WordLists

RAREST = 7.0
"""Weight (natural logarithm of the inverse document frequency) of a word that our own texts never use."""
COMMON = 1.0
"""Weight below which a word says nothing of what is spoken about."""
_DEFAULT_SENTENCES = 1000


@dataclass(frozen=True, slots=True)
class Wording:
    """The word lists of a language with the weights of its words. Stems are those of :attr:`stem_of`."""

    lists: WordLists
    stem_of: Callable[[str], str]
    may_be_name: Callable[[str], bool]
    """Whether a folded word that begins a sentence may be a name."""
    is_noun: Callable[[str], bool]
    """Whether a folded word is a noun or an adjective, where that can be known."""
    has_predicate: Callable[[Sequence[str], bool], bool]
    """Whether one of folded words makes a clause of them, surely or perhaps."""
    has_subject: Callable[[Sequence[str], bool], bool]
    """Whether folded words, joined by a word to what precedes or not, have a subject of their own."""
    weights: Mapping[str, float]
    groups: Mapping[str, str]
    """From a stem to that of the word that stands for its group of synonyms."""
    opposites: frozenset[tuple[str, str]]
    """Pairs of stems, both ways round."""
    places: Mapping[str, str]
    """From a stem to that of the power that the name stands for."""
    months: frozenset[str]
    weekdays: frozenset[str]
    """Stems."""
    denials: re.Pattern[str]
    formulas: re.Pattern[str]
    conditions: re.Pattern[str]
    numbers: Mapping[str, float]
    """Values of all forms of number words."""
    multipliers: Mapping[str, float]
    _stems: dict[str, str] = field(default_factory=dict)

    def stem(self, word: str) -> str:
        """The stem of a folded word, one for all words of a group of synonyms."""
        if word not in self._stems:
            found = self.stem_of(word)
            self._stems[word] = self.groups.get(found, found)
        return self._stems[word]

    def weight(self, stem: str) -> float:
        """How much the word says: 0 for words without content, :data:`RAREST` for one that our texts never use."""
        return self.weights.get(stem, RAREST)


_OTHER = LanguageOfWords(WordLists(), str, bool, lambda _: False, lambda *_: False, lambda *_: False)
_LANGUAGES: Mapping[str, LanguageOfWords] = {"en": ENGLISH_WORDING, "ru": RUSSIAN_WORDING}


@cache
def wording_of(lang: str) -> Wording:
    """The wording of a language; of one that we have no lists of, words as they are written, all of one weight."""
    language = _LANGUAGES.get(lang, _OTHER)
    lists, stem_of = language.lists, language.stem_of
    groups = {stem_of(word): stem_of(group[0]) for group in lists.synonyms for word in group}

    def together(word: str) -> str:
        found = stem_of(word)
        return groups.get(found, found)

    pairs = {(together(one), together(other)) for one, other, *_ in lists.opposites}
    weights = _read_weights(lang, together) if lang in _LANGUAGES else {}
    weights |= {together(word): COMMON for word in lists.formula_words}
    weights |= {together(word): 0.0 for word in lists.empty}
    return Wording(
        lists,
        stem_of,
        language.may_be_name,
        language.is_noun,
        language.has_predicate,
        language.has_subject,
        weights,
        groups,
        frozenset(pairs | {(other, one) for one, other in pairs}),
        {together(word): together(group[0]) for group in lists.places for word in group},
        frozenset(map(together, lists.months)),
        frozenset(map(together, lists.weekdays)),
        _any_of(lists.denials),
        _any_of(lists.formulas),
        _any_of(lists.conditions),
        _in_all_forms(lists.numbers),
        _in_all_forms(lists.multipliers),
    )


def _in_all_forms(values: Mapping[str, float]) -> dict[str, float]:
    """The values by every form of the words; where a form is one of two words, the listed one counts."""
    found = {
        form: value
        for word, value in values.items()
        for morphology in morphologies_of(word)
        for form, _ in morphology.inflections(word)
    }
    return found | dict(values)


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Matches what one of them does; without any, nothing."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) if patterns else "(?!)")


def _read_weights(lang: str, together: Callable[[str], str]) -> dict[str, float]:
    """Weights by the shipped counts of sentences (``python -m benchmarks.frequencies`` makes them)."""
    text = resources.files("pipeline.language").joinpath(lang, "frequencies.txt").read_text(encoding="utf-8")
    first, *lines = text.split("\n")
    sentences = int(first.split()[-1]) if first else _DEFAULT_SENTENCES
    counts: dict[str, int] = {}
    for line in filter(None, lines):
        stem, count = line.split()
        counts[together(stem)] = counts.get(together(stem), 0) + int(count)
    return {stem: min(RAREST, max(0.2, math.log(sentences / (count + 0.5)))) for stem, count in counts.items()}
