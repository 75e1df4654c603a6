"""Elements -> paragraphs: one line of text per block, as a reader sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from lxml import etree

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary "
        "table tbody td tfoot th thead tr ul",
    )
)
_UNREAD = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "button",
        "select",
        "textarea",
        "input",
        "object",
        "video",
    )
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACE = re.compile(r"\s+")


def paragraphs(element: etree._Element, dropped: Collection[etree._Element] = ()) -> list[str]:
    """The texts of an element's blocks in reading order; empty ones and those in ``dropped`` elements left out."""
    pieces: list[str] = []
    _gather(element, pieces, dropped)
    return [line for line in (clean(part) for part in "".join(pieces).split("\x00")) if line]


def clean(text: str) -> str:
    """Text as stored: composed letters, single spaces, no invisible marks."""
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _INVISIBLE.sub("", text))).strip()


def _gather(element: etree._Element, pieces: list[str], dropped: Collection[etree._Element]) -> None:
    """An iterative walk, since pages nest deeper than Python recurses. ``\\x00`` marks the border of a block."""
    stack: list[tuple[etree._Element, bool]] = [(element, True)]
    while stack:
        node, entering = stack.pop()
        name = node.tag if isinstance(node.tag, str) else ""
        if entering:
            if name in _BLOCKS:
                pieces.append("\x00")
            if name and name not in _UNREAD and node not in dropped:
                if node.text:
                    pieces.append(node.text)
                stack.append((node, False))
                stack.extend((child, True) for child in reversed(node))
                continue
        elif name in _BLOCKS:
            pieces.append("\x00")
        if node is not element and node.tail:
            pieces.append(node.tail)


def joined(lines: Iterable[str]) -> str:
    """Paragraphs as an article's text."""
    return "\n".join(lines)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)
