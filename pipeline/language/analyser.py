"""The one analyser: what a search, a watch and the database know of the words of a text."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.language.morphology import acronyms_of, text_lemmas
from pipeline.language.normalise import fold_word, written_words

ANALYSER_VERSION = "1"
"""Raise it when the same text gives other tokens: the database then analyses its texts again."""


@dataclass(frozen=True, slots=True)
class AnalysedWord:
    """A word of a text; of a hyphenated word each part is one too."""

    form: str
    """In lower case: what quotation marks in a query ask for."""
    lemmas: frozenset[str]
    """The words it can be a form of, those of a hyphenated word whole with its last part."""
    acronyms: frozenset[str]
    """In lower case, if it is written as an acronym: what capitals in a query ask for."""
    whole: str = ""
    """Of the last part of a hyphenated word: the whole word in lower case."""


def analyse_text(text: str) -> list[AnalysedWord]:
    """The tokens of a text in order."""
    return [token for word, starts in written_words(text) for token in _tokens(word, starts)]


def _tokens(word: str, starts_sentence: bool) -> list[AnalysedWord]:
    tokens = [
        AnalysedWord(fold_word(part), text_lemmas(part, starts_sentence=starts_sentence), acronyms_of(part))
        for part in word.split("-")
    ]
    if len(tokens) > 1:
        whole, last = text_lemmas(word, starts_sentence=starts_sentence), tokens[-1]
        tokens[-1] = AnalysedWord(last.form, last.lemmas | whole, last.acronyms | acronyms_of(word), fold_word(word))
    return tokens
