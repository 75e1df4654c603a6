"""Encode WARC records as gzip members. warcio writes the records; the gzip is ours, as most bodies are compressed."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.archive.exchange import Exchange, FailedRequest, Original

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_LEVEL = 6
_LARGE = 1 << 20
"""Size in bytes above which a record is compressed at the fastest level."""
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""The gzip header with which every record is written."""
_HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive", "proxy-connection", "trailer", "upgrade"})
_PACKED = ("gzip", "x-gzip", "deflate", "br", "zstd")


@dataclass(frozen=True, slots=True)
class EncodedRecord:
    """One WARC record, encoded as one gzip member."""

    data: bytes
    id: str
    digest: str = ""
    """WARC-Payload-Digest; empty if the record has none."""


def packed_info(name: str, software: str) -> EncodedRecord:
    """The warcinfo record with which each file begins."""
    info = {"software": software, "format": "WARC File Format 1.1"}
    return _pack(lambda writer: writer.create_warcinfo_record(name.rpartition("/")[2], info))


def packed_response(exchange: Exchange, digest: str = "", *, fields: Mapping[str, str] | None = None) -> EncodedRecord:
    """A response record. ``digest``: the payload digest if known, else it is computed. ``fields``: extra headers."""
    coded = exchange.header("Content-Encoding").strip().lower().startswith(_PACKED)
    return _pack(
        lambda writer: writer.create_warc_record(
            exchange.url,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=_response_headers(exchange),
            warc_headers_dict=_fields(exchange)
            | dict(fields or {})
            | ({"WARC-Payload-Digest": digest} if digest else {}),
        ),
        stored=len(exchange.body) if coded else 0,
    )


def packed_revisit(exchange: Exchange, original: Original | None) -> EncodedRecord:
    """A revisit record: a response with the body of ``original`` (WARC 1.1, 6.7), or a 304 without a known original."""
    fields = _fields(exchange)
    if exchange.status == 304:
        fields["WARC-Profile"] = NOT_MODIFIED
    if original is None:
        return _pack(
            lambda writer: writer.create_warc_record(
                exchange.url, "revisit", http_headers=_response_headers(exchange), warc_headers_dict=fields
            )
        )

    def build(writer: Any) -> Any:
        record = writer.create_revisit_record(
            exchange.url,
            original.digest,
            original.url,
            warc_date(original.fetched_at),
            http_headers=_response_headers(exchange),
            warc_headers_dict=fields,
        )
        if exchange.status == 304:
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
        return record

    return _pack(build)


def packed_request(exchange: Exchange, response_id: str) -> EncodedRecord:
    """The request record of an exchange, linked to the record of its response."""
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
    )


def packed_failed_request(failed_request: FailedRequest) -> EncodedRecord:
    """A metadata record for a request that failed, with its outcome, reason and detail."""
    end = failed_request.disposition
    fields = {"outcome": end.outcome.value, "reason": end.reason, "detail": end.detail}
    lines = [f"{name}: {' '.join(value.split())}\r\n" for name, value in fields.items() if value]
    payload = "".join(lines).encode()
    return _pack(
        lambda writer: writer.create_warc_record(
            failed_request.url,
            "metadata",
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_headers_dict={"WARC-Date": warc_date(failed_request.fetched_at)},
        )
    )


def _response_headers(exchange: Exchange) -> StatusAndHeaders:
    headers = _clean(exchange.headers)
    if exchange.status != 304:
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        headers.append(("Content-Length", str(len(exchange.body))))
    return StatusAndHeaders(f"{exchange.status} {exchange.reason}".strip(), headers, protocol="HTTP/1.1")


def _fields(exchange: Exchange) -> dict[str, str]:
    fields = {"WARC-Date": warc_date(exchange.fetched_at)}
    if exchange.ip:
        fields["WARC-IP-Address"] = exchange.ip
    return fields


def _clean(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers without hop-by-hop ones and without line breaks, which could forge headers of the record."""
    return [
        (re.sub(r"[\r\n]+", " ", name), re.sub(r"[\r\n]+", " ", value))
        for name, value in headers
        if name.lower() not in _HOP_BY_HOP
    ]


def _pack(build: Callable[[Any], Any], stored: int = 0) -> EncodedRecord:
    """Write a record with ``build`` and gzip it. ``stored``: bytes of its payload that are compressed already."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    record = build(writer)
    writer.write_record(record)
    record_headers = record.rec_headers
    member = gzip_member(out.getvalue(), stored)
    return EncodedRecord(
        member, record_headers.get_header("WARC-Record-ID"), record_headers.get_header("WARC-Payload-Digest") or ""
    )


def gzip_member(text: bytes, stored: int = 0) -> bytes:
    """One gzip member of a record's bytes. The last ``stored`` bytes before the closing CRLF CRLF are not compressed.

    Compressing compressed bytes again would cost a tenth of the whole fetch and make them no smaller.
    """
    level = _LEVEL if len(text) - stored <= _LARGE else 1
    packing = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = len(text) - stored - 4 if stored else len(text)
    head = packing.compress(text[:end])
    if stored:
        # A sync flush ends on a byte, so that another deflate stream can follow in the same member (RFC 1951, 3.2.4).
        head += packing.flush(zlib.Z_SYNC_FLUSH)
        packing = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
        head += packing.compress(text[end:])
    tail = struct.pack("<LL", zlib.crc32(text), len(text) & 0xFFFFFFFF)
    return b"".join((GZIP_HEAD, head, packing.flush(), tail))


def warc_date(moment: datetime) -> str:
    """A moment in the format of WARC-Date: UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
