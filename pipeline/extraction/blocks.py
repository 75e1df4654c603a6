"""Elements -> paragraphs: one line of text per block, as a reader sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

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
LINK_LINE = 0.9
"""Share of a paragraph's letters inside links from which on it points to another story."""
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]")
_NOT_WORD = re.compile(r"\W+")


@dataclass(frozen=True)
class Block:
    """One paragraph of a page: its text, the block element it stands in, and how many of its letters are links."""

    owner: etree._Element
    text: str
    linked: int

    @cached_property
    def key(self) -> str:
        """For comparison: equal for lines that are this paragraph, however they are spaced."""
        return paragraph_key(self.text)


def paragraph_texts(element: etree._Element, dropped: Collection[etree._Element] = ()) -> list[str]:
    """The texts of an element's blocks in reading order; empty ones and those in ``dropped`` elements left out."""
    return [block.text for block in read_blocks(element, dropped)]


def read_blocks(element: etree._Element, dropped: Collection[etree._Element] = ()) -> list[Block]:
    """The blocks themselves. The walk is iterative, since pages nest deeper than Python recurses."""
    gathering = _Gathering(element)
    pieces = gathering.pieces
    stack: list[tuple[etree._Element, bool, bool]] = [(element, True, False)]
    while stack:
        node, entering, linked = stack.pop()
        tag = node.tag
        if entering:
            read = tag.__class__ is str and tag not in _UNREAD and node not in dropped
            if tag in _BLOCKS:
                gathering.border(node, entered=read, left=False)
            if read:
                inside = linked or tag == "a"
                text = node.text
                if text and (pieces or not text.isspace()):
                    pieces.append(text)
                    gathering.linked += len(text) if inside else 0
                if len(node):
                    stack.append((node, False, linked))
                    stack.extend([(child, True, inside) for child in reversed(node)])
                    continue
                if tag in _BLOCKS:
                    gathering.border(node, entered=False, left=True)
        elif tag in _BLOCKS:
            gathering.border(node, entered=False, left=True)
        tail = node.tail
        if tail and node is not element and (pieces or not tail.isspace()):
            pieces.append(tail)
            gathering.linked += len(tail) if linked else 0
    gathering.flush()
    return gathering.found


class _Gathering:
    """The block under way and those done."""

    def __init__(self, root: etree._Element) -> None:
        self.found: list[Block] = []
        self.pieces: list[str] = []
        self.linked = 0
        """Characters of ``pieces`` that stand in links."""
        self._owners = [root]

    def border(self, node: etree._Element, *, entered: bool, left: bool) -> None:
        """A block begins (``entered``), ends (``left``), or stands there unread."""
        if self.pieces:
            self.flush()
        if entered:
            self._owners.append(node)
        elif left:
            self._owners.pop()

    def flush(self) -> None:
        if self.pieces:
            whole = "".join(self.pieces)
            text = clean_text(whole)
            if text:
                self.found.append(Block(self._owners[-1], text, len(text) * self.linked // len(whole)))
            self.pieces.clear()
        self.linked = 0


def clean_text(text: str) -> str:
    """Text as stored: composed letters, single spaces, no invisible marks."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def select_elements(tree: etree._Element, css: str) -> list[etree._Element]:
    """The elements that a CSS selector matches, in reading order."""
    return cast(list[etree._Element], _compiled(css)(tree))


def xpath_elements(tree: etree._Element, path: str) -> list[etree._Element]:
    """The elements that an XPath of ours names."""
    return cast(list[etree._Element], _xpath(path)(tree))


def xpath_values(tree: etree._Element, path: str) -> list[str]:
    """The attributes or texts that an XPath of ours names."""
    return list(map(str, cast(list[object], _xpath(path)(tree))))


@lru_cache(maxsize=64)
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path)


@lru_cache(maxsize=512)
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def join_paragraphs(lines: Iterable[str]) -> str:
    """Paragraphs as an article's text."""
    return "\n".join(lines)


def count_letters(text: str, enough: int) -> int:
    """How many letters a text has; counting stops at ``enough``."""
    return sum(1 for _ in islice(filter(str.isalpha, text), enough))


def word_characters(text: str) -> str:
    """The word characters of a text in lower case, to compare whether two lines say the same."""
    return _NOT_WORD.sub("", text).casefold()


def paragraph_key(text: str) -> str:
    """A text without spaces, in lower case, to compare whether two lines are the same paragraph."""
    return "".join(text.split()).casefold()
