"""Russian morphology: case, gender and nominative of a word, from pymorphy3 if it is installed, else from endings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.language.normalise import fold_word
from pipeline.quotes.text.tokens import Token

RUSSIAN_SURNAME = re.compile(r"(?:ов|ев|ёв|ин|ын|ск|цк|енко|чук|ович|евич|овн|евн)(?:[аеоуыий]\w{0,2}|ым)?$")
_OBLIQUE = (
    "ого",
    "его",
    "ому",
    "ему",
    "ыми",
    "ими",
    "ами",
    "ями",
    "ах",
    "ях",
    "ом",
    "ем",
    "ой",
    "ей",
    "ым",
    "им",
    "ую",
    "ю",
    "у",
)


WOMANS_SURNAME = ("ова", "ева", "ёва", "ина", "ына")
_SURNAME = ("ов", "ев", "ёв", "ин", "ын", *WOMANS_SURNAME)
_SHORT_FORMS = frozenset("Готова Здорова Нова Сурова Такова Какова Толкова Одинакова Едина Повинна Невинна".split())
"""Short adjectives that may open a sentence; the dictionary has many others that are surnames to all who read them."""


@dataclass(frozen=True, slots=True)
class WordForm:
    """What one written form can be."""

    nominative: bool
    noun: bool
    adjective: bool
    oblique: bool
    """Can be genitive or accusative of a living being."""
    name: bool
    place: bool
    gender: str | None
    plural: bool
    verb: bool
    finite: bool


_NOTHING = WordForm(True, True, False, True, False, False, None, False, False, False)


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    try:
        from pipeline.language.ru.morphology import dictionary
    except ImportError:
        import structlog  # takes longer to load than the engine

        structlog.get_logger().warning("russian_morphology_missing", effect="fewer speakers found", install="pymorphy3")
        return None
    return dictionary()


@lru_cache(maxsize=5_000)
def dictionary_readings(word: str) -> tuple[Any, ...]:
    """The dictionary's readings of a word, the likeliest first; none where there is no dictionary."""
    analyzer = _analyzer()
    return tuple(analyzer.parse(word)) if analyzer is not None else ()


@lru_cache(maxsize=60_000)
def word_form(word: str) -> WordForm:
    """The readings of a word as written (a capital is evidence of a name)."""
    readings = dictionary_readings(word)
    if not readings:
        return _guess(word)
    capital = word[:1].isupper()
    best = readings[0].score
    parses = [parse for parse in readings if parse.score >= best * 0.05]
    if capital and (named := [p for p in parses if "Surn" in p.tag or "Name" in p.tag or "Patr" in p.tag]):
        parses = named
    if capital and _foreign(word):
        return WordForm(True, True, False, word.endswith(("а", "я")), True, False, None, False, False, False)
    tags = [parse.tag for parse in parses]
    if (
        capital
        and word.endswith(WOMANS_SURNAME)
        and word not in _SHORT_FORMS
        and all(tag.POS == "ADJS" for tag in tags)
    ):
        return WordForm(True, True, False, True, True, False, None, False, False, False)
    nouns = [
        tag for tag in tags if tag.POS in ("NOUN", "NPRO", "NUMR", "ADJF", "PRTF") or "LATN" in tag or "UNKN" in tag
    ]
    nominative = [tag for tag in nouns if tag.case in ("nomn", None)]
    genders = {tag.gender for tag in (nominative or nouns)}
    return WordForm(
        nominative=bool(nominative) or (capital and word.endswith(("ов", "ев", "ин", "ын"))),
        noun=any(tag.POS in ("NOUN", "NPRO", None) for tag in tags),
        adjective=any(tag.POS in ("ADJF", "PRTF", "NUMR") for tag in tags),
        oblique=any(tag.case in ("gent", "accs") for tag in nouns),
        name=any("Surn" in tag or "Name" in tag or "Patr" in tag for tag in tags),
        place="Geox" in tags[0],
        gender={"masc": "m", "femn": "f"}.get(next(iter(genders), None) or "") if len(genders) == 1 else None,
        plural=all(tag.number == "plur" for tag in nouns) if nouns else False,
        verb=tags[0].POS in ("VERB", "GRND", "INFN", "PRTS", "ADJS"),
        finite=any(tag.POS in ("VERB", "PRTS", "ADJS", "PRED") for tag in tags),
    )


def token_form(token: Token) -> WordForm:
    """The readings of a token; a name in marks can be any case."""
    return word_form(token.text) if token.kind == "w" and token.text[0].isalpha() else _NOTHING


def is_personal_name(token: Token) -> bool:
    """Whether a capitalised word is a person's name, by the dictionary or by its ending."""
    if not token.capital or token.text.isupper():
        return False
    return token_form(token).name or bool(RUSSIAN_SURNAME.search(token.low)) and not word_form(token.text).place


def is_womans_surname(token: Token) -> bool:
    """Whether a capitalised word ends as women's surnames do, and is no common noun in the nominative."""
    return token.capital and token.text.endswith(WOMANS_SURNAME) and (token_form(token).name or may_be_name(token.text))


def may_be_name(word: str) -> bool:
    """Whether a word that opens a sentence as its subject can only be a name: it is no nominative of another noun."""
    tags = [parse.tag for parse in dictionary_readings(word.lower())]
    if word in _SHORT_FORMS or any(tag.case == "nomn" and not {"Surn", "Name"} & tag.grammemes for tag in tags):
        return False
    if any(tag.POS not in ("NOUN", "ADJS", "ADJF") for tag in tags):
        return False
    given = any("Name" in tag and tag.case == "nomn" for tag in tags)
    return bool(tags) and (word.endswith(_SURNAME) or given)


def is_thing(word: str, gender: str | None) -> bool:
    """Whether a word means a thing and no living being, of another gender than ``gender`` where that is not None."""
    tags = [parse.tag for parse in dictionary_readings(word) if parse.tag.POS == "NOUN"]
    genders = {_GENDERS.get(tag.gender, "n") for tag in tags}
    return bool(tags) and all("inan" in tag for tag in tags) and (gender is None or gender not in genders)


def is_organisation_word(word: str) -> bool:
    """Whether a capitalised word is first of all an organisation's name (``Севертранса``), by its last part."""
    tags = [parse.tag for parse in dictionary_readings(word)]
    named = any({"Surn", "Name"} & tag.grammemes for tag in tags)
    return word[:1].isupper() and bool(tags) and {"NOUN", "Orgn"} <= tags[0].grammemes and not named


@lru_cache(maxsize=20_000)
def is_plain_noun(word: str) -> bool:
    """Whether a word is a noun and, where it can be a verb too, only a short adjective (``дорог``)."""
    tags = [parse.tag for parse in dictionary_readings(word)]
    return any(tag.POS == "NOUN" for tag in tags) and all(tag.POS in ("NOUN", "ADJS") for tag in tags)


def is_infinitive(word: str) -> bool:
    """Whether a word is an infinitive."""
    readings = dictionary_readings(word)
    return readings[0].tag.POS == "INFN" if readings else word.endswith(("ть", "ться", "чь", "чься", "сти", "зти"))


def is_known_non_name(word: str) -> bool:
    """Whether a capitalised word is in the dictionary as an adverb, a verb or the like: no name."""
    found = word_form(word.lower())
    return is_dictionary_word(word) and not found.noun


@lru_cache(maxsize=20_000)
def is_dictionary_word(word: str) -> bool:
    """Whether the dictionary holds the word; False where there is no dictionary."""
    analyzer = _analyzer()
    return analyzer is not None and bool(analyzer.word_is_known(word.lower()))


@lru_cache(maxsize=20_000)
def is_genitive_of_person(word: str) -> bool:
    """Whether a lower-case word can be the genitive of a single living being; False where there is no dictionary."""
    tags = [parse.tag for parse in dictionary_readings(word) if parse.tag.POS == "NOUN"]
    return any("anim" in tag and tag.number == "sing" and tag.case == "gent" for tag in tags)


def _foreign(word: str) -> bool:
    """A name the dictionary does not hold, with no ending that inflects names: ``Халонен``, ``Пашинян``."""
    bent = ("ом", "ем", "ым", "им", "ой", "ей", "ую", "ого", "ему", "ому", "ах", "ях", "ами", "ями", "ов", "ев")
    return (
        len(word) > 3 and word[1:].islower() and not is_dictionary_word(word)
        and not word.endswith((*bent, "а", "у", "ю", "е", "ы", "и", "я", "ский", "ская"))
    )  # fmt: skip


def _guess(word: str) -> WordForm:
    low = word.lower()
    oblique = low.endswith(_OBLIQUE) and len(low) > 4
    adjective = low.endswith(("ый", "ий", "ая", "ое", "ые", "ого"))
    return WordForm(
        nominative=not oblique, noun=True, adjective=adjective, oblique=oblique, name=word[:1].isupper(), place=False,
        gender=None, plural=False, verb=False, finite=low.endswith(("л", "ла", "ло", "ли", "ет", "ют", "ит", "ят")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameForm:
    """One reading of a word as a name in the singular."""

    case: str
    gender: str | None
    fixed: bool
    """It has one form for all cases."""


@lru_cache(maxsize=20_000)
def name_forms(word: str) -> tuple[NameForm, ...]:
    """The readings of a word as a given name, the likeliest first; empty where there is none."""
    parses = [
        p for p in dictionary_readings(word) if "Name" in p.tag and p.tag.number == "sing" and p.tag.case in _CASES
    ]
    best = max((p.score for p in parses), default=0)
    parses = [p for p in parses if p.score >= best * _HARDLY]
    return tuple(NameForm(p.tag.case, _GENDERS.get(p.tag.gender), "Fixd" in p.tag) for p in parses)


@lru_cache(maxsize=20_000)
def nominative_name_part(word: str, part: str, meant: NameForm) -> str | None:
    """The nominative of a word that is ``part`` of a name (``Name``, ``Patr``, ``Surn``) in this case and gender."""
    for parse in dictionary_readings(word):
        tag = parse.tag
        fits = part in tag and tag.number == "sing" and tag.case == meant.case and not {"Infr", "Fixd"} & tag.grammemes
        if fits and _GENDERS.get(tag.gender) in (None, meant.gender) and (bent := parse.inflect({"nomn", "sing"})):
            return "-".join(piece.capitalize() for piece in bent.word.split("-"))
    return None


_HARDLY = 0.08
"""Share of the likeliest reading's score below which another reading of a given name does not count (``Петра``)."""
_CASES = frozenset(("nomn", "gent", "datv", "accs", "ablt", "loct"))
_GENDERS = {"masc": "m", "femn": "f"}


@lru_cache(maxsize=20_000)
def first_name_gender(word: str) -> str | None:
    """``m`` or ``f`` of a given name, None if it is none or both."""
    genders = {
        parse.tag.gender for parse in dictionary_readings(word) if "Name" in parse.tag and "plur" not in parse.tag
    }
    genders |= {"masc"} if "ms-f" in str(genders) else set()
    return {"masc": "m", "femn": "f"}.get(next(iter(genders)) or "") if len(genders) == 1 else None


_NAME_ENDINGS = (
    ("ского", "ск"), ("скому", "ск"), ("ским", "ск"), ("ском", "ск"), ("ская", "ск"), ("ской", "ск"), ("скую", "ск"),
    ("ский", "ск"), ("овой", "ов"), ("евой", "ев"), ("иной", "ин"), ("овым", "ов"), ("евым", "ев"), ("иным", "ин"),
    ("ого", ""), ("ому", ""), ("ием", ""), ("ией", ""), ("ия", ""), ("ии", ""), ("ию", ""), ("ий", ""), ("ью", ""),
    ("его", ""), ("ему", ""), ("ом", ""), ("ем", ""), ("ой", ""), ("ей", ""), ("ым", ""),
    ("им", ""), ("ый", ""), ("ая", ""), ("ую", ""),
    ("а", ""), ("я", ""), ("у", ""), ("ю", ""), ("е", ""), ("ы", ""), ("и", ""), ("ь", ""), ("й", ""),
)  # fmt: skip


_FLEETING = {"павл": "павел", "льв": "лев"}


@lru_cache(maxsize=20_000)
def name_stem(word: str) -> str:
    """A name's word without its case ending: the same for all forms of the name, and for man and wife."""
    low = fold_word(word)
    for ending, rest in _NAME_ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) + len(rest) >= 3:
            bare = low[: -len(ending)] + rest
            return _FLEETING.get(bare, bare)
    return low
