"""Runs of capitalised words in a Russian text: the titles in them, and the name that remains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from pipeline.language.lexicon import word_set
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru.cases import is_nominative_name
from pipeline.quotes.languages.ru.morph import is_dictionary_word, may_be_name, name_forms, word_form
from pipeline.quotes.languages.ru.words import (
    ADVERBS,
    CLASSES,
    CONJUNCTIONS,
    PREPOSITIONS,
    PRONOUNS,
    PROPER_BODIES,
    TITLES,
)
from pipeline.quotes.text.tokens import Token

ORGANISATION_PARTS = ("полиц", "надзор", "прокурат", "гварди", "минист", "комстат", "сельхоз")
"""What names of organisations have in them and no person's."""
_PARTICLES = word_set("де ван фон дер ден аль эль бин ибн ди дель ла тен тер оглы кызы")
"""Words in lower case within names."""
NAME_RUN = re.compile(
    r"[А-ЯЁA-Z](?:"
    r"(?<=[А-ЯЁ])\.[ \u00a0]?(?:[А-ЯЁ]\.[ \u00a0]?)?[А-ЯЁ][\w’'‑-]+|"
    rf"[\w’'‑-]*(?:[ \u00a0](?:(?:{'|'.join(sorted(_PARTICLES))})[ \u00a0]){{0,2}}[А-ЯЁA-Z][\w’'‑-]*)*)"
)
_PATRONYMIC = r"[А-ЯЁ][а-яё-]+(?:ович|евич|ьич|мич|овн|евн|ичн|иничн)(?:[ауые]|ем|ой)?"
_PATRONYMIC_ONLY = re.compile(_PATRONYMIC)
_SURNAME_FIRST = re.compile(rf"(?P<last>[А-ЯЁ][а-яё-]+) (?P<given>[А-ЯЁ][а-яё-]+ {_PATRONYMIC})(?![\w-])")
_SURNAME_APART = re.compile(r"(?P<given>[А-ЯЁ][а-яё-]+(?: [А-ЯЁ][а-яё-]+)?) \[(?P<last>[А-ЯЁ][а-яё-]+)\]")
_NOT_NAMES = (
    ADVERBS | PREPOSITIONS | CONJUNCTIONS | frozenset(PRONOUNS)
    | frozenset("один одна одни другой другая другие многие некоторые все каждый оба обе".split())
)  # fmt: skip
_NUMERAL = frozenset("IVX")
INITIALS = re.compile(r"(?<=\.)[ \u00a0]?(?=\S)")
_ONLY_NOMINATIVE = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий")
"""Endings of men's surnames in the nominative."""
_TOWNS = ("ска", "цка", "града", "бурга", "поля", "горья", "ино", "ово", "ево")
"""Endings that towns have in the genitive and given names do not."""


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether a lower-case word stands before names."""
    meant = {word, word.removeprefix("экс-"), word.partition("-")[0]}
    return any(stem(one) in TITLES or stem(one) in CLASSES for one in meant)


def _parts(run: str) -> list[str]:
    return [part for piece in run.split() for part in INITIALS.split(piece) if part]


def _start(parts: Sequence[str]) -> int:
    start = 0
    for i, part in enumerate(parts):
        low = part.lower()
        if i < len(parts) - 1 and i == start and "." not in part and is_common(part):
            start = i + 1
            continue
        if i == start and i < len(parts) - 1 and (_is_owner(part, parts[i + 1 :]) or _is_apart(part, parts[i + 1])):
            start = i + 1
            continue
        if i == start and _is_owners_name(part, parts[i + 2 :]):
            start = i + 2
            continue
        if 0 < i < len(parts) - 1 and start < i and (_begins_name(parts, start, i) or _is_town(parts, start, i)):
            start = i
            continue
        latin = all(one.isascii() for one in parts[start : i + 1])
        if start <= i < len(parts) - 1 and latin and "." not in part and not parts[i + 1].isascii():
            start = i + 1
            continue
        place = len(parts) > 1 and "." not in part and _is_place(part, parts, i)
        if low in _NOT_NAMES or is_title(low) or place:
            start = i + 1
    return start


def _begins_name(parts: Sequence[str], start: int, i: int) -> bool:
    """``Минмоста Пётр Зуев``: a given name before a surname, and no name before it."""
    given = bool(name_forms(parts[i])) and is_dictionary_word(parts[i]) and not name_forms(parts[i + 1])
    return given and not any(
        word_form(part).name or "." in part or not _is_organisation_word(part) for part in parts[start:i]
    )


def _is_town(parts: Sequence[str], start: int, i: int) -> bool:
    """``Лугова Игнат Зуев``, ``Владимира Игнат Зуев``: a town in the genitive before a given name and a surname."""
    if i != start + 1 or _PATRONYMIC_ONLY.fullmatch(parts[i + 1]) or name_forms(parts[i + 1]):
        return False
    town, given = word_form(parts[start]), [one for one in name_forms(parts[i]) if one.case == "nomn" and not one.fixed]
    if not given or not is_dictionary_word(parts[i]):
        return False
    if not is_dictionary_word(parts[start]) and parts[start].endswith(_TOWNS):
        return True
    if not (town.name and town.oblique):
        return False
    return not town.nominative or not name_forms(parts[start])


def _is_organisation_word(part: str) -> bool:
    """Whether a word before a given name is no part of it: the name of a ministry or the like."""
    return any(piece in part.lower() for piece in ORGANISATION_PARTS) or part.lower().startswith(("мин", "рос", "гос"))


def _is_owner(part: str, following: Sequence[str]) -> bool:
    """``Зуева Олег Рыбин``, ``Зуева Олега Рыбина``: a surname in another case before somebody else's full name."""
    found = word_form(part)
    if not found.name or name_forms(part):
        return False
    if not found.nominative and is_nominative_name([following[0], following[0]]):
        return True
    given = [one.case for one in name_forms(following[0]) if not one.fixed]
    full = len(following) > 1 and not _PATRONYMIC_ONLY.fullmatch(following[1]) and not name_forms(following[1])
    return full and found.oblique and "gent" in given and "nomn" not in given


def _is_owners_name(given: str, following: Sequence[str]) -> bool:
    """``Петра Зуева Анна Лужина``: a full name in another case before somebody's in the nominative."""
    forms = name_forms(given)
    return bool(forms) and all(one.case != "nomn" for one in forms) and is_nominative_name(list(following[:2]))


def _is_apart(part: str, following: str) -> bool:
    """``(в) Лугове Зуев``, ``(в) Лугове Минобороны``: another case than that of a nominative."""
    found = word_form(part)
    if "." in part or found.nominative or found.oblique:
        return False
    return stem(following) in PROPER_BODIES or following.endswith(_ONLY_NOMINATIVE)


def _is_place(part: str, parts: Sequence[str], i: int) -> bool:
    found = word_form(part)
    if part.isupper() and len(part) > 1 and i < len(parts) - 1:
        return True
    return found.place and not found.name and i < len(parts) - 1


@lru_cache(maxsize=50_000)
def _split(run: str) -> tuple[list[str], list[str]]:
    parts = _parts(run)
    start, end = name_at(tuple(parts))
    return parts[:start], parts[start:end]


@lru_cache(maxsize=50_000)
def name_at(parts: tuple[str, ...]) -> Indices:
    """Where the name stands among the words of a run, empty at its end where there is none."""
    start = _start(parts)
    return start, _end(parts, start)


def _end(parts: Sequence[str], start: int) -> int:
    """Where the name ends: before a given name in the dative or the like (``сказал Зуев Павлу Лобову``)."""
    upright = start < len(parts) and word_form(parts[start]).nominative and not word_form(parts[start]).oblique
    for i in range(start + 1, len(parts)):
        if parts[i].isascii() and not parts[i - 1].isascii() and not set(parts[i]) <= _NUMERAL:
            return i
    for i in range(start + 1, len(parts) if upright else 0):
        given = name_forms(parts[i])
        if given and all(one.case in ("datv", "ablt") for one in given):
            return i
    return len(parts)


def name_words(run: str) -> list[str]:
    """The name in a run of capitalised words."""
    name = _split(run)[1]
    return name if len(name) <= 5 else []


def out_of_order(text: str) -> Iterator[list[str]]:
    """Full names whose surname stands elsewhere than usual: ``Лужина Анна Петровна``, ``Анна Петровна [Лужина]``."""
    for match in chain(_SURNAME_FIRST.finditer(text), _SURNAME_APART.finditer(text) if "[" in text else ()):
        last, given = match["last"], match["given"].split()
        if not is_title(last.lower()) and not name_forms(last) and not is_common(last) and name_forms(given[0]):
            yield [*given, last]


def lead_words(run: str) -> list[str]:
    """The titles before the name in a run."""
    return _split(run)[0]


def bare_words(words: list[str]) -> list[str]:
    """The words without marks and initials' dots apart."""
    return [part.strip('"«»“”„') for word in words for part in INITIALS.split(word) if part.strip('"«»“”„')] or words


def is_common(word: str) -> bool:
    """Whether the dictionary knows the word as a common one and as no name."""
    found = word_form(word.lower())
    if may_be_name(word):
        return False
    return not found.name and not word_form(word).name and not found.place and is_dictionary_word(word)


def joins_name(words: list[Token], i: int) -> bool:
    """Whether a word is one of the particles, two at most, behind the first word of a name (``Анна ван ден Берг``)."""
    before = next((word for word in reversed(words[max(0, i - 2) : i]) if word.low not in _PARTICLES), None)
    return words[i].low in _PARTICLES and before is not None and before.capital
