"""Which address an article has: the one asked for, or the one that its page claims, if that can be believed."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.config.source import Source
from pipeline.parsing import pagination
from pipeline.parsing.urls import canonical_url

_FORM = re.compile(r"^(?:amp|print|mobile|m|full)[-_.]|[-_.](?:amp|print|mobile)$")
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$")
_EMPTY = frozenset(
    "amp print printable mobile m full index default news article articles story stories page post doc item read view "
    "p id n ru en".split()
)
_MARK = re.compile(r"[a-z\d]{5,}")
_OF_MANY = re.compile(r"[a-z]*(?:19|20)\d{2}|[a-z]+\d{1,3}|[a-z]+|(?:19|20)\d{6}")
"""Marks that many stories share: words, ``agenda2030``, ``covid19``, days. Any other mark identifies one story."""
_DAY = re.compile(r"(?:19|20)\d{6}")


def article_url(asked: str, claimed: str, source: Source | None) -> str:
    """The canonical address: the page's own claim only if it stays on the source's hosts, can be an article, and is
    another form of the address asked for.

    A template that names one address on every page would make one article of all its stories. Where one story really
    stands at two addresses that have nothing in common, :mod:`pipeline.extraction.near_duplicates` finds it by title
    and text.
    """
    own = canonical_url(asked)
    if not claimed:
        return own
    parts, asked_parts = urlsplit(claimed), urlsplit(asked)
    host = (parts.hostname or "").lower()
    hosts = source.allowed_hosts() if source else ((asked_parts.hostname or "").removeprefix("www."),)
    if parts.scheme not in ("http", "https") or not any(host == h or host.endswith("." + h) for h in hosts):
        return own
    theirs = canonical_url(claimed)
    if not parts.path.strip("/") and not parts.query or not same_story(own, theirs):
        return own
    if any(story == theirs and number > 1 for story, number in pagination.story_page_candidates(own)):
        return own  # a further page of the story has a text of its own
    return theirs if source is None or not source.articles or source.is_article(theirs) else own


def same_story(url: str, other_url: str) -> bool:
    """Whether two addresses on one site look like forms of one: the last identifying word or number is in both."""
    if url == other_url:
        return True
    words, others = _identifying_parts(url), _identifying_parts(other_url)
    if not words or not others:
        return False
    if words[-1] in others or (others[-1] in words and any(map(str.isdigit, others[-1]))):
        return True
    shared = set(_MARK.findall(" ".join(words))) & set(_MARK.findall(" ".join(others)))
    return any(not _OF_MANY.fullmatch(mark) for mark in shared)


def _identifying_parts(url: str) -> list[str]:
    """The parts of path and query that identify the story: no dates, no words for a form or kind of page."""
    parts = urlsplit(url)
    found: list[str] = []
    dated = 0
    for raw in [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]:
        word = _FORM.sub("", _ENDING.sub("", unquote(raw).strip().lower()))
        year, small = re.fullmatch(r"(?:19|20)\d{2}", word), word.isdecimal() and len(word) <= 2
        dated = 3 if year else dated - 1 if small and dated else 0
        if word and word not in _EMPTY and not dated and not _DAY.fullmatch(word):
            found.append(word)
    return found
