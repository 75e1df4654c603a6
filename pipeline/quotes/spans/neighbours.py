"""Quotes whose attribution stands in the sentence after them, and sentences that only continue a speaker's words."""

from __future__ import annotations

from pipeline.quote_rules import SpanOrigin, SpanRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Attribution, Pack
from pipeline.quotes.text.tokens import Paragraph, Sentence, Token, sentence_tokens, span_of, split_sentences
from pipeline.records import QuoteType

_FEWEST_WORDS_PARTIAL = 5
_LONGEST_ORPHAN = 25
_LONGEST_DEED = 60
_FEWEST_WORDS = 4


def continued_words(listed: list[Token], pack: Pack) -> Candidate | None:
    """A sentence without attribution that continues a speaker's words: ``Such steps "will not help us at all."``"""
    marked = [i for i, token in enumerate(listed) if token.kind == "q"]
    if len(marked) != 1 or len(listed[marked[0]].text.split()) < _FEWEST_WORDS_PARTIAL:
        return None
    at = marked[0]
    inner = listed[at].text.lstrip("\"«“„‘'")
    if pack.is_work(listed, at) or not (inner[:1].islower() and at):
        return None
    if listed[at - 1].capital and at > 1:
        return None
    named = pack.subject_of(listed[:at])
    person = named is not None and pack.name_in(listed[named[0] : named[1]]) is not None
    if person or any(token.low in pack.pronouns for token in listed[:at] if token.kind == "w"):
        return None
    start, end = pack.trim_reported_clause(listed, 0, len(listed))
    if not start <= at < end:
        return None
    return Candidate(*span_of(listed, (start, end)), "mixed", SpanOrigin(SpanRule.PARTIAL), same_as_previous=True)


def is_only_attribution(listed: list[Token], attributions: list[Attribution]) -> bool:
    """A sentence that is nothing but ``Peskov said on Friday.``"""
    if len(attributions) != 1 or attributions[0].complement is not None or attributions[0].start > 0:
        return False
    return len(listed) - attributions[0].end <= 1 or (
        len(listed) <= _LONGEST_ORPHAN and attributions[0].kind == "verb" and not attributions[0].weak
    )


def attach_deed(text: str, sentence: Sentence, candidate: Candidate, pack: Pack) -> bool:
    """``“Is it true?” Zuev pressed.``: a name and any verb right after a question, which is then the bearer's."""
    if sentence.end - sentence.start > _LONGEST_DEED or text[candidate.end : sentence.start].strip(" \u00a0"):
        return False
    if text[max(candidate.start, candidate.end - 3) : candidate.end].rstrip("\"»”'’ ")[-1:] not in ("?", "!"):
        return False
    listed = sentence_tokens(text, sentence)
    named = pack.subject_of(listed)
    if named is None or named[0] != 0 or named[1] != len(listed) - 2 or not pack.is_finite(listed[named[1]]):
        return False
    if pack.name_in(listed[: named[1]]) is None:
        return False
    candidate.mention, candidate.cue = span_of(listed, named), span_of(listed, (named[1], named[1] + 1))
    candidate.rule, candidate.same_as_previous = SpanOrigin(SpanRule.OTHER_VERB), False
    return True


def sentence_before(
    text: str, before: Sentence | Paragraph, listed: list[Token], attribution: Attribution, pack: Pack
) -> Candidate | None:
    """The sentence before one that begins with ``Об этом заявил X``; None if it is no whole statement."""
    last = split_sentences(text, before)[-1:] if isinstance(before, Paragraph) else [before]
    words = sentence_tokens(text, last[0]) if last else []
    start, end = pack.trim_reported_clause(words, 0, len(words)) if words else (0, 0)
    if end - start < _FEWEST_WORDS or words[-1].text not in (".", "…") or not pack.is_report(words, start, end):
        return None
    kind: QuoteType = "mixed" if any(token.kind == "q" for token in words[start:end]) else "indirect"
    mention = span_of(listed, attribution.speaker) if attribution.speaker else None
    return Candidate(
        *span_of(words, (start, end)), kind, attribution.rule, mention, span_of(listed, attribution.cue),
        gender=attribution.gender,
    )  # fmt: skip


def attach_attribution(listed: list[Token], attribution: Attribution, candidate: Candidate) -> None:
    if attribution.speaker:
        candidate.mention = span_of(listed, attribution.speaker)
    candidate.cue = span_of(listed, attribution.cue)
    candidate.rule, candidate.same_as_previous, candidate.stance = attribution.rule, False, attribution.stance
