"""How sure a quote is: the calibrated probability that its span and its speaker are both right.

A logistic regression over a few features of a quote, fitted on the project's own labelled texts by
``benchmarks/confidence.py``; ``docs/quotes.md`` shows how true it is on other texts.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files

_UNDATED = {"named=undated": -1.3}
"""Not fitted: every labelled text has a day. Of 110 quotes of undated pages that were read by an assumed day, 9 named
another person, and of those with the words of an office far more."""
UNSURE = 0.5
"""Below this confidence the speaker is reported as unknown."""
_SPECIAL = frozenset(
    ("alone", "block", "turn", "participle", "partial", "other-verb", "any-verb-colon", "name-colon", "source")
)
_WAYS = ("that", "bare", "colon", "quote", "after", "on", "object", "impersonal")


def quote_features(type_: str, rule: str) -> tuple[str, ...]:
    """Features for the model: the type, the kind of rule that found the span, the rule of the speaker, and shapes.

    Shapes (``far``, ``rivals`` ..., found by ``speakers.doubts``) follow the rule of the span, each after a ``+``.
    """
    found, _, named = rule.rpartition("/")
    found, *shapes = found.split("+")
    kind = found if found in _SPECIAL else "before" if found.startswith("before-") else found.rpartition("-")[2]
    known = kind if kind in _SPECIAL or kind in _WAYS else "other"
    return f"type={type_}", f"found={known}", f"named={named}", *(f"shape={shape}" for shape in shapes)


def logistic_function(score: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-score))


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    fitted: dict[str, float] = json.loads(files("pipeline.quotes").joinpath("confidence.json").read_text("utf-8"))
    return fitted | _UNDATED


@lru_cache(maxsize=10_000)
def quote_confidence(type_: str, rule: str) -> float:
    """The probability (0..1) for a quote of a type whose span and speaker were found by ``rule`` (``SPAN/SPEAKER``)."""
    weights = _weights()
    return round(
        logistic_function(weights[""] + sum(weights.get(name, 0.0) for name in quote_features(type_, rule))), 2
    )
