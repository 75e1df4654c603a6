"""What a response is to us: how it ends its target, its body whole or not at all, what journal and archive keep."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from scrapy.http import Response

from crawlers.frontier import Answer
from pipeline.archive import Exchange
from pipeline.coding import decoded
from pipeline.errors import Rejected
from pipeline.records import KnownUrl, Outcome

ABSENT = "absent"
"""Flag of a response that nobody gave: the address is not in what is replayed."""
NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
"""Content types that are no article, whatever they hold."""


def ending(response: Response, known: KnownUrl | None) -> tuple[Outcome, str] | None:
    """The outcome that the status alone decides; None if the body is to be looked at."""
    if response.status == 200:
        return None
    if response.status == 304 and known is not None:
        return Outcome.UNCHANGED, "not-modified"
    return (Outcome.GONE if response.status in (404, 410) else Outcome.ERROR), f"http-{response.status}"


def whole_body(response: Response, limit: int) -> bytes:
    """The decoded body. Rejected(ERROR): ``empty-body``, ``truncated``, ``bad-encoding``, ``too-large``."""
    coding = ",".join(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))
    body = decoded(response.body, coding, limit=limit)
    if not body.strip():
        raise Rejected(Outcome.ERROR, "empty-body")
    if "partial" in response.flags and not coding and not body.rstrip().endswith(b">"):
        raise Rejected(Outcome.ERROR, "truncated", "the connection was closed and nothing tells the length")
    return body


def header(response: Response, name: str) -> str:
    """The value of a header; empty if there is none."""
    value = response.headers.get(name)
    return value.decode("utf-8", "replace") if value else ""


def answer_of(response: Response, body: bytes | None = None) -> Answer:
    """The response as the journal keeps it, with the hash of ``body`` if that was read."""
    return Answer(
        final_url=response.url,
        status=response.status,
        content_type=header(response, "Content-Type")[:200],
        etag=header(response, "ETag")[:500],
        last_modified=header(response, "Last-Modified")[:100],
        body_sha256=hashlib.sha256(body).hexdigest() if body is not None else "",
        elapsed_ms=int(response.meta.get("download_latency", 0) * 1000),
    )


def exchange_of(response: Response, moment: datetime) -> Exchange:
    """The response, and the request that brought it, as the archive keeps them."""
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
