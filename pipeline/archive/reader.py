"""Read responses from the archive: one by its record, verified by hash, or all of any WARC file."""

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
from pipeline.records import Disposition, Outcome, WarcRecord

BODY_LIMIT = 64 << 20
"""Bytes of a decoded body at most; more than any limit of the crawler."""
FAULTS = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, LookupError, TypeError)
"""What warcio raises for bytes that are not WARC records."""

Kind = Literal["response", "revisit", "unanswered"]


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response read from the archive. ``body`` is decoded; ``headers`` are the server's, without hop-by-hop ones."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """The value of the first header of that name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def read_response(archive: Path, record: WarcRecord, *, away: str | None = None) -> ArchivedResponse:
    """The response that a record points to, verified by its SHA-256. ArchiveError says what is wrong and where.

    ``away``: address of the remote storage with the files that are no longer local (``ONRECORD_ARCHIVE_URL``).
    """
    packed, where = packed_bytes(archive, record, away=away)
    if len(packed) < record.length:
        raise ArchiveError(f"{where}: the file ends before the record does", place=where)
    if hashlib.sha256(packed).hexdigest() != record.sha256:
        raise ArchiveError(
            f"{where}: the record's {record.length} bytes are not those that were written (sha256)", place=where
        )
    found = first_exchange_in(packed, where)
    coding = ", ".join(value for name, value in found.headers if name.lower() == "content-encoding")
    try:
        body = decode_content(found.body, coding, limit=BODY_LIMIT)
    except Rejected as error:
        raise ArchiveError(f"{where}: the archived body cannot be decoded: {error}", place=where) from error
    return ArchivedResponse(found.url, found.fetched_at, found.status, found.headers, body)


def packed_bytes(archive: Path, record: WarcRecord, *, away: str | None = None) -> tuple[bytes, str]:
    """A record's compressed bytes, and a description of their location. ArchiveError if there is no such file."""
    path = _find(archive, record.warc)
    if path is not None:
        with path.open("rb") as file:
            file.seek(record.offset)
            return file.read(record.length), f"{path} at offset {record.offset}"
    if away is not None:
        storage = remote_storage(away)
        return storage.read(record.warc, record.offset, record.length), f"{storage.uri(record.warc)} at {record.offset}"
    raise ArchiveError(f"{archive / record.warc}: no such file in the archive", place=str(archive / record.warc))


def _find(archive: Path, name: str) -> Path | None:
    path = (archive / name).resolve()
    if not path.is_relative_to(archive.resolve()):
        raise ArchiveError(f"{name}: lies outside the archive {archive}", place=name)
    return next((candidate for candidate in (path, Path(f"{path}{OPEN}")) if candidate.is_file()), None)


def first_exchange_in(packed: bytes, where: str) -> Exchange:
    """The first response or revisit in the bytes of one or more records. ArchiveError if none can be read."""
    found = next(read_exchanges(packed, where), None)
    if found is None:
        raise ArchiveError(f"{where}: no response record here", place=where)
    return found


def read_exchanges(packed: bytes, where: str) -> Iterator[Exchange]:
    """The responses and revisits in the bytes of one or more records, bodies as received (a revisit has none).

    ArchiveError if one cannot be read.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(packed)):
            if record.rec_type in ("response", "revisit") and record.http_headers is not None:
                yield _exchange(record)
    except FAULTS as error:
        raise ArchiveError(f"{where}: the record cannot be read: {error}", place=where) from error


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
    """The original record that a revisit refers to, as far as the revisit says (WARC 1.1, 5.11 to 5.13)."""

    url: str = ""
    fetched_at: datetime | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """The location in a WARC file of the record for a request: a response, a revisit or a failed request.

    ``digest``: WARC-Payload-Digest; empty if none.
    """

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
        """Read the exchange. ArchiveError if the record can no longer be read."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            packed = file.read(self.length)
        return first_exchange_in(packed, f"{self.path} at offset {self.offset}")


def record_locations(path: Path) -> Iterator[RecordLocation]:
    """The locations of all responses, revisits and failed requests in a WARC file, gzipped or not, in its order.

    ArchiveError if it is not a WARC file or is damaged.
    """
    try:
        with path.open("rb") as file:
            yield from record_locations_in(file, path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error}", place=str(path)) from error


def record_locations_in(file: IO[bytes], path: Path) -> Iterator[RecordLocation]:
    """The same for an open file; offsets count from its current position. ``path`` is used in ArchiveError."""
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
        raise ArchiveError(
            f"{path}: not a WARC file, or damaged: {' '.join(str(error).split())}", place=str(path)
        ) from error


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
    """The kind of a record, with its failed request if it is one; None for others (requests, other metadata)."""
    if record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
        return record.rec_type, None  # a revisit may omit the HTTP headers of its original
    if record.rec_type == "metadata" and "warc-fields" in (record.content_type or ""):
        failed_request = _failed_request(record)
        return ("unanswered", failed_request) if failed_request is not None else None
    return None


def _failed_request(record: Any) -> FailedRequest | None:
    lines = record.raw_stream.read(STEP).decode("utf-8", "replace").splitlines()
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if fields.get("outcome") != Outcome.ERROR or not fields.get("reason"):
        return None
    end = Disposition(Outcome.ERROR, fields["reason"], fields.get("detail", ""))
    return FailedRequest(_address(record), _moment(record), end)
