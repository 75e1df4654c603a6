"""How sure a quote is."""

from __future__ import annotations

from pipeline.quotes.candidate import Candidate
from pipeline.quotes.people import People
from pipeline.quotes.resolve import Resolved


def confidence(candidate: Candidate, resolved: Resolved, people: People) -> float:
    """The chance in 0..1 that span and speaker are both right."""
    del people
    span = {"direct": 0.97, "mixed": 0.9, "indirect": 0.88}[candidate.type]
    speaker = {"name": 0.98, "body": 0.95, "office": 0.93, "titled": 0.9, "pronoun": 0.9, "as-written": 0.85}
    return round(span * speaker.get(resolved.rule, 0.75), 2)
