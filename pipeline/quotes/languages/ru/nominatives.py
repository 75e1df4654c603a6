"""Russian noun phrases and names of organisations in the nominative, as they are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pipeline.language.spelling import stem
from pipeline.quotes.languages.ru.morph import dictionary_readings, is_dictionary_word, is_thing, word_form
from pipeline.quotes.languages.ru.name_runs import is_common
from pipeline.quotes.languages.ru.names import class_of
from pipeline.quotes.languages.ru.outlets import outlet_end, writes_for_outlet
from pipeline.quotes.languages.ru.words import DOCUMENTS, OWNERS, PREPOSITIONS, PRONOUNS
from pipeline.quotes.text.tokens import Token

_RARELY = 0.1
"""Share of nominatives among a form's readings in the corpus, up to which they do not count (``министерства``)."""
_BENT = ("gent", "accs")


_RELATION = re.compile(
    r", (?P<near>близк|знаком|осведомл[её]нн|приближ[её]нн)(?P<bent>[а-яё]{2,3})(?P<whom> [^,.;:\n—–\"“”]{3,80})",
    re.IGNORECASE,
)
"""How near somebody is to whom, up to the next mark."""
_INNER_CAPITAL = re.compile(r"\w[А-ЯЁ]")
"""Shows an abbreviation (``БелТА``), which has one form for all cases."""


def display_name(words: list[Token]) -> str:
    """The words themselves; nothing for pronouns."""
    if words[0].low in OWNERS or len(words) == 1 and words[0].low in PRONOUNS or writes_for_outlet(words):
        return ""
    words = _owner(words)
    if len(words) > 2 and stem(words[-1].low) in DOCUMENTS and stem(words[0].low) not in DOCUMENTS:
        words = words[-1:]
    kept = [word.text for word in words]
    if kept[0][1:].islower() and is_common(kept[0]) and outlet_end(words, 0) == 0:
        kept[0] = kept[0][0].lower() + kept[0][1:]
    return " ".join(nominative_phrase(kept)).strip('"«»“”„ ')


def _owner(words: list[Token]) -> list[Token]:
    """``заявлении глав ведомств``: the words for whoever a document comes from, in the nominative; else all words."""
    at = next((i + 1 for i, word in enumerate(words[:2]) if stem(word.low) in DOCUMENTS), 0)
    rest = words[at:]
    if not at or not rest or rest[0].low in PREPOSITIONS or stem(rest[0].low) in DOCUMENTS:
        return words
    head = next((word for word in rest if word_form(word.text).noun), rest[0])
    if is_thing(head.text, None) and not head.text.isupper() and class_of(head.low) != "body":
        return words
    upright = nominative_phrase([word.text for word in rest], genitive=True)
    return [replace(word, text=text, low=text.lower()) for word, text in zip(rest, upright, strict=True)]


def relation_of(text: str, at: int, name: str) -> str:
    """See the pack: ``близкий к банку``, in the number and gender of the source's name."""
    found = _RELATION.match(text, at)
    if found is None:
        return ""
    head = next((word for word in name.split() if class_of(word) == "source"), "")
    near, shown = found["near"].lower(), {"к": ("ий", "ая", "ие"), "м": ("ый", "ая", "ые"), "н": ("ый", "ая", "ые")}
    number = {"к": 0, "ца": 1, "и": 2}
    ending = next((shown[near[-1]][i] for end, i in number.items() if head.endswith(end)), found["bent"])
    return near + ending + found["whom"].rstrip()


def upright_name(name: str) -> str:
    """Words as :func:`display_name` shows them, brought from the genitive into the nominative."""
    return " ".join(nominative_phrase(name.split(), genitive=True))


def organisation_name(words: list[str]) -> str:
    """The name of an organisation in the nominative: its first noun with the adjectives before it."""
    return " ".join(nominative_organisation(words))


def nominative_phrase(words: list[str], *, genitive: bool = False) -> list[str]:
    """The words of a noun phrase with its head in the nominative (``пресс-службе района``: ``пресс-служба района``).

    ``genitive``: the phrase stands in the genitive or accusative, whatever its head alone could be (``жены Зуева``).
    """
    at = next((i for i, word in enumerate(words) if not _is_adjective(word)), len(words) - 1)
    if any(_is_proper(word, i) for i, word in enumerate(words[:at])):
        return words
    if _is_proper(words[at], at):
        alone = [_agreeing(word, None) for word in words[:at]]
        return [word if one is None else one for word, one in zip(words, alone, strict=False)] + words[at:]
    nouns = [parse for parse in dictionary_readings(words[at]) if parse.tag.POS == "NOUN"]
    if at and dictionary_readings(words[at])[:1] != tuple(nouns[:1]):
        return [_agreeing(words[0], None) or words[0], *words[1:]]
    nominatives = sum(parse.score for parse in nouns if parse.tag.case == "nomn")
    head = next((parse for parse in nouns if not genitive or parse.tag.case in _BENT), None)
    if head is None or not genitive and nominatives > _RARELY:
        return words
    shown = [_agreeing(word, head) for word in words[:at]]
    bent = head.inflect({"nomn"})
    if bent is None or None in shown:
        return words
    shown.append(bent.word)
    upright = [str(one).capitalize() if words[i][:1].isupper() else str(one) for i, one in enumerate(shown)]
    return [*upright, *words[at + 1 :]]


def _is_proper(word: str, i: int) -> bool:
    """Whether a word is a name or, with a capital and in no dictionary, may be one, and stands as it is written."""
    named = word[:1].isupper() and (i > 0 or word.isupper() or word_form(word).name or word_form(word).place)
    return named or word[:1].isupper() and not is_dictionary_word(word)


def _is_adjective(word: str) -> bool:
    return any(parse.tag.POS in ("ADJF", "PRTF") for parse in dictionary_readings(word)[:1])


def _agreeing(word: str, head: Any | None) -> str | None:
    """An adjective in the nominative beside a noun, of the noun's number and gender if they are known."""
    for parse in sorted(dictionary_readings(word), key=lambda parse: parse.tag.gender == "neut"):
        if parse.tag.POS in ("ADJF", "PRTF"):
            if head is None:
                bent = parse.inflect({"nomn"}) if parse.tag.case != "nomn" else None
                return bent.word if bent is not None else None
            wanted = {"nomn", "plur"} if head.tag.number == "plur" else {"nomn", "sing", head.tag.gender}
            bent = parse.inflect(wanted - {None})
            return bent.word if bent is not None else None
    return None


def nominative_organisation(words: list[str]) -> list[str]:
    """The words of an organisation's name with its first noun, and the adjectives before it, in the nominative."""
    out = list(words)
    for i, word in enumerate(words):
        parses = [p for p in dictionary_readings(word) if p.tag.POS in ("NOUN", "ADJF", "PRTF")]
        if not parses or word.isascii() or any(p.tag.case == "nomn" and p.score > _RARELY for p in parses):
            return out
        if not is_dictionary_word(word) and word.endswith("е") and word[-2] not in "аеёиоуыэюя":
            out[i] = word[:-1]
            return out
        bent = parses[0].inflect({"nomn"})
        if bent is None or _INNER_CAPITAL.search(word):
            return out
        out[i] = bent.word.capitalize() if word[:1].isupper() else bent.word
        if parses[0].tag.POS == "NOUN":
            return out
    return out
