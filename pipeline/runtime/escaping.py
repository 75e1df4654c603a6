"""Escape control characters for terminals and spreadsheets: those that move the cursor or change the reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls (UAX 9)
    "\u2028\u2029\ufff9-\ufffb]"  # separators of lines and paragraphs, interlinear annotation
)
FORMULA = frozenset("=+-@\t\r\n%＝＋－＠")
"""First characters that make a spreadsheet read a cell as a formula (OWASP, CSV injection), full-width ones too."""


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


def safe_cell(value: object) -> str:
    """The value as the text of a cell: a leading apostrophe stops a spreadsheet from running it as a formula.

    Spaces at the start, no-break spaces and the like included, do not hide a formula from a spreadsheet, so they are
    skipped in the check. Control characters are escaped.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, int | float):
        return str(value)
    shown = str(value)
    visible = shown.lstrip(" \u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff")
    mark = "'" if shown[:1] in FORMULA or visible[:1] in FORMULA else ""
    return mark + escape_control_characters(shown)
