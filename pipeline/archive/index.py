"""The index next to each closed WARC file: CDXJ, one line for each response and revisit, sorted.

A line is ``URLKEY YYYYMMDDhhmmss {JSON}`` with ``url mime status digest length offset filename`` as in other tools,
and ``sha256`` of the record's compressed bytes, so that the archive can be verified without the database. A header
line (``!file 0 {JSON}``, as CDXJ allows) has length and SHA-256 of the whole file, so that truncation is detected.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

from pipeline.archive.exchange import INDEX, WARC, ArchiveError
from pipeline.parsing.urls import ascii_host
from pipeline.records import WarcRecord

REVISIT = "warc/revisit"
_TIME = "%Y%m%d%H%M%S"
_HEAD = "!"
"""Prefix of header lines, which describe the file and not a capture."""


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One capture: address, time and status, the location of its record, and the SHA-256 of the compressed record."""

    key: str
    fetched_at: datetime
    url: str
    mime: str
    status: int
    digest: str
    offset: int
    length: int
    sha256: str
    filename: str

    @property
    def revisit(self) -> bool:
        """Whether the record is a revisit, which has no body of its own."""
        return self.mime == REVISIT

    def record(self, folder: str) -> WarcRecord:
        """The record's location in an archive that has the file in ``folder``."""
        name = f"{folder}/{self.filename}" if folder else self.filename
        return WarcRecord(name, self.offset, self.length, self.sha256)

    def __str__(self) -> str:
        fields = {
            "url": self.url,
            "mime": self.mime,
            "status": str(self.status),
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.filename,
            "sha256": self.sha256,
        }
        return f"{self.key} {self.fetched_at.astimezone(UTC):{_TIME}} {json.dumps(fields, ensure_ascii=True)}"


def index_line_of(
    url: str, fetched_at: datetime, mime: str, status: int, digest: str, record: WarcRecord, *, revisit: bool
) -> IndexLine:
    """The index line of the record at ``record``."""
    mime_field = REVISIT if revisit else (mime.partition(";")[0].strip().lower() or "unk")
    name = record.warc.rpartition("/")[2]
    return IndexLine(
        url_key(url), fetched_at, url, mime_field, status, digest, record.offset, record.length, record.sha256, name
    )


def parse_index_line(text: str) -> IndexLine:
    """Parse one line of text. ValueError if it is not an index line."""
    key, _, rest = text.partition(" ")
    time, _, json_text = rest.partition(" ")
    try:
        value = json.loads(json_text)
        return IndexLine(
            key,
            datetime.strptime(time, _TIME).replace(tzinfo=UTC),
            value["url"],
            value["mime"],
            int(value["status"]),
            value["digest"],
            int(value["offset"]),
            int(value["length"]),
            value["sha256"],
            value["filename"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no line of an index: {text[:100]!r}") from error


def index_of(warc: Path) -> Path:
    """The path of a WARC file's index."""
    return warc.with_name(warc.name.removesuffix(WARC) + INDEX)


@dataclass(frozen=True, slots=True)
class WholeFile:
    """Length in bytes and SHA-256 of the whole file that an index was written for."""

    length: int
    sha256: str

    def __str__(self) -> str:
        return f"{_HEAD}file 0 {json.dumps({'length': str(self.length), 'sha256': self.sha256})}"


def whole_file_of(index: Path) -> WholeFile | None:
    """The header of an index; None if it is from a version that wrote none. ArchiveError if it cannot be read."""
    for text in _lines(index):
        if not text.startswith(_HEAD):
            return None
        if text.startswith(f"{_HEAD}file "):
            try:
                fields = json.loads(text.split(" ", 2)[2])
                return WholeFile(int(fields["length"]), str(fields["sha256"]))
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise ArchiveError(
                    f"{index}, line 1: no header of an index: {text[:100]!r}", place=str(index)
                ) from error
    return None


def write_index(warc: Path, lines: Iterable[IndexLine | str], *, of: Path) -> None:
    """Write the index of a file atomically. ``of``: the path that has the file's bytes now."""
    path = index_of(warc)
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(f"{WholeFile(of.stat().st_size, file_sha256(of))}\n")
            file.writelines(sorted(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def read_index(path: Path) -> Iterator[IndexLine]:
    """The lines of an index file. ArchiveError with file and line number if one is invalid."""
    yield from parse_index_lines(_lines(path), str(path))


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{path}: not text: {error}; `onrecord archive check` says more", place=str(path)) from error


def parse_index_lines(lines: Iterable[str], where: str) -> Iterator[IndexLine]:
    """Parse the lines of an index. ArchiveError with ``where`` and the line number if one is invalid."""
    for number, text in enumerate(lines, 1):
        if text.startswith(_HEAD):
            continue
        try:
            yield parse_index_line(text)
        except ValueError as error:
            raise ArchiveError(
                f"{where}, line {number}: {error}; `onrecord archive check` says more", place=where
            ) from error


def file_sha256(path: Path) -> str:
    """SHA-256 of a whole file as hex, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_sha256(packed: bytes) -> str:
    """SHA-256 of a record's compressed bytes as hex."""
    return hashlib.sha256(packed).hexdigest()


_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": 80, "https": 443}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def url_key(url: str) -> str:
    """The SURT key of an address, as CDX servers make it: host reversed and without www, lower case, query sorted."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return quote(url, safe=_SAFE + "%").lower()
    host = _WWW.sub("", ascii_host(parts.hostname or ""), count=1) if parts.hostname else ""
    key = ",".join(reversed(host.split(".")))
    if port and port != _PORTS.get(parts.scheme):
        key += f":{port}"
    path = _escaped(re.sub(r"/{2,}", "/", parts.path or "/")).lower()
    if len(path) > 1:
        path = path.removesuffix("/")
    query = "&".join(sorted(_escaped(parts.query).lower().split("&"))) if parts.query else ""
    return f"{key}){path}" + (f"?{query}" if query else "")


def _escaped(text: str) -> str:
    """Percent-encode each character that must be encoded and decode all others."""
    return quote(unquote_to_bytes(text), safe=_SAFE)
