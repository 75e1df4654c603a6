"""A candidate for a quote: a span, the rule that found it, and the words that name its speaker, not yet resolved."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.quote_rules import SpanOrigin
from pipeline.records import QuoteType, Span, Stance


@dataclass(slots=True)
class Candidate:
    """A span with its rule. ``mention`` and ``cue`` are offsets into the text, None where the words are missing."""

    start: int
    end: int
    type: QuoteType
    rule: SpanOrigin
    mention: Span | None = None
    cue: Span | None = None
    same_as_previous: bool = False
    """Said by whoever said the quote before it."""
    same_as_next: bool = False
    """Said by whoever says the quote after it."""
    far: bool = False
    """Other sentences stand between the quote before and this one."""
    speaker_only: bool = False
    """Not a quote: it only records that somebody spoke here, for the pronouns that follow."""
    gender: str | None = None
    """Gender and number of the speaker, as the verb shows them: ``m``, ``f``, ``n``, ``p`` or nothing."""
    impersonal: bool = False
    """Its attribution names nobody (``it is noted that``)."""
    lang: str = ""
    """The language of the passage it stands in, whose pack names its speaker."""
    label: bool = False
    """The mention is the label of a transcript turn."""
    introduced_before: int | None = None
    """Of an answer in an interview: where its turns begin; the words before that introduce who answers."""
    stance: Stance = "said"
    claimant: Span | None = None
    """The words that name who made the claim that is denied or commented on."""

    @property
    def claimed(self) -> bool:
        """Whether the words are another's claim, on which the subject of the sentence only comments."""
        return self.stance == "reported" and self.claimant is not None

    @property
    def aside(self) -> bool:
        """Whether the words are only mentioned in passing: another's claim, or a question that another answers."""
        return self.claimed or (self.stance == "asked" and self.type != "direct")
