"""Append exchanges to WARC files; on closing, write the index and rename the file to its final name."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline.archive.encode import (
    EncodedRecord,
    packed_failed_request,
    packed_info,
    packed_request,
    packed_response,
    packed_revisit,
)
from pipeline.archive.exchange import OPEN, WARC, ArchiveError, Exchange, FailedRequest, Original
from pipeline.archive.index import index_line_of, index_of, read_index, record_sha256, write_index
from pipeline.records import WarcRecord
from pipeline.runtime.atomic_append import append_whole

ROLL_AT = 1 << 30
"""Size in bytes after which a run begins a new file."""


class ArchiveWriter:
    """Appends to the file of one run and source; the file is created with the first record.

    Writing raises OSError if the disk is full or gone; the file then ends with its last complete record.
    """

    def __init__(
        self,
        archive: Path,
        source: str,
        run: str,
        started: datetime,
        *,
        software: str = "onrecord",
        roll_at: int = ROLL_AT,
    ) -> None:
        self._archive = archive
        self._stem = f"{source}/{started.astimezone(UTC):%Y%m%dT%H%M%S}-{run_file_name(run)}"
        self._software = software
        self._roll_at = roll_at
        self._file: IO[bytes] | None = None
        self._name = ""
        self._offset = 0
        self._lines: list[str] = []
        self._originals = Originals(archive)
        self.names: list[str] = []
        """Names of the files written so far, as records name them."""

    def append(self, exchange: Exchange, like: WarcRecord | None = None) -> WarcRecord:
        """Write the response, then its request; gives back the location of the response.

        ``like``: a record that may hold the same body. If it does, byte for byte as received, or if the server answered
        304, the response is written as a revisit of it.
        """
        original = self._originals.of(like) if like is not None else None
        digest = _digest(exchange.body)
        revisit = exchange.status == 304 or (original is not None and original.digest == digest)
        packed = packed_revisit(exchange, original) if revisit else packed_response(exchange, digest)
        record = self._write(packed)
        payload_digest = original.digest if revisit and original is not None else packed.digest
        line = index_line_of(
            exchange.url,
            exchange.fetched_at,
            exchange.header("Content-Type"),
            exchange.status,
            payload_digest,
            record,
            revisit=revisit,
        )
        self._lines.append(str(line))
        self._write(packed_request(exchange, packed.id), roll=False)
        return record

    def append_failed_request(self, failed_request: FailedRequest) -> None:
        """Write a failed request as a metadata record."""
        self._write(packed_failed_request(failed_request))

    def _write(self, packed: EncodedRecord, *, roll: bool = True) -> WarcRecord:
        if self._file is None or (roll and self._offset >= self._roll_at):
            self._open_next()
        assert self._file is not None
        append_whole(self._file, packed.data)
        record = WarcRecord(self._name, self._offset, len(packed.data), record_sha256(packed.data))
        self._offset += len(packed.data)
        return record

    def _open_next(self) -> None:
        self._close_file()
        number = 1
        while True:
            name = self._stem + (f"-{number}" if number > 1 else "") + WARC
            path = self._archive / name
            number += 1
            if path.exists() or index_of(path).exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                # Unbuffered: written bytes are with the operating system and survive the end of this process.
                self._file = Path(f"{path}{OPEN}").open("xb", buffering=0)  # noqa: SIM115  (closed by close)
            except FileExistsError:
                continue
            break
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._name, self._offset = name, 0
        self.names.append(name)
        self._write(packed_info(name, self._software))

    def close(self) -> None:
        """Flush the file to disk and rename it to its final name. Does nothing if nothing was written."""
        self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            file, lines = self._file, self._lines
            self._file, self._lines = None, []
            if self._offset:
                close_warc_file(file, self._archive / self._name, lines)
                return
            with file:  # not even its first record could be written
                Path(f"{self._archive / self._name}{OPEN}").unlink()


class Originals:
    """Looks up records in the local indexes, which stay when their files have moved to remote storage."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._read: dict[str, dict[tuple[int, str], Original]] = {}

    def of(self, record: WarcRecord) -> Original | None:
        """Address, time and digest of the record; None if no index has it, or if it is itself a revisit."""
        if record.warc not in self._read:
            self._read[record.warc] = self._held(self._archive / record.warc)
        return self._read[record.warc].get((record.offset, record.sha256))

    def _held(self, warc: Path) -> dict[tuple[int, str], Original]:
        try:
            lines = list(read_index(index_of(warc)))
        except (OSError, ArchiveError):
            return {}
        return {
            (line.offset, line.sha256): Original(line.url, line.fetched_at, line.digest)
            for line in lines
            if not line.revisit
        }


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def run_file_name(run: str) -> str:
    """A run's name in a form that is safe in a file name."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", run)


def close_warc_file(file: IO[bytes], final: Path, lines: list[str]) -> None:
    """fsync, write the index, rename from ``.open``, close (which releases the lock) and fsync the folder.

    The index is written before the rename, so that every closed file has one. After a crash between the two, or if the
    disk is too full for the index, recovery writes it again.
    """
    with file:
        file.flush()
        os.fsync(file.fileno())
        write_index(final, lines, of=Path(f"{final}{OPEN}"))
        Path(f"{final}{OPEN}").rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
