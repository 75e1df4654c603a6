"""Stories of several pages (``/story?page=2``, ``/story/2``): recognise their addresses, find the next page's link."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pipeline.parsing.urls import canonical_url

MOST_PARTS = 20
"""Pages read of one story at most."""

_PARAMETERS = frozenset(("page", "pg", "paged", "pagenum", "pageno", "page_number", "pagen_1", "part"))
_NUMBER = re.compile(r"[1-9]\d?")
_PATHS = (
    re.compile(r"(?P<stem>.+?)/(?:page|part)[/-](?P<n>[1-9]\d?)(?P<end>)/?"),
    re.compile(r"(?P<stem>.+)[-_]p?(?P<n>[1-9]\d?)(?P<end>\.s?html?)"),
    re.compile(r"(?P<stem>.+)/(?P<n>[1-9]\d?)(?P<end>)/?"),
)
_LINK = re.compile(r"<(?P<tag>a|link)\s(?P<attributes>[^<>]{1,2000})>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_REL_NEXT = re.compile(r"\brel\s*=\s*[\"']?[^\"'>]*\bnext\b", re.IGNORECASE)
_ONWARD = re.compile(r"\s*(?:next\b|далее|дальше|следующ|продолж|вперед|вперёд|[›»→])", re.IGNORECASE)


def story_page_candidates(url: str) -> Iterator[tuple[str, int]]:
    """The stories that an address may be a page of, each with the page number; first the address itself as page 1."""
    whole = canonical_url(url)
    yield whole, 1
    split = urlsplit(whole)
    query = parse_qsl(split.query, keep_blank_values=True)
    for name, value in query:
        if name.lower() in _PARAMETERS and _NUMBER.fullmatch(value):
            rest = urlencode([pair for pair in query if pair != (name, value)])
            yield canonical_url(urlunsplit(split._replace(query=rest))), int(value)
    for shape in _PATHS:
        match = shape.fullmatch(split.path)
        if match:
            yield canonical_url(urlunsplit(split._replace(path=match["stem"] + match["end"]))), int(match["n"])


def is_part(url: str) -> bool:
    """Whether an address is explicitly a second or later page: ``page=2`` and the like in its query or path."""
    query = parse_qsl(urlsplit(url).query)
    marked = any(name.lower() in _PARAMETERS and _NUMBER.fullmatch(value) and value != "1" for name, value in query)
    return marked or bool(re.search(r"/(?:page|part)[/-](?!1/?$)[1-9]\d?/?$", urlsplit(url).path))


def next_part(markup: str, url: str, *, first: str, number: int) -> str | None:
    """The address of page ``number + 1`` of the story ``first``, if this page (``url``) links to it; else None.

    Only the address ``first`` with a page number counts, so that a link to the site's next story does not.
    """
    story, wanted = canonical_url(first), str(number + 1)
    for link in _LINK.finditer(markup):
        if wanted not in link["attributes"] and "&#" not in link["attributes"]:
            continue
        href = _HREF.search(link["attributes"])
        raw = html.unescape(next(filter(None, href.groups()), "")) if href else ""
        if wanted not in raw or not _leads_on(link, markup, number + 1):
            continue
        try:
            target = urljoin(url, raw.strip()).partition("#")[0]
        except ValueError:  # such as http://[broken
            continue
        if (story, number + 1) in story_page_candidates(target):
            return target
    return None


def _leads_on(link: re.Match[str], markup: str, wanted: int) -> bool:
    if _REL_NEXT.search(link["attributes"]):
        return True
    if link["tag"].lower() == "link":
        return False
    text = re.sub(r"<[^<>]*>", "", markup[link.end() : link.end() + 300].partition("</a")[0]).strip()
    return text == str(wanted) or bool(_ONWARD.match(text))
