"""Where on a page its story stands: the element that holds its sentences, its lead above, its own linked lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import islice, pairwise

from lxml import etree

from pipeline.extraction.blocks import LINK_LINE, Block, paragraph_key
from pipeline.extraction.prose import reads_like_sentence
from pipeline.language.sentences import ends_with_sentence

_MOST = 0.85
"""Share of the sentences that the story's element holds; from 0.8 to 0.9 the result is the same within 0.001."""
_PROSE_LINKS = 0.4
"""Share of links from which on a paragraph is no prose."""
_PARAGRAPHS = ("p", "li", "blockquote")
_WRAPPERS = ("p", "li", "ul", "ol", "blockquote", "h2", "h3", "h4", "h5")
_HEADINGS = ("h2", "h3", "h4", "h5")
_LEAD_CLASS = re.compile(
    r"(?<![a-z])(?:lead(?!er|ing)|lede|dek(?![a-z])|bajada|perex)|standfirst|sub-?(?:title|head)|summary|excerpt|intro"
    r"|strapline|abstract",
    re.IGNORECASE,
)
_NO_LEAD = re.compile(
    r"fig(?:ure|caption)|caption|credit|author|social|share|follow|subscri|signup|newsletter|paywall|promo|related"
    r"|video|aside|disclaimer|comment",
    re.IGNORECASE,
)
_NO_LEAD_ITSELF = re.compile(r"byline|meta|(?<!up)date|time|breadcrumb", re.IGNORECASE)
_NO_LEAD_TEXT = re.compile(r"(?:by|von|par|por|автор:?|текст:?)\s|[©(]", re.IGNORECASE)
_LEAD_WORDS = 5
_MOST_LEADS = 2
_LEAD_LONG = 80
_FEWEST_SENTENCES = 3
"""Paragraphs of prose from which on the element that holds them is the story's, and not one of its paragraphs."""
_FEWEST_SIBLINGS = 2
"""Paragraphs of prose that stand beside a linked line in the story's own element."""


def without_link_lines(lines: list[str], page: list[Block]) -> list[str]:
    """The lines without those that only link elsewhere.

    A linked heading above prose and a linked sentence stay if they stand among the story's own paragraphs.
    """
    linked = {block.key for block in page if _is_link_line(block)}
    own = _own_link_lines(lines, page)
    return [line for line in lines if paragraph_key(line) not in linked or paragraph_key(line) in own]


def inside_story(lines: list[str], page: list[Block], title: str) -> list[str]:
    """The lines of the story's element, the deepest that holds ``_MOST`` of the lines' sentences, and what they lack.

    Lines that stand only outside it go. Its lead between the page's heading and that element is the story's, and so are
    elements beside it of its kind. Among its paragraphs, prose that was passed over comes back.
    """
    story = _story_element(lines, page)
    if story is None:
        return lines
    members = {node for element in _of_its_kind(story) for node in element.iter()}
    inside = {block.key for block in page if block.owner in members}
    leads = _leads(page, members, title)
    outside = {block.key for block in page} - inside - {block.key for block in leads}
    kept = [line for line in lines if paragraph_key(line) not in outside]
    kept_text = paragraph_key("".join(kept))
    marked = (
        [] if any(block.key in kept_text for block in leads) else list(filter(_is_marked_lead, leads))[:_MOST_LEADS]
    )
    lacking = [block for block in _prose_beside(kept, page) if block.owner in members and block.key not in kept_text]
    return _with(kept, page, {*marked, *lacking})


def _with(lines: list[str], page: list[Block], missing: set[Block]) -> list[str]:
    """The lines with the missing paragraphs where the page has them."""
    places = {block.key: place for place, block in reversed(list(enumerate(page)))}
    waiting = [(place, block.text) for place, block in enumerate(page) if block in missing]
    result = []
    for line in lines:
        while waiting and waiting[0][0] < places.get(paragraph_key(line), -1):
            result.append(waiting.pop(0)[1])
        result.append(line)
    return result + [text for _, text in waiting]


def prose_of_densest(page: list[Block]) -> list[Block]:
    """The sentences of the element that has most of them close by: a second opinion on where the story is."""
    scores: dict[etree._Element, float] = defaultdict(float)
    prose = [block for block in page if sentence_weight(block)]
    for block in prose:
        for distance, element in enumerate(_containers(block)):
            scores[element] += sentence_weight(block) / (1 << distance)
    best = max(scores, key=lambda element: scores[element], default=None)
    return [block for block in prose if best is not None and best in _containers(block)]


def sentence_weight(block: Block) -> int:
    """Characters of a paragraph of prose; 0 of any other."""
    text = block.text
    sentence = len(text) >= 50 and block.linked < _PROSE_LINKS * len(text) and reads_like_sentence(text[-50:])
    return len(text) if sentence else 0


def _containers(block: Block) -> list[etree._Element]:
    """The elements right round a paragraph, nearest first."""
    owner = block.owner
    first = owner if owner.tag in ("div", "article", "section", "td") else owner.getparent()
    found: list[etree._Element] = []
    while first is not None and len(found) < 3:
        found.append(first)
        first = first.getparent()
    return found


def _is_link_line(block: Block) -> bool:
    return block.linked >= LINK_LINE * len(block.text)


def _own_link_lines(lines: list[str], page: list[Block]) -> set[str]:
    prose = _prose_among(lines, page)
    beside = _containers_of_prose(prose)
    own = set()
    for block, following in pairwise(page):
        if not _is_link_line(block) or beside[_container(block)] < _FEWEST_SIBLINGS:
            continue
        heads = block.owner.tag in _HEADINGS and following in prose and _container(following) is _container(block)
        if heads or (block.owner.tag in _PARAGRAPHS and _is_sentence(block.text)):
            own.add(block.key)
    return own


def _prose_beside(lines: list[str], page: list[Block]) -> list[Block]:
    """The prose and the linked sentences that stand among paragraphs of the lines."""
    beside = _containers_of_prose(_prose_among(lines, page))
    return [
        block
        for block in page
        if block.owner.tag in _PARAGRAPHS
        and beside[_container(block)] >= _FEWEST_SIBLINGS
        and (sentence_weight(block) or _is_link_line(block))
        and _is_sentence(block.text)
        and not block.text.startswith("©")
    ]


def _prose_among(lines: list[str], page: list[Block]) -> set[Block]:
    wanted = {paragraph_key(line) for line in lines}
    return {block for block in page if block.key in wanted and sentence_weight(block)}


def _containers_of_prose(prose: set[Block]) -> Counter[etree._Element]:
    return Counter(_container(block) for block in prose if block.owner.tag in _PARAGRAPHS)


def _container(block: Block) -> etree._Element:
    """The element that a paragraph is part of, past lists and quotations."""
    element: etree._Element | None = block.owner
    while element is not None and element.tag in _WRAPPERS:
        element = element.getparent()
    return block.owner if element is None else element


def _is_sentence(text: str) -> bool:
    return len(text) >= 40 and ends_with_sentence(text)


def _story_element(lines: list[str], page: list[Block]) -> etree._Element | None:
    wanted = {paragraph_key(line) for line in lines}
    weights: dict[etree._Element, int] = defaultdict(int)
    total = count = 0
    for block in page:
        weight = sentence_weight(block)
        if weight and block.key in wanted:
            total, count = total + weight, count + 1
            for element in (block.owner, *block.owner.iterancestors()):
                weights[element] += weight
    candidates = [element for element, weight in weights.items() if weight >= _MOST * total]
    deepest = max(candidates, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)
    if deepest is None or count >= _FEWEST_SENTENCES:
        return deepest
    round_it = (deepest, *deepest.iterancestors())
    declared = next((element for element in round_it if element.tag in ("article", "main")), None)
    return declared if declared is not None else next(up for up in round_it if up.tag not in _WRAPPERS)


def _of_its_kind(story: etree._Element) -> list[etree._Element]:
    """The element, and its siblings of the same tag and class: a story that advertisements cut into parts."""
    parent, kind = story.getparent(), story.get("class")
    if parent is None or not kind:
        return [story]
    return [node for node in parent if node.tag == story.tag and node.get("class") == kind]


def _leads(page: list[Block], members: set[etree._Element], title: str) -> list[Block]:
    """The paragraphs between the page's heading and its story that read like a lead."""
    start = next((place for place, block in enumerate(page) if block.owner in members), 0)
    wanted = paragraph_key(title)
    heads = [place for place, block in enumerate(page[:start]) if block.owner.tag == "h1" or block.key == wanted]
    return [block for block in page[heads[-1] + 1 : start] if _reads_like_lead(block)] if heads else []


def _reads_like_lead(block: Block) -> bool:
    text = block.text
    if block.linked >= _PROSE_LINKS * len(text) or text.count(" ") < _LEAD_WORDS or _NO_LEAD_TEXT.match(text):
        return False
    if _classes(block, _NO_LEAD) or _NO_LEAD_ITSELF.search(block.owner.get("class") or ""):
        return False
    marked = block.owner.tag in _HEADINGS or _classes(block, _LEAD_CLASS)
    return len(text) >= _LEAD_LONG or ends_with_sentence(text) or marked


def _is_marked_lead(block: Block) -> bool:
    """Whether the page itself says that a paragraph is its lead: by its class, or within the heading's element."""
    near = block.owner.getparent()
    beside_heading = near is not None and any(child.tag == "h1" for child in near)
    return _classes(block, _LEAD_CLASS) or beside_heading


def _classes(block: Block, pattern: re.Pattern[str]) -> bool:
    """Whether the paragraph's element, or one of two round it, has a class of that kind or is a picture's."""
    near = (block.owner, *islice(block.owner.iterancestors(), 2))
    return any(pattern.search(f"{element.tag} {element.get('class') or ''}") for element in near)
