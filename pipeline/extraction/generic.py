"""The story of a page whose source has no selectors, or whose selectors find nothing.

trafilatura finds the region; three checks of our own correct it, each measured on 158 gold pages (shingle F1 0.951 for
trafilatura alone): lines that are nothing but links go; lines outside the element that holds most of the sentences go;
and where the page declares its own text (``articleBody``), the paragraphs it confirms win over a region that lost some.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import trafilatura
from lxml import etree

from pipeline.extraction.blocks import Block, blocks, clean, key
from pipeline.extraction.document import HtmlDocument
from pipeline.extraction.listing import check_body, check_captions, check_links, check_teasers
from pipeline.extraction.sieve import reads_like_sentence, sieve, without_menu

_LIST_MARK = re.compile(r"^[-–•]\s+(?=\S)")
_TAG = re.compile(r"<[^>]+>")
_TOKEN = re.compile(r"\w+")
_LINK_LINE = 0.9
"""Share of a line's letters inside links from which on it points to another story."""
_MOST = 0.85
"""Share of the sentences that the story's element holds; from 0.8 to 0.9 the result is the same within 0.001."""
_DECLARED_MIN = 600
"""Characters of a declared text below which it may be a teaser."""


def generic_lines(document: HtmlDocument, url: str, title: str, declared: str) -> list[str]:
    """The paragraphs of the story; empty if none is found. Comments are left out, as are title and furniture.

    Rejected: ``link-list`` for a page that lists other pages, ``no-text`` for one whose text belongs to its pictures.

    ``declared``: the text as the page's JSON-LD gives it, or empty.
    """
    check_body(document.tree)
    page = blocks(document.tree)
    found = _trafilatura(document, url)
    own = _without_link_lines(found, page)
    check_links(own, found)
    lines = sieve(own, title)
    lines = without_menu(_inside_story(lines, page))
    lines = _confirmed(lines, page, title, _TAG.sub(" ", declared))
    check_teasers(lines, page, _LINK_LINE)
    check_captions(lines, page)
    return lines


def _trafilatura(document: HtmlDocument, url: str) -> list[str]:
    found = trafilatura.bare_extraction(document.for_trafilatura(), url=url, fast=True, include_comments=False)
    text = "" if found is None or isinstance(found, dict) else found.text or ""
    lines = (clean(_LIST_MARK.sub("", part)) for line in text.splitlines() for part in _cells(line))
    return [line for line in lines if line]


def _cells(line: str) -> list[str]:
    """A row of a table as trafilatura draws it, cell by cell; any other line as it is."""
    if not (line.startswith("|") and line.rstrip().endswith("|")):
        return [line]
    return [cell for cell in line.strip().strip("|").split("|") if cell.strip(" -")]


def _without_link_lines(lines: list[str], page: list[Block]) -> list[str]:
    linked = {block.key for block in page if block.linked >= _LINK_LINE * len(block.text)}
    return [line for line in lines if key(line) not in linked]


def _inside_story(lines: list[str], page: list[Block]) -> list[str]:
    """Without lines that stand only outside the deepest element holding ``_MOST`` of the lines' sentences."""
    story = _story_element(lines, page)
    if story is None:
        return lines
    members = set(story.iter())
    inside = {block.key for block in page if block.owner in members}
    outside = {block.key for block in page} - inside
    return [line for line in lines if key(line) not in outside]


def _story_element(lines: list[str], page: list[Block]) -> etree._Element | None:
    wanted = {key(line) for line in lines}
    weights: dict[etree._Element, int] = defaultdict(int)
    total = 0
    for block in page:
        weight = _sentence_weight(block)
        if weight and block.key in wanted:
            total += weight
            for element in (block.owner, *block.owner.iterancestors()):
                weights[element] += weight
    candidates = [element for element, weight in weights.items() if weight >= _MOST * total]
    return max(candidates, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _sentence_weight(block: Block) -> int:
    text = block.text
    sentence = len(text) >= 50 and block.linked < 0.4 * len(text) and reads_like_sentence(text[-50:])
    return len(text) if sentence else 0


def _confirmed(lines: list[str], page: list[Block], title: str, declared: str) -> list[str]:
    """The page's paragraphs that its declared text holds, if they are nearly all of it and the lines disagree."""
    if len(declared) < max(_DECLARED_MIN, sum(map(len, lines)) // 2):
        return lines
    theirs, ours = _shingles(declared), _shingles("\n".join(lines))
    common = (theirs & ours).total()
    if common < 0.3 * ours.total() or (common > 0.97 * theirs.total() and common > 0.9 * ours.total()):
        return lines
    chosen: dict[str, str] = {}
    for block in page:
        own = _shingles(block.text)
        if own and (own & theirs).total() >= 0.75 * own.total():
            chosen.setdefault(block.key, block.text)
    supported = _shingles("\n".join(chosen.values()))
    if (supported & theirs).total() < 0.9 * theirs.total():
        return lines
    return sieve(_without_link_lines(list(chosen.values()), page), title)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words; of a shorter text, the text itself."""
    words = _TOKEN.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()
