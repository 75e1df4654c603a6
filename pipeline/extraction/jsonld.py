"""JSON-LD of a page: which of its objects is about the page's own story, and what that says."""

from __future__ import annotations

import html as htmllib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipeline.extraction.blocks import clean_text, xpath_elements
from pipeline.parsing.urls import canonical_url

_ARTICLE_TYPES = re.compile(r"(Article|BlogPosting|Report|Posting)$")
_TRANSPARENT = frozenset(("@graph", "mainEntity", "mainEntityOfPage"))
"""Members that hold what the page is about; any other holds what it mentions: lists, related stories, posts."""
_MOST = 2000
_STRING_OR_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', re.DOTALL)
_WRAPPING = re.compile(
    r"^\s*(?:/[/*]\s*)?(?:<!--|<!\[CDATA\[)(?:\s*\*/)?|(?:/[/*]\s*)?(?:-->|\]\]>)(?:\s*\*/)?\s*$|;\s*$"
)
_BARE_DATE = re.compile(r'"datePublished"\s*:\s*"([^"\n]{4,60})"')
_BARE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|\w*Posting)"')


@dataclass(frozen=True, slots=True)
class Declared:
    """One article that the page's JSON-LD declares."""

    item: Mapping[str, object]
    listed: bool
    """Mentioned within something else."""

    @property
    def types(self) -> set[str]:
        return types_of(self.item)

    def text(self, name: str) -> str:
        """A member as text; empty if it has none."""
        return text_of(self.item.get(name))


def own_articles(declared: Iterable[Declared], addresses: Iterable[str], titles: Iterable[str]) -> list[Declared]:
    """The declared articles that are the page's own, the most certain first; lists of other stories are left out.

    Those that name one of ``addresses``, or whose headline is one of ``titles``; if none does, what is declared on its
    own, unless several of these contradict each other.
    """
    found = [one for one in declared if any(_ARTICLE_TYPES.search(name) for name in one.types)]
    own = {_place(url) for url in addresses if url}
    heads = {_folded(title) for title in titles} - {""}
    named = [one for one in found if own & _addresses(one, addresses)]
    named.sort(key=lambda one: not _titled(one, heads))
    titled = [one for one in found if one not in named and _titled(one, heads)]
    titled.sort(key=lambda one: one.listed)
    alone = [one for one in found if not one.listed]
    if named or titled:
        others = [one for one in alone if one not in named and one not in titled]
        live = [one for one in others if "LiveBlogPosting" in one.types]
        return [
            *named,
            *titled,
            *(live or (others if len(others) == 1 and not _addresses(others[0], addresses) else [])),
        ]
    dates = {one.text("datePublished") for one in alone} - {""}
    return alone if len(alone) == 1 or len(dates) <= 1 else []


def types_of(item: Mapping[str, object]) -> set[str]:
    """The names of an object's types."""
    kind = item.get("@type")
    return {str(name) for name in (kind if isinstance(kind, list) else [kind]) if name}


def text_of(value: object) -> str:
    """A value as text; the first text of a list."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), "")
    return clean_text(htmllib.unescape(value)) if isinstance(value, str) else ""


def publisher_names(declared: Iterable[Declared]) -> list[str]:
    """The names of publishers and sites that the JSON-LD gives."""
    names = []
    for one in declared:
        publisher = one.item.get("publisher")
        if isinstance(publisher, dict):
            names.append(text_of(publisher.get("name")))
        if one.types & {"WebSite", "Organization", "NewsMediaOrganization"}:
            names.append(one.text("name"))
    return [name for name in names if name]


def _addresses(one: Declared, bases: Iterable[str]) -> set[str]:
    page = one.item.get("mainEntityOfPage")
    base = next((url for url in bases if url), "")
    declared_urls = [
        one.item.get("url"),
        one.item.get("@id"),
        page,
        page.get("@id") if isinstance(page, dict) else None,
    ]
    found = set()
    for value in declared_urls:
        if isinstance(value, str) and value and not value.startswith("#"):
            try:
                found.add(_place(urljoin(base, value)))
            except ValueError:  # such as http://[broken
                continue
    return found


def _place(url: str) -> str:
    """An address without its scheme, which pages mix up."""
    return canonical_url(url).partition("://")[2].removeprefix("www.")


def _titled(one: Declared, heads: set[str]) -> bool:
    headline = _folded(one.text("headline") or one.text("name"))
    return len(headline) > 8 and any(head.startswith(headline) or headline.startswith(head) for head in heads)


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def declared_objects(tree: etree._Element) -> Iterator[Declared]:
    """Every object of the page's JSON-LD, nested ones included, at most 2,000 of a script."""
    for node in xpath_elements(tree, "//script[contains(@type, 'ld+json')]"):
        queue: list[tuple[Any, bool]] = [(value, False) for value in _values(node.text or "")]
        seen = 0
        while queue and seen < _MOST:
            item, listed = queue.pop(0)
            seen += 1
            if isinstance(item, dict):
                yield Declared(item, listed)
                inner = "ItemList" in types_of(item)
                queue.extend(
                    (value, listed or inner or name not in _TRANSPARENT)
                    for name, value in item.items()
                    if isinstance(value, dict | list)
                )
            elif isinstance(item, list):
                queue.extend((value, listed) for value in item if isinstance(value, dict | list))


def _without_comma(match: re.Match[str]) -> str:
    return match[1] or ""


def _values(raw: str) -> list[Any]:
    """What a script holds; as pages write it: with raw line breaks, comments round it, commas at ends of lists.

    Of what is no JSON at all, such as a headline with quotation marks in it, the one date that it contains.
    """
    text = raw.strip().lstrip("\ufeff")
    for _ in range(2):
        text = _WRAPPING.sub("", text)
    if "&quot;" in text and '"' not in text:
        text = htmllib.unescape(text)
    for mended in (False, True):
        try:
            return [json.loads(_STRING_OR_COMMA.sub(_without_comma, text) if mended else text, strict=False)]
        except (ValueError, RecursionError):
            continue
    dates = set(_BARE_DATE.findall(text))
    if len(dates) == 1 and len(_BARE_TYPE.findall(text)) == 1:
        return [{"@type": "NewsArticle", "datePublished": dates.pop()}]
    return []
