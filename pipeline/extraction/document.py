"""Bytes of a page -> an element tree. Pages that would stall the parser or silently lose text are rejected."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml import etree, html

from pipeline.errors import Rejected
from pipeline.language.sentences import ends_with_sentence
from pipeline.parsing import content_encoding
from pipeline.parsing.charset import decode_body, fix_double_encoding
from pipeline.reasons import Reason
from pipeline.records import Outcome, Page

MAX_BYTES = 9_500_000
"""Most bytes of a page; the largest seen has 2 MiB. The parser silently cuts a text node at 10 MB."""
MAX_LINKS = 20_000
"""Most links of a page; no article has more, and the extractor's time grows with the square of their number."""
MAX_ATTRIBUTES = 2000
"""Most attributes of a tag: the parser's time grows with the square of their number (measured: 10,000 take 0.9 s)."""
MAX_DEPTH = 1000
MAX_CONTROL = 0.05
"""Share of control characters in a page's beginning; text has none, and what has more is a file of another kind."""

_LONG = 8000
"""Bytes of the shortest tag that can hold too many attributes: each takes four, as in `` a=1``."""
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % _LONG)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_LINK = re.compile(rb"<a\s", re.IGNORECASE)
_OPENED = re.compile(r"<([a-z][a-z0-9]*)\b(?![^<>]{0,300}/>)")
_CLOSED = re.compile(r"</([a-z][a-z0-9]*)")
_TAG_BEGUN = re.compile(r"</?[a-z]|<!|<$")
_END_TAG_OPTIONAL = frozenset(
    "html head body p li dt dd rt rp option optgroup colgroup caption thead tbody tfoot tr td th "
    "area base br col embed hr img input link meta param source track wbr".split()
)
"""Elements without an end tag, and those whose end tag the HTML standard lets a page leave out."""
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
_FEED = re.compile(
    r"\s*+(?>(?:<!--.*?-->|<\?[^>]*>|<!DOCTYPE\s+(?:rss|rdf)[^>]*>)\s*+)*+"
    r"<(?:rss|rdf:RDF|feed|urlset|sitemapindex)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_AS_SPACE = bytes(32 if _CONTROL.match(chr(byte)) else byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """A page as a tree, with its charset decision."""

    tree: etree._Element
    encoding: str
    _markup: bytes
    _deep: bool

    @property
    def markup(self) -> str:
        """The page's markup, decoded."""
        return self._markup.decode("utf-8", "replace")

    def for_trafilatura(self) -> html.HtmlElement:
        """A second tree of the kind that trafilatura reads, and changes while it reads."""
        parser = html.HTMLParser(encoding="utf-8", huge_tree=self._deep, remove_comments=True, remove_pis=True)
        return html.document_fromstring(self._markup, parser=parser)


def read_document(page: Page) -> HtmlDocument:
    """The page as a tree. Raises Rejected: ``not-html``, ``no-text``, ``too-large``, ``parse-limit``, ``truncated``."""
    # some servers send a packed page and do not say so; browsers show it all the same
    body = (
        content_encoding.decode_content(page.body, "gzip", limit=MAX_BYTES)
        if page.body.startswith(content_encoding.GZIP)
        else page.body
    )
    markup_like = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if body.startswith(_NOT_TEXT) or (_NOT_HTML.search(page.content_type) and not markup_like):
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NOT_HTML, page.content_type)
    if len(body) > MAX_BYTES:
        raise Rejected(Outcome.ERROR, Reason.TOO_LARGE, f"{len(body):,} bytes")
    decoded = decode_body(body, page.content_type)
    if _FEED.match(decoded.text[:4000]):
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NOT_HTML, "a feed or sitemap")
    if _is_binary(decoded.text):
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NOT_HTML, f"{page.content_type}, but what was sent is not text")
    markup, encoding = fix_double_encoding(decoded.text), decoded.decision
    if markup != decoded.text:
        encoding += ", encoded twice"
    if _cut_short(markup):
        raise Rejected(Outcome.ERROR, Reason.TRUNCATED, f"the page ends after {len(body):,} bytes inside its text")
    tree, cleaned, deep = _checked(markup)
    return HtmlDocument(tree, encoding, cleaned, deep)


def parse_html(markup: str) -> etree._Element:
    """Markup of a page or of part of one as a tree. Raises Rejected: ``no-text``, ``parse-limit``."""
    return _checked(markup)[0]


def _checked(markup: str) -> tuple[etree._Element, bytes, bool]:
    """The tree, the markup it was read from, and whether it took the deeper limit."""
    cleaned = markup.encode("utf-8", "replace").translate(_CONTROL_AS_SPACE)
    _check_tags(cleaned)
    if cleaned.count(b"<") > MAX_LINKS and len(_LINK.findall(cleaned)) > MAX_LINKS:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.LINK_LIST, f"more than {MAX_LINKS:,} links")
    tree, complaint = _parsed(cleaned, deep=False)
    deep = bool(complaint)
    if deep:
        tree, complaint = _parsed(cleaned, deep=True)
        _check_depth(tree)
    if complaint:
        raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, complaint)
    return tree, cleaned, deep


def _check_tags(markup: bytes) -> None:
    """Raises Rejected where a tag has more than MAX_ATTRIBUTES; such a tag has no ``<`` or ``>`` for a long stretch."""
    half = _LONG // 2
    starts = range(0, len(markup), half)
    if not any(markup.find(b"<", at, at + half) < 0 and markup.find(b">", at, at + half) < 0 for at in starts):
        return
    for tag in _LONG_TAG.finditer(markup):
        if _QUOTED.sub(b"", tag.group()).count(b"=") > MAX_ATTRIBUTES:
            raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, f"a tag with more than {MAX_ATTRIBUTES} attributes")


def _parsed(markup: bytes, *, deep: bool) -> tuple[etree._Element, str]:
    """The tree, and the parser's message if it left something out: past 256 levels, 2,048 if ``deep``.

    Plain elements, not those of ``lxml.html``: asking Python for each one's class costs more than the walk.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=deep, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(markup, parser=parser)
    except (etree.XMLSyntaxError, AssertionError) as error:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, str(error)) from error
    if tree is None:
        raise Rejected(Outcome.NOT_ARTICLE, Reason.NO_TEXT, "no element")
    limits = (e for e in parser.error_log if "RESOURCE_LIMIT" in e.type_name or "Excessive depth" in e.message)
    return tree, next((f"line {entry.line}: {entry.message}" for entry in limits), "")


def _check_depth(tree: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, f"elements nested more than {MAX_DEPTH} deep")


def _is_binary(markup: str) -> bool:
    """Whether what came as a page is not text: a picture, or bytes with an unknown signature."""
    head = markup[:4000]
    return len(_CONTROL.findall(head)) > MAX_CONTROL * len(head)


def _cut_short(markup: str) -> bool:
    """Whether a page that opened ``<html>`` or ``<body>`` ends in the middle of its text or of a tag.

    A page may leave out its last end tags: then nothing is open that must be closed, and its last line is whole.
    """
    tail = markup[-2000:].rstrip().lower()
    if not tail or tail.endswith(">") or "</body" in tail or "</html" in tail:
        return False
    head = markup[:3000].lower()
    if "<html" not in head and "<body" not in head:
        return False
    if tail.rfind("<") > tail.rfind(">") and _TAG_BEGUN.match(tail, tail.rfind("<")):
        return True
    return _left_open(markup.lower()) or not (markup.endswith("\n") or ends_with_sentence(tail))


def _left_open(markup: str) -> bool:
    """Whether an element is open at the end whose end tag may not be left out, or a comment."""
    for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        first, *rest = markup.split(opening)
        if rest and closing not in rest[-1]:
            return True
        markup = first + "".join(part.partition(closing)[2] for part in rest)
    opened = Counter(_OPENED.findall(markup))
    closed = Counter(_CLOSED.findall(markup))
    return any(opened[name] > closed[name] for name in opened if name not in _END_TAG_OPTIONAL)
