"""Russian words for people in which a name only says to whom they belong (``источник в окружении X``, ``жена X``)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.spelling import stem
from pipeline.quotes.languages.ru.morph import first_name_gender, is_dictionary_word, is_genitive_of_person, word_form
from pipeline.quotes.languages.ru.name_runs import is_title
from pipeline.quotes.languages.ru.words import ATTENDANTS, CLOSE, PREPOSITIONS, RELATIONAL
from pipeline.quotes.text.tokens import Token

_SOURCES = frozenset(
    stem(word)
    for word in "источник собеседник собеседница аноним инсайдер очевидец окружение команда аппарат штаб семья".split()
)
_SERVING = frozenset(
    stem(word)
    for word in "сотрудник сотрудница помощник помощница советник советница адвокат юрист представитель "
    "представительница "
    "секретарь пресс-секретарь заместитель водитель врач защитник партнер чиновник дипломат".split()
)
"""Stems of words for people that stand as often before their own name."""
_BELONGING = RELATIONAL | CLOSE | ATTENDANTS
_UNBENT = ("о", "у", "ю", "и", "е", "э", "их", "ых")
"""Endings of surnames that never inflect, so that their form does not show the genitive."""
_GENITIVE = ("а", "я", "ого", "его")
"""Endings of men's surnames in the genitive."""
_HEADS = _SOURCES | CLOSE | _SERVING


def is_unnamed_speaker(words: list[Token], gender: str | None) -> bool:
    """Whether the name in the words is governed by a source's or a follower's noun and so is not who speaks."""
    head = next((i for i, word in enumerate(words) if stem(word.low) in _HEADS), None)
    end = next((i + 1 for i in range(len(words) - 1, 0, -1) if words[i].capital), 0)
    if head is None or end < 2:
        return False
    at = end - 1
    while at > 0 and words[at - 1].capital and at - 1 != head:
        at -= 1
    name = words[at:end]
    if not any(word_form(word.text).name for word in name) or _upright(name):
        return False
    if head >= end or end < len(words):
        return words[at - 1].low in PREPOSITIONS
    between = words[head + 1 : at]
    if any(word.low in PREPOSITIONS for word in between) or stem(words[head].low) in _SOURCES:
        return True
    governed = all(word_form(word.text).oblique and not word_form(word.text).nominative for word in between)
    upright = word_form(words[head].low).nominative or stem(words[head].low) in CLOSE
    return governed and upright and _bent(words[head], name, gender)


def is_possessor(word: str, name: str, genitive: bool, before: Sequence[str] | None) -> bool:
    """``представитель Зуева``: a nominative before a name in another case; ``адвоката Зуева``: whose lawyer he is."""
    if word.isupper() or not is_dictionary_word(word):
        return False
    # the dictionary has `Зуева` as a woman's nominative, and `жены`, `критика` as nominatives too
    if genitive and (stem(word) in _BELONGING or before is not None and _is_nobodys_title(word, before)):
        return True
    if word_form(word).nominative:
        fixed = stem(word) in RELATIONAL and name.lower().endswith(_UNBENT)
        return word_form(word).noun and (fixed or not word_form(name).nominative)
    return stem(word) in RELATIONAL


def owner_of(before: Sequence[str], name: str, after: Sequence[str]) -> str | None:
    """See the pack: the stem of ``заместителю`` in ``заместителю Зуева``, "" for ``друга Зуева``, else None."""
    del after
    word = before[-1].lower() if before else ""
    if not name.endswith(_GENITIVE) or stem(word) not in _BELONGING or not is_dictionary_word(word):
        return None
    return "" if stem(word) in CLOSE and word_form(word).oblique else stem(word)


def _is_nobodys_title(word: str, before: Sequence[str]) -> bool:
    """``няни Зуева``, not ``лидера фермеров Зуева``: a word for a person that is no title and in no title."""
    governed = any(one in PREPOSITIONS for one in before)
    titled = any(is_title(one) and (governed or word_form(one).noun) for one in before)
    return not titled and not any(map(is_title, word.split("-"))) and is_genitive_of_person(word)


def _upright(name: list[Token]) -> bool:
    """Whether a given name in the nominative stands before another word: that is who speaks."""
    return any(word_form(word.text).nominative and first_name_gender(word.text) is not None for word in name[:-1])


def _bent(head: Token, name: list[Token], gender: str | None) -> bool:
    """Whether the name is in the genitive (``адвокат Навального``), also where it could be a woman's nominative."""
    first = word_form(name[0].text)
    if not first.nominative:
        return first.oblique
    womanly = name[-1].low.endswith(("ова", "ева", "ина", "ына", "ая"))
    manly = gender == "m" or (gender is None and stem(head.low) in CLOSE)
    return womanly and manly and word_form(head.low).gender != "f"
