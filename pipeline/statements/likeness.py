"""How alike the words of two segments are, and in which way. Pure functions of two normal forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from pipeline.statements.differences import Difference, difference_between, keeps_polarity
from pipeline.statements.normal_form import NormalForm, shared_weight

VERSION = "2"
"""Raised whenever two normal forms may be compared with another result."""

LinkKind = Literal["exact", "contained", "variant", "reported", "edited"]
"""How one segment repeats another: all its words, some of them, other words, in reported speech, corrected later."""

LEAST_MASS = 7.5
"""Weight of the content below which words are anybody's: "We are ready", "thank you"."""
SAME_WORDS, LEAST_OF_SAME = 5, 4.0
"""How many equal words in a row are enough, on one day, and what they must weigh at the least."""
LEAST_SUBSTANCE = 3.5
"""Weight of what is no name, below which words only mention somebody."""
LEAST_SHARED = 9.0
"""Weight that two different wordings must share."""
ALIKE_LEAST, ALIKE_MOST = 0.52, 0.66
"""Likeness from which on two wordings are one statement: the least if much is shared, the most if little is."""
_LESS_BY_WEIGHT = 0.014
"""How much less likeness is asked for with each unit of weight that they share above :data:`LEAST_SHARED`."""
PART_WORDS = 3
"""The fewest words that count as a part of a longer segment."""
_LEAST_OF_PART = 0.35
"""Score that any part of a segment has with it, by containment alone; with a margin for numbers cut in two."""
_FEWEST_COMMON = 2
"""Stems that two different wordings must share."""
_FEWEST = 3
"""Stems that each of them must have, if they are not nearly the same."""
_NEARLY_SAME = 0.8
_SAME_LETTERS = 88.0
"""Likeness of letters, per cent, from which on a wording is another one corrected."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two wordings are; ``differs`` says what forbids that they are one statement."""

    kind: LinkKind | None
    score: float
    """From 0 to 1; of ``exact`` always 1."""
    differs: Difference | None = None
    letters: float = 0.0
    """Likeness of their letters, per cent."""

    @property
    def joins(self) -> bool:
        return self.kind is not None and self.differs is None


def likeness_of(one: NormalForm, other: NormalForm) -> Likeness:
    """How alike two segments' words are; the order of the two does not matter."""
    if one.lang != other.lang:
        return Likeness(None, 0.0)
    if (other.words, other.spoken) < (one.words, one.spoken):
        one, other = other, one
    if one.words == other.words:
        return Likeness("exact", 1.0, letters=100.0)
    if one.sequence == other.sequence and one.weights == other.weights:
        differs = difference_between(one, other)
        return Likeness("exact" if one.spoken == other.spoken else "reported", 0.99, differs, _letters(one, other))
    if min(one.substance, other.substance) < LEAST_SUBSTANCE:
        return Likeness(None, 0.0)
    score = _score(one, other)
    if score < _LEAST_OF_PART:
        return Likeness(None, score)
    part, whole = (one, other) if len(one.words) <= len(other.words) else (other, one)
    if _is_part(part, whole):
        return Likeness("contained", max(score, 0.8), _difference_of_part(part, whole), _letters(one, other))
    shared = shared_weight(one, other)
    common = len(one.weights.keys() & other.weights.keys())
    fewest = min(len(one.weights), len(other.weights))
    same_stems = one.weights.keys() == other.weights.keys()
    enough = shared >= LEAST_MASS if same_stems else shared >= LEAST_SHARED
    if not enough or common < _FEWEST_COMMON or (fewest < _FEWEST and score < _NEARLY_SAME):
        return Likeness(None, score)
    kind: LinkKind = "variant" if one.spoken and other.spoken else "reported"
    if score < max(ALIKE_LEAST, ALIKE_MOST - _LESS_BY_WEIGHT * (shared - LEAST_SHARED)):
        return Likeness(None, score)
    return Likeness(kind, score, difference_between(one, other), _letters(one, other))


def repeats_enough(form: NormalForm) -> bool:
    """Whether words say enough for their repetition by another to be no accident: by weight, or by their number."""
    long = len(form.words) >= SAME_WORDS and form.mass >= LEAST_OF_SAME and not form.stock
    return form.mass >= LEAST_MASS or long


def may_be_alike(one: NormalForm, other: NormalForm, shared: float) -> bool:
    """Whether two wordings that share no more weight than this can be alike at all; cheap."""
    return one.lang == other.lang and _score_of(one, other, shared) >= _LEAST_OF_PART


def _score(one: NormalForm, other: NormalForm) -> float:
    """Six tenths Dice, four tenths containment, both by weight."""
    return _score_of(one, other, shared_weight(one, other))


def _score_of(one: NormalForm, other: NormalForm, shared: float) -> float:
    if shared == 0:
        return 0.0
    dice = 2 * shared / (one.mass + other.mass)
    return round(0.6 * dice + 0.4 * shared / min(one.mass, other.mass), 4)


def _is_part(part: NormalForm, whole: NormalForm) -> bool:
    """Whether the words of one stand in the other in a row, but where the part says that it leaves something out."""
    if len(part.words) < PART_WORDS or not repeats_enough(part):
        return False
    text = f" {' '.join(whole.words)} "
    at = 0
    for piece in part.pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece) - 1
    return True


def _difference_of_part(part: NormalForm, whole: NormalForm) -> Difference | None:
    found = difference_between(part, whole)
    if found == "polarity" and keeps_polarity(part, whole):
        return None
    # The words are the same: no other subject stands in their place, and a condition may have been cut off.
    return None if found in ("subject", "condition") else found


def _letters(one: NormalForm, other: NormalForm) -> float:
    return float(fuzz.ratio(_flat(one.words), _flat(other.words)))


def corrects_spelling(found: Likeness) -> bool:
    """Whether the one wording is the other with a few letters changed."""
    return found.differs is None and found.letters >= _SAME_LETTERS


@lru_cache(maxsize=5_000)
def _flat(words: tuple[str, ...]) -> str:
    return " ".join(words)
