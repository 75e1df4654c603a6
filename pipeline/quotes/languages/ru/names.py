"""Russian names and descriptions: which words are a title, which a name, and which class of speaker they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru.cases import gender_in, is_nominative_name, nominative_words
from pipeline.quotes.languages.ru.morph import (
    is_dictionary_word,
    is_personal_name,
    may_be_name,
    name_forms,
    name_stem,
    word_form,
)
from pipeline.quotes.languages.ru.outlets import only_outlets, outlet_end
from pipeline.quotes.languages.ru.words import (
    ADVERBS,
    CLASSES,
    CONJUNCTIONS,
    DOCUMENTS,
    HEADED,
    HEADS,
    LOCALITIES,
    NOT_PERSON,
    PREPOSITIONS,
    PRONOUNS,
    PROPER_BODIES,
    TITLES,
)
from pipeline.quotes.text.tokens import Token

NAME_RUN = re.compile(
    r"[А-ЯЁA-Z](?:"
    r"(?<=[А-ЯЁ])\.[ \u00a0]?(?:[А-ЯЁ]\.[ \u00a0]?)?[А-ЯЁ][\w’'‑-]+|"
    r"[\w’'‑-]*(?:[ \u00a0](?:(?:де|ван|фон|аль|бин|оглы|кызы|ибн)[ \u00a0])?[А-ЯЁA-Z][\w’'‑-]*)*)"
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
_ORGANISATION_PARTS = ("полиц", "надзор", "прокурат", "гварди", "минист", "комстат", "сельхоз")
_INITIALS = re.compile(r"(?<=\.)[ \u00a0]?(?=\S)")
_ONLY_NOMINATIVE = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий")
"""Endings of men's surnames in the nominative."""
_TOWNS = ("ска", "цка", "града", "бурга", "поля", "горья", "ино", "ово", "ево")
"""Endings that towns have in the genitive and given names do not."""
_FEMALE_SURNAME = re.compile(r"(?:ова|ева|ина|ына|ская|цкая)$", re.IGNORECASE)
_FEMALE_OBLIQUE = re.compile(r"(?:овой|евой|иной|ской)$", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether a lower-case word stands before names."""
    meant = {word, word.removeprefix("экс-"), word.partition("-")[0]}
    return any(stem(one) in TITLES or stem(one) in CLASSES for one in meant)


def _parts(run: str) -> list[str]:
    return [part for piece in run.split() for part in _INITIALS.split(piece) if part]


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
    return any(piece in part.lower() for piece in _ORGANISATION_PARTS) or part.lower().startswith(("мин", "рос", "гос"))


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
    start, end = _name_at(tuple(parts))
    return parts[:start], parts[start:end]


@lru_cache(maxsize=50_000)
def _name_at(parts: tuple[str, ...]) -> Indices:
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


def name_in(words: list[Token]) -> Indices | None:
    """The name in the words for a speaker: the last capitalised words that are no title, place or organisation."""
    end = len(words)
    while end > 0:
        if not words[end - 1].capital:
            end -= 1
            continue
        first = end - 1
        while first > 0 and words[first - 1].capital:
            first -= 1
        start, stop = _name_at(tuple(word.text for word in words[first:end]))
        at, end = first + start, first + stop
        placed = at == first > 0 and words[first - 1].low in PREPOSITIONS
        if at < end and not placed and _personal(words, at, end):
            return at, end
        end = first
    return None


def _personal(words: list[Token], at: int, end: int) -> bool:
    """Whether these words name a person: two of them, or a surname that nothing lower-case governs."""
    last = words[end - 1]
    employed = at > 0 and not words[at - 1].capital and stem(words[at - 1].low) in TITLES
    if stem(last.low) in NOT_PERSON or employed and only_outlets(words, (at, end)) and outlet_end(words, at - 1) < end:
        return False
    if last.text.isupper() and len(last.text) > 1 or CLASSES.get(stem(last.low)) == "body":
        return False
    governed = at > 0 and not words[at - 1].capital and word_form(words[at - 1].text).nominative
    if governed and not word_form(words[at].text).nominative and not word_form(words[at - 1].text).oblique:
        return False
    if (
        at > 1
        and last.text.isascii()
        and CLASSES.get(stem(words[at - 1].low)) == "body"
        and not only_outlets(words, (at, end))
    ):
        return False
    if end - at >= 2:
        return True
    if at == 0 or "." in words[at - 1].text or len(words[at - 1].text) == 1:
        return True
    before = words[at - 1]
    if at == 1 and CLASSES.get(stem(before.low)) == "body" and not last.text.isascii():
        return False
    if word_form(last.text).place and not word_form(last.text).name:
        return False
    if stem(before.low) in DOCUMENTS:
        return is_personal_name(last)
    return (
        word_form(last.text).nominative
        or word_form(last.text).name
        and word_form(before.text).oblique
        and not before.capital
    )


def name_key(words: list[str]) -> tuple[str, ...]:
    """The stems of a name."""
    return tuple(name_stem(word.rstrip(".")) for word in words) or ("",)


def nominative_name(words: list[str], gender: str | None) -> str:
    """The name in the nominative."""
    gender = gender or (gender_of(words) if len(words) == 1 or "." in words[0] else None)
    return " ".join(nominative_words(words, gender)).replace(". ", ".")


def gender_of(words: list[str]) -> str | None:
    """``m`` or ``f`` by given name or surname."""
    if len(words) > 1 and (gender := gender_in(words)):
        return gender
    if _FEMALE_OBLIQUE.search(words[-1]) and word_form(words[-1]).gender == "f":
        return "f"
    if _FEMALE_SURNAME.search(words[-1]):
        return "f" if len(words) > 1 and word_form(words[0]).nominative and len(words[0]) > 2 else None
    return word_form(words[-1]).gender if word_form(words[-1]).name else None


def gender_when_bent(words: list[str]) -> str | None:
    """``m`` or ``f`` as the ending of a surname shows it in the genitive."""
    low = words[-1].lower()
    if low.endswith(("ой", "ей", "ы", "ову", "еву", "ёву", "ину", "ыну", "скую", "цкую")):
        return "f"
    return "m" if low.endswith(("а", "я", "ого", "его")) and not low.endswith("ая") else None


def gender_of_title(words: list[Token]) -> str | None:
    """None: Russian titles do not show the gender."""
    del words
    return None


def bare_words(words: list[str]) -> list[str]:
    """The words without marks and initials' dots apart."""
    return [part.strip('"«»“”„') for word in words for part in _INITIALS.split(word) if part.strip('"«»“”„')] or words


def is_acronym(word: str) -> bool:
    """Whether a word alone is an organisation's name: one of the known, or capitals that are no nation and no title."""
    if stem(word) in PROPER_BODIES:
        return True
    return (
        3 <= len(word) <= 6
        and word.isalpha()
        and word.isupper()
        and stem(word) not in NATIONS
        and not is_dictionary_word(word)
    )


def class_of(word: str) -> str | None:
    """The class of people or organisations that a word or its stem can mean."""
    return CLASSES.get(word) or CLASSES.get(stem(word)) or CLASSES.get(stem(word.removeprefix("экс-")))


def is_common(word: str) -> bool:
    """Whether the dictionary knows the word as a common one and as no name."""
    found = word_form(word.lower())
    if may_be_name(word):
        return False
    return not found.name and not word_form(word).name and not found.place and is_dictionary_word(word)


def head_class(words: list[Token]) -> str | None:
    """The class of the first word that has one."""
    for i, word in enumerate(words):
        if kind := class_of(word.low):
            headed = HEADED.get(stem(words[i + 1].low)) if i + 1 < len(words) else None
            return headed or kind if stem(word.low.removeprefix("экс-")) in HEADS else kind
        if word.low in PREPOSITIONS:
            return None
    return None


def is_organisation_name(words: list[str]) -> bool:
    """Without a given name, surname or initial in it."""
    if any(part in words[0].lower() for part in _ORGANISATION_PARTS):
        return True
    if all(word.isascii() for word in words):
        return True
    if any(len(word.rstrip(".")) == 1 or word_form(word).name for word in words):
        return False
    if any(word_form(word).adjective and not word_form(word).noun for word in words):
        return True
    return all(word.isupper() and len(word) > 1 or word_form(word).place or word_form(word).adjective for word in words)


def is_local_office(after: list[Token]) -> bool:
    """``по Томской области``, ``в республике``: a region right of an organisation's name."""
    if len(after) < 2:
        return False
    return after[0].low == "по" and after[1].capital or after[0].low == "в" and after[1].low in LOCALITIES
