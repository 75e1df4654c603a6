"""Which subjects a Russian verb can have: the gender and number of its form, and of the words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru import words
from pipeline.quotes.languages.ru.morph import dictionary_readings, word_form
from pipeline.quotes.languages.ru.phrase_ends import past_object
from pipeline.quotes.text.tokens import Token


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """What a word can be as the subject of a clause."""

    shapes: frozenset[str]
    """The gender or number that its verb then has in the past: ``m``, ``f``, ``n``, ``p``; empty if it can be none."""
    animate: bool
    object: bool
    """Whether the same form can be an object."""
    genitive: bool
    """Whether the same form can say whose the noun before it is."""


_ANY_SUBJECT = SubjectForm(frozenset("mfnp"), animate=False, object=True, genitive=False)
_SHAPES = {"masc": "m", "femn": "f", "neut": "n"}
_LEAST_LIKELY = 0.05
_AS_LIKELY = 0.5


@lru_cache(maxsize=20_000)
def subject_form(word: str) -> SubjectForm:
    """What the word can be as a subject; without a dictionary anything in no oblique ending."""
    readings = dictionary_readings(word)
    if not readings:
        found = word_form(word)
        return _ANY_SUBJECT if found.nominative and not found.finite else SubjectForm(frozenset(), False, True, True)
    best = max(parse.score for parse in readings)
    tags = [parse.tag for parse in readings if parse.score >= best * _LEAST_LIKELY]
    named = [tag for tag in tags if tag.POS in ("NOUN", "NPRO", "ADJF", "PRTF")]
    named = [tag for tag in named if tag.POS == "NOUN" or "Fixd" not in tag]  # a possessive is no subject
    upright = [tag for tag in named if tag.case == "nomn" or "Fixd" in tag]
    shapes = {"p" if tag.number == "plur" else _SHAPES.get(str(tag.gender), "") for tag in upright}
    if any(tag.number == "sing" and tag.gender is None for tag in upright):
        shapes |= {"m", "f"}
    return SubjectForm(
        frozenset(shapes - {""}),
        animate=any("anim" in tag for tag in upright),
        object=any(tag.case == "accs" for tag in named),
        genitive=any(tag.case == "gent" for tag in named),
    )


@lru_cache(maxsize=20_000)
def past_verb(word: str) -> tuple[str, bool] | None:
    """The gender or number of a verb in the past and whether it takes an object; None for any other word."""
    readings = dictionary_readings(word)
    if not readings:
        low = word.lower()
        ending = next((end for end in ("ла", "ло", "ли", "л") if low.endswith((end, end + "ся", end + "сь"))), None)
        shape = {"л": "m", "ла": "f", "ло": "n", "ли": "p"}.get(ending or "")
        return (shape, True) if shape and word[:1].islower() else None
    best = max(parse.score for parse in readings)
    likely = (parse.tag for parse in readings if parse.score >= best * _AS_LIKELY)
    tag = next((tag for tag in likely if tag.POS == "VERB" and tag.tense == "past"), None)
    if tag is None:
        return None
    return "p" if tag.number == "plur" else _SHAPES.get(str(tag.gender), "m"), "tran" in tag


@lru_cache(maxsize=20_000)
def is_gerund(word: str) -> bool:
    """Whether a word is a gerund."""
    readings = dictionary_readings(word)
    return readings[0].tag.POS == "GRND" if readings else word.endswith(("ая", "яя", "уя", "ив", "ав", "ув", "вшись"))


def has_agent(tokens: list[Token], words_: Indices, shape: str | None) -> bool:
    """Whether the words name somebody who can have done something: a living being, a body, a pronoun."""
    i, end = words_
    while i < end:
        token = tokens[i]
        if token.low in words.PREPOSITIONS:
            i = max(i + 1, past_object(tokens, i, end))
            continue
        if token.kind == "w" and token.text[0].isalpha():
            found = subject_form(token.text)
            opens = i == 0 and word_form(token.text).adjective and not word_form(token.text).name
            doer = (
                found.animate
                or token.capital
                and not opens
                or token.low in ("он", "она", "они")
                or stem(token.low) in words.CLASSES
            )
            if doer and (shape in found.shapes if shape else bool(found.shapes)):
                return True
        i += 1
    return False


def has_subject(tokens: list[Token], clause: Indices, verb: int, shape: str, *, transitive: bool) -> bool:
    """Whether a clause has a subject of its own; what can be the object of its verb is none."""
    i, end = clause
    while i < end:
        token = tokens[i]
        if token.low in words.PREPOSITIONS:
            i = _past_genitives(tokens, max(i + 1, past_object(tokens, i, end)), end)
            continue
        if i != verb and token.kind == "w" and token.text[0].isalpha() and token.low not in words.ADVERBS:
            found = subject_form(token.text)
            if shape in found.shapes and not (transitive and found.object and not token.capital):
                return True
        i += 1
    return False


def _past_genitives(tokens: list[Token], at: int, end: int) -> int:
    """One past the nouns behind an object of a preposition that can say whose it is (``к руководству школы``)."""
    while (
        at < end and tokens[at].kind == "w" and tokens[at].text[0].isalpha() and subject_form(tokens[at].text).genitive
    ):
        at += 1
    return at
