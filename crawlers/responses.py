"""Read responses: the outcome that a status decides, the decoded body if it is complete, journal and archive fields."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from scrapy.http import Response

from crawlers.frontier import ResponseSummary
from pipeline.archive import Exchange
from pipeline.errors import Rejected
from pipeline.parsing.content_encoding import decode_content
from pipeline.reasons import Reason, http_reason
from pipeline.records import Disposition, KnownUrl, Outcome

ABSENT = "absent"
"""Flag of a generated 404: the address is not in the replayed files."""
DATALOSS = "dataloss"
"""Flag of a response that ended before its Content-Length, or without its last chunk."""
PARTIAL = "partial"
"""Flag of a response without a length, which ended when the connection was closed."""
GOOD = frozenset({200, 203})
"""Statuses whose body is the document; 203 says that a proxy on the way has changed something."""
NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
"""Content types (or their beginnings) that are never an article."""


def status_outcome(response: Response, known: KnownUrl | None) -> Disposition | None:
    """The outcome if the status alone decides it; None if the body must be read."""
    if response.status in GOOD:
        return None
    if response.status == 304 and known is not None:
        return Disposition(Outcome.UNCHANGED, Reason.NOT_MODIFIED)
    return refusal_by_status(response.status)


def refusal_by_status(status: int) -> Disposition:
    """How an address ends that a server answered with this status instead of the document."""
    return Disposition(Outcome.GONE if status in (404, 410) else Outcome.ERROR, http_reason(status))


def whole_body(response: Response, limit: int) -> bytes:
    """The decoded body, at most ``limit`` bytes.

    Raises Rejected(ERROR): ``empty-body``, ``truncated``, ``bad-encoding``, ``too-large``.
    """
    coding = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
    body = decode_content(response.body, coding, limit=limit)
    if not body.strip():
        raise Rejected(Outcome.ERROR, Reason.EMPTY_BODY)
    if not coding and not {DATALOSS, PARTIAL}.isdisjoint(response.flags) and not is_whole(body):
        raise Rejected(Outcome.ERROR, Reason.TRUNCATED, "the connection was closed and the document has no end")
    return body


def is_whole(body: bytes) -> bool:
    """Whether a document is complete, by its end: the root's end tag, a closing bracket, or a line feed for plain text.

    Servers write comments and counters after the end tag; one with a lot of text after it is inside a script.
    """
    if b"\0" in body[:_BEGINNING]:  # UTF-16
        body = body.replace(b"\0", b"")
    text = body.rstrip(b" \t\r\n\0")
    first = body[:_BEGINNING].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if first in _BRACKETS:
        return text.endswith(_BRACKETS[first])
    if first != b"<":
        return body.endswith((b"\n", b"\r"))
    root = _XML_ROOT.search(body[:_BEGINNING])
    names = [root[1] or root[2]] if root else [b"html", b"body"]
    tail = text[-_BEHIND:].lower()
    empty = root is not None and text.count(b"<") <= _SMALL and text.endswith(b"/>")
    return empty or any(b"</" + name.lower() in tail for name in names)


_BRACKETS = {b"{": b"}", b"[": b"]"}
_BEGINNING = 1 << 12
_BEHIND = 1 << 16
"""Bytes at the end of a document in which its end tag must be."""
_SMALL = 3
"""``<`` signs in a document that is one empty element with its declaration and a comment."""
_XML_ROOT = re.compile(
    rb"<\?xml\b[^<]*(?:<[?!][^<]*)*<([A-Za-z_][\w:.-]{0,60})|<((?:\w{1,20}:)?(?:rss|feed|rdf|urlset|sitemapindex))\b",
    re.IGNORECASE,
)


def header_value(response: Response, name: str) -> str:
    """The value of a header; empty if there is none."""
    value = response.headers.get(name)
    return value.decode("utf-8", "replace") if value else ""


def summarise_response(response: Response, body: bytes | None = None) -> ResponseSummary:
    """The journal's fields of a response, with the SHA-256 of ``body`` if it was read."""
    return ResponseSummary(
        final_url=response.url,
        status=response.status,
        content_type=header_value(response, "Content-Type")[:200],
        etag=header_value(response, "ETag")[:500],
        last_modified=header_value(response, "Last-Modified")[:100],
        body_sha256=hashlib.sha256(body).hexdigest() if body is not None else "",
        elapsed_ms=int(response.meta.get("download_latency", 0) * 1000),
    )


def exchange_of(response: Response, moment: datetime) -> Exchange:
    """The response and its request as one exchange for the archive."""
    request = response.request
    return Exchange(
        url=response.url,
        fetched_at=moment,
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        request_headers=_pairs(request.headers) if request is not None else (),
        ip=str(response.ip_address or ""),
    )


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )
