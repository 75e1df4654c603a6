"""Live blogs: one page, many posts, each with a time of its own.

A live blog grows at its top, so its text is given from the first post to the last: what was read before keeps its
place, and a new post is an addition at the end. Posts are found as the children of one element that carry times; where
the markup shows none, the page's JSON-LD gives them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from pipeline.extraction.blocks import Block, clean_text, paragraph_key, read_blocks
from pipeline.extraction.document import parse_html
from pipeline.extraction.metadata import DeclaredPost, Metadata
from pipeline.extraction.prose import reads_like_sentence
from pipeline.extraction.published import time_of
from pipeline.extraction.sieve import without_title_and_labels
from pipeline.parsing.dates import read_time

_FEWEST = 2
_TIME_CLASS = re.compile(r"(?:^|[-_\s])(?:time|date|timestamp|время|дата)(?:$|[-_\s])", re.IGNORECASE)
_LINK_LINE = 0.9
_DECLARED_SHARE = 0.5
"""Share of the declared posts' characters below which posts found in the markup are something else, as other news."""


@dataclass(frozen=True, slots=True)
class LivePost:
    """One post: its heading, if it has one, and its paragraphs; its time as the page writes it."""

    lines: tuple[str, ...]
    published_raw: str = ""


@dataclass(frozen=True, slots=True)
class LiveBlog:
    """A live blog's lead and its posts, oldest first."""

    lead: tuple[str, ...]
    posts: tuple[LivePost, ...]


def read_live_blog(tree: etree._Element, metadata: Metadata, title: str, zone: str = "UTC") -> LiveBlog | None:
    """The posts of a page that declares itself a live blog; None if it does not, or if fewer than two are found.

    ``zone``: of times that carry none; they only put the posts in order.
    """
    if not metadata.live:
        return None
    declared = [post for post in (_declared(item, title) for item in metadata.posts) if post.lines]
    elements = _post_elements(tree)
    marked = [post for post in (_marked(element, title) for element in elements) if post.lines]
    posts = marked if _size(marked) >= _DECLARED_SHARE * _size(declared) else declared
    posts = list({paragraph_key("".join(post.lines)): post for post in reversed(posts)}.values())[::-1]
    if len(posts) < _FEWEST:
        return None
    return LiveBlog(_lead(tree, elements, title), tuple(_in_order(posts, zone)))


def _size(posts: list[LivePost]) -> int:
    return sum(len(line) for post in posts for line in post.lines)


def _in_order(posts: list[LivePost], zone: str) -> list[LivePost]:
    times = [read_time(post.published_raw, zone=zone) for post in posts]
    moments = [when.moment for when in times if when and not when.day_only]
    if len(moments) < len(posts):
        return posts
    places = sorted(range(len(posts)), key=lambda place: (moments[place], -place))
    return [posts[place] for place in places]


def _post_elements(tree: etree._Element) -> list[etree._Element]:
    """The elements that look like posts: most children of one element, each with a time in it, with most of the prose.

    The page's column and its margin are two such children too, hence most children; a list of other news has more of
    them, hence the prose.
    """
    siblings: dict[etree._Element, dict[etree._Element, None]] = defaultdict(dict)
    for node in tree.iter():
        if node.tag == "time" or (isinstance(node.tag, str) and _TIME_CLASS.search(node.get("class") or "")):
            child = node
            for parent in node.iterancestors():
                siblings[parent].setdefault(child)
                child = parent
    groups = [list(children) for children in siblings.values() if len(children) >= _FEWEST]
    prose = [sum(map(_prose, group)) for group in groups]
    prose_groups = [group for group, size in zip(groups, prose, strict=True) if size * 2 >= max(prose)]
    return max(prose_groups, key=lambda group: (len(group), sum(1 for _ in group[0].iterancestors())), default=[])


def _prose(element: etree._Element) -> int:
    return sum(len(block.text) for block in read_blocks(element) if _is_prose(block))


def _is_prose(block: Block) -> bool:
    return reads_like_sentence(block.text) and block.linked < 0.4 * len(block.text)


def _marked(element: etree._Element, title: str) -> LivePost:
    times = [node for node in element.iter() if node.tag == "time" or _TIME_CLASS.search(node.get("class") or "")]
    found = read_blocks(element, set(times))
    lines = [block.text for block in found if block.linked < _LINK_LINE * len(block.text)]
    published = next((time_of(node) for node in times if time_of(node)), "")
    if not any(map(_is_prose, found)):
        return LivePost((), published)
    return LivePost(tuple(line for line in without_title_and_labels(lines, title) if _is_post_text(line)), published)


def _is_post_text(line: str) -> bool:
    """Whether a line of a post is its words: share buttons and counters have no word of three letters."""
    return re.search(r"[^\W\d_]{3}", line) is not None


def _declared(post: DeclaredPost, title: str) -> LivePost:
    tree = parse_html(f"<html><body>{post.body.replace(chr(10), '<br>')}</body></html>")
    lines = without_title_and_labels([block.text for block in read_blocks(tree)], title)
    heading = (
        [clean_text(post.title)]
        if post.title and paragraph_key(post.title) != paragraph_key(lines[0] if lines else "")
        else []
    )
    return LivePost(tuple(heading + lines) if lines else (), post.published_raw)


def _lead(tree: etree._Element, posts: list[etree._Element], title: str) -> tuple[str, ...]:
    """The prose between the heading and the first post."""
    members = {node for post in posts for node in post.iter()}
    lead: list[str] = []
    below = False
    for block in read_blocks(tree):
        if block.owner in members:
            break
        below = below or block.key == paragraph_key(title)
        if below and _is_prose(block):
            lead.append(block.text)
    else:
        return ()
    return tuple(without_title_and_labels(lead, title))
