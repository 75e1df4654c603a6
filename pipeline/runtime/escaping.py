"""Escape control characters for terminals and spreadsheets: those that move the cursor or change the reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls (UAX 9)
    "\u2028\u2029\ufff9-\ufffb]"  # separators of lines and paragraphs, interlinear annotation
)


def escape_control_characters(text: str) -> str:
    """The text with each control character as ``\\uXXXX``: readable, and inside a JSON string still the same value."""
    return _HARMFUL.sub(lambda mark: f"\\u{ord(mark.group()):04x}", text)


class EscapingStream:
    """A text stream that escapes control characters and writes to another stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(escape_control_characters(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()
