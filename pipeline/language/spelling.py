"""Normalise names and titles: one form for all spellings across scripts, transliterations and Russian cases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pipeline.language.nations import NATION_WORDS

_PUNCTUATION = re.compile(r"['’`´.,]")
_FOREIGN_ENDINGS = re.compile(r"(?:iy|yy|ij|ii|yi|y|i)$")
_LATIN_SPELLINGS = (
    ("shch", "sch"), ("kh", "h"), ("tz", "c"), ("ts", "c"), ("x", "ks"), ("ph", "f"),  ("j", "i"),
    ("y", "i"),     ("iu", "u"), ("ia", "a"), ("ie", "e"), ("ii", "i"),
)  # fmt: skip
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфхцыэіїєґ", "abvgdeziiklmnoprstufhcieiieg", strict=True)) | {
    "ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "u", "я": "a",
}  # fmt: skip
_STEM_ENDINGS = tuple(
    (
        "ского скому скими ским ском ская ской скую ский ских ское ские иями ого ему ому ыми ими ами ями иях "
        "иям ией ием ый ий "
        "ой ая яя ое ее ые ие ым им ии ия ию ом ем ых их ую юю ах ях ов ев ей ам ям ою а я у ю е ы и о ь й"
    ).split()
)
EMPTY_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "to",
        "at",
        "in",
        "s",
        "on",
        "и",
        "в",
        "на",
        "по",
        "mr",
        "mrs",
        "ms",
        "г",
        "г-н",
        "господин",
        "республика",
        "республики",
    ]
)
_SAME_WORD = {"presidential": "president", "президентск": "президент"}
_HUSHING = "жшчщц"


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """One spelling for all usual ones of a name: ``Zelenskyy``, ``Zelensky`` and ``Зеленский`` give the same word."""
    word = _with_ending(word)
    return _FOREIGN_ENDINGS.sub("", word) or word


@lru_cache(maxsize=50_000)
def fold_surname(word: str) -> str:
    """A surname as :func:`fold` writes it, marked if an ending is cut off: ``Hale`` is not ``Haley``."""
    word = _with_ending(word)
    return _FOREIGN_ENDINGS.sub("+", word)


def _with_ending(word: str) -> str:
    word = _PUNCTUATION.sub("", word.casefold())
    word = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    for spelling, one in _LATIN_SPELLINGS:
        word = word.replace(spelling, one)
    return re.sub(r"(.)\1", r"\1", word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word in lower case without its ending, good enough to compare titles (``министра``, ``министр``)."""
    word = word.casefold().replace("ё", "е").replace("’", "'").replace(".", "")
    if word.endswith("'s"):
        word = word[:-2]
    word = _without_ending(word)
    return _NATION_STEMS.get(word) or _SAME_WORD.get(word, word)


def _without_ending(word: str) -> str:
    if word and "а" <= word[0] <= "я":
        for ending in _STEM_ENDINGS:
            if len(word) - len(ending) >= 3 and word.endswith(ending):
                return word[: -len(ending)] + ("ск" if ending.startswith("ск") else "")
    return word


_NATION_STEMS = {_without_ending(word): code for word, code in NATION_WORDS.items()}


def stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of a title's words without articles and prepositions; nations as their codes."""
    return frozenset(stem(word) for word in words if word.casefold() not in EMPTY_WORDS)


def case_forms(name: str, gender: str | None) -> tuple[str, ...]:
    """All case forms of one Russian name in the nominative, lower case, ``ё`` as ``е``; the nominative first."""
    word = name.lower().replace("ё", "е")
    head, last = word[:-1], word[-1:]
    if "-" in word:
        first, _, rest = word.partition("-")
        return tuple(f"{one}-{other}" for one in case_forms(first, gender) for other in case_forms(rest, gender))
    if gender == "f":
        return (word, *_female_forms(word, head, last))
    fleeting = {"павел": "павл", "лев": "льв", "петр": "петр"}.get(word)
    if fleeting:
        return (word, *(fleeting + end for end in ("а", "у", "ом", "е")))
    return (word, *_male_forms(word, head, last))


def _female_forms(word: str, head: str, last: str) -> tuple[str, ...]:
    if word.endswith(("ова", "ева", "ина", "ына")):
        return tuple(head + end for end in ("ой", "у", "ы", "е", "ою"))
    if word.endswith("ая"):
        return tuple(word[:-2] + end for end in ("ой", "ую", "ою"))
    if word.endswith("ия"):
        return tuple(head + end for end in ("и", "ю", "ей"))
    if last == "а":
        return tuple(head + end for end in ("ы", "и", "е", "у", "ой", "ей"))
    if last == "я":
        return tuple(head + end for end in ("и", "е", "ю", "ей"))
    return (head + "и", head + "ью") if last == "ь" else ()


def _male_forms(word: str, head: str, last: str) -> tuple[str, ...]:
    if word.endswith(("ский", "цкий", "ой", "ый")) and len(word) > 3:
        stemmed = word[:-2]
        return tuple(stemmed + end for end in ("ого", "ому", "им", "ым", "ом"))
    if word.endswith(("ов", "ев", "ин", "ын")):
        return tuple(word + end for end in ("а", "у", "ым", "ом", "е"))
    if word.endswith("ия"):
        return tuple(head + end for end in ("и", "ю", "ей"))
    if last in "йь":
        return tuple(head + end for end in ("я", "ю", "ем", "е", "и"))
    if last == "а":
        return tuple(head + end for end in ("ы", "и", "е", "у", "ой", "ей"))
    if last == "я":
        return tuple(head + end for end in ("и", "е", "ю", "ей"))
    if last and last not in "еиоуыэю":
        return tuple(word + end for end in ("а", "у", "ем" if last in _HUSHING else "ом", "е"))
    return ()
