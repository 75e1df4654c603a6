"""Names of people, so that one name compares equal in both scripts, in its usual spellings and with a father's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATION_WORDS, NATIONS
from pipeline.language.normalise import fold_word
from pipeline.language.ru.name_forms import ROMANISED_IN_FULL, is_common_patronymic, is_patronymic
from pipeline.language.spelling import stem, without_marks

PERSON = "person:"
"""How the ids of people begin who are known only from the news."""
_MOST_WORDS, _LONGEST_ACRONYM = 6, 4
_INITIAL = re.compile(r"(?<!\w)(\w)\.")
_SUFFIXES = ("jr", "sr", "ii", "iii", "iv")
_JOINING = EVERY_LANGUAGE.joins | EVERY_LANGUAGE.empty_words
_SPELLINGS = (
    ("shch", "sch"), ("kh", "h"), ("tz", "c"), ("ts", "c"), ("x", "ks"), ("ph", "f"), ("ct", "kt"), ("iye", "e"),
    ("ye", "e"), ("ie", "e"), ("j", "i"), ("y", "i"), ("aleksander", "aleksandr"),
)  # fmt: skip
_SOFT_O = re.compile(r"(?<=[bcdfghklmnprstvz])io(?=[a-z])")
_ENDING = re.compile(r"i+$")
_DOUBLE = re.compile(r"(.)\1+")
_MARKS = re.compile(r"['\u2019`\u00b4.,]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name of a person, folded: given name (or only its first letter) and surname, without the father's name."""

    given: str
    surname: str
    middle: tuple[str, ...] = ()
    """Further given names, and words of a surname of several (``van``)."""
    suffix: str = ""
    father: str = ""
    """The father's name or the initial of a second given name, if the name has one: no part of the id."""

    @property
    def is_full(self) -> bool:
        """Whether the given name is there, and not only its first letter."""
        return len(self.given) > 1

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the name, folded."""
        return (self.given, *self.middle, self.surname, *((self.suffix,) if self.suffix else ()))

    @property
    def id(self) -> str:
        """The id of somebody of this full name: it follows from the name alone."""
        return PERSON + "-".join(self.words)

    def may_be(self, other: PersonName) -> bool:
        """Whether a name with only an initial may be short for the full name ``other``."""
        return self.surname == other.surname and self.given[:1] == other.given[:1] and self.suffix == other.suffix


@lru_cache(maxsize=50_000)
def person_name(name: str) -> PersonName | None:
    """The name of a person, taken apart; None for one word, a description and what else is no name of a person."""
    words = [word.strip(".,") for word in _INITIAL.sub(r"\1 ", name).split()]
    if not 2 <= len(words) <= _MOST_WORDS or not all(map(_fits, words)):
        return None
    suffix = fold_word(words[-1]) if fold_word(words[-1]) in _SUFFIXES else ""
    words, father = _given_first(words[:-1] if suffix else words)
    if len(words) < 2 or len(words[-1]) < 2:
        return None
    father = father or next((word for word in words[1:-1] if len(word) == 1), "")
    inner = tuple(fold_person_word(word) for word in words[1:-1] if len(word) > 1)
    given, surname = fold_person_word(words[0]), fold_person_word(words[-1])
    return PersonName(given, surname, inner, suffix, fold_person_word(father))


def person_id(name: str) -> str | None:
    """The id of somebody of this name; None unless it is a person's full name."""
    found = person_name(name)
    return found.id if found is not None and found.is_full else None


def without_fathers_name(name: str) -> str:
    """A name as printed without the father's name: given name and surname."""
    words, father = _given_first(name.split())
    return " ".join(words) if father and len(words) > 1 else name


def base_id(person: str) -> str:
    """The id that follows from the name alone, from an id that also distinguishes somebody from a namesake."""
    return person.partition(".")[0]


@lru_cache(maxsize=50_000)
def fold_person_word(word: str) -> str:
    """One spelling for all usual ones of a word of a name; unlike :func:`fold_name` it takes no two names for one."""
    word = "".join(ROMANISED_IN_FULL.get(letter, letter) for letter in _MARKS.sub("", fold_word(word).casefold()))
    word = without_marks(word)
    for spelling, one in _SPELLINGS:
        word = word.replace(spelling, one)
    word = _ENDING.sub("i", _SOFT_O.sub("e", word))
    return _DOUBLE.sub(r"\1", word)


def _fits(word: str) -> bool:
    if not word or not word.replace("-", "").replace("'", "").replace("\u2019", "").isalpha():
        return False
    low = fold_word(word).partition("-")[0]
    if low in EVERY_LANGUAGE.name_links and low not in _JOINING:
        return True
    acronym = 1 < len(word) <= _LONGEST_ACRONYM and word.isupper() and low not in _SUFFIXES
    return word[0].isupper() and not acronym and fold_word(word) not in NATION_WORDS and stem(word) not in NATIONS


def _given_first(words: list[str]) -> tuple[list[str], str]:
    """The words without the father's name, the surname last where that shows that it stood first; and that name.

    A given name and a father's name alone are no full name.
    """
    if len(words) < 2 or not any(map(is_patronymic, words[1:])):
        return words, ""
    if len(words) == 2:
        return ([], words[1]) if is_common_patronymic(words[1]) else (words, "")
    if is_patronymic(words[1]):
        return [words[0], *words[2:]], words[1]
    if len(words) == 3 and len(words[1]) > 1 and is_patronymic(words[2]):
        return [words[1], words[0]], words[2]
    return words, ""
