"""How sure a quote is: the calibrated probability that its span and its speaker are both right.

A logistic regression over features of a quote (its rules, and its shape: ``shapes.py``), fitted on the project's own
labelled texts by ``benchmarks/confidence.py``; ``docs/quotes.md`` shows how true it is on other texts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from pipeline.quote_rules import Placement, QuoteRules, SpanRule
from pipeline.records import Stance

_UNDATED = {"named=undated": -1.3}
"""Not fitted: every labelled text has a day. Of 110 quotes of undated pages that were read by an assumed day, 9 named
another person, and of those with the words of an office far more."""
STANCE_CONFIDENCE: dict[Stance, float] = {
    "said": 0.94, "denied": 0.99, "asked": 0.97, "hypothetical": 0.94, "reported": 0.98,
}  # fmt: skip
"""Share of the quotes of each stance that are of it: of 500 invented sentences (``tests/labelled/stances``) and of
139 quotes of real news, read one by one. What is missed lowers none of them: it is no quote."""
_NOTABLE = -0.2
"""Weight from which on downwards a feature is named as one that lowers the confidence."""
UNSURE = 0.4
"""Below this confidence the speaker is reported as unknown. Under a half, since the probability is a cautious one,
and of the span too: down to 0.4 more of the speakers shown are right than another."""
_OTHER = frozenset((SpanRule.PHRASE, SpanRule.NONE))


def quote_features(type_: str, rules: QuoteRules) -> tuple[str, ...]:
    """Features for the model: the type, how the span was found, the rule of the speaker, and doubts."""
    span = rules.span
    if span.placement is Placement.ON:
        found = str(span.placement)
    else:
        found = "other" if span.placement is Placement.BEFORE or span.rule in _OTHER else str(span.rule)
    return f"type={type_}", f"found={found}", f"named={rules.speaker}", *(f"shape={doubt}" for doubt in rules.doubts)


def logistic_function(score: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-score))


_CAUTION = 0.55
"""By how much the log odds are lowered: rules were mended by the texts of the fit, so quotes of texts never seen are
wrong more often. Not fitted; ``docs/quotes.md`` shows what comes of it on held-out texts."""


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    fitted: dict[str, float] = json.loads(files("pipeline.quotes").joinpath("confidence.json").read_text("utf-8"))
    return fitted | _UNDATED


def quote_confidence(features: Iterable[str]) -> float:
    """The probability (0..1) that span and speaker of a quote with these features are right."""
    weights = _weights()
    return round(logistic_function(weights[""] - _CAUTION + sum(weights.get(name, 0.0) for name in features)), 2)


def what_lowers(features: Iterable[str], most: int = 3) -> list[str]:
    """The features that lower the confidence most, the worst first."""
    weights = _weights()
    lowering = sorted((weights.get(name, 0.0), name) for name in features if weights.get(name, 0.0) < _NOTABLE)
    return [name for _, name in lowering[:most]]
