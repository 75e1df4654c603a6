"""How far a report reaches: which mark, clause or other attribution of its sentence ends it."""

from __future__ import annotations

from pipeline.quotes.language_pack import Clause, Frame
from pipeline.quotes.spans.sentence_state import NEAREST, Work
from pipeline.quotes.text.tokens import Token

JOINTS = frozenset(("and", "but", "а", "и", "но", "while", "while,"))
"""Words that join a clause to the one before."""


def limit(work: Work, index: int) -> int:
    """One past the last token that the report right of frame ``index`` can hold."""
    tokens, frame = work.tokens, work.frames[index]
    for other in work.frames[index + 1 : index + 1 + NEAREST]:
        if _idle(work, other):
            continue
        if other.start and frame.complement is not None and other.start > frame.complement:
            cut = _cut(work, frame, other)
            if cut is not None:
                return cut
    if frame.ends is not None:
        return frame.ends
    at = frame.complement or 0
    clause: Clause = "main"
    if frame.relative or (frame.kind == "gerund" and index == 0 and frame.start > 1):
        clause = "relative"
    elif _opening_clause(work, index):
        clause = "opening"
    return work.pack.report_end(tokens, at, clause)


def limit_after(work: Work, index: int) -> int:
    """Where the words after a middle attribution end: at the next attribution that counts."""
    for other in work.frames[index + 1 : index + 1 + NEAREST]:
        if not _idle(work, other):
            return other.start
    return len(work.tokens)


def _opening_clause(work: Work, index: int) -> bool:
    """``While X says that ..., Y ...``, ``Noting that ..., X ...``: a comma ends the clause that opens the sentence."""
    frame = work.frames[index]
    if frame.kind == "gerund" and frame.how != "quote":
        return all(token.low in JOINTS for token in work.tokens[: frame.start])
    return frame.kind == "verb" and _subordinate(work, frame)


def _idle(work: Work, frame: Frame) -> bool:
    """An attribution that reports nothing where it stands: it cuts no other's report."""
    if frame.kind == "source" and frame.complement is None:
        spoken = work.tokens[frame.speaker[0] : frame.speaker[1]] if frame.speaker else []
        own = len(spoken) == 1 and spoken[0].low in work.pack.pronouns
        return own and not (frame.end >= len(work.tokens) - 1)
    before = work.tokens[frame.start - 1] if frame.start else None
    if not (frame.weak and frame.complement is None and frame.kind == "verb"):
        return False
    trailing = before is not None and before.text in ",—" and frame.end >= len(work.tokens) - 1
    quoting = before is not None and (
        before.kind == "q" or before.text in ",—" and work.tokens[frame.start - 2].kind == "q"
    )
    return not (trailing or quoting)


def _cut(work: Work, frame: Frame, other: Frame) -> int | None:
    """Where ``other`` ends the report of ``frame``; None if it is part of that report."""
    tokens = work.tokens
    at = other.start
    while at > 1 and tokens[at - 1].low in ("также", "тоже", "also", "then"):
        at -= 1
    before = tokens[at - 1]
    if other.kind == "gerund" and other.how == "that":
        return at
    if other.kind == "gerund" or other.shared:
        return at if before.text in ",—" or before.low in JOINTS or before.kind == "q" else None
    if before.text == ";" or before.kind == "q" and other.kind == "source":
        return other.start
    if before.text in ",—":
        own = other.complement is None or before.text == "—" or _subordinate(work, frame)
        return other.start if own else None
    joint = before.low in JOINTS or before.low in work.pack.subordinators
    if not joint or other.complement is None or other.start < 2:
        return None
    parted = _breaks(tokens[other.start - 2]) or (before.low == "but" and other.speaker is not None)
    return other.start - 1 if parted else None


def _subordinate(work: Work, frame: Frame) -> bool:
    """``While X says that ..., Y says ...``"""
    before = work.tokens[frame.start - 1].low if frame.start else ""
    return before in work.pack.subordinators


def _breaks(token: Token) -> bool:
    return token.text in ",;" or token.kind == "q"
