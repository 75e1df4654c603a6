"""Repair the text of XML documents before they are parsed: publishers write XML that no parser accepts.

Every function runs in linear time, even on hostile input: sections are found by searching forward, and no pattern can
backtrack into text that it has already matched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from pipeline.errors import Rejected
from pipeline.reasons import Reason
from pipeline.records import Outcome

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_MOST_BEFORE = 1 << 16
"""Characters searched for the root element: before it may be a server's warnings, a style sheet, a licence."""
_SUBSET_PART = re.compile(
    r"""\s+|<!--.*?-->|<\?.*?\?>|<!(?:ELEMENT|ATTLIST|NOTATION)\s[^<>]*>
    |<!ENTITY\s+(?P<name>[A-Za-z_][\w.-]{0,60})\s+(?:"(?P<double>[^"<%]{0,100})"|'(?P<single>[^'<%]{0,100})')\s*>""",
    re.VERBOSE | re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:(#\w{1,32}|[A-Za-z_][\w.-]{0,60});)?")
_BARE_LESS = re.compile(r"<(?![A-Za-z_:/!?\u0080-\U0010ffff])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(r"""<[A-Za-z_:](?:[^"'<>]++|"[^"]*+"|'[^']*+')*+""")
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_MOST_ATTRIBUTES = 1000
"""Attributes of one element at most: the parser compares each with all before it."""
_MOST_GROWTH = 1 << 20
"""Characters that a document's own entities may add to it, at most."""
_WORDED = re.compile(
    r"<(/?)(?:(item|entry|channel)"
    r"|((?:(?!media:)[A-Za-z][\w.-]{0,30}:)?(?:title|description|summary|content|encoded|full-text)))(?=[\s>/])",
    re.IGNORECASE,
)
"""Tags of elements that contain text, and of elements that contain such elements."""
_XHTML = re.compile(r"""\btype\s*+=\s*+["']?+\s*+(?:xhtml|[\w.+/-]{0,40}xml)""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)


def mend_xml(text: str) -> str:
    """The document from its root element on, with characters, references and ampersands repaired to valid XML.

    Entities that the document declares as plain text are replaced by it. Raises Rejected(ERROR): ``guard`` if it
    declares entities that refer to others or to files, ``parse-limit`` for an element with too many attributes.
    """
    text = _ILLEGAL.sub("", text)
    start = root_at(text)
    before = text[: start if start is not None else _MOST_BEFORE]
    declared = _entities(before)
    growth = 0

    def replace_reference(match: re.Match[str]) -> str:
        nonlocal growth
        put_in = _reference_text(match.group(1), declared)
        growth += max(0, len(put_in) - 2 * len(match.group()) - 4)
        if growth > _MOST_GROWTH:
            raise Rejected(Outcome.ERROR, Reason.GUARD, "its own entities make the document much longer")
        return put_in

    def plain(part: str) -> str:
        refuse_crowded(part)
        return _BARE_LESS.sub("&lt;", _REFERENCE.sub(replace_reference, part))

    return _outside_cdata(text[start or 0 :], plain)


def refuse_crowded(text: str) -> None:
    """Raise Rejected(ERROR, ``parse-limit``) if an element of XML or HTML has more attributes than any real one."""
    for tag in _TAG.finditer(text):
        words = tag.group()
        if len(words) > 2 * _MOST_ATTRIBUTES and len(_QUOTED.sub(" ", words).split()) > _MOST_ATTRIBUTES:
            raise Rejected(Outcome.ERROR, Reason.PARSE_LIMIT, f"more than {_MOST_ATTRIBUTES} attributes in one element")


def root_at(text: str) -> int | None:
    """The position of the root element of a feed or sitemap, whatever comes before it; None if there is none.

    An element inside a comment or a declaration before it does not count.
    """
    head, at = text[:_MOST_BEFORE], 0
    while (found := _ROOT.search(head, at)) is not None:
        comment = head.rfind("<!--", at, found.start())
        if comment < 0:
            return found.start()
        end = head.find("-->", comment)
        if end < 0 or end < found.start():
            return found.start()
        at = end
    return None


def unescape_html(text: str) -> str:
    """Decode HTML references; the text is unchanged if one has more digits than Python converts to a number."""
    try:
        return html.unescape(text)
    except ValueError:
        return text


def with_text_as_text(text: str) -> str:
    """Escape unescaped HTML markup inside titles, summaries and texts.

    Only for ill-formed documents: HTML seldom closes all its elements, and an unclosed element in one entry would
    swallow the entries after it.
    """
    return _outside_cdata(text, _escaped_inside)


def _escaped_inside(part: str) -> str:
    pieces: list[str] = []
    done = 0
    opened: re.Match[str] | None = None
    inner: list[str] = []
    for tag in _WORDED.finditer(part):
        closing, holder, name = tag.groups()
        if holder:
            opened = None
        elif opened is None:
            opened, inner = (None if closing else tag), []
        elif not closing:
            inner.append(name)
        elif name in inner:
            inner.remove(name)
        else:
            start = part.find(">", opened.end(), tag.start()) + 1
            if name == opened.group(3) and start and not _XHTML.search(part, opened.start(), start):
                words = part[start : tag.start()]
                pieces += [part[done:start], html.escape(words, quote=False) if "<" in words else words]
                done = tag.start()
            opened = None
    return "".join([*pieces, part[done:]])


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    return "".join(part if cdata else change(part) for cdata, part in _parts(text))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Split the text into CDATA sections and the rest, in order; an unclosed section extends to the end."""
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        yield False, text[at:start]
        end = text.find("]]>", start)
        at = end + 3 if end >= 0 else len(text)
        yield True, text[start:at]
    yield False, text[at:]


def _entities(before: str) -> dict[str, str]:
    """The entities that the document type declares as plain text; Rejected for any others."""
    doctype = _DOCTYPE.search(before)
    opened = before.find("[", doctype.start()) if doctype else -1
    closed = before.find(">", doctype.start()) if doctype else -1
    if opened < 0 or -1 < closed < opened:
        if _ENTITY.search(before):
            raise _declares()
        return {}
    found: dict[str, str] = {}
    at = opened + 1
    while not before.startswith("]", at):
        part = _SUBSET_PART.match(before, at)
        if part is None:
            raise _declares()
        if part["name"]:
            found.setdefault(part["name"], _value(part["double"] or part["single"] or ""))
        at = part.end()
    return found


def _value(raw: str) -> str:
    """An entity's value with its references decoded. Rejected if it refers to an entity that is not XML's or HTML's.

    HTML's meaning of a name wins over the document's own declaration, so that no entity expands to another.
    """
    for reference in _REFERENCE.finditer(raw):
        if reference.group(1) and unescape_html(reference.group()) == reference.group():
            raise _declares()
    return _ILLEGAL.sub("", unescape_html(raw))


def _declares() -> Rejected:
    return Rejected(Outcome.ERROR, Reason.GUARD, "the document declares entities of its own")


def _reference_text(name: str | None, declared: Mapping[str, str]) -> str:
    """The replacement for a reference: its characters, escaped for XML; a literal ampersand if it is no reference."""
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return f"&{name};"
    characters = declared.get(name)
    if characters is None:
        characters = unescape_html(f"&{name};")
    if characters == f"&{name};":
        return f"&amp;{name};"
    return html.escape(_ILLEGAL.sub("", characters), quote=True)
