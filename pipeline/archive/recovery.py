"""Recovery after a crash: close the WARC files that a killed run left open, and write missing indexes."""

from __future__ import annotations

import fcntl
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.archive.exchange import OPEN, STEP, WARC
from pipeline.archive.index import IndexLine, index_line_of, index_of, record_sha256, write_index
from pipeline.archive.integrity import verify_file
from pipeline.archive.reader import first_exchange_in, record_locations
from pipeline.archive.writer import close_warc_file, run_file_name
from pipeline.records import WarcRecord


@dataclass(frozen=True, slots=True)
class GzipMember:
    """One complete gzip member of a file."""

    offset: int
    length: int


def gzip_members(file: IO[bytes]) -> Iterator[GzipMember]:
    """The complete gzip members of a file; stops before the first that is truncated, damaged or not gzip."""
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
        yield GzipMember(offset, length)
        offset += length


def recover_archive(archive: Path, *, run: str | None = None) -> tuple[str, ...]:
    """Close the files that killed runs (or only ``run``) left open, each truncated to its last complete record.

    Gives back the names of the closed files. Files that a running writer has locked are skipped.
    """
    closed = []
    for path in sorted(archive.glob(f"*/*{WARC}{OPEN}")) if archive.is_dir() else []:
        if run is not None and not re.search(rf"-{re.escape(run_file_name(run))}(-\d+)?\.warc\.gz", path.name):
            continue
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end = max((member.offset + member.length for member in gzip_members(file)), default=0)
            final = Path(str(path).removesuffix(OPEN))
            if end == 0:
                path.unlink()
                index_of(final).unlink(missing_ok=True)
                continue
            file.truncate(end)
            close_warc_file(file, final, [str(line) for line in index_lines_of(path, final.name)])
        closed.append(final.relative_to(archive).as_posix())
    return tuple(closed)


def index_missing(archive: Path) -> tuple[str, ...]:
    """Write an index for each closed file without one; gives back the names of damaged files, which get none.

    An index made from a damaged file would lack the lost records, and so would hide the damage.
    """
    damaged = []
    for path in sorted(archive.glob(f"*/*{WARC}")) if archive.is_dir() else []:
        if index_of(path).exists():
            continue
        if verify_file(path):
            damaged.append(path.relative_to(archive).as_posix())
        else:
            write_index(path, index_lines_of(path, path.name), of=path)
    return tuple(damaged)


def index_lines_of(path: Path, name: str) -> Iterator[IndexLine]:
    """The index lines for the records of a WARC file, under the file name ``name``. ArchiveError if it is damaged."""
    with path.open("rb") as file:
        for location in record_locations(path):
            if location.kind == "unanswered":
                continue
            file.seek(location.offset)
            packed = file.read(location.length)
            record = WarcRecord(name, location.offset, location.length, record_sha256(packed))
            found = first_exchange_in(packed, f"{path} at offset {location.offset}")
            yield index_line_of(
                location.url,
                location.fetched_at,
                found.header("Content-Type"),
                location.status,
                location.digest,
                record,
                revisit=location.kind == "revisit",
            )
