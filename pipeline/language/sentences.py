"""Where sentences end, in the marks of any script, and the sentences around a place in a text."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])[»”\"')]*\s+|\n+")
_AT_END = re.compile(r"[.!?…。！？؟।][)\]»”\"'’]*$")


def ends_with_sentence(text: str) -> bool:
    """Whether a text ends where a sentence does, closing marks and brackets included."""
    return _AT_END.search(text) is not None


def sentences_before(text: str, *, cut: bool) -> str:
    """The start of the sentence in which ``text`` ends, and the sentence before it, as far as ``text`` goes.

    ``cut``: ``text`` may begin inside a sentence, of which the rest is left out if it can be.
    """
    ends = [found.end() for found in _END.finditer(text.rstrip())]
    if len(ends) >= 2:
        return text[ends[-2] :]
    return text[ends[0] if ends and cut else 0 :]


def sentences_after(text: str) -> str:
    """The rest of the sentence in which ``text`` begins, and the next one, as far as ``text`` goes."""
    ends = [found.start() for found in _END.finditer(text) if found.start() > 0]
    return text[: ends[1]] if len(ends) >= 2 else text
