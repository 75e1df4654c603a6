"""Follow HTML redirects: pages of ``<meta http-equiv="refresh" content="0; url=...">`` and next to no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree, html
from scrapy import Request
from scrapy.http import Response

from crawlers.redirects import redirected_request

if TYPE_CHECKING:
    from crawlers.spider import NewsSpider

LARGEST = 64 << 10
"""Bytes of a page that is checked; a larger one has content of its own."""
LONGEST_DELAY = 10.0
"""Seconds of delay up to which a refresh is a redirect; with a longer one the page just reloads itself."""
MOST_TEXT = 600
"""Characters of text that a redirecting page may hold: a title, and a link to click."""
LONGEST = 4096
"""Characters of the ``content`` attribute that are read."""
_CONTENT = re.compile(r"\s*+([\d.]{0,6})\s*+[;,]?\s*+url\s*+=\s*+[\"']?\s*+([^\s\"'>]{1,4000})", re.IGNORECASE)
_SILENT = ("script", "style", "noscript", "template", "iframe")


def refresh_request(spider: NewsSpider, response: Response, body: bytes) -> Request | None:
    """The request for the target of a page's refresh; None if it has none or names itself.

    Raises Refused as for an HTTP redirect.
    """
    url = refresh_in(body)
    if url is None or response.request is None:
        return None
    following = redirected_request(spider, response.request, response, url)
    to_itself = following.url == response.request.url and "Set-Cookie" not in response.headers
    return None if to_itself else following


def refresh_in(body: bytes) -> str | None:
    """The address that a page's meta refresh redirects to; None if it has none, or has a text of its own."""
    if len(body) > LARGEST or b"refresh" not in body.lower():
        return None
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    etree.strip_elements(tree, *_SILENT, with_tail=False)
    if len(" ".join("".join(map(str, tree.itertext())).split())) > MOST_TEXT:
        return None
    for element in tree.iter("meta"):
        if (element.get("http-equiv") or "").strip().lower() == "refresh":
            content = _CONTENT.match((element.get("content") or "")[:LONGEST])
            if content is not None and _seconds(content[1]) <= LONGEST_DELAY:
                return content[2]
    return None


def _seconds(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return LONGEST_DELAY + 1
