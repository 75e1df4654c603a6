"""Transcripts: paragraphs (turns) that begin with the label of their speaker (``В.Путин: ...``, ``Question: ...``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quote_rules import SpanOrigin, SpanRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.text.tokens import Paragraph

_LABEL = re.compile(
    r"(?P<label>[^\W\d_][^:;!?\n\"«»“”]{0,70}?)(?P<note>\s*[(\[][^)\]\n]{0,80}[)\]])?\s*:[ \u00a0\t]+(?=\S)"
)
_STOPS = frozenset(".!?…")
_DIRECTION = re.compile(r"\s*[(\[<][^)\]>\n]{0,200}[)\]>][.\s]*")
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"[A-Z\u0410-\u042f\u0401]\.(?:-[A-Z\u0410-\u042f\u0401]\.)?\s?[A-Z\u0410-\u042f\u0401]")
_LINKS = EVERY_LANGUAGE.name_links
_FEWEST_TURNS = 2
_LONGEST_LABEL = 7
_LONGEST = 170


@dataclass(slots=True)
class Label:
    """The label of a turn: where its words stand, and where the turn's words begin."""

    start: int
    end: int
    words_from: int


def label_of(text: str, paragraph: Paragraph, pack: Pack) -> Label | None:
    """The label that begins the paragraph, if there is one."""
    if text.find(":", paragraph.start, min(paragraph.end, paragraph.start + _LONGEST)) < 0:
        return None
    match = _LABEL.match(text, paragraph.start, paragraph.end)
    if match is None:
        return None
    label = match.group("label").strip()
    worded = any(character.islower() for character in text[match.end() : min(match.end() + 40, paragraph.end)])
    if not worded and not _INITIALS.match(label):
        return None
    if label.lower() in pack.turn_words or _is_name(label, pack):
        return Label(match.start(), match.start() + len(label), match.end())
    return None


def _is_name(label: str, pack: Pack) -> bool:
    words = _WORD.findall(label)
    if not words or len(words) > _LONGEST_LABEL or not pack.triggers.isdisjoint(label.lower().split()):
        return False
    return words[-1] not in _LINKS and all(word[0].isupper() or word in _LINKS for word in words)


def transcript_labels(
    text: str, paragraphs: list[Paragraph], pack: Pack, known: Callable[[str], bool]
) -> dict[int, Label]:
    """The labels by index of paragraph if the text is a transcript, else nothing.

    A text is one if a label has initials (``В.Путин``), if a label is ``known`` (a title and the name of somebody), or
    if a label comes twice or is a word such as ``Question`` and half of the paragraphs between have one.
    """
    labels = {i: label for i, paragraph in enumerate(paragraphs) if (label := label_of(text, paragraph, pack))}
    names = [text[label.start : label.end] for label in labels.values()]
    if any(_INITIALS.match(name) for name in names):
        return {i: label for i, label in labels.items() if _is_certain(text[label.start : label.end], pack)}
    certain = {i: label for i, label in labels.items() if known(text[label.start : label.end])}
    if certain and all(text[label.words_from] not in '"«“„' for label in certain.values()):
        return {
            **certain,
            **{i: label for i, label in labels.items() if _is_certain(text[label.start : label.end], pack)},
        }
    if len(labels) < _FEWEST_TURNS:
        return {}
    if _are_headlines(text, [(paragraphs[i], label) for i, label in labels.items()]):
        return {}
    among = max(labels) - min(labels) + 1
    is_certain = len(set(names)) < len(names) or any(name.lower() in pack.turn_words for name in names)
    return labels if is_certain and len(labels) * 2 >= among else {}


def _are_headlines(text: str, turns: list[tuple[Paragraph, Label]]) -> bool:
    """Whether names and colons begin headlines (``Zuev: bridge to reopen``): in small letters, without a full stop."""
    unended = sum(text[one.start : one.end].rstrip("\"»”'’) ")[-1:] not in _STOPS for one, _ in turns)
    return any(text[label.words_from].islower() for _, label in turns) or unended * 2 > len(turns)


def _is_certain(label: str, pack: Pack) -> bool:
    """Initials, a word such as ``Question``, or a name of several words; not ``Повторю:`` within a turn."""
    return bool(_INITIALS.match(label)) or label.lower() in pack.turn_words or len(label.split()) > 1


def turn_candidate(text: str, paragraph: Paragraph, label: Label | None, current: Label | None) -> Candidate | None:
    """What is said in a paragraph of a transcript: after its label, or going on under the ``current`` one."""
    speaking = label or current
    if speaking is None:
        return None
    start = label.words_from if label else paragraph.start
    direction = _DIRECTION.match(text, start, paragraph.end)
    if direction:
        start = direction.end()
    if start >= paragraph.end:
        return None
    return Candidate(
        start, paragraph.end, "direct", SpanOrigin(SpanRule.TURN), (speaking.start, speaking.end), label=True
    )
