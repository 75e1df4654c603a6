"""The state of one sentence while the rules run: which tokens are taken, and the candidates found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.quote_rules import SpanOrigin
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Attribution, Indices, Pack
from pipeline.quotes.text.tokens import Token, span_of
from pipeline.records import QuoteType, Span

NEAREST = 12
"""Attributions and reports farther away in a sentence do not matter; the bound keeps the cost linear."""


@dataclass(slots=True)
class SentenceState:
    """One sentence under the rules: its tokens and attributions, and what was found so far."""

    tokens: list[Token]
    attributions: list[Attribution]
    pack: Pack
    candidates: list[Candidate] = field(default_factory=list)
    taken: list[Indices] = field(default_factory=list)
    covered: int = 0
    """Tokens left of this belong to an earlier attribution or its report."""
    covered_before: int = 0
    """``covered`` before the current attribution."""

    def mention(self, attribution: Attribution) -> Span | None:
        """The offsets of the words that name the speaker."""
        return self.span(attribution.speaker)

    def span(self, words: Indices | None) -> Span | None:
        """The offsets of the tokens ``words``."""
        return span_of(self.tokens, words) if words else None

    def add(self, attribution: Attribution, start: int, end: int, rule: SpanOrigin) -> None:
        """A candidate over the tokens ``[start, end)``, trimmed at its edges, if anything is left of it."""
        start, end = self.pack.trim_reported_clause(self.tokens, start, end)
        if start >= end or any(a < end and start < b for a, b in self.taken[-NEAREST:]):
            return
        self.taken.append((start, end))
        self.covered = max(self.covered, end)
        if attribution.silent:
            return
        self.candidates.append(
            Candidate(
                *span_of(self.tokens, (start, end)),
                type_of(self.tokens[start:end]),
                rule,
                self.span(attribution.claimant) if attribution.claimed else self.mention(attribution),
                self.span(attribution.cue),
                same_as_previous=attribution.shared and not attribution.speaker and not attribution.claimed,
                gender=None if attribution.claimed else attribution.gender,
                impersonal=attribution.impersonal,
                stance=attribution.stance,
                claimant=self.span(attribution.claimant),
            )
        )


def type_of(tokens: list[Token]) -> QuoteType:
    """Direct if nothing but marks with words in them, mixed if such marks stand among other words, else indirect."""
    words = [token for token in tokens if token.kind != "p"]
    marked = [token for token in words if token.kind == "q"]
    if not marked:
        return "indirect"
    if len(marked) == len(words):
        return "direct"
    return "mixed" if any(_quoting(token) for token in marked) else "indirect"


def _quoting(token: Token) -> bool:
    inner = token.text.strip('"«»“”„ ')
    return len(inner.split()) > 3 or not inner[:1].isupper()
