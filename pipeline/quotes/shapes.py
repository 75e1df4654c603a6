"""The shape of a quote and its attribution, as features from which its confidence is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.language.spelling import stem
from pipeline.quote_rules import QuoteRules, SpanRule, SpeakerRule, TextKind
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.speakers.sightings import Entity

_WORD = re.compile(r"\w+")
_MARKED = re.compile(r"“[^”]*(?:”|$)|«[^»]*(?:»|$)|\"[^\"]*(?:\"|$)")
_JOINT = re.compile(r"[;:—–]")
_LABEL = re.compile(r"[^\W\d_][^.!?\n:]{1,80}:\s")
_STAMP = re.compile(r"\W{0,3}\d{1,2}[:.]\d{2}\b")
_NAME = re.compile(r"(?<![.!?…\n]\s)(?<![“«\"\n])\b[A-Z\u0410-\u042f\u0401][\w’'-]+")
_OPENING, _CLOSING = "“«\"'‘„", "”»\"'’“"
_LOOKED_AT = 400
"""Characters between two parts of an attribution in which words are counted."""
_BACK = 2_000
"""How far back the name of who speaks is looked for."""
_NEAR = 300
_BY_CONTEXT = frozenset(
    (
        SpeakerRule.PRONOUN, SpeakerRule.LATER, SpeakerRule.TITLED, SpeakerRule.EPITHET, SpeakerRule.SHORT,
        SpeakerRule.AS_BEFORE, SpeakerRule.AS_USUAL, SpeakerRule.AS_AFTER, SpeakerRule.DOCUMENT,
    )
)  # fmt: skip
"""Rules for which it matters where the text names whom they mean; an office is known by its day."""


def shape_features(
    text: str, candidate: Candidate, rules: QuoteRules, entity: Entity | None, kind: TextKind
) -> tuple[str, ...]:
    """What is to be seen of a quote beside the rules that found it; ``entity`` is who is taken for its speaker."""
    span = text[candidate.start : candidate.end]
    return (
        f"kind={kind}",
        *([f"stance={candidate.stance}"] if candidate.stance != "said" else []),
        f"words={_grade(len(_WORD.findall(span)), (2, 5, 25, 45))}",
        f"{rules.speaker}&{candidate.type}",
        *(_in_marks(span, rules) if candidate.type == "direct" else _reported(span, candidate)),
        *(_turn(span, candidate) if rules.span.rule is SpanRule.TURN else []),
        *(["stamp"] if _STAMP.match(span) else []),
        *_mention(text, candidate, rules),
        *_cue(text, candidate),
        *(_antecedent(text, candidate, entity) if entity is not None and rules.speaker in _BY_CONTEXT else []),
        *(["not-in-roster"] if entity is not None and entity.id is None else []),
    )


def _grade(count: int, limits: tuple[int, ...]) -> int:
    """The largest count of the grade that a count is of; one more than the last limit above all of them."""
    return next((limit for limit in limits if count <= limit), limits[-1] + 1)


def _in_marks(span: str, rules: QuoteRules) -> Iterator[str]:
    """Of words in marks: whether marks are missing, or other words stand before them."""
    if rules.span.rule is SpanRule.TURN:
        return
    if span[:1] not in _OPENING:
        yield "unmarked"
        if any(mark in span for mark in '“«"'):
            yield "marks-within"
    if span[-1:] not in f"{_CLOSING}.,!?":
        yield "open-end"


def _reported(span: str, candidate: Candidate) -> Iterator[str]:
    """Of reported words: commas and joints, behind which the writer may speak again."""
    outside = _MARKED.sub(" ", span)
    yield f"commas={min(outside.count(','), 2)}"
    if _JOINT.search(outside):
        yield "joint"
    if candidate.type == "mixed" and span[-1:] in '”»"' and span[:1] not in '“«"':
        yield "marks-at-end"


def _turn(span: str, candidate: Candidate) -> Iterator[str]:
    """Of a turn: whether it has no label of its own, and whether it begins like one with a label."""
    if _LABEL.match(span):
        yield "label-within"
    if candidate.mention is not None and candidate.start - candidate.mention[1] > len(": (a)"):
        yield "turn-goes-on"


def _mention(text: str, candidate: Candidate, rules: QuoteRules) -> Iterator[str]:
    """Of the words that name the speaker: how many they are, with which capitals, and how far from the cue."""
    if candidate.mention is None:
        yield "mention=none"
        return
    start, end = candidate.mention
    words = _WORD.findall(text[start : min(end, start + _LOOKED_AT)])
    capitals = sum(word[0].isupper() for word in words)
    one = "word" if len(words) == 1 else "mixed"
    yield f"mention={'name' if capitals > 1 else one if capitals else 'low'}"
    yield f"mention-words={min(len(words), 6) // 2}"
    if rules.speaker is SpeakerRule.AS_WRITTEN:
        yield f"as-written-words={min(len(words), 4)}"
    if candidate.cue is not None:
        between = _WORD.findall(_between(text, candidate.mention, candidate.cue))
        yield f"gap={_grade(len(between), (0, 3, 8))}"
        if any(word[0].isupper() for word in between):
            yield "name-in-gap"


def _cue(text: str, candidate: Candidate) -> Iterator[str]:
    """How many words stand between the quote and the words of saying."""
    if candidate.cue is not None:
        between = _between(text, (candidate.start, candidate.end), candidate.cue)
        yield f"reach={_grade(len(_WORD.findall(between)), (0, 2, 7))}"


def _between(text: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    if one[1] <= other[0]:
        return text[max(one[1], other[0] - _LOOKED_AT) : other[0]]
    return text[other[1] : min(one[0], other[1] + _LOOKED_AT)]


def _antecedent(text: str, candidate: Candidate, entity: Entity) -> Iterator[str]:
    """Where the name of who is meant stands before words that do not name him, and who is named in between."""
    at = candidate.mention[0] if candidate.mention else candidate.start
    before = text[max(0, at - _BACK) : at]
    last = stem(entity.name.split()[-1]).lower()
    named = before.lower().rfind(last)
    if named < 0:
        yield "antecedent=none"
        return
    same = named > before.rfind("\n")
    yield f"antecedent={'paragraph' if same else 'near' if len(before) - named < _NEAR else 'far'}"
    between = _MARKED.sub(" ", before[named + len(last) :])
    yield f"named-between={min(len(_NAME.findall(between)), 3)}"
