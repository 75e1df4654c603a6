"""The story of a page whose source has no selectors, or whose selectors find nothing.

trafilatura finds the region; three checks of our own correct it, each measured on 158 gold pages (shingle F1 0.951 for
trafilatura alone): lines that are nothing but links go; lines outside the element that holds most of the sentences go;
and where the page declares its own text (``articleBody``), the paragraphs it confirms win over a region that lost some.
"""

from __future__ import annotations

import re
from collections import Counter

import trafilatura

from pipeline.extraction.blocks import LINK_LINE, Block, clean_text, paragraph_key, read_blocks
from pipeline.extraction.boilerplate import is_boilerplate, without_pointed
from pipeline.extraction.document import HtmlDocument
from pipeline.extraction.listing import check_body, check_captions, check_links, check_teasers
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.region import inside_story, prose_of_densest, without_link_lines
from pipeline.extraction.sieve import without_menu, without_title_and_labels

_LIST_MARK = "- "
"""What trafilatura puts before an item of a list; a page's own dash before a paragraph opens somebody's words."""
_TAG = re.compile(r"<[^>]+>")
_TOKEN = re.compile(r"\w+")
_AGREED = 0.5
"""Share of the densest element's sentences below which trafilatura is asked again, with its fallbacks."""
_DECLARED_MIN = 600
"""Characters of a declared text below which it may be a teaser."""


def generic_lines(document: HtmlDocument, url: str, title: str, metadata: Metadata) -> list[str]:
    """The paragraphs of the story; empty if none is found. Comments, the title and boilerplate are left out.

    Raises Rejected: ``link-list`` for a page that lists other pages, ``no-text`` if all text belongs to pictures.
    """
    check_body(document.tree)
    everything = read_blocks(document.tree)
    page = without_pointed(everything)
    pointed = {block.key for block in everything} - {block.key for block in page}
    found = _found(document, url, page)
    own = without_link_lines([line for line in found if paragraph_key(line) not in pointed], page)
    if not metadata.declared:
        check_links(own, found)
    story_candidates = [line for line in without_title_and_labels(own, title) if not is_boilerplate(line)]
    lines = inside_story(story_candidates, page, title)
    lines = without_menu(without_title_and_labels(lines, title))
    lines = _confirmed(lines, page, title, _TAG.sub(" ", metadata.article_body))
    if not metadata.declared:
        check_teasers(lines, everything, LINK_LINE)
    check_captions(lines, page)
    return lines


def _found(document: HtmlDocument, url: str, page: list[Block]) -> list[str]:
    """What trafilatura finds; with its fallbacks where the element with most sentences says that it found little."""
    found = _trafilatura(document, url, page)
    expected = prose_of_densest(page)
    if _share(expected, found) >= _AGREED:
        return found
    other = _trafilatura(document, url, page, fast=False)
    return other if _share(expected, other) >= _AGREED else found


def _share(expected: list[Block], lines: list[str]) -> float:
    """How much of the expected sentences, by characters, the lines hold."""
    keys = [paragraph_key(line) for line in lines]
    whole, joined = set(keys), "".join(keys)
    total = sum(len(block.text) for block in expected)
    covered = sum(len(block.text) for block in expected if block.key in whole or block.key in joined)
    return covered / total if total else 1.0


def _trafilatura(document: HtmlDocument, url: str, page: list[Block], *, fast: bool = True) -> list[str]:
    found = trafilatura.bare_extraction(document.for_trafilatura(), url=url, fast=fast, include_comments=False)
    text = "" if found is None or isinstance(found, dict) else found.text or ""
    own = {block.key for block in page if block.text.startswith(_LIST_MARK)}
    cells = (clean_text(part) for line in text.splitlines() for part in _cells(line))
    return [line if paragraph_key(line) in own else line.removeprefix(_LIST_MARK) for line in cells if line]


def _cells(line: str) -> list[str]:
    """A row of a table as trafilatura draws it, cell by cell; any other line as it is."""
    if not (line.startswith("|") and line.rstrip().endswith("|")):
        return [line]
    return [cell for cell in line.strip().strip("|").split("|") if cell.strip(" -")]


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
    return without_title_and_labels(without_link_lines(list(chosen.values()), page), title)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words; of a shorter text, the text itself."""
    words = _TOKEN.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()
