"""Where a report ends: at a mark, a clause or another attribution of its sentence."""

from __future__ import annotations

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quotes.language_pack import Attribution, Clause
from pipeline.quotes.spans.sentence_state import NEAREST, SentenceState
from pipeline.quotes.text.tokens import Token

JOINTS = EVERY_LANGUAGE.clause_joints
"""Words that join a clause to the one before."""


def report_limit(sentence_state: SentenceState, index: int) -> int:
    """One past the last token that the report right of attribution ``index`` can hold."""
    cut = _next_report(sentence_state, index)
    return min(cut, _own_limit(sentence_state, index, cut))


def _next_report(sentence_state: SentenceState, index: int) -> int:
    """Where another attribution ends the report; one past the last token if none does."""
    tokens, attribution = sentence_state.tokens, sentence_state.attributions[index]
    for other in sentence_state.attributions[index + 1 : index + 1 + NEAREST]:
        if _idle(sentence_state, other):
            continue
        if other.start and attribution.complement is not None and _begins_later(tokens, attribution.complement, other):
            cut = _cut(sentence_state, attribution, other)
            if cut is not None:
                return cut
    return len(tokens)


def _begins_later(tokens: list[Token], complement: int, other: Attribution) -> bool:
    """Whether anything but marks stands between the beginning of a report and another attribution."""
    return any(token.kind != "p" for token in tokens[complement : other.start])


def _own_limit(sentence_state: SentenceState, index: int, last: int) -> int:
    """Where the report ends by itself, at token ``last`` at the latest."""
    tokens, attribution = sentence_state.tokens[:last], sentence_state.attributions[index]
    if attribution.ends is not None:
        return attribution.ends
    clause: Clause = "main"
    if attribution.relative or (attribution.kind == "gerund" and index == 0 and attribution.start > 1):
        clause = "relative"
    elif _opening_clause(sentence_state, index):
        clause = "opening"
    return sentence_state.pack.report_end(tokens, attribution, clause)


def report_limit_after(sentence_state: SentenceState, index: int) -> int:
    """Where the words after a middle attribution end: at the next attribution that counts."""
    for other in sentence_state.attributions[index + 1 : index + 1 + NEAREST]:
        if not _idle(sentence_state, other):
            own = other.start >= sentence_state.attributions[index].end
            return other.start if own else other.cue[0]
    return len(sentence_state.tokens)


def _opening_clause(sentence_state: SentenceState, index: int) -> bool:
    """``While X says that ..., Y ...``, ``Noting that ..., X ...``: a comma ends the clause that opens the sentence."""
    attribution = sentence_state.attributions[index]
    if attribution.kind == "gerund" and attribution.how != "quote":
        return all(token.low in JOINTS for token in sentence_state.tokens[: attribution.start])
    return attribution.kind == "verb" and _subordinate(sentence_state, attribution)


def _idle(sentence_state: SentenceState, attribution: Attribution) -> bool:
    """Whether an attribution reports nothing at its place, so that it does not end another's report."""
    if attribution.kind == "source" and attribution.complement is None:
        spoken = sentence_state.tokens[attribution.speaker[0] : attribution.speaker[1]] if attribution.speaker else []
        own = len(spoken) == 1 and spoken[0].low in sentence_state.pack.pronouns
        return own and not (attribution.end >= len(sentence_state.tokens) - 1)
    before = sentence_state.tokens[attribution.start - 1] if attribution.start else None
    if not (attribution.weak and attribution.complement is None and attribution.kind == "verb"):
        return False
    trailing = before is not None and before.text in ",—" and attribution.end >= len(sentence_state.tokens) - 1
    quoting = before is not None and (
        before.kind == "q" or before.text in ",—" and sentence_state.tokens[attribution.start - 2].kind == "q"
    )
    return not (trailing or quoting)


def _cut(sentence_state: SentenceState, attribution: Attribution, other: Attribution) -> int | None:
    """Where ``other`` ends the report of ``attribution``; None if it is part of that report."""
    tokens = sentence_state.tokens
    at = other.start
    while at > 1 and tokens[at - 1].low in EVERY_LANGUAGE.also:
        at -= 1
    before = tokens[at - 1]
    if other.kind == "gerund" and other.how == "that":
        return at
    if other.kind == "gerund" or other.shared:
        return at if before.text in ",—" or before.low in JOINTS or before.kind == "q" else None
    if before.text == ";" or before.kind == "q" and other.kind == "source":
        return other.start
    if before.text in ",—":
        own = other.complement is None or before.text == "—" or _subordinate(sentence_state, attribution)
        return other.start if own else None
    joint = before.low in JOINTS or before.low in sentence_state.pack.subordinators
    if not joint or other.complement is None or other.start < 2:
        return None
    parted = _breaks(tokens[other.start - 2]) or (before.low in EVERY_LANGUAGE.contrast and other.speaker is not None)
    return other.start - 1 if parted else None


def _subordinate(sentence_state: SentenceState, attribution: Attribution) -> bool:
    """``While X says that ..., Y says ...``"""
    before = sentence_state.tokens[attribution.start - 1].low if attribution.start else ""
    return before in sentence_state.pack.subordinators


def _breaks(token: Token) -> bool:
    return token.text in ",;" or token.kind == "q"
