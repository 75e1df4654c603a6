"""Elements -> paragraphs: one line of text per block, as a reader sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
_NOT_WORD = re.compile(r"\W+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page: its text, the block element it stands in, and how many of its letters are links."""

    owner: etree._Element
    text: str
    linked: int


def paragraphs(element: etree._Element, dropped: Collection[etree._Element] = ()) -> list[str]:
    """The texts of an element's blocks in reading order; empty ones and those in ``dropped`` elements left out."""
    return [block.text for block in blocks(element, dropped)]


def blocks(element: etree._Element, dropped: Collection[etree._Element] = ()) -> list[Block]:
    """The blocks themselves. The walk is iterative, since pages nest deeper than Python recurses."""
    gathering = _Gathering(element)
    stack: list[tuple[etree._Element, bool, bool]] = [(element, True, False)]
    while stack:
        node, entering, linked = stack.pop()
        name = node.tag if isinstance(node.tag, str) else ""
        if entering and name and name not in _UNREAD and node not in dropped:
            gathering.enter(node, name)
            inside = linked or name == "a"
            gathering.add(node.text, inside)
            stack.append((node, False, linked))
            stack.extend((child, True, inside) for child in reversed(node))
            continue
        gathering.leave(name, entered=not entering)
        if node is not element:
            gathering.add(node.tail, linked)
    gathering.flush()
    return gathering.found


class _Gathering:
    """The block under way and those done."""

    def __init__(self, root: etree._Element) -> None:
        self.found: list[Block] = []
        self._owners = [root]
        self._pieces: list[str] = []
        self._linked = 0

    def add(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._linked += len(text.strip())

    def enter(self, node: etree._Element, name: str) -> None:
        if name in _BLOCKS:
            self.flush()
            self._owners.append(node)

    def leave(self, name: str, *, entered: bool) -> None:
        if name in _BLOCKS:
            self.flush()
            if entered:
                self._owners.pop()

    def flush(self) -> None:
        text = clean("".join(self._pieces))
        if text:
            self.found.append(Block(self._owners[-1], text, min(self._linked, len(text))))
        self._pieces.clear()
        self._linked = 0


def clean(text: str) -> str:
    """Text as stored: composed letters, single spaces, no invisible marks."""
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _INVISIBLE.sub("", text))).strip()


def joined(lines: Iterable[str]) -> str:
    """Paragraphs as an article's text."""
    return "\n".join(lines)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)


def bare(text: str) -> str:
    """The word characters of a text in lower case: what tells whether two lines say the same."""
    return _NOT_WORD.sub("", text).casefold()
