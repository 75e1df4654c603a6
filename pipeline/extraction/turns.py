"""Transcripts: text in turns, each under the label of who speaks."""

from __future__ import annotations

import re
from collections import Counter

_NAME = r"(?:[A-ZА-ЯЁ][\w.’'-]*\s?){1,4}(?:\([^)]{2,60}\))?"
_TURN = re.compile(rf"^(?P<label>{_NAME})\s?:\s")
_LABEL_ALONE = re.compile(rf"(?P<label>{_NAME})\s?:")
_FEWEST = 3


def is_transcript(lines: list[str]) -> bool:
    """Whether the text is in turns: three or more paragraphs begin with a label, and one label comes back."""
    labels = Counter(match.group("label") for match in map(_TURN.match, lines) if match)
    return sum(labels.values()) >= _FEWEST and max(labels.values()) >= 2


def with_labels(lines: list[str]) -> list[str]:
    """The lines, each label that stands in a block of its own joined to the first words of its turn.

    Only where at least three labels stand so and one comes back: a heading that ends in a colon stays a line.
    """
    alone = [_LABEL_ALONE.fullmatch(line) is not None for line in lines]
    labels = Counter(line for line, is_label in zip(lines, alone, strict=True) if is_label)
    if labels.total() < _FEWEST or max(labels.values()) < 2:
        return lines
    joined: list[str] = []
    for place, line in enumerate(lines):
        if place and alone[place - 1] and not alone[place]:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined
