"""Read damaged WARC files: give back the readable records and report the rest. For replaying files of other tools."""

from __future__ import annotations

import io
import mmap
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.exchange import ArchiveError
from pipeline.archive.integrity import LARGEST, Damage, unpack_member
from pipeline.archive.reader import FAULTS, RecordLocation, record_locations, record_locations_in
from pipeline.archive.recovery import gzip_members

_GZIP = b"\x1f\x8b"
_HEAD = re.compile(
    rb"WARC/1\.\d\r?\n(?:[^\r\n]+\r?\n)*?Content-Length:[ \t]*(\d{1,15})\r?\n(?:[^\r\n]+\r?\n)*\r?\n", re.I
)
_LONGEST_HEAD = 1 << 16


def salvage_records(path: Path, scratch: Path) -> Iterator[RecordLocation | Damage]:
    """The locations of all readable responses, revisits and failed requests of a WARC file, and each damage.

    Zero bytes between and after records are padding, not damage. If several records share a gzip member, as in a file
    that was gzipped as a whole, the member is decompressed into ``scratch``, which must exist as long as the locations
    are used. ArchiveError if the file cannot be opened, is empty, or nothing in it can be read.
    """
    try:
        whole = _as_it_should_be(path)
        if whole is not None:
            yield from whole
            return
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            read = _packed if data[:2] == _GZIP else _plain
            found = list(read(path, data, scratch))
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror or error}", place=str(path)) from error
    damage = [it for it in found if isinstance(it, Damage)]
    if len(damage) == len(found):
        problem = f"damaged at offset {damage[0].offset}: {damage[0].problem}" if damage else "no record in it"
        raise ArchiveError(f"{path}: not a WARC file, or {problem}", place=str(path))
    yield from found


def _as_it_should_be(path: Path) -> list[RecordLocation] | None:
    """The locations in a file without damage; None if it has any. ArchiveError if it is empty."""
    size = path.stat().st_size
    if not size:
        raise ArchiveError(f"{path}: the file is empty", place=str(path))
    with path.open("rb") as file:
        if file.read(2) == _GZIP and sum(member.length for member in gzip_members(file)) != size:
            return None
    try:
        return list(record_locations(path))
    except ArchiveError:
        return None


def _packed(path: Path, data: mmap.mmap, scratch: Path) -> Iterator[RecordLocation | Damage]:
    offset = 0
    while offset < len(data):
        text, end, problem = unpack_member(data, offset)
        if not problem:
            yield from _in_member(path, text, offset, end - offset, scratch)
        elif any(data[offset:end]):
            if offset == 0 and end == len(data) and "unpacks to more" in problem:
                problem = (
                    f"one gzip member of more than {LARGEST >> 20} MiB: run `warcio recompress {path} NEW.warc.gz`"
                )
            yield Damage(offset, problem)
        offset = end


def _plain(path: Path, data: mmap.mmap, scratch: Path) -> Iterator[RecordLocation | Damage]:
    offset = data.find(b"WARC/1.")
    if offset:
        yield Damage(0, "no WARC record begins here")
    while offset >= 0:
        head = _HEAD.match(data, offset, offset + _LONGEST_HEAD)
        end = head.end() + int(head[1]) if head else 0
        if head and data[end : end + 2] in (b"\r\n", b"\n\n", b"\n"):
            yield from _in_member(path, data[offset:end], offset, end - offset, scratch)
        else:
            yield Damage(offset, "the record is cut" if end > len(data) else "its header or length is wrong")
            end = offset + 1
        offset = data.find(b"WARC/1.", end)


def _in_member(path: Path, text: bytes, offset: int, length: int, scratch: Path) -> Iterator[RecordLocation | Damage]:
    """The locations in one gzip member: in place if it has one record, as usual, else in a decompressed copy."""
    found: list[RecordLocation] = []
    problem = ""
    try:
        records = sum(1 for _ in ArchiveIterator(io.BytesIO(text)))
        found.extend(record_locations_in(io.BytesIO(text), path))
    except (ArchiveError, *FAULTS) as error:
        records, problem = 2, " ".join(str(error).split())
    if records > 1 and found:
        unpacked = scratch / f"{path.name}.{offset}"
        unpacked.write_bytes(text)
        yield from (replace(it, path=unpacked) for it in found)
    else:
        yield from (replace(it, offset=offset, length=length) for it in found)
    if problem:
        yield Damage(offset, problem)
