"""Numbers in a text, whether written in digits or in words, as one value each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.wording import Wording

_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0,.]\d{3})+")
_ENDING = re.compile(r"-?[^\d.,]+$")


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A word as folded, and its digits if it is a number."""

    folded: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """The values of all numbers, and the places of the words that they are written in."""

    numbers: frozenset[str]
    number_words: frozenset[int]


def read_numbers(tokens: Sequence[NumberToken], wording: Wording) -> NumbersRead:
    """Every number of a text: "two hundred and fifty", "250" and "0.25 thousand" are one."""
    values: list[float] = []
    places: set[int] = set()
    total: float | None = None
    part = 0.0
    last = 0.0
    for at, token in enumerate(tokens):
        if token.digits:
            values += [] if total is None else [total + part]
            total, part, last = 0.0, value_of_digits(token.digits), 0.0
        elif (times := wording.multipliers.get(token.folded)) is not None:
            grown = (part or 1.0) * times
            if times >= 1000:
                total, part = (total or 0.0) + grown, 0.0
            else:
                total, part = total or 0.0, grown
            last = times
        elif (value := wording.numbers.get(token.folded)) is not None:
            follows = total is not None and last > value and (last >= 20 or last == 0.0 or value < 1)
            if total is not None and not follows:
                values.append(total + part)
                total, part = None, 0.0
            total, part, last = total or 0.0, part + value, value
        else:
            values += [] if total is None else [total + part]
            total, part, last = None, 0.0, 0.0
            continue
        places.add(at)
    values += [] if total is None else [total + part]
    return NumbersRead(frozenset(f"{value:.12g}" for value in values), frozenset(places))


@lru_cache(maxsize=2_000)
def value_of_digits(digits: str) -> float:
    """The value of a number in digits, whichever mark parts thousands and decimals."""
    bare = _ENDING.sub("", digits)
    if _THOUSANDS.fullmatch(bare):
        return float(re.sub(r"\D", "", bare))
    parts = [part for part in re.split(r"\D", bare) if part]
    if len(parts) == 2:
        return float(f"{parts[0]}.{parts[1]}")
    return float("".join(parts))
