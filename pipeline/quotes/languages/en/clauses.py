"""The main verb of an English clause: its tense, and whether it says what happened or how things are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en.verbs import FORMS, IRREGULAR_PASTS, is_contraction, is_finite_form
from pipeline.quotes.languages.en.words import ADVERBS, CLASSES, CONJUNCTIONS, DETERMINERS, PLURALS, PREPOSITIONS
from pipeline.quotes.text.tokens import Token

Kind = Literal["modal", "state", "progress", "event", "present"]
_MODALS = word_set("will would can could may might must shall should ought cannot")
_SHIFTED = word_set("would could might was were had wasn't weren't hadn't wouldn't couldn't did didn't")
_BE = word_set("is are was were am isn't aren't wasn't weren't")
_HAVE = word_set("has have had hasn't haven't hadn't")
_DO = word_set("do does did don't doesn't didn't")
_NOT = word_set("not never no nothing nobody none neither cannot hardly")
_PARTICIPLES = word_set(
    "been done made given taken sent held seen shown written found kept put sold brought left built lost won met said "
    "told gone come become hit shot cut set led paid bought caught fought thrown driven broken chosen stolen spent"
)
_STATIVE = word_set(
    "wanted needed knew thought believed hoped feared seemed remained lacked deserved owed liked loved expected lived "
    "belonged mattered cost meant felt looked kept stood lay"
)
"""Pasts that tell how things were."""
_SHORT_PASTS = word_set("died lied owed used sued")
_PEOPLE = word_set("he she they we i you who")
_REACH = 24


@dataclass(slots=True)
class MainVerb:
    """The main verb of a clause: where it stands, and what it shows."""

    at: int
    kind: Kind
    """``event``: what happened (``left``, ``was hit``); ``progress``: what goes on; ``state``: how things are."""
    shifted: bool
    """In a form that reported speech in the past has (``would``, ``was``)."""
    negated: bool
    future: bool
    """``will`` or ``would`` without a negation: what is still to happen."""
    people: bool
    """Whether its subject can do things such as leave and meet: a name, a pronoun, words for people."""
    own: bool
    """Whether its subject is a pronoun, which can be the speaker."""


def main_verb(tokens: list[Token], start: int, end: int) -> MainVerb | None:
    """The main verb of the clause that begins with token ``start``, if it stands before ``end``."""
    at = _verb_index(tokens, start, min(end, start + _REACH))
    if at is None:
        return None
    low = tokens[at].low
    subject = [token for token in tokens[start:at] if token.kind == "w"]
    stem = low.partition("'")[0]
    own = stem in _PEOPLE and "'" in low and not low.endswith("n't") or any(word.low in _PEOPLE for word in subject[:2])
    negated = low.endswith("n't") or any(token.low in _NOT for token in tokens[at : at + 4])
    kind = _kind(tokens, at)
    return MainVerb(
        at=at,
        kind=kind,
        shifted=low in _SHIFTED or low in IRREGULAR_PASTS or low.endswith("ed"),
        negated=negated,
        future=(low in ("will", "would", "shall") or low.endswith("'ll")) and not negated,
        people=own or any(word.low in _PEOPLE or _is_person(word) for word in subject),
        own=own,
    )


def _verb_index(tokens: list[Token], start: int, end: int) -> int | None:
    """The first certain verb form; a past in ``-ed`` only where no other form follows in its clause."""
    maybe: int | None = None
    for j in range(start, end):
        token = tokens[j]
        if token.kind == "p" and token.text in ",;:—" and maybe is not None:
            return maybe
        if token.kind != "w" or (token.capital and j > start):
            continue
        if token.low in FORMS or is_contraction(token.low):
            return j if maybe is None or token.low not in IRREGULAR_PASTS else maybe
        past = (is_finite_form(token.low, capital=token.capital) or token.low in _SHORT_PASTS) and j > start
        if past and maybe is None and tokens[j - 1].low not in DETERMINERS | PREPOSITIONS:
            maybe = j
        elif maybe is not None and token.low in CONJUNCTIONS:
            return maybe
    return maybe


def _kind(tokens: list[Token], at: int) -> Kind:
    low = tokens[at].low
    if low in _MODALS or low.removesuffix("n't") in ("wo", "would", "ca", "could", "should", "must", "might"):
        return "modal"
    if low in _BE or low.endswith(("'s", "'re", "'m")):
        if tokens[min(at + 1, len(tokens) - 1)].low.endswith("ing"):
            return "progress"
        return "event" if low in ("was", "were") and _participle_follows(tokens, at) else "state"
    if low in _HAVE or low.endswith(("'ve", "'d")):
        return "event" if _participle_follows(tokens, at) else "state"
    if low in _DO:
        return "event" if low in ("did", "didn't") else "present"
    if low in _STATIVE:
        return "state"
    return "event" if low in IRREGULAR_PASTS or low.endswith("ed") else "present"


def _participle_follows(tokens: list[Token], at: int) -> bool:
    for token in tokens[at + 1 : at + 4]:
        if token.low.endswith("ed") or token.low in _PARTICIPLES or token.low in IRREGULAR_PASTS:
            return True
        if not (token.low in ADVERBS or token.low in _NOT or token.low.endswith("ly")):
            return False
    return False


def _is_person(word: Token) -> bool:
    low = word.low.removesuffix("'s")
    return word.capital or low in CLASSES or low.removesuffix("s") in CLASSES or low in PLURALS
