"""Verify a WARC file: every record is complete and well-formed, and the file matches its index."""

from __future__ import annotations

import hashlib
import io
import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.encode import GZIP_HEAD
from pipeline.archive.exchange import STEP, ArchiveError
from pipeline.archive.index import IndexLine, WholeFile, index_of, read_index, record_sha256, whole_file_of
from pipeline.archive.reader import FAULTS

LARGEST = 256 << 20
"""Bytes that a record may decompress to; no crawl stores one of this size."""
_MAGIC = b"\x1f\x8b\x08"
_NEEDED = (b"WARC-Type", b"WARC-Record-ID", b"WARC-Date", b"Content-Length")


@dataclass(frozen=True, slots=True)
class Damage:
    """A problem with a WARC file, and its offset in bytes."""

    offset: int
    problem: str


@dataclass(slots=True)
class _Seen:
    """The result of reading a file from beginning to end."""

    size: int
    damage: list[Damage] = field(default_factory=list)
    lost: list[range] = field(default_factory=list)
    """Ranges of bytes from which no record could be decompressed."""
    answers: dict[int, str] = field(default_factory=dict)
    """SHA-256 of each response and revisit in its compressed form, by offset."""
    ids: dict[bytes, int] = field(default_factory=dict)
    suspects: list[int] = field(default_factory=list)
    """Offsets of complete records whose order or gzip header differs from what we write: the likely place of a problem
    found otherwise. A response without its request may also come from a killed run."""
    answer: bytes | None = None
    """The id of the response whose request must come next."""


def verify_file(path: Path) -> list[Damage]:
    """Everything wrong with one closed WARC file and its index, in order; empty if nothing is.

    Each record must be a complete gzip member with valid checksum, length and WARC digests, no record may occur twice,
    and the file must be byte for byte the one its index was written for: common WARC checkers accept a truncated file
    and skip what follows a flipped bit. Each damage is reported once, where it begins. OSError if the file cannot be
    read.
    """
    if not path.stat().st_size:
        return [Damage(0, "the file is empty")]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        seen = _seen(data)
        digest = hashlib.sha256(data).hexdigest()
    found = list(seen.damage)
    index = index_of(path)
    try:
        if index.exists():
            found += _index_damage(sorted(read_index(index), key=lambda line: line.offset), seen)
            found = found or list(_whole_damage(whole_file_of(index), seen, digest))
    except ArchiveError as error:
        found.append(Damage(0, f"the index cannot be read: {error}"))
    return sorted(found, key=lambda it: it.offset)


def _seen(data: mmap.mmap) -> _Seen:
    seen = _Seen(len(data))
    offset = 0
    while offset < len(data):
        text, end, problem = unpack_member(data, offset)
        if problem:
            seen.lost.append(range(offset, end))
        else:
            problem = _look_at(seen, text, offset, data[offset:end])
        if problem:
            seen.damage.append(Damage(offset, problem))
        offset = end
    return seen


def unpack_member(data: mmap.mmap, offset: int) -> tuple[bytes, int, str]:
    """The decompressed gzip member at ``offset``, the offset of the next one, and the problem (empty if none)."""
    stream = zlib.decompressobj(31)
    text = bytearray()
    position = offset
    try:
        while not stream.eof and position < len(data):
            piece = stream.unconsumed_tail or data[position : position + STEP]
            text += stream.decompress(piece, LARGEST - len(text) + 1)
            position += len(piece) - len(stream.unused_data) - len(stream.unconsumed_tail)
            if len(text) > LARGEST:
                return b"", _next_member(data, offset + 1), f"the record unpacks to more than {LARGEST} bytes"
    except zlib.error as error:
        end = _next_member(data, offset + 1)
        if not any(data[offset:end]):
            return b"", end, f"{end - offset} zero bytes, no record"
        return b"", end, f"the record is damaged: {error}"
    if not stream.eof:
        return b"", _next_member(data, offset + 1), "the record is cut"
    return bytes(text), position, ""


def _next_member(data: mmap.mmap, start: int) -> int:
    """The offset of the next WARC record that can be decompressed, or the end of the data."""
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


def _look_at(seen: _Seen, text: bytes, offset: int, packed: bytes) -> str:
    """Add a decompressed record to ``seen``; gives back what is wrong with it, empty if nothing."""
    head, _, body = text.partition(b"\r\n\r\n")
    fields = _fields(head)
    if packed[: len(GZIP_HEAD)] != GZIP_HEAD or not _in_order(seen, fields, offset):
        seen.suspects.append(offset)
    seen.answer = None
    if fields.get(b"warc-type") in (b"response", b"revisit"):
        seen.answers[offset] = record_sha256(packed)
        seen.answer = fields.get(b"warc-record-id")
    problem = _head_problem(head, fields, body) or _digest_problem(text)
    first = seen.ids.setdefault(fields.get(b"warc-record-id", b""), offset)
    return problem or (f"the same record as at byte {first}" if first != offset else "")


def _in_order(seen: _Seen, fields: dict[bytes, bytes], offset: int) -> bool:
    """Whether the record is in order: warcinfo comes first, and after each response its request."""
    kind = fields.get(b"warc-type")
    answer = fields.get(b"warc-concurrent-to") if kind == b"request" else None
    return (kind == b"warcinfo") == (offset == 0) and answer == seen.answer


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The fields of a WARC header by lower-case name."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _head_problem(head: bytes, fields: dict[bytes, bytes], body: bytes) -> str:
    if not head.startswith(b"WARC/"):
        return "not a WARC record"
    needed = _NEEDED if fields.get(b"warc-type") == b"warcinfo" else (*_NEEDED, b"WARC-Target-URI")
    missing = [name.decode() for name in needed if not fields.get(name.lower())]
    if missing:
        return f"the record has no {', '.join(missing)}"
    try:
        length = int(fields[b"content-length"])
        datetime.fromisoformat(fields[b"warc-date"].decode("ascii").replace("Z", "+00:00"))
    except ValueError as error:
        return f"a header of the record cannot be read: {error}"
    if len(body) != length + 4 or body[length:] != b"\r\n\r\n":
        return f"the record's Content-Length is {length}, but {max(0, len(body) - 4)} bytes follow"
    return ""


def _digest_problem(text: bytes) -> str:
    try:
        for record in ArchiveIterator(io.BytesIO(text), check_digests=True):
            record.raw_stream.read()
            checker = record.digest_checker
            if checker.passed is False:
                return "; ".join(str(problem) for problem in checker.problems) or "a digest does not hold"
    except FAULTS as error:
        return f"not a WARC record that can be read: {error}"
    return ""


def _index_damage(lines: list[IndexLine], seen: _Seen) -> Iterator[Damage]:
    """Where the responses in a file differ from its index, except in ranges already reported as damaged."""
    place = {digest: offset for offset, digest in seen.answers.items()}
    wrong = [line for line in lines if seen.answers.get(line.offset) != line.sha256]
    found = list(_lost(seen, [line for line in wrong if line.sha256 not in place]))
    named = {line.offset for line in lines} | {it.offset for it in seen.damage}
    digests = {line.sha256 for line in lines}
    for offset, digest in seen.answers.items():
        if offset not in named and digest not in digests:
            found.append(Damage(offset, "the index has no entry for this response"))
    yield from found
    moved = [line for line in wrong if line.sha256 in place]
    explained = min((it.offset for it in (*seen.damage, *found)), default=seen.size)
    if moved and moved[0].offset < explained:
        yield _moved(moved, place, min(moved[0].offset, *seen.suspects, seen.size))


def _lost(seen: _Seen, lines: list[IndexLine]) -> Iterator[Damage]:
    """Responses that differ from what the index says, or are missing from the file."""
    behind = 0
    known = {it.offset for it in seen.damage}
    for line in lines:
        if line.offset in known or any(line.offset in span for span in seen.lost):
            continue
        if line.offset in seen.answers:
            problem = "the record's bytes are not those that the index was written for (sha256)"
            yield Damage(line.offset, problem)
        elif line.offset < seen.size:
            yield Damage(line.offset, f"the index lists {line.url}, but there is no response here")
        else:
            behind += 1
    if behind and not any(span.stop == seen.size for span in seen.lost):
        yield Damage(seen.size, f"the file ends here: it is cut, and {behind} responses that the index lists are gone")


def _moved(lines: list[IndexLine], place: dict[str, int], begins: int) -> Damage:
    first, more = lines[0], f", and {len(lines) - 1} more are out of place" if len(lines) > 1 else ""
    where = "here" if begins == first.offset else f"at byte {first.offset}"
    there = place[first.sha256]
    return Damage(begins, f"the index lists {first.url}, but there is no response {where}: it is at byte {there}{more}")


def _whole_damage(whole: WholeFile | None, seen: _Seen, digest: str) -> Iterator[Damage]:
    """Damage if length or SHA-256 of the whole file differs from the index's header, if it has one."""
    if whole is None or (whole.length, whole.sha256) == (seen.size, digest):
        return
    problem = "the bytes are not those that were written (sha256 of the whole file)"
    if seen.size < whole.length:
        problem = f"the file is cut or lacks a record: {whole.length - seen.size} bytes are gone"
    elif seen.size > whole.length:
        problem = f"{seen.size - whole.length} bytes more than were written"
    end = min(seen.size, whole.length)
    yield Damage(min((*seen.suspects, end)) if seen.size != whole.length else next(iter(seen.suspects), 0), problem)
