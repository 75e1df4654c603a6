"""Raw exchanges in WARC 1.1 files: append, read back with proof, verify, and close what a killed run left open.

One gzip member per record and one file per run and source, ``SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz``; while it is being
written the file is called ``.open`` at the end, but records always name the closed file. Bodies are kept as received,
Content-Encoding and all: that is the proof, and it costs a sixth of decoding and packing again (PERFORMANCE 1).
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.coding import decoded
from pipeline.errors import OnrecordError, Rejected
from pipeline.records import WarcRecord

OPEN = ".open"
ROLL_AT = 1 << 30
"""Bytes after which a run goes on in a new file."""
BODY_LIMIT = 64 << 20
"""Bytes of a decoded body that reading back allows; above every cap of the crawler."""

_STEP = 1 << 16
_LEVEL = 6
_LARGE = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
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


class ArchiveWriter:
    """Appends exchanges to the file of one run and source; the file is made with the first of them."""

    def __init__(self, archive: Path, source: str, run: str, started: datetime, *, software: str = "onrecord") -> None:
        self._archive = archive
        self._stem = f"{source}/{started.astimezone(UTC):%Y%m%dT%H%M%S}-{_safe(run)}"
        self._software = software
        self._file: IO[bytes] | None = None
        self._name = ""
        self._offset = 0
        self.names: list[str] = []
        """Files written so far, as records name them."""

    def append(self, exchange: Exchange) -> WarcRecord:
        """Write request and response and hand them to the system; gives back where the response lies."""
        if self._file is None or self._offset >= ROLL_AT:
            self._open_next()
        packed, response_id = _pack_response(exchange)
        record = WarcRecord(self._name, self._offset, len(packed), hashlib.sha256(packed).hexdigest())
        self._write(packed + _pack_request(exchange, response_id))
        return record

    def _write(self, packed: bytes) -> None:
        assert self._file is not None
        self._file.write(packed)
        self._file.flush()
        self._offset += len(packed)

    def _open_next(self) -> None:
        self._close_file()
        number = 1
        while True:
            name = self._stem + (f"-{number}" if number > 1 else "") + ".warc.gz"
            path = self._archive / name
            number += 1
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._file = Path(f"{path}{OPEN}").open("xb")  # noqa: SIM115  (closed by close)
            except FileExistsError:
                continue
            break
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._name, self._offset = name, 0
        self.names.append(name)
        self._write(_pack_info(name, self._software))

    def close(self) -> None:
        """Bring the file to the disk and give it its final name. Does nothing if nothing was written."""
        self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            _settle(self._file, self._archive / self._name)
            self._file = None


def _safe(run: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", run)


def _settle(file: IO[bytes], final: Path) -> None:
    """fsync, rename from ``.open``, close (which gives up the lock) and fsync the folder."""
    file.flush()
    os.fsync(file.fileno())
    Path(f"{final}{OPEN}").rename(final)
    file.close()
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _pack(build: Any) -> tuple[bytes, str]:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    record = build(writer)
    writer.write_record(record)
    text = out.getvalue()
    level = _LEVEL if len(text) <= _LARGE else 1
    return gzip.compress(text, level, mtime=0), record.rec_headers.get_header("WARC-Record-ID")


def _pack_info(name: str, software: str) -> bytes:
    info = {"software": software, "format": "WARC File Format 1.1"}
    return _pack(lambda writer: writer.create_warcinfo_record(name.rpartition("/")[2], info))[0]


def _pack_response(exchange: Exchange) -> tuple[bytes, str]:
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


def _pack_request(exchange: Exchange, response_id: str) -> bytes:
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
    pieces = iter(lambda: stream.read(_STEP), b"")
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


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member of a file."""

    offset: int
    length: int


def members(file: IO[bytes]) -> Iterator[Member]:
    """The whole gzip members of a file from its start; ends before the first that is cut, damaged or not gzip."""
    offset = 0
    file.seek(0)
    pending = b""
    while True:
        stream = zlib.decompressobj(31)
        length = 0
        while not stream.eof:
            chunk = pending or file.read(_STEP)
            pending = b""
            if not chunk:
                return
            try:
                while chunk and not stream.eof:
                    stream.decompress(chunk, _STEP)
                    length += len(chunk) - len(stream.unconsumed_tail) - len(stream.unused_data)
                    chunk = stream.unconsumed_tail
            except zlib.error:
                return
            pending = stream.unused_data
        yield Member(offset, length)
        offset += length


def recover(archive: Path, *, run: str | None = None) -> tuple[str, ...]:
    """Close the files that killed runs (or only ``run``) left open, each cut back to its last whole record.

    Gives back the names of the files closed. Files that a living writer holds are left alone.
    """
    closed = []
    for path in sorted(archive.glob(f"*/*.warc.gz{OPEN}")) if archive.is_dir() else []:
        if run is not None and not re.search(rf"-{re.escape(_safe(run))}(-\d+)?\.warc\.gz", path.name):
            continue
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end = max((member.offset + member.length for member in members(file)), default=0)
            if end == 0:
                path.unlink()
                continue
            file.truncate(end)
            final = Path(str(path).removesuffix(OPEN))
            _settle(file, final)
        closed.append(final.relative_to(archive).as_posix())
    return tuple(closed)


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a WARC file at an offset."""

    offset: int
    problem: str


def verify_file(path: Path) -> list[Damage]:
    """Everything wrong with one closed WARC file; empty if nothing is.

    Each record must be a whole gzip member whose checksum and WARC digests hold, and the file must end with one
    (RELIABILITY finding 12: the usual checkers pass a file that is cut, and hide what follows a flipped bit).
    """
    found: list[Damage] = []
    data = path.read_bytes()
    offset = 0
    while offset < len(data):
        text, end, problem = _unpack(data, offset)
        problem = problem or _digest_problem(text)
        if problem:
            found.append(Damage(offset, problem))
        offset = end
    return found


def _unpack(data: bytes, offset: int) -> tuple[bytes, int, str]:
    """The text of the gzip member at ``offset``, where the next one begins, and what is wrong (empty if nothing)."""
    stream = zlib.decompressobj(31)
    text = bytearray()
    position = offset
    try:
        while not stream.eof and position < len(data):
            piece = data[position : position + _STEP]
            text += stream.decompress(piece)
            position += len(piece) - len(stream.unused_data)
    except zlib.error as error:
        return b"", _next_member(data, offset + 1), f"the record is damaged: {error}"
    if not stream.eof:
        return b"", _next_member(data, offset + 1), "the record is cut"
    return bytes(text), position, ""


def _next_member(data: bytes, start: int) -> int:
    """Where the next WARC record begins that can be unpacked, or the end of the data."""
    while True:
        start = data.find(_MAGIC, start)
        if start < 0:
            return len(data)
        try:
            if zlib.decompressobj(31).decompress(data[start : start + 4096], 5) == b"WARC/":
                return start
        except zlib.error:
            pass
        start += 1


def _digest_problem(text: bytes) -> str:
    try:
        for record in ArchiveIterator(io.BytesIO(text), check_digests=True):
            record.raw_stream.read()
            checker = record.digest_checker
            if checker.passed is False:
                return "; ".join(str(problem) for problem in checker.problems) or "a digest does not hold"
    except (ArchiveLoadFailed, ValueError, EOFError) as error:
        return f"not a WARC record: {error}"
    return ""


def file_sha256(path: Path) -> str:
    """Hex digest of a whole file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
