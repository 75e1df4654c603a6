"""What is archived: one request and its response; and how they look as WARC records."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import OnrecordError

OPEN = ".open"
"""Ends the name of a file that is being written."""
STEP = 1 << 16
"""Bytes read or unpacked at once."""
_LEVEL = 6
_LARGE = 1 << 20
"""Bytes from which a record is packed fast rather than small."""
_HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive", "proxy-connection", "trailer", "upgrade"})

Headers = tuple[tuple[str, str], ...]


class ArchiveError(OnrecordError):
    """A record is missing or is not what was written; the message names file and offset."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, body as received (after transfer decoding only)."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes
    request_headers: Headers = ()
    reason: str = ""
    ip: str = ""


def _pack(build: Any) -> tuple[bytes, str]:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    record = build(writer)
    writer.write_record(record)
    text = out.getvalue()
    level = _LEVEL if len(text) <= _LARGE else 1
    return gzip.compress(text, level, mtime=0), record.rec_headers.get_header("WARC-Record-ID")


def packed_info(name: str, software: str) -> bytes:
    info = {"software": software, "format": "WARC File Format 1.1"}
    return _pack(lambda writer: writer.create_warcinfo_record(name.rpartition("/")[2], info))[0]


def packed_response(exchange: Exchange) -> tuple[bytes, str]:
    headers = [(name, value) for name, value in _clean(exchange.headers) if name.lower() != "content-length"]
    headers.append(("Content-Length", str(len(exchange.body))))
    extra = {"WARC-Date": warc_date(exchange.fetched_at)}
    if exchange.ip:
        extra["WARC-IP-Address"] = exchange.ip
    status = f"{exchange.status} {exchange.reason}".strip()
    return _pack(
        lambda writer: writer.create_warc_record(
            exchange.url,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict=extra,
        )
    )


def packed_request(exchange: Exchange, response_id: str) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), *_clean(exchange.request_headers)]
    extra = {"WARC-Date": warc_date(exchange.fetched_at), "WARC-Concurrent-To": response_id}
    return _pack(
        lambda writer: writer.create_warc_record(
            exchange.url,
            "request",
            payload=io.BytesIO(b""),
            length=0,
            http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", headers, is_http_request=True),
            warc_headers_dict=extra,
        )
    )[0]


def _clean(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without hop-by-hop headers and without line breaks, which would forge headers of the record."""
    return [
        (re.sub(r"[\r\n]+", " ", name), re.sub(r"[\r\n]+", " ", value))
        for name, value in headers
        if name.lower() not in _HOP_BY_HOP
    ]


def warc_date(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
