"""Which subjects a Russian verb can have: the gender and number of its form, and of the words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.quotes.languages.ru.morph import dictionary_readings, word_form


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """What a word can be as the subject of a clause."""

    shapes: frozenset[str]
    """The gender or number that its verb then has in the past: ``m``, ``f``, ``n``, ``p``; empty if it can be none."""
    animate: bool
    object: bool
    """Whether the same form can be an object."""


_ANY_SUBJECT = SubjectForm(frozenset("mfnp"), animate=False, object=True)
_SHAPES = {"masc": "m", "femn": "f", "neut": "n"}
_LEAST_LIKELY = 0.05
_AS_LIKELY = 0.5


@lru_cache(maxsize=20_000)
def subject_form(word: str) -> SubjectForm:
    """What the word can be as a subject; without a dictionary anything in no oblique ending."""
    readings = dictionary_readings(word)
    if not readings:
        found = word_form(word)
        return _ANY_SUBJECT if found.nominative and not found.finite else SubjectForm(frozenset(), False, True)
    best = max(parse.score for parse in readings)
    tags = [parse.tag for parse in readings if parse.score >= best * _LEAST_LIKELY]
    named = [tag for tag in tags if tag.POS in ("NOUN", "NPRO", "ADJF", "PRTF")]
    upright = [tag for tag in named if tag.case == "nomn" or "Fixd" in tag]
    shapes = {"p" if tag.number == "plur" else _SHAPES.get(str(tag.gender), "") for tag in upright}
    if any(tag.number == "sing" and tag.gender is None for tag in upright):
        shapes |= {"m", "f"}
    return SubjectForm(
        frozenset(shapes - {""}),
        animate=any("anim" in tag for tag in upright),
        object=any(tag.case == "accs" for tag in named),
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
def is_infinitive(word: str) -> bool:
    """Whether a word is an infinitive."""
    readings = dictionary_readings(word)
    return readings[0].tag.POS == "INFN" if readings else word.endswith(("ть", "ться", "чь", "чься", "сти", "зти"))


@lru_cache(maxsize=20_000)
def is_gerund(word: str) -> bool:
    """Whether a word is a gerund."""
    readings = dictionary_readings(word)
    return readings[0].tag.POS == "GRND" if readings else word.endswith(("ая", "яя", "уя", "ив", "ав", "ув", "вшись"))
