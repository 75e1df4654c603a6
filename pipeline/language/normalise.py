"""Words of a text in one spelling: marks nobody sees removed, apostrophes, hyphens and dotted abbreviations made alike.

The database takes a search query apart in the same way (``analyst.search_query``), so nothing here depends on the
version of Unicode or on a locale: letters, capitals and marks are those of the ranges below.
"""

from __future__ import annotations

import re
import unicodedata

WORD_CHARACTERS = (
    "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff"
    "\uf900-\ufdff"
)
"""What words are made of, as the inside of a character class of a regular expression."""
_PAIRS = [
    (capital, capital.lower())
    for capital in map(chr, range(0x41, 0x530))
    if capital.isupper() and len(capital.lower()) == 1 and capital.lower() != capital
]
CAPITALS = "".join(capital for capital, _ in _PAIRS)
LOWER_CASE = "".join(lower for _, lower in _PAIRS)
"""The lower-case letter of each of :data:`CAPITALS`, in the same order."""
INVISIBLE = "\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
APOSTROPHES, HYPHENS = "\u2019\u2018\u02bc`\u00b4", "\u2010\u2011"
LATIN_TWINS = "ABCEHIKMOPTXYabceghikmnoprtuxy"
CYRILLIC_TWINS = (
    "\u0410\u0412\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0422\u0425\u0423"
    "\u0430\u0432\u0441\u0435g\u043d\u0456\u043a\u043c\u043f\u043e\u0440\u0433\u0442u\u0445\u0443"
)
"""Letters that look like those of :data:`LATIN_TWINS`, in the same order; itself where there is none."""

LONGEST_WORD = 200
"""Characters of a word that count; what is longer is no word, and the database could not index it."""

_invisible = re.compile(f"[{INVISIBLE}]")
_marks = str.maketrans(APOSTROPHES + HYPHENS, "'" * len(APOSTROPHES) + "-" * len(HYPHENS))
_capitals, _lower_case = frozenset(CAPITALS), frozenset(LOWER_CASE)
# Russian texts mostly write ye where yo is meant.
_folded = str.maketrans(CAPITALS, LOWER_CASE) | {0x401: 0x435, 0x451: 0x435}
_part = f"[{WORD_CHARACTERS}]+(?:'[{WORD_CHARACTERS}]+)*"
_word = re.compile(f"{_part}(?:-{_part})*")
_dotted = re.compile(f"(?<![{WORD_CHARACTERS}])([{CAPITALS}])\\.(?=[{CAPITALS}](?![{WORD_CHARACTERS}]))")
_possessive = re.compile("'[sS]?$")
_cyrillic = re.compile("[\u0400-\u052f]")
_latin = re.compile("[A-Za-z]")
_to_cyrillic = str.maketrans(LATIN_TWINS, CYRILLIC_TWINS)
_to_latin = {cyrillic: latin for latin, cyrillic in _to_cyrillic.items() if cyrillic > 0x7F}
_SENTENCE_STARTS = re.compile('[.!?\u2026:\n\u00ab\u201c\u201e"(\u2014\u2013]')


def visible_text(text: str) -> str:
    """The text in compatibility form (NFKC) with one apostrophe, one hyphen and ``US`` for ``U.S.``.

    Invisible marks are removed.
    """
    visible = _invisible.sub("", unicodedata.normalize("NFKC", text)).translate(_marks)
    return _dotted.sub(r"\1", visible)


def written_words(text: str) -> list[tuple[str, bool]]:
    """The words of a text as written, each in one script and without ``'s``, and whether it may begin a sentence."""
    visible = visible_text(text)
    words, end = [], 0
    for found in _word.finditer(visible):
        starts = end == 0 or _SENTENCE_STARTS.search(visible, end, found.start()) is not None
        words.append((_possessive.sub("", one_script(found[0][:LONGEST_WORD])), starts))
        end = found.end()
    return words


def one_script(word: str) -> str:
    """A word that mixes look-alike letters of two scripts, a trick to evade filters, in the script of most of them."""
    cyrillic, latin = len(_cyrillic.findall(word)), len(_latin.findall(word))
    if not cyrillic or not latin or "-" in word:
        return word
    return word.translate(_to_cyrillic if cyrillic >= latin else _to_latin)


def fold_word(word: str) -> str:
    """A word in lower case, Russian yo as ye."""
    return word.translate(_folded)


def folded_words(text: str) -> list[str]:
    """The words of a text in order, in lower case; see :func:`written_words`."""
    return [fold_word(word) for word, _ in written_words(text)]


def is_acronym(word: str) -> bool:
    """Whether a word has two capitals or more and no lower-case letter."""
    return not _lower_case.intersection(word) and sum(letter in _capitals for letter in word) >= 2


def starts_with_capital(word: str) -> bool:
    """Whether a word begins with a capital and is no acronym."""
    return word[:1] in _capitals and not is_acronym(word)
