"""XML of feeds and sitemaps as a tree: tolerant of what publishers send, closed to what attackers send."""

from __future__ import annotations

import html
import re
import zlib
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipeline.charset import decode, undouble
from pipeline.errors import Rejected
from pipeline.records import Outcome

MAX_BYTES = 50 * 1024 * 1024
"""Of a document once unpacked: the limit the sitemap protocol itself sets."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^>\[]*(\[)?[^>]*>", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED_ENTITY = re.compile(r"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]{1,31});", re.DOTALL)
_BARE_AMPERSAND = re.compile(r"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,32};)", re.DOTALL)
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))


def unpack(body: bytes) -> bytes:
    """The body, gunzipped if its content is gzip. Rejected if it is larger than MAX_BYTES or cut short."""
    if not body.startswith(b"\x1f\x8b"):
        if len(body) > MAX_BYTES:
            raise Rejected(Outcome.ERROR, "too-large", f"{len(body):,} bytes")
        return body
    unpacker = zlib.decompressobj(31)
    try:
        out = unpacker.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise Rejected(Outcome.ERROR, "truncated", f"gzip: {error}") from error
    if len(out) > MAX_BYTES:
        raise Rejected(Outcome.ERROR, "too-large", f"unpacks to more than {MAX_BYTES:,} bytes")
    if not unpacker.eof:
        raise Rejected(Outcome.ERROR, "truncated", "gzip stream ends early")
    return out


def text_of(body: bytes, content_type: str) -> str:
    """The document as text, put right if it was encoded twice; an empty one is Rejected as ``empty-body``."""
    text = undouble(decode(unpack(body), content_type).text).strip()
    if not text:
        raise Rejected(Outcome.ERROR, "empty-body")
    return text


def parse(text: str) -> tuple[etree._Element | None, list[str]]:
    """The root element, or None if there is none, and what was wrong with the XML.

    Rejected where the document declares entities of its own or exceeds the parser's limits: both would otherwise drop
    parts of the text without a word.
    """
    doctype = _DOCTYPE.search(text[:20_000])
    if doctype:
        if doctype.group(1) or "<!ENTITY" in text[:20_000].upper():
            raise Rejected(Outcome.ERROR, "guard", "the document declares entities of its own")
        text = text[: doctype.start()] + text[doctype.end() :]
    text = _ILLEGAL.sub("", _DECLARATION.sub("", text))
    text = _BARE_AMPERSAND.sub(lambda m: m.group() if len(m.group()) > 1 else "&amp;", _NAMED_ENTITY.sub(_letter, text))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        return None, [f"not XML: {error}"]
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in entry.type_name or "Excessive depth" in entry.message or "huge" in entry.message.lower():
            raise Rejected(Outcome.ERROR, "parse-limit", f"line {entry.line}: {entry.message}")
    problems = [f"ill-formed: line {entry.line}: {entry.message}" for entry in parser.error_log][:3]
    return root, problems


def _letter(match: re.Match[str]) -> str:
    """HTML's named entities, which XML does not know, as the letters they stand for."""
    name = match.group(1)
    if name is None or name in _XML_ENTITIES:
        return match.group()
    letter = html.unescape(f"&{name};")
    return html.escape(letter, quote=False) if letter != f"&{name};" else f"&amp;{name};"


def local(element: etree._Element) -> str:
    """An element's name without namespace, lower case; empty for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def namespace(element: etree._Element) -> str:
    """The namespace, or the prefix where a feed uses one that it never declared."""
    tag = str(element.tag)
    if tag.startswith("{"):
        return tag[1:].partition("}")[0]
    return tag.rpartition(":")[0]


def text_in(element: etree._Element) -> str:
    """All text in an element, without space at its ends."""
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
