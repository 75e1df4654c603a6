"""Words for nations, so that ``Russian president`` and ``president of Russia`` are the same title."""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.en.nations import ENGLISH_CAPITALS, ENGLISH_NATIONS
from pipeline.language.ru.name_forms import without_ending
from pipeline.language.ru.nations import RUSSIAN_CAPITALS, RUSSIAN_NATIONS

NATION_WORDS = {
    word: code
    for nations in (ENGLISH_NATIONS, RUSSIAN_NATIONS)
    for code, words in nations.items()
    for word in words.split()
}
"""From a lower-case word, Russian ones in the nominative, to the nation's code (ISO 3166, ``EU``)."""
NATIONS = frozenset(NATION_WORDS.values())
"""The codes of all nations that have words here."""
PLACES = ENGLISH_CAPITALS | RUSSIAN_CAPITALS
"""Stems of capital cities whose names stand for their governments."""
_NATIONS_BY_STEM = {without_ending(word): code for word, code in NATION_WORDS.items()}


@lru_cache(maxsize=20_000)
def nation_of_word(word: str) -> str | None:
    """The code of the nation that a folded word, in any case, stands for."""
    return _NATIONS_BY_STEM.get(without_ending(word))
