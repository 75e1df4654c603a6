"""Parse the XML of feeds and sitemaps to a tree: tolerant of publishers' mistakes, safe against XML attacks."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipeline.errors import Rejected
from pipeline.parsing.charset import decode_body, fix_double_encoding
from pipeline.parsing.content_encoding import GZIP, decode_content
from pipeline.parsing.feeds.markup import mend_xml, with_text_as_text
from pipeline.reasons import Reason
from pipeline.records import Outcome

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of a decompressed document at most: the limit of the sitemap protocol."""


def gunzip_body(body: bytes) -> bytes:
    """The body, decompressed if its content is gzip, with all its members.

    Raises Rejected(ERROR): ``too-large`` above MAX_BYTES, ``truncated``, ``bad-encoding``.
    """
    coding = "gzip" if body.startswith(GZIP) else ""
    return decode_content(body, coding, limit=MAX_BYTES)


def document_text(body: bytes, content_type: str) -> str:
    """The document as text, repaired if it was encoded twice. Raises Rejected(ERROR, ``empty-body``) if it is empty."""
    text = fix_double_encoding(decode_body(gunzip_body(body), content_type).text).strip().lstrip("\ufeff").lstrip()
    if not text:
        raise Rejected(Outcome.ERROR, Reason.EMPTY_BODY)
    return text


def parse_xml(text: str) -> tuple[etree._Element | None, list[str]]:
    """The root element, or None if there is none, and the problems of the XML.

    Anything before the root element is skipped. Raises Rejected if the document declares entities that expand to others
    or exceeds the parser's limits: in both cases parts of the text would otherwise be lost silently.
    """
    text = mend_xml(text)
    root, problems = _parsed(text)
    if root is not None and problems:
        escaped = with_text_as_text(text)
        if escaped != text:
            root, _ = _parsed(escaped)
    return root, problems


def _parsed(text: str) -> tuple[etree._Element | None, list[str]]:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        return None, [f"not XML: {error}"]
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in entry.type_name or "Excessive depth" in entry.message or "huge" in entry.message.lower():
            raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, f"line {entry.line}: {entry.message}")
    problems = [f"ill-formed: line {entry.line}: {entry.message}" for entry in parser.error_log][:3]
    return root, problems


def local_name(element: etree._Element) -> str:
    """An element's name without namespace, lower case; empty for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def namespace_of(element: etree._Element) -> str:
    """An element's namespace, or its prefix if the document does not declare it."""
    tag = str(element.tag)
    if tag.startswith("{"):
        return tag[1:].partition("}")[0]
    return tag.rpartition(":")[0]


def text_in(element: etree._Element) -> str:
    """All text in an element, stripped."""
    return "".join(str(part) for part in element.itertext()).strip()


def web_address(raw: str, base: str) -> str | None:
    """An absolute http or https address, or None for anything else."""
    cleaned = re.sub(r"[\t\r\n]+", "", raw.strip())
    if not cleaned or len(cleaned) > 4096:
        return None
    try:
        address = urljoin(base, cleaned)
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 80) > 0
    except ValueError:
        return None
    return address.replace(" ", "%20") if usable else None
