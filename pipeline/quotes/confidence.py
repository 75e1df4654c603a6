"""How sure a quote is: the chance that its span and its speaker are both right."""

from __future__ import annotations

from pipeline.quotes.candidate import Candidate
from pipeline.quotes.resolve import Resolved

UNSURE = 0.5
"""Below this a speaker is not told."""
_SPAN = {"direct": 0.98, "mixed": 0.96, "indirect": 0.95}
_WEAK_RULES = {"alone": 0.9, "block": 0.88, "turn": 0.99, "participle": 0.85, "partial": 0.7}
_SPEAKER = {
    "name": 0.99, "label": 0.98, "body": 0.97, "office": 0.96, "pronoun": 0.95, "as-written": 0.95, "as-before": 0.95,
    "titled": 0.94, "short": 0.88, "epithet": 0.9, "document": 0.85, "as-after": 0.85, "as-usual": 0.8, "nobody": 0.85,
    "undated": 0.7, "later": 0.8,
}  # fmt: skip


def confidence(candidate: Candidate, resolved: Resolved) -> float:
    """The chance in 0..1, by the kind of quote, the rule that found it and the rule that named its speaker."""
    span = _WEAK_RULES.get(candidate.rule, _SPAN[candidate.type])
    return round(span * _SPEAKER[resolved.rule], 2)
