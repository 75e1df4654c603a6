"""What the words of an office show of its holder: country, family of office, and what it is the head of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.en.lexicon import ENGLISH_FAMILIES, ENGLISH_LOOSE, ENGLISH_POSTS
from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATIONS
from pipeline.language.normalise import fold_word
from pipeline.language.person_names import fold_person_word
from pipeline.language.ru.lexicon import RUSSIAN_FAMILIES, RUSSIAN_LOOSE, RUSSIAN_POSTS
from pipeline.language.spelling import is_cyrillic, stem

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FAMILY = {
    stem(word): family
    for families in (ENGLISH_FAMILIES, RUSSIAN_FAMILIES)
    for family, words in families.items()
    for word in words.split()
}
_POSTS = frozenset(stem(word) for words in (ENGLISH_POSTS, RUSSIAN_POSTS) for word in words.split())
_LOOSE = frozenset(stem(word) for words in (ENGLISH_LOOSE, RUSSIAN_LOOSE) for word in words.split())
_KNOWN = _POSTS | _LOOSE | _FAMILY.keys() | NATIONS
_PRIVATE = frozenset(("sport", "art", "church", "medicine", "ordinary"))
_SHORTEST = 4
"""Letters of the shortest word that shows what somebody is the head of."""


@dataclass(frozen=True, slots=True)
class OfficeEvidence:
    """What an office, as printed, shows of whoever holds it."""

    countries: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    """Stems of words for the head of something."""
    of: frozenset[str] = frozenset()
    """Of what or where: stems, romanised."""
    script: str = ""
    """``ru`` if it is written in Cyrillic letters, else ``en``."""

    def __bool__(self) -> bool:
        return bool(self.countries or self.families or self.posts or self.of)

    def shares(self, other: OfficeEvidence) -> bool:
        """Whether both are of the same thing or place, in whatever script."""
        return any(
            one.startswith(two) or two.startswith(one) for one in self.of for two in other.of if one[:4] == two[:4]
        )

    def contradicts(self, other: OfficeEvidence) -> bool:
        """Whether one person can hardly be both: by country, by family of office, as the head of two things."""
        if self.countries and other.countries and self.countries.isdisjoint(other.countries):
            return True
        if self.shares(other):
            return False
        if self.families and other.families and self.families.isdisjoint(other.families):
            return True
        if not (self.of and other.of and self.script == other.script):
            return False
        return not self.posts.isdisjoint(other.posts) or self._is_private(other) or other._is_private(self)

    def _is_private(self, head: OfficeEvidence) -> bool:
        """Whether this is a calling of its own, and ``head`` the head of something."""
        return bool(self.families) and self.families <= _PRIVATE and bool(head.posts) and not head.families


def distinctive_words(text: str) -> frozenset[str]:
    """The words of a text that can show whom it speaks of, in the form of :attr:`OfficeEvidence.of`."""
    return frozenset(_of(_WORD.findall(text)))


def _of(words: list[str]) -> set[str]:
    return {
        fold_person_word(one)
        for word in words
        if len(one := stem(word)) >= _SHORTEST and one not in _KNOWN and fold_word(word) not in EVERY_LANGUAGE.former
    }


@lru_cache(maxsize=20_000)
def office_evidence(office: str) -> OfficeEvidence:
    """What the words of an office show; nothing for an empty text."""
    words = [word for word in _WORD.findall(office) if fold_word(word) not in EVERY_LANGUAGE.empty_words]
    stemmed = [stem(word) for word in words]
    first = stem(words[0]) if words else ""
    families = {_FAMILY[one] for one in stemmed if one in _FAMILY}
    return OfficeEvidence(
        frozenset(one for one in stemmed if one in NATIONS),
        frozenset(families),
        frozenset(one for one in stemmed if one in _POSTS),
        frozenset(_of(words)),
        "ru" if is_cyrillic(first) else "en",
    )
