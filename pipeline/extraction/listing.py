"""Pages whose text is no story although it is text: sections, galleries, lists of names, an empty template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from pipeline.errors import Rejected
from pipeline.extraction.blocks import Block, clean_text, count_letters, paragraph_key, xpath_elements
from pipeline.extraction.page_checks import MIN_LETTERS
from pipeline.extraction.prose import is_news_line, reads_like_sentence
from pipeline.reasons import Reason
from pipeline.records import Outcome

_CAPTION = re.compile(r"caption|credit|copyright|photo-?(?:author|desc|text)|подпись", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_TEASERS = 5
_TEASERS = 0.8
"""Share of paragraphs right below a link of their own from which on a page lists other stories."""
_HEADLINE = 15
"""Characters of the shortest link that can be another story's headline."""
_IN_A_ROW = 3
"""Paragraphs in one element from which on they are no captions."""
_NAMES = 8
"""Words from which on a line without any small word is a list of names, not a sentence."""

_ENDS = (".", "!", "?", "…", "”", "»", "。", "！", "？", "؟", "।")
_EMPTY = 20
"""Letters of a marked body below which it is an empty template."""


def check_links(kept_lines: list[str], found_lines: list[str]) -> None:
    """Raises Rejected (``link-list``) where most of what was found are links: a section page, a list of headlines."""
    total = sum(map(len, found_lines))
    linked = total - sum(map(len, kept_lines))
    if linked * 100 > total * 60 and sum(map(reads_like_sentence, kept_lines)) < _FEWEST_TEASERS:
        raise Rejected(
            Outcome.NOT_ARTICLE, Reason.LINK_LIST, f"{linked} of {total} characters are links to other pages"
        )


def check_teasers(lines: list[str], page: list[Block], link_share: float) -> None:
    """Raises Rejected (``link-list``) where nearly every paragraph stands under a headline that links elsewhere."""
    wanted = {paragraph_key(line) for line in lines}
    own, below, since_link = 0, 0, 3
    for block in page:
        if block.linked >= link_share * len(block.text):
            since_link = 0 if len(block.text) >= _HEADLINE else since_link
        elif block.key in wanted:
            own += 1
            below += since_link < 2
            since_link = 3
        else:
            since_link += 1
    if own >= _FEWEST_TEASERS and below >= _TEASERS * own:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.LINK_LIST, f"{below} of {own} paragraphs announce other pages")


def check_captions(lines: list[str], page: list[Block]) -> None:
    """Raises Rejected (``no-text``) where all the text there is belongs to pictures: photo pages."""
    wanted = {paragraph_key(line) for line in lines}
    prose = [block for block in page if block.key in wanted and _is_prose(block)]
    if any(not _is_caption(block.owner) for block in prose) or _share_one_parent(prose):
        return
    text = paragraph_key("".join(lines))
    if not text:
        return
    own = [block for block in page if block.key and block.key in text]
    captions = [block for block in own if _is_caption(block.owner)]
    if sum(len(block.key) for block in captions) * 2 < len(text):
        return
    shown = {block.text for block in captions}
    rest = (block.text for block in own if block.text not in shown and reads_like_sentence(block.text))
    if count_letters("".join(rest), MIN_LETTERS) < MIN_LETTERS:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, f"nothing but {len(captions)} captions of pictures")


def _share_one_parent(prose: list[Block]) -> bool:
    """Whether paragraphs follow each other as a story's do; each caption has its own picture's element round it."""
    parents = Counter(block.owner.getparent() for block in prose if block.owner.tag == "p")
    return max(parents.values(), default=0) >= _IN_A_ROW


def _is_prose(block: Block) -> bool:
    return len(block.text) >= MIN_LETTERS * 2 and reads_like_sentence(block.text)


def _is_caption(element: etree._Element) -> bool:
    near = (element, *islice(element.iterancestors(), 3))
    return any(up.tag in ("figure", "figcaption") or _CAPTION.search(up.get("class") or "") for up in near)


def check_names(lines: list[str]) -> None:
    """Raises Rejected (``no-text``) where the text is a list of names without a sentence: regions, editions, tags."""
    if any(len(line) >= MIN_LETTERS * 2 and line.endswith(_ENDS) for line in lines):
        return
    names = [_names_only(line) for line in lines]
    if not any(names) and len(lines) < _FEWEST_TEASERS:
        return
    prose = [line for line, listed in zip(lines, names, strict=True) if not listed and _ends_or_reads(line)]
    if count_letters("".join(prose), MIN_LETTERS) < MIN_LETTERS and not any(map(is_news_line, prose)):
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, f"{len(lines)} lines without a sentence")


def _ends_or_reads(line: str) -> bool:
    """Whether a line is a sentence, however short: a verse, a question, an answer."""
    return reads_like_sentence(line) or (" " in line and line.rstrip('"”»').endswith(_ENDS))


def _names_only(line: str) -> bool:
    words: list[str] = _WORD.findall(line)
    if len(words) < _NAMES or line.isupper() or line.rstrip('"”»').endswith(_ENDS):
        return False
    small = sum(not word[0].isupper() for word in words)
    return small * 4 < len(words)


def check_body(tree: etree._Element) -> None:
    """Raises Rejected (``no-text``) where the page marks its story's element and nothing is in it or right beside it.

    Beside it: an element that may hold no paragraphs, such as ``<p itemprop>``, is closed by the parser before them.
    """
    marked = [
        node
        for node in xpath_elements(tree, "//*[@itemprop='articleBody']")
        if node.tag not in ("meta", "link") and not node.get("content")
    ]
    if marked and all(_is_empty(node) and not _has_prose(node.itersiblings()) for node in marked):
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, "the page's articleBody is empty")


def _is_empty(node: etree._Element) -> bool:
    return count_letters("".join(map(str, node.itertext())), _EMPTY) < _EMPTY


def _has_prose(nodes: Iterable[etree._Element]) -> bool:
    paragraphs = (clean_text("".join(map(str, node.itertext()))) for node in nodes if node.tag == "p")
    return any(len(text) >= MIN_LETTERS and reads_like_sentence(text) for text in paragraphs)
