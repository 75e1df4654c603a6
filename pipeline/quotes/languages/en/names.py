"""English names and descriptions: which words are a title, which a name, and which class of speaker they mean."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.language.lexicon import word_set
from pipeline.language.nations import NATION_WORDS
from pipeline.language.spelling import fold_name, fold_surname
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.en.given_names import MENS, WOMENS
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    CLASSES,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    FINITE,
    LOCALITIES,
    MEDIA_NOUNS,
    NO_PERSON,
    NP_LINKS,
    ORGANISATIONS,
    OWNERS,
    PERSON_ENDINGS,
    PREPOSITIONS,
    PRONOUNS,
    TITLES,
)
from pipeline.quotes.text.tokens import Token

_DOTTED = "|".join(
    f"(?<=\\b{word}\\.)"
    for word in "Mr Mrs Ms Dr Sen Rep Gov Gen Col Lt Sgt St Jr Sr Rev Hon Capt Prof Maj [A-ZÀ-ÞА-ЯЁ]".split()
)
_WORD = rf"[A-ZÀ-ÞĀ-ŽА-ЯЁ][\w’'‑-]*(?:\.(?:{_DOTTED}))?"
_NICKNAME = r"[“\"][A-Z][a-z]+[”\"]"
_PARTICLES = word_set("de van von der den ter ten al el bin ben da di do du dos das del della la le los")
_INNER = "|".join((_NICKNAME, *sorted(_PARTICLES)))
NAME_RUN = re.compile(rf"{_WORD}(?:[ \u00a0](?:(?:{_INNER})[ \u00a0]){{0,2}}{_WORD})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb aug sept oct nov dec"
)
_NOT_NAMES = (
    DAYS
    | _MONTHS
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | ADVERBS
    | frozenset(PRONOUNS)
    | FINITE
    | word_set("yes no well please according asked speaking mr mrs ms dr u.s us u.s. however meanwhile")
    | word_set(
        "maybe perhaps suppose imagine possibly probably reportedly allegedly supposedly apparently soon "
        "beyond besides indeed still yet today later earlier together apart"
    )
)
_NOT_BODIES = frozenset(NATION_WORDS) | word_set(
    "ceo usa uae gmt utc msk vip phd dna faq gop moscow kiev kyiv minsk brussels"
)
PLACED = frozenset(("to", "in", "at", "of"))
"""Prepositions between a title and the place it is held at."""
_TITLED_NAME = 4
_OF_WHOM = word_set("on about against over")
"""Prepositions between who speaks and whom of, in headlines."""
_BEHIND_NAME = (
    NP_LINKS
    | MEDIA_NOUNS
    | word_set("ahead during after before amid upon since following speaking addressing visiting")
)
"""Words in lower case before which a name ends."""


@lru_cache(maxsize=50_000)
def without_possessive(word: str) -> str:
    """A word without its possessive ending."""
    return _POSSESSIVE.sub("", word)


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether a lower-case word stands before names."""
    return without_possessive(word).removesuffix(".") in TITLES or word in CLASSES


def _start(parts: list[str]) -> int:
    """Where the name begins in a run: after titles, days and sentence openers, and after a possessive."""
    start = 0
    for i, part in enumerate(parts):
        low = part.lower().rstrip(".")
        nation = low in NATION_WORDS and i < len(parts) - 1
        if (
            nation
            or low in _NOT_NAMES
            or is_title(low)
            or is_title(part.lower())
            or (part != without_possessive(part) and i < len(parts) - 1)
        ):
            start = i + 1
        elif i - start >= 2:
            break
    return start


@lru_cache(maxsize=50_000)
def _split(run: str) -> tuple[list[str], list[str]]:
    parts = [part for part in run.split() if part[0] not in '“"']
    if parts and parts[-1].endswith("."):
        parts[-1] = parts[-1].rstrip(".")
    start = _start(parts)
    return parts[:start], [without_possessive(part) for part in parts[start:]]


def name_words(run: str) -> list[str]:
    """The name in a run of capitalised words."""
    name = _split(run)[1]
    return name if len(name) <= 5 else []


def lead_words(run: str) -> list[str]:
    """The titles before the name in a run."""
    return _split(run)[0]


def name_in(words: list[Token]) -> Indices | None:
    """The name in the words for a speaker: the last full name, else a single capitalised word that is no title."""
    about = next((i for i, word in enumerate(words) if i and word.low in _OF_WHOM), None)
    if about is not None and (len(words) - about < _TITLED_NAME or name_in(words[:about]) is not None):
        words = words[:about]
    runs: list[Indices] = []
    start = None
    for i, word in enumerate(words):
        if word.capital or start is not None and _joins_name(words, i):
            start = i if start is None else start
            if word.low.endswith("'s") and i < len(words) - 1:
                start = None
            continue
        if start is not None:
            runs.append((start, i))
        start = None
    if start is not None:
        runs.append((start, len(words)))
    return _best(words, runs)


def _joins_name(words: list[Token], i: int) -> bool:
    """Whether a word is one of the particles, two at most, before a surname (``Anna van den Berg``)."""
    following = next((word for word in words[i : i + 3] if word.low not in _PARTICLES or word.capital), None)
    return words[i].low in _PARTICLES and following is not None and following.capital


def after_place(parts: list[str]) -> tuple[list[str], list[str]]:
    """``Hanoi Ivan Somov`` right of ``ambassador to``: the place, and the name in the last two words."""
    size = 3 if len(parts) > 2 and parts[-2].endswith(".") else 2
    return (parts[:-size], parts[-size:]) if len(parts) > size else ([], parts)


def _best(words: list[Token], runs: list[Indices]) -> Indices | None:
    for first, end in reversed(runs):
        at = first + _start([word.text for word in words[first:end]])
        if first > 1 and _is_placed(words, first, end):
            at += len(after_place([word.text for word in words[at:end]])[0])
        link = first - 1
        while link > 0 and words[link].low in DETERMINERS:
            link -= 1
        linked = link >= 0 and words[link].low in NP_LINKS
        size = end - at
        if size <= 0 or CLASSES.get(words[end - 1].low) == "body":
            continue
        if (size >= 2 and not (linked and _best(words, [run for run in runs if run[1] < first]))) or (
            size == 1 and not linked
        ):
            following = words[end] if end < len(words) else None
            if following is None or following.low in _BEHIND_NAME or following.capital:
                return at, end
    return None


def _is_placed(words: list[Token], first: int, end: int) -> bool:
    """Whether a run of capitalised words begins with a place: right of a title, or where a name ends it."""
    before = words[first - 1].low
    if before in PLACED and is_title(words[first - 2].low):
        return True
    return before in ("in", "at") and not is_organisation_name([word.text for word in words[first:end]])


def name_key(words: list[str]) -> tuple[str, ...]:
    """The folded words of a name."""
    bare = [without_possessive(word) for word in words]
    return (*map(fold_name, bare[:-1]), fold_surname(bare[-1])) if bare else ("",)


def nominative_name(words: list[str], gender: str | None) -> str:
    """The name without possessive endings; English names have no cases."""
    del gender
    return " ".join(without_possessive(word) for word in words)


def gender_of(words: list[str]) -> str | None:
    """``f`` or ``m`` by a usual given name, ``f`` for a Russian woman's surname, else unknown."""
    given = words[0].lower()
    if given in WOMENS or (len(words) > 1 and words[-1].lower().endswith(("ova", "eva", "ina", "skaya"))):
        return "f"
    return "m" if len(words) > 1 and given in MENS else None


def gender_of_title(words: list[Token]) -> str | None:
    """``f`` for ``spokeswoman``, ``m`` for ``spokesman``."""
    last = words[-1].low
    return "f" if last.endswith("woman") else "m" if last.endswith("man") and last != "spokesman" else None


def bare_words(words: list[str]) -> list[str]:
    """Without article and possessive."""
    return [without_possessive(word) for word in words if word.lower() not in ("the", "a", "an")] or words


def is_common(_word: str) -> bool:
    """False: there is no English dictionary here, so that only the article itself can show it."""
    return False


def is_acronym(word: str) -> bool:
    """Whether a word is an organisation's name on its own: three to six capitals that are no nation and no title."""
    plain = word.replace(".", "")
    return 3 <= len(plain) <= 6 and plain.isalpha() and plain.isupper() and plain.lower() not in _NOT_BODIES


@lru_cache(maxsize=50_000)
def class_of(word: str) -> str | None:
    """The class of people or organisations that a lower-case word can mean."""
    word = without_possessive(word).removesuffix(".").removeprefix("ex-").removeprefix("vice-")
    if word in CLASSES:
        return CLASSES[word]
    return (
        "anyone"
        if word.endswith("year-old")
        else "person"
        if word.endswith(PERSON_ENDINGS) and len(word) > 5 and word not in NO_PERSON
        else None
    )


def head_class(words: list[Token]) -> str | None:
    """The class of the head: the last word before a preposition."""
    for i, word in enumerate(words):
        if i and word.low in PREPOSITIONS:
            return class_of(words[i - 1].low)
    return class_of(words[-1].low)


def display_name(words: list[Token]) -> str:
    """The words themselves; nothing for pronouns."""
    if words[0].low in OWNERS or (len(words) == 1 and (words[0].low in PRONOUNS or words[0].low in DETERMINERS)):
        return ""
    kept = [word.text for word in words]
    if kept[0].lower() in ("the", "a", "an") and len(kept) > 1:
        kept = kept[1:]
    return without_possessive(" ".join(kept))


def is_organisation_name(words: list[str]) -> bool:
    """By its last word, or an ``of`` or ``and`` inside."""
    return (
        words[-1].lower() in ORGANISATIONS or len(words) > 4 or "&" in words or CLASSES.get(words[-1].lower()) == "body"
    )


def is_local_office(after: list[Token]) -> bool:
    """``in the Tomsk region``, ``for the Republic of Tuva``: a part of a country right of an organisation's name."""
    return len(after) > 1 and after[0].low in ("in", "for") and any(word.low in LOCALITIES for word in after[1:])
