"""Read responses back: one by its record, with proof, or all of any WARC file."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from pipeline.archive.exchange import OPEN, STEP, ArchiveError, Exchange, Headers
from pipeline.coding import decoded
from pipeline.errors import Rejected
from pipeline.records import WarcRecord

BODY_LIMIT = 64 << 20
"""Bytes of a decoded body that reading back allows; above every cap of the crawler."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A response read back. ``body`` is decoded; ``headers`` are those of the server, except hop-by-hop ones."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """The value of the first header of that name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def read(archive: Path, record: WarcRecord) -> Archived:
    """The response a record points to, its bytes proven by their hash. ArchiveError names what is wrong where."""
    path = _find(archive, record.warc)
    where = f"{path} at offset {record.offset}"
    with path.open("rb") as file:
        file.seek(record.offset)
        packed = file.read(record.length)
    if len(packed) < record.length:
        raise ArchiveError(f"{where}: the file ends before the record does")
    if hashlib.sha256(packed).hexdigest() != record.sha256:
        raise ArchiveError(f"{where}: the record's {record.length} bytes are not those that were written (sha256)")
    found = next(exchanges(packed, where), None)
    if found is None:
        raise ArchiveError(f"{where}: no response record here")
    coding = ", ".join(value for name, value in found.headers if name.lower() == "content-encoding")
    try:
        body = decoded(found.body, coding, limit=BODY_LIMIT)
    except Rejected as error:
        raise ArchiveError(f"{where}: the archived body cannot be decoded: {error}") from error
    return Archived(found.url, found.fetched_at, found.status, found.headers, body)


def _find(archive: Path, name: str) -> Path:
    path = (archive / name).resolve()
    if not path.is_relative_to(archive.resolve()):
        raise ArchiveError(f"{name}: lies outside the archive {archive}")
    for candidate in (path, Path(f"{path}{OPEN}")):
        if candidate.is_file():
            return candidate
    raise ArchiveError(f"{path}: no such file in the archive")


def exchanges(packed: bytes, where: str) -> Iterator[Exchange]:
    """The responses in the bytes of some records, bodies as they were received. ArchiveError if one cannot be read."""
    try:
        for record in ArchiveIterator(io.BytesIO(packed)):
            if record.rec_type == "response" and record.http_headers is not None:
                yield _exchange(record)
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as error:
        raise ArchiveError(f"{where}: the record cannot be read: {error}") from error


def _exchange(record: Any) -> Exchange:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    pieces = iter(lambda: stream.read(STEP), b"")
    status, _, reason = record.http_headers.statusline.partition(" ")
    return Exchange(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        fetched_at=_moment(record),
        status=int(status),
        headers=headers,
        body=b"".join(pieces),
        reason=reason,
    )


def _moment(record: Any) -> datetime:
    return datetime.fromisoformat(record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response lies in a WARC file."""

    url: str
    fetched_at: datetime
    offset: int
    length: int


def places(path: Path) -> Iterator[Place]:
    """The responses of a WARC file, packed or not, in its order. ArchiveError if it is no WARC file or is damaged."""
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                if record.rec_type != "response":
                    continue
                url, moment = record.rec_headers.get_header("WARC-Target-URI").strip("<>"), _moment(record)
                records.read_to_end(record)
                yield Place(url, moment, records.get_record_offset(), records.get_record_length())
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error}") from error
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as error:
        raise ArchiveError(f"{path}: not a WARC file, or damaged: {error}") from error
