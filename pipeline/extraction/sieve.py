"""Boilerplate around a story: paragraphs that repeat the title, labels of boxes, bylines, notes on rights.

Every pattern is of a kind that many publishers write, and is anchored where a sentence of a story could hold the same
words: a report on a newsletter, on copyright or on a picture agency loses nothing. Whatever stands in quotation marks
is somebody's words and stays.
"""

from __future__ import annotations

import re

from pipeline.extraction.blocks import word_characters
from pipeline.extraction.prose import QUOTED, reads_like_sentence

_LONG = 250
"""Characters from which on a paragraph counts as the story's, whatever words it contains."""

_MENU = 10
"""Short lines in a row from which on they are a menu or a cloud of tags; a list that a story begins with is shorter."""


def _any(*phrases: str) -> str:
    return "|".join(phrases)


_LABEL = re.compile(
    _any(
        r"advertisement|related (?:topics?|articles?|stories|news)|read (?:also|more)|see also|you may also like",
        r"more (?:from|on) .{1,40}|popular|most read|image|share(?: this)?.{0,20}|follow us.{0,80}",
        r"(?:\d+ |(?:show|view|leave|add) (?:a |all )?|(?:your )?thoughts and )?comments?(?: \(?\d+\)?)?",
        r"реклама|читайте также:?|материалы по теме:?|(?:ещ[её] )?по теме:?|смотрите также:?|поделиться:?",
        r"комментарии:?(?: \(?\d+\)?)?|теги:?|фото:?|подробнее",
    ),
    re.IGNORECASE,
)
_OPENING = re.compile(
    _any(
        r"©|\(c\)\s?\d{4}|copyright\s*(?:©|\(c\)|\d{4}|by\b)|filed under\b",
        r"(?:credit|tags?|topics?|теги)\s*[:/©]",
        r"(?:last |first )?(?:updated?|published|posted)(?:\s*:|\s+(?:on\s+|at\s+|in\s+)?(?:\w{3,9}\.? )?\d)"
        r"[^.!?]{0,60}$|posted (?:by|in)\b.{0,60}$",
    ),
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:-+\s*)?(?:By|BY|Von|Par|Por)\s+(?:(?:and|und|et|y|[A-ZÀ-Þ@][\w.’'@-]*),?\s*){1,8}")


def without_title_and_labels(lines: list[str], title: str) -> list[str]:
    """The lines without the title and without boilerplate, in their order."""
    own = word_characters(title)
    longest = len(title) * 2
    return [
        line
        for line in lines
        if not (len(line) <= longest and word_characters(line) == own) and not _is_page_label(line)
    ]


def without_menu(lines: list[str]) -> list[str]:
    """The lines without a menu before the first sentence; a few short lines there may be the story's and stay."""
    start = next((place for place, line in enumerate(lines) if reads_like_sentence(line)), 0)
    return lines[start:] if start >= _MENU else lines


def _is_page_label(line: str) -> bool:
    if len(line) >= _LONG:
        return False
    if _LABEL.fullmatch(line) or _BYLINE.fullmatch(line):
        return True
    return _OPENING.match(line) is not None and not QUOTED.search(line)
