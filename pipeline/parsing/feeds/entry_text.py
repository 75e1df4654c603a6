"""Titles and texts of a feed's entries: plain text, text as HTML, and what was escaped once more than needed."""

from __future__ import annotations

import html
import re

from pipeline.parsing.feeds.markup import unescape_html

_MARKUP = re.compile(r"<(?:p|br|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|img|blockquote|figure|table)\b[^<>]*>", re.I)
_ESCAPED_MARKUP = re.compile(r"&lt;(?:p|br|div|a|strong|em)\b(?:[^&]|&(?!lt;|gt;))*+&gt;", re.I)
_LONGEST_TITLE = 4000
"""Characters of a title that are kept."""


def plain_title(raw: str) -> str:
    """A title as plain text: markup and entities that were escaped twice are decoded and removed."""
    title = raw[:_LONGEST_TITLE]
    if "&" in title:
        title = unescape_html(title)
    if _MARKUP.search(title):
        title = re.sub(r"<(br\b)?[^<>]*>", lambda tag: " " if tag[1] else "", title)
    return " ".join(title.split())


def text_as_html(text: str) -> str:
    """An element's text as HTML: as it is if it is markup, decoded if that was escaped, else in paragraphs."""
    if not _MARKUP.search(text) and _ESCAPED_MARKUP.search(text):
        text = unescape_html(text)
    return text if _MARKUP.search(text) else as_paragraphs(text)


def as_paragraphs(text: str) -> str:
    """Plain text as HTML, one paragraph per line; HTML entities in it are decoded first."""
    lines = (html.escape(unescape_html(line.strip()), quote=False) for line in text.splitlines())
    return "".join(f"<p>{line}</p>" for line in lines if line)
