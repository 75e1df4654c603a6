"""Interviews without labels: turns that begin with a dash, or answers below questions that have a line of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quote_rules import SpanOrigin, SpanRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.kinds import begins_with_dash, has_first_person, question_lines
from pipeline.quotes.text.tokens import Paragraph

_EMPHASIS = "*_ \t\u00a0"
_DASHES = "—–- \u00a0*_"
_LETTER = re.compile(r"(?P<letter>[^\W\d_])[.:]\s+(?=\S)")
"""``Q. Why?``, ``A. Because.``"""
_NARRATED = re.compile(r"(?:[,?!][”\"’] |[»”\"],? ?[—–-] ?)[a-z\u0430-\u044f\u0451]+ [^\W\d_]+")
"""What stands behind words in marks whose speaker is told: ``», — объясняет она``."""
_FEWEST_TURNS = 3
_ASKING = EVERY_LANGUAGE.askers | (EVERY_LANGUAGE.interviewers - EVERY_LANGUAGE.answerers)


def is_asker(label: str) -> bool:
    """Whether the label of a turn stands for whoever asks."""
    return label.strip(" .").lower() in _ASKING


def is_answerer(label: str) -> bool:
    """Whether the label of a turn stands for whoever is asked (``A:``)."""
    return label.strip(" .").lower() in EVERY_LANGUAGE.answerers


def interview_answers(text: str, paragraphs: Sequence[Paragraph]) -> dict[int, Candidate]:
    """The answers of an interview by number of their paragraph; its speaker is whom it introduces."""
    raw = [text[one.start : one.end].strip(" \t\u00a0") for one in paragraphs]
    lines = [line.strip(_EMPHASIS) for line in raw]
    marked = frozenset(i for i, line in enumerate(raw) if line.startswith("**") and line.endswith("**"))
    dashed = [i for i, line in enumerate(lines) if begins_with_dash(line)]
    marked |= {i for i, line in enumerate(lines) if (match := _LETTER.match(line)) and is_asker(match["letter"])}
    answers = _dashed(lines, dashed, marked) if len(dashed) > _FEWEST_TURNS else _below_questions(lines, marked)
    turns = [*dashed, *marked, *question_lines(lines)]
    begin = paragraphs[min(turns)].start if turns else 0
    return {i: _answer(text, paragraphs[i], begin) for i in answers if not goes_on_otherwise(lines[i])}


def goes_on_otherwise(line: str) -> bool:
    """Whether a line between turns is none: it tells what somebody says, or who took the interview."""
    credited = line.lower().startswith(EVERY_LANGUAGE.credits_of_interviews)
    return credited or (not begins_with_dash(line) and _NARRATED.search(line) is not None)


def _answer(text: str, paragraph: Paragraph, begin: int) -> Candidate:
    start, end = paragraph.start, paragraph.end
    while start < end and text[start] in _DASHES:
        start += 1
    letter = _LETTER.match(text, start, end)
    if letter is not None and is_answerer(letter["letter"]):
        start = letter.end()
    return Candidate(start, end, "direct", SpanOrigin(SpanRule.TURN), introduced_before=begin)


def _dashed(lines: list[str], dashed: list[int], marked: frozenset[int]) -> list[int]:
    """Dashed lines that answer, and lines without a dash that go on with an answer before the next turn."""
    asking = _asking_turns(lines, dashed, marked)
    found: list[int] = []
    for at, i in enumerate(dashed):
        if i in asking or at == 0:
            continue
        if dashed[at - 1] in asking or (marked and dashed[at - 1] in found):
            found.append(i)
            if at + 1 < len(dashed):
                found.extend(range(i + 1, dashed[at + 1]))
    return found


def _asking_turns(lines: list[str], dashed: list[int], marked: frozenset[int]) -> set[int]:
    """The turns that ask: those in bold, else every second if that is where questions stand, else the questions."""
    if not marked.isdisjoint(dashed):
        return set(dashed) & marked
    odd, even = dashed[::2], dashed[1::2]
    questions = sum(lines[i].endswith("?") for i in odd)
    if questions * 5 >= 3 * len(odd) and sum(lines[i].endswith("?") for i in even) * 5 <= len(even):
        return set(odd)
    return {i for i in dashed if lines[i].endswith("?")}


def _below_questions(lines: list[str], marked: frozenset[int]) -> list[int]:
    """The lines between questions; below the last one the first, and those in which somebody says ``I``."""
    asked = question_lines(lines, marked)
    if len(asked) < _FEWEST_TURNS:
        return []
    between = [i for i in range(asked[0], asked[-1]) if i not in set(asked) and i not in marked]
    last = asked[-1] + 1
    return between + [i for i in range(last, len(lines)) if i == last or has_first_person(lines[i])]
