"""Normalise names and titles: one form for all spellings across scripts, transliterations and Russian cases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATION_WORDS
from pipeline.language.ru.name_forms import ROMANISED, without_ending

_PUNCTUATION = re.compile(r"['’`´.,]")
_FOREIGN_ENDINGS = re.compile(r"(?:iy|yy|ij|ii|yi|y|i)$")
_LATIN_SPELLINGS = (
    ("shch", "sch"), ("kh", "h"), ("tz", "c"), ("ts", "c"), ("x", "ks"), ("ph", "f"),  ("j", "i"),
    ("y", "i"),     ("iu", "u"), ("ia", "a"), ("ie", "e"), ("ii", "i"),
)  # fmt: skip


@lru_cache(maxsize=50_000)
def fold_name(word: str) -> str:
    """One spelling for all usual ones of a name: ``Zelenskyy``, ``Zelensky`` and ``Зеленский`` give the same word."""
    word = _with_ending(word)
    return _FOREIGN_ENDINGS.sub("", word) or word


@lru_cache(maxsize=50_000)
def fold_surname(word: str) -> str:
    """A surname as :func:`fold_name` writes it, marked if an ending is cut off: ``Hale`` is not ``Haley``."""
    word = _with_ending(word)
    return _FOREIGN_ENDINGS.sub("+", word)


def without_marks(word: str) -> str:
    """A word without accents and the like."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _with_ending(word: str) -> str:
    word = _PUNCTUATION.sub("", word.casefold())
    word = "".join(ROMANISED.get(letter, letter) for letter in word)
    word = without_marks(word)
    for spelling, one in _LATIN_SPELLINGS:
        word = word.replace(spelling, one)
    return re.sub(r"(.)\1", r"\1", word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word in lower case without its ending, good enough to compare titles (``министра``, ``министр``)."""
    word = word.casefold().replace("\u0451", "\u0435").replace("’", "'").replace(".", "")
    if word.endswith("'s"):
        word = word[:-2]
    word = without_ending(word)
    return _NATION_STEMS.get(word) or EVERY_LANGUAGE.same_stem.get(word, word)


_NATION_STEMS = {without_ending(word): code for word, code in NATION_WORDS.items()}


def stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of a title's words without articles and prepositions; nations as their codes."""
    return frozenset(stem(word) for word in words if word.casefold() not in EVERY_LANGUAGE.empty_words)


def is_cyrillic(word: str) -> bool:
    """Whether a word begins with a letter of the Russian alphabet other than yo."""
    return "\u0430" <= word[:1].lower() <= "\u044f"
