"""How sure a quote is: the calibrated probability that its span and its speaker are both right.

A logistic regression over a few features of a quote, fitted on the project's own labelled texts by
``benchmarks/confidence.py``; ``docs/quotes.md`` shows how true it is on other texts.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files

from pipeline.quote_rules import Doubt, Placement, QuoteRules, SpanOrigin, SpanRule, SpeakerRule
from pipeline.records import Stance

_UNDATED = {"named=undated": -1.3}
"""Not fitted: every labelled text has a day. Of 110 quotes of undated pages that were read by an assumed day, 9 named
another person, and of those with the words of an office far more."""
STANCE_CONFIDENCE: dict[Stance, float] = {
    "said": 0.94, "denied": 0.99, "asked": 0.97, "hypothetical": 0.94, "reported": 0.98,
}  # fmt: skip
"""Share of the quotes of each stance that are of it: of 500 invented sentences (``tests/labelled/stances``) and of
139 quotes of real news, read one by one. What is missed lowers none of them: it is no quote."""
UNSURE = 0.5
"""Below this confidence the speaker is reported as unknown."""
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


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    fitted: dict[str, float] = json.loads(files("pipeline.quotes").joinpath("confidence.json").read_text("utf-8"))
    return fitted | _UNDATED


def quote_confidence(type_: str, rules: QuoteRules) -> float:
    """The probability (0..1) for a quote of a type whose span and speaker were found by these rules."""
    return _confidence(type_, rules.span.rule, rules.span.placement, rules.speaker, rules.doubts)


# by the parts: the cue does not matter, and the hash of a record takes as long as the sum
@lru_cache(maxsize=10_000)
def _confidence(
    type_: str, rule: SpanRule, placement: Placement, speaker: SpeakerRule, doubts: tuple[Doubt, ...]
) -> float:
    features = quote_features(type_, QuoteRules(SpanOrigin(rule, placement=placement), speaker, doubts))
    weights = _weights()
    return round(logistic_function(weights[""] + sum(weights.get(name, 0.0) for name in features)), 2)
