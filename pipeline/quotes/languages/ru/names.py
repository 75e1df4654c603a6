"""Russian names and descriptions: which words are a title, which a name, and which class of speaker they mean."""

from __future__ import annotations

import re

from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru.cases import gender_in, nominative_words
from pipeline.quotes.languages.ru.morph import (
    is_dictionary_word,
    is_organisation_word,
    is_personal_name,
    name_forms,
    name_stem,
    word_form,
)
from pipeline.quotes.languages.ru.name_runs import ORGANISATION_PARTS, is_title, joins_name, name_at
from pipeline.quotes.languages.ru.outlets import only_outlets, outlet_end
from pipeline.quotes.languages.ru.words import (
    CLASSES,
    DOCUMENTS,
    HEADED,
    HEADS,
    LOCALITIES,
    NOT_PERSON,
    PREPOSITIONS,
    PROPER_BODIES,
    TITLES,
)
from pipeline.quotes.text.tokens import Token

_FEMALE_SURNAME = re.compile(r"(?:ова|ева|ина|ына|ская|цкая)$", re.IGNORECASE)
_FEMALE_OBLIQUE = re.compile(r"(?:овой|евой|иной|ской)$", re.IGNORECASE)


_TOWN_HALL = "мэри"
"""A word whose stem is that of the mayor's title begins so."""


def is_addressed(before: list[str], name: str) -> bool:
    """Whether a name is a dative behind a title in the nominative (``представитель мэрии Зуеву``)."""
    found = word_form(name)
    if not name.endswith(("у", "ю")) or not found.name or found.nominative:
        return False
    titles = [word for word in before if is_title(word.lower())]
    return bool(titles) and word_form(titles[0].lower()).nominative


def name_in(words: list[Token]) -> Indices | None:
    """The name in the words for a speaker: the last capitalised words that are no title, place or organisation."""
    end = len(words)
    while end > 0:
        if not words[end - 1].capital:
            end -= 1
            continue
        first = end - 1
        while first > 0 and (words[first - 1].capital or joins_name(words, first - 1)):
            first -= 1
        start, stop = name_at(tuple(word.text for word in words[first:end]))
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
    if _is_whose(words, at, end):
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
    if at == 1 and class_of(before.low) == "body" and not last.text.isascii():
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


def _is_whose(words: list[Token], at: int, end: int) -> bool:
    """``спикер президента РФ Петра Зуева``: a full name in another case than the title with which the words begin."""
    if at < 2 or end - at < 2 or any(word.low in PREPOSITIONS for word in words[:at]):
        return False
    head, given = word_form(words[0].low), name_forms(words[at].text)
    upright = head.nominative and not head.oblique and is_title(words[0].low)
    return upright and bool(given) and all(one.case != "nomn" and not one.fixed for one in given)


def press_owner(words: list[Token]) -> list[Token]:
    """``(пресс-служба) Минмоста``: the words right of a press service."""
    return words[1:] if words[0].low.startswith(("пресс-служб", "пресс-центр")) else []


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
    if word.startswith(_TOWN_HALL):
        return "body"
    return CLASSES.get(word) or CLASSES.get(stem(word)) or CLASSES.get(stem(word.removeprefix("экс-")))


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
    if any(part in words[0].lower() for part in ORGANISATION_PARTS):
        return True
    if len(words) == 1 and is_organisation_word(words[0]):
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
