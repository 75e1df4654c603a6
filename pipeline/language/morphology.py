"""The morphology of a language: which words a written form can be a form of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol

from pipeline.language.en.morphology import ENGLISH
from pipeline.language.normalise import fold_word, is_acronym, starts_with_capital
from pipeline.language.ru.morphology import RUSSIAN


class Morphology(Protocol):
    """What the analyser asks of a language. Words are given in lower case, as ``fold_word`` makes them."""

    lang: str
    """ISO 639-1 code."""
    script: re.Pattern[str]
    """Found in the words that this language analyses."""
    acronym: re.Pattern[str]
    """Fully matches an acronym with an ending, with the acronym in its first group."""

    def lemmas(self, form: str) -> frozenset[str]:
        """The lemmas of a form of which nothing else is known, never empty."""

    def lemmas_of_common_word(self, form: str) -> frozenset[str]:
        """Its lemmas where it is written in lower case: not those of names, if there are others."""

    def lemmas_of_name(self, form: str) -> frozenset[str]:
        """Its lemmas where it has a capital within a sentence: those of names, if there are any."""

    def lemmas_of_first_word(self, form: str) -> frozenset[str]:
        """Its lemmas where it has a capital and may begin a sentence."""

    def inflections(self, form: str) -> Iterable[tuple[str, str | None]]:
        """All forms that can share a lemma with a form, itself among them; with the lemma where it has only that."""


MORPHOLOGIES: tuple[Morphology, ...] = (ENGLISH, RUSSIAN)


def morphologies_of(word: str) -> list[Morphology]:
    """The languages that analyse a word, by its script."""
    return [morphology for morphology in MORPHOLOGIES if morphology.script.search(word)]


@lru_cache(maxsize=100_000)
def text_lemmas(word: str, *, starts_sentence: bool) -> frozenset[str]:
    """The lemmas of a word of a text, as written; a hyphenated word's are without hyphens."""
    form, found = fold_word(word), set[str]()
    for morphology in morphologies_of(form):
        if not starts_with_capital(word):
            found |= morphology.lemmas(form) if is_acronym(word) else morphology.lemmas_of_common_word(form)
        elif starts_sentence:
            found |= morphology.lemmas_of_first_word(form)
        else:
            found |= morphology.lemmas_of_name(form)
    return _joined(form, found)


@lru_cache(maxsize=20_000)
def query_lemmas(word: str) -> frozenset[str]:
    """The lemmas that a word of a query, as written, asks for; a hyphenated word's are without hyphens.

    With a capital it is read like the first word of a sentence, in lower case as any word or name.
    """
    form, found = fold_word(word), set[str]()
    for morphology in morphologies_of(form):
        capital = starts_with_capital(word)
        found |= morphology.lemmas_of_first_word(form) if capital else morphology.lemmas(form)
    return _joined(form, found)


def _joined(form: str, lemmas: set[str]) -> frozenset[str]:
    if "-" not in form:
        return frozenset(lemmas or {form})
    bare = form.replace("-", "")
    return frozenset(lemma.replace("-", "") for lemma in lemmas) | query_lemmas(bare)


def dictionary_rows(form: str) -> Iterator[tuple[str, str, str]]:
    """``(language, form, lemma)`` for each form that shares a lemma with a folded word of a text.

    Only with the lemmas that the word has itself: no text has the others, or it brings its own rows. A form with a
    capital has rows of its own, for all its lemmas, where the capital makes a difference to :func:`query_lemmas`.
    """
    for written in {form, form.replace("-", "")}:
        for morphology in morphologies_of(written):
            wanted = {lemma.replace("-", "") for lemma in morphology.lemmas(written)}
            for other, lemma in morphology.inflections(written):
                if lemma is None:
                    yield from (row for row in _rows(morphology.lang, other) if row[1] != other or row[2] in wanted)
                elif (joined := lemma.replace("-", "")) in wanted:
                    yield morphology.lang, other, joined


@lru_cache(maxsize=200_000)
def _rows(lang: str, form: str) -> tuple[tuple[str, str, str], ...]:
    morphology = next(one for one in MORPHOLOGIES if one.lang == lang)
    anywhere, first = morphology.lemmas(form), morphology.lemmas_of_first_word(form)
    rows = [(morphology.lang, form, lemma.replace("-", "")) for lemma in anywhere]
    if first != anywhere:
        capital = form[:1].upper() + form[1:]
        rows += [(morphology.lang, capital, lemma.replace("-", "")) for lemma in first]
    return tuple(rows)


@lru_cache(maxsize=50_000)
def acronyms_of(word: str) -> frozenset[str]:
    """The acronym that a word of a text is, without its ending, in lower case and without hyphens; else nothing."""
    if not is_acronym(word):
        endings = (morphology.acronym.fullmatch(word) for morphology in morphologies_of(word))
        word = next((found[1] for found in endings if found), "")
    return frozenset({fold_word(word).replace("-", "")} - {""})
