"""Bytes of a page -> an element tree, closed to pages that would stall the parser or lose text without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

from pipeline.charset import decode
from pipeline.errors import Rejected
from pipeline.records import Outcome, Page

MAX_BYTES = 16 * 1024 * 1024
"""Of a page; the largest seen in the evaluation material is 2 MiB."""
MAX_ATTRIBUTES = 2000
"""Of one tag: the parser's time grows with their square (RELIABILITY finding 4: 10,000 take 0.9 s)."""
MAX_DEPTH = 1000

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_TEXT = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x00\x00\x00",
    b"RIFF",
    b"ID3",
)
_NOT_HTML = re.compile(
    r"^\s*(image|audio|video|font)/|application/(pdf|zip|octet-stream|json|javascript)", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """A page as a tree, with its charset decision."""

    tree: html.HtmlElement
    encoding: str
    markup: str


def read_document(page: Page) -> HtmlDocument:
    """The page as a tree. Rejected: ``not-html``, ``no-text``, ``too-large``, ``parse-limit``, ``truncated``."""
    body = page.body
    if body.startswith(_NOT_TEXT) or _NOT_HTML.search(page.content_type):
        raise Rejected(Outcome.NOT_ARTICLE, "not-html", page.content_type)
    if len(body) > MAX_BYTES:
        raise Rejected(Outcome.ERROR, "too-large", f"{len(body):,} bytes")
    decoded = decode(body, page.content_type)
    if _cut_short(decoded.text):
        raise Rejected(Outcome.ERROR, "truncated", f"the page ends after {len(body):,} bytes inside its text")
    return HtmlDocument(parse_html(decoded.text), decoded.decision, decoded.text)


def parse_html(markup: str) -> html.HtmlElement:
    """Markup of a page or of part of one as a tree. Rejected: ``no-text``, ``parse-limit``."""
    for tag in _LONG_TAG.finditer(markup):
        if _QUOTED.sub("", tag.group()).count("=") > MAX_ATTRIBUTES:
            raise Rejected(Outcome.ERROR, "parse-limit", f"a tag with more than {MAX_ATTRIBUTES} attributes")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    cleaned = _CONTROL.sub(" ", markup).encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(cleaned, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Rejected(Outcome.NOT_ARTICLE, "no-text", str(error)) from error
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in entry.type_name or "Excessive depth" in entry.message:
            raise Rejected(Outcome.ERROR, "parse-limit", f"line {entry.line}: {entry.message}")
    _check_depth(tree)
    return tree


def _check_depth(tree: html.HtmlElement) -> None:
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Rejected(Outcome.ERROR, "parse-limit", f"elements nested more than {MAX_DEPTH} deep")


def _cut_short(markup: str) -> bool:
    """Whether a page that opened ``<html>`` or ``<body>`` ends in the middle of its text or of a tag."""
    tail = markup[-2000:].rstrip().lower()
    if not tail or tail.endswith(">") or "</body" in tail or "</html" in tail:
        return False
    head = markup[:3000].lower()
    return "<html" in head or "<body" in head
