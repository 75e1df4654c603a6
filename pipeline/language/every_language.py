"""The words of all languages at once, for texts that may hold several: quotations, names and mixed pages."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pipeline.language.en.lexicon import ENGLISH_WORDS
from pipeline.language.lexicon import Lexicon
from pipeline.language.ru.lexicon import RUSSIAN_WORDS

LEXICONS = (ENGLISH_WORDS, RUSSIAN_WORDS)


def _together(field: str) -> Any:
    first, *others = (getattr(lexicon, field) for lexicon in LEXICONS)
    for other in others:
        first = first + other if isinstance(first, tuple) else first | other
    return first


EVERY_LANGUAGE = Lexicon(**{field.name: _together(field.name) for field in fields(Lexicon)})


def one_of(words: frozenset[str]) -> str:
    """A regular expression that matches each of the words."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"
