"""Find what is wrong with WARC files, and close what a killed run left open."""

from __future__ import annotations

import fcntl
import hashlib
import io
import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipeline.archive.exchange import OPEN, STEP, WARC, ArchiveError
from pipeline.archive.index import Line, index_of, line_of, read_index, sha256, write_index
from pipeline.archive.reader import exchanges, places
from pipeline.archive.writer import safe, settle
from pipeline.records import WarcRecord

_MAGIC = b"\x1f\x8b\x08"


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
            chunk = pending or file.read(STEP)
            pending = b""
            if not chunk:
                return
            try:
                while chunk and not stream.eof:
                    stream.decompress(chunk, STEP)
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
    for path in sorted(archive.glob(f"*/*{WARC}{OPEN}")) if archive.is_dir() else []:
        if run is not None and not re.search(rf"-{re.escape(safe(run))}(-\d+)?\.warc\.gz", path.name):
            continue
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end = max((member.offset + member.length for member in members(file)), default=0)
            final = Path(str(path).removesuffix(OPEN))
            if end == 0:
                path.unlink()
                index_of(final).unlink(missing_ok=True)
                continue
            file.truncate(end)
            settle(file, final, [str(line) for line in lines_of(path, final.name)])
        closed.append(final.relative_to(archive).as_posix())
    return tuple(closed)


def index_missing(archive: Path) -> tuple[str, ...]:
    """Give closed files that lack an index one; the names of those that are damaged, and so get none.

    An index of a damaged file would leave out what it has lost, and be in step with the damage.
    """
    damaged = []
    for path in sorted(archive.glob(f"*/*{WARC}")) if archive.is_dir() else []:
        if index_of(path).exists():
            continue
        if verify_file(path):
            damaged.append(path.relative_to(archive).as_posix())
        else:
            write_index(path, lines_of(path, path.name))
    return tuple(damaged)


def lines_of(path: Path, name: str) -> Iterator[Line]:
    """The index lines of a WARC file that is to be called ``name``, by its records. ArchiveError if it is damaged."""
    with path.open("rb") as file:
        for place in places(path):
            if place.kind == "unanswered":
                continue
            file.seek(place.offset)
            packed = file.read(place.length)
            record = WarcRecord(name, place.offset, place.length, sha256(packed))
            found = next(exchanges(packed, f"{path} at offset {place.offset}"))
            yield line_of(
                place.url,
                place.fetched_at,
                found.header("Content-Type"),
                place.status,
                place.digest,
                record,
                revisit=place.kind == "revisit",
            )


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a WARC file at an offset."""

    offset: int
    problem: str


def verify_file(path: Path) -> list[Damage]:
    """Everything wrong with one closed WARC file and its index; empty if nothing is.

    Each record must be a whole gzip member whose checksum and WARC digests hold, the file must end with one
    (RELIABILITY finding 12: the usual checkers pass a file that is cut, and hide what follows a flipped bit), and the
    index, where there is one, must name exactly the answers that are there, with the hash of their bytes.
    """
    found: list[Damage] = []
    answers: dict[int, str] = {}
    if not path.stat().st_size:
        return [Damage(0, "the file is empty")]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        offset = 0
        while offset < len(data):
            text, end, problem = _unpack(data, offset)
            problem = problem or _digest_problem(text)
            if problem:
                found.append(Damage(offset, problem))
            if _is_answer(text):
                answers[offset] = sha256(data[offset:end])
            offset = end
    known = {damage.offset for damage in found}
    return found + [damage for damage in _index_damage(path, answers) if damage.offset not in known]


def _is_answer(text: bytes) -> bool:
    return re.search(rb"^WARC-Type: (response|revisit)\r$", text[:4096], re.MULTILINE) is not None


def _index_damage(path: Path, answers: dict[int, str]) -> Iterator[Damage]:
    if not index_of(path).exists():
        return
    try:
        lines = {line.offset: line for line in read_index(index_of(path))}
    except ArchiveError as error:
        yield Damage(0, f"the index cannot be read: {error}")
        return
    for offset in sorted(lines.keys() - answers.keys()):
        yield Damage(offset, f"the index tells of {lines[offset].url}, but no answer lies here")
    for offset in sorted(answers):
        line = lines.get(offset)
        if line is None:
            yield Damage(offset, "the index does not tell of this answer")
        elif line.sha256 != answers[offset]:
            yield Damage(offset, "the record's bytes are not those that the index was written for (sha256)")


def _unpack(data: mmap.mmap, offset: int) -> tuple[bytes, int, str]:
    """The text of the gzip member at ``offset``, where the next one begins, and what is wrong (empty if nothing)."""
    stream = zlib.decompressobj(31)
    text = bytearray()
    position = offset
    try:
        while not stream.eof and position < len(data):
            piece = data[position : position + STEP]
            text += stream.decompress(piece)
            position += len(piece) - len(stream.unused_data)
    except zlib.error as error:
        return b"", _next_member(data, offset + 1), f"the record is damaged: {error}"
    if not stream.eof:
        return b"", _next_member(data, offset + 1), "the record is cut"
    return bytes(text), position, ""


def _next_member(data: mmap.mmap, start: int) -> int:
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
