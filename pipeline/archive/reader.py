"""Read responses back: one by its record, with proof, or all of any WARC file."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from pipeline.archive.exchange import OPEN, STEP, ArchiveError, Exchange, FailedRequest, Headers
from pipeline.archive.remote import remote_storage
from pipeline.errors import Rejected
from pipeline.parsing.content_encoding import decode_content
from pipeline.records import Outcome, WarcRecord

BODY_LIMIT = 64 << 20
"""Bytes of a decoded body that reading back allows; above every cap of the crawler."""
FAULTS = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, LookupError, TypeError)
"""What the library raises for bytes that are no records."""

Kind = Literal["response", "revisit", "unanswered"]


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response read back. ``body`` is decoded; ``headers`` are those of the server, except hop-by-hop ones."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """The value of the first header of that name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def read_response(archive: Path, record: WarcRecord, *, away: str | None = None) -> ArchivedResponse:
    """The response a record points to, its bytes proven by their hash. ArchiveError names what is wrong where.

    ``away``: where files that are no longer in the folder were uploaded to (``ONRECORD_ARCHIVE_URL``).
    """
    packed, where = packed_bytes(archive, record, away=away)
    if len(packed) < record.length:
        raise ArchiveError(f"{where}: the file ends before the record does")
    if hashlib.sha256(packed).hexdigest() != record.sha256:
        raise ArchiveError(f"{where}: the record's {record.length} bytes are not those that were written (sha256)")
    found = first_exchange_in(packed, where)
    coding = ", ".join(value for name, value in found.headers if name.lower() == "content-encoding")
    try:
        body = decode_content(found.body, coding, limit=BODY_LIMIT)
    except Rejected as error:
        raise ArchiveError(f"{where}: the archived body cannot be decoded: {error}") from error
    return ArchivedResponse(found.url, found.fetched_at, found.status, found.headers, body)


def packed_bytes(archive: Path, record: WarcRecord, *, away: str | None = None) -> tuple[bytes, str]:
    """A record's bytes as they lie in its file, and where that is in words. ArchiveError if there is no such file."""
    path = _find(archive, record.warc)
    if path is not None:
        with path.open("rb") as file:
            file.seek(record.offset)
            return file.read(record.length), f"{path} at offset {record.offset}"
    if away is not None:
        storage = remote_storage(away)
        return storage.read(record.warc, record.offset, record.length), f"{storage.uri(record.warc)} at {record.offset}"
    raise ArchiveError(f"{archive / record.warc}: no such file in the archive")


def _find(archive: Path, name: str) -> Path | None:
    path = (archive / name).resolve()
    if not path.is_relative_to(archive.resolve()):
        raise ArchiveError(f"{name}: lies outside the archive {archive}")
    return next((candidate for candidate in (path, Path(f"{path}{OPEN}")) if candidate.is_file()), None)


def first_exchange_in(packed: bytes, where: str) -> Exchange:
    """The first response or revisit in the bytes of some records. ArchiveError if there is none that can be read."""
    found = next(read_exchanges(packed, where), None)
    if found is None:
        raise ArchiveError(f"{where}: no response record here")
    return found


def read_exchanges(packed: bytes, where: str) -> Iterator[Exchange]:
    """The responses and revisits in the bytes of some records, bodies as they were received (a revisit has none).

    ArchiveError if one cannot be read.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(packed)):
            if record.rec_type in ("response", "revisit") and record.http_headers is not None:
                yield _exchange(record)
    except FAULTS as error:
        raise ArchiveError(f"{where}: the record cannot be read: {error}") from error


def _exchange(record: Any) -> Exchange:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    body = b"".join(iter(lambda: stream.read(STEP), b""))
    if not chunked and getattr(stream, "limit", 0) > 0:
        raise ValueError(f"it is cut: {stream.limit} bytes are missing")
    status, _, reason = record.http_headers.statusline.partition(" ")
    return Exchange(
        url=_address(record),
        fetched_at=_moment(record),
        status=int(status),
        headers=headers,
        body=body,
        reason=reason,
    )


def _address(record: Any) -> str:
    return str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")


def _moment(record: Any) -> datetime:
    date_header = record.rec_headers.get_header("WARC-Date")
    if not date_header:
        raise ValueError("it has no WARC-Date")
    return datetime.fromisoformat(date_header.replace("Z", "+00:00"))


@dataclass(frozen=True, slots=True)
class Reference:
    """The record whose body a revisit repeats, as far as the revisit tells (WARC 1.1, 5.11 to 5.13)."""

    url: str = ""
    fetched_at: datetime | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where it lies in a WARC file how a request was answered. ``digest``: WARC-Payload-Digest; empty if none."""

    path: Path
    url: str
    fetched_at: datetime
    offset: int
    length: int
    kind: Kind = "response"
    status: int = 0
    digest: str = ""
    failed_request: FailedRequest | None = None
    id: str = ""
    refers_to: Reference = Reference()

    def read_exchange(self) -> Exchange:
        """What the server said. ArchiveError if the record cannot be read any more."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            packed = file.read(self.length)
        return first_exchange_in(packed, f"{self.path} at offset {self.offset}")


def record_locations(path: Path) -> Iterator[RecordLocation]:
    """How each request of a WARC file, packed or not, was answered, in its order.

    ArchiveError if it is no WARC file or is damaged.
    """
    try:
        with path.open("rb") as file:
            yield from record_locations_in(file, path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error}") from error


def record_locations_in(file: IO[bytes], path: Path) -> Iterator[RecordLocation]:
    """The same of an open file; offsets count from where it stands. ArchiveError names ``path``."""
    try:
        records = ArchiveIterator(file)
        for record in records:
            found = _kind_of(record)
            if found is None:
                continue
            kind, failed_request = found
            status = int(record.http_headers.get_statuscode()) if record.http_headers is not None else 0
            get_header = record.rec_headers.get_header
            url, moment, about = _address(record), _moment(record), _about(record) if kind == "revisit" else Reference()
            digest, own = get_header("WARC-Payload-Digest") or "", get_header("WARC-Record-ID") or ""
            records.read_to_end(record)
            if getattr(record.raw_stream, "limit", 0) > 0:
                raise ValueError(f"the record at offset {records.get_record_offset()} is cut")
            offset, length = records.get_record_offset(), records.get_record_length()
            yield RecordLocation(path, url, moment, offset, length, kind, status, digest, failed_request, own, about)
    except FAULTS as error:
        raise ArchiveError(f"{path}: not a WARC file, or damaged: {' '.join(str(error).split())}") from error


def _about(record: Any) -> Reference:
    get_header = record.rec_headers.get_header
    moment = get_header("WARC-Refers-To-Date")
    url = str(get_header("WARC-Refers-To-Target-URI") or "").strip("<>")
    return Reference(
        url,
        datetime.fromisoformat(moment.replace("Z", "+00:00")) if moment else None,
        get_header("WARC-Refers-To") or "",
    )


def _kind_of(record: Any) -> tuple[Kind, FailedRequest | None] | None:
    """What a record is to us; None if it is nothing: requests, what other tools note."""
    if record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
        return record.rec_type, None  # a revisit may leave out the headers that its original has
    if record.rec_type == "metadata" and "warc-fields" in (record.content_type or ""):
        failed_request = _failed_request(record)
        return ("unanswered", failed_request) if failed_request is not None else None
    return None


def _failed_request(record: Any) -> FailedRequest | None:
    lines = record.raw_stream.read(STEP).decode("utf-8", "replace").splitlines()
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if fields.get("outcome") != Outcome.ERROR or not fields.get("reason"):
        return None
    return FailedRequest(_address(record), _moment(record), Outcome.ERROR, fields["reason"], fields.get("detail", ""))
