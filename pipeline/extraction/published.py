"""When a page was published, where only its elements say so: microdata, ``time`` elements, visible dates.

Pages show many dates: of other stories, of today, of updates. What is not clearly the story's own is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from pipeline.extraction.blocks import clean_text, xpath_elements
from pipeline.parsing.dates import found_days, read_time, tidy_time_text

_DATED = re.compile(
    r"(?:^|[\s_-])(?:\w*date|dates|datetime|time|timestamp|pubdate|published|publish|posted|created|dateline|data|meta)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|aside|popular|latest|trending|most|more|also|teaser|card|cards|comment"
    r"|comments|menu|nav|navigation|topbar|masthead|weather|calendar|today|currency|rates|archive|footer|widget|feed"
    r"|lenta|ticker|promo|banner|subscribe|events?|countdown|copyright|preview|similar|read-?more|read-?also|recent)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"updat|modif|edited|correct|chang|обновл|измен|исправл|редакт", re.IGNORECASE)
_LONGEST = 120
"""Most letters of an element that shows a date; what has more is prose that mentions one."""
_BEFORE, _AFTER = 12, 80
"""So many elements away from the heading a date may be shown; farther up is the site's own head, with today's."""
_LEVELS = 4
"""The heading's surroundings: so many elements up."""


def microdata_time(tree: etree._Element, name: str, heading: etree._Element | None) -> str:
    """The value of the property ``datePublished`` or ``dateModified``, as written, of the story itself."""
    named = [node for node in xpath_elements(tree, "//*[@itemprop]") if name in (node.get("itemprop") or "").split()]
    found = [(node, raw) for node in named if (raw := time_of(node))]
    return found[0][1] if len({raw for _, raw in found}) == 1 else _chosen(found, heading)


def time_elements(tree: etree._Element, heading: etree._Element | None) -> str:
    """The machine-readable value of the story's own ``time`` element, as written."""
    found = xpath_elements(tree, "//time[@datetime]")
    stated = [node for node in found if node.get("pubdate") is not None] or found
    return _chosen([(node, clean_text(node.get("datetime") or "")) for node in stated if not _changed(node)], heading)


def visible_time(tree: etree._Element, heading: etree._Element | None) -> str:
    """The date that the page shows beside its heading, as written; empty without a heading or without such a date."""
    if heading is None:
        return ""
    shown = []
    for node in xpath_elements(tree, "//*[self::time or @class or @id or @itemprop]"):
        marks = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}"
        if (node.tag == "time" or _is_dated(marks)) and node.tag not in ("script", "style", "meta", "body", "html"):
            text = _published_part(_short_text(node))
            if text and not _changed(node) and read_time(text) is not None:
                shown.append((node, text))
    innermost = {node for node, _ in shown}
    inner = [(node, text) for node, text in shown if not any(down in innermost for down in node.iterdescendants())]
    places = {node: place for place, node in enumerate(tree.iter())} if inner else {}
    near = [one for one in inner if -_BEFORE <= places[one[0]] - places[heading] <= _AFTER]
    return _chosen([(node, _with_clock(node, text)) for node, text in near], heading)


@lru_cache(maxsize=10_000)
def _is_dated(marks: str) -> bool:
    """Whether an element's class, id and property are those of a date; pages have few of them, on many elements."""
    return _DATED.search(marks) is not None


def time_of(node: etree._Element) -> str:
    """The time that an element gives, as written: an attribute if there is one, else the text."""
    for name in ("datetime", "content", "time", "data-time", "data-timestamp"):
        value = node.get(name)
        if value:
            return clean_text(value)
    return clean_text("".join(str(part) for part in node.itertext()))


def _short_text(node: etree._Element) -> str:
    text, size = [], 0
    for part in node.itertext():
        text.append(str(part))
        size += len(part.strip())
        if size > _LONGEST:
            return ""
    return tidy_time_text(" ".join(text))


def _with_clock(node: etree._Element, text: str) -> str:
    """The text of the element above if that gives the hour of the same day (``<time>10:00</time>`` beside the day)."""
    around, up = read_time(text), node.getparent()
    wider = _published_part(_short_text(up)) if around is not None and around.day_only and up is not None else ""
    when = read_time(wider)
    return wider if when and around and not when.day_only and when.moment.date() == around.moment.date() else text


def _published_part(text: str) -> str:
    """The part of a shown text that is about publication: not what follows ``updated``; empty if there is none."""
    days = list(found_days(text))
    start = 0
    for place, day in enumerate(days):
        until = days[place + 1].start if place + 1 < len(days) else len(text)
        if not _CHANGED.search(text[start : day.start]):
            changed = _CHANGED.search(text, day.end, until)
            return text[start : changed.start() if changed else until]
        start = day.end
    return ""


def _chosen(found: Iterable[tuple[etree._Element, str]], heading: etree._Element | None) -> str:
    """The value that is the story's: that near the heading if there is one, else the only one outside of lists."""
    own = [(node, raw) for node, raw in found if raw and not _of_others(node, heading)]
    near = _around(heading)
    beside = [(node, raw) for node, raw in own if any(up in near for up in (node, *node.iterancestors()))]
    if beside:
        alone = _unlisted(beside) or beside
        return alone[0][1] if len({read_time(raw) for _, raw in alone}) == 1 else _nearest(beside, heading)
    values = dict.fromkeys(raw for _, raw in _unlisted(own))
    return next(iter(values)) if len({read_time(raw) for raw in values}) == 1 else ""


def _around(heading: etree._Element | None) -> set[etree._Element]:
    """The elements a few levels above the heading, as far as they are not the page."""
    if heading is None:
        return set()
    ups: list[etree._Element] = []
    for up in heading.iterancestors():
        if up.tag in ("body", "html") or len(ups) >= _LEVELS:
            break
        ups.append(up)
    return set(ups) | {heading}


def _nearest(found: list[tuple[etree._Element, str]], heading: etree._Element | None) -> str:
    """Of those in the smallest element around the heading the first; empty if these contradict each other there."""
    for up in heading.iterancestors() if heading is not None else ():
        inside = [(node, raw) for node, raw in found if up in node.iterancestors()]
        if inside:
            return inside[0][1] if len(inside) < 3 or len({raw for _, raw in inside}) == 1 else ""
    return ""


def _unlisted(found: list[tuple[etree._Element, str]]) -> list[tuple[etree._Element, str]]:
    """Without elements of one kind that give several times: these are the entries of a list."""
    kinds: dict[tuple[object, str], set[str]] = defaultdict(set)
    for node, raw in found:
        kinds[node.tag, node.get("class") or ""].add(raw)
    return [(node, raw) for node, raw in found if len(kinds[node.tag, node.get("class") or ""]) < 2]


def _of_others(node: etree._Element, heading: etree._Element | None) -> bool:
    """Whether an element stands in a part of the page that is about other stories, or about the site."""
    above = set(heading.iterancestors()) if heading is not None else set()
    for up in (node, *node.iterancestors()):
        if up in above or up.tag in ("body", "html"):
            return False
        if up.tag in ("aside", "nav", "footer") or (up.tag == "article" and heading is not None):
            return True
        if up.tag == "header" and not _within_story(up):
            return True
        if _OTHER.search(f"{up.get('class') or ''} {up.get('id') or ''}"):
            return True
    return False


def _within_story(header: etree._Element) -> bool:
    """Whether a ``header`` is that of a story, not of the site."""
    parent = header.getparent()
    return parent is not None and parent.tag in ("article", "main", "section")


def _changed(node: etree._Element) -> bool:
    """Whether an element is about an update, by its own marks or by the words right before it."""
    marks = " ".join(filter(None, (node.get("class"), node.get("id"), node.get("itemprop"))))
    before = node.getprevious()
    up = node.getparent()
    words = before.tail if before is not None else up.text if up is not None else None
    return bool(_CHANGED.search(marks) or _CHANGED.search((words or "")[-40:]))
