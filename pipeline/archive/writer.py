"""Append exchanges to WARC files, and bring a file to its final name."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline.archive.exchange import OPEN, Exchange, packed_info, packed_request, packed_response
from pipeline.records import WarcRecord

ROLL_AT = 1 << 30
"""Bytes after which a run goes on in a new file."""


class ArchiveWriter:
    """Appends exchanges to the file of one run and source; the file is made with the first of them."""

    def __init__(self, archive: Path, source: str, run: str, started: datetime, *, software: str = "onrecord") -> None:
        self._archive = archive
        self._stem = f"{source}/{started.astimezone(UTC):%Y%m%dT%H%M%S}-{safe(run)}"
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
        packed, response_id = packed_response(exchange)
        record = WarcRecord(self._name, self._offset, len(packed), hashlib.sha256(packed).hexdigest())
        self._write(packed + packed_request(exchange, response_id))
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
        self._write(packed_info(name, self._software))

    def close(self) -> None:
        """Bring the file to the disk and give it its final name. Does nothing if nothing was written."""
        self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            settle(self._file, self._archive / self._name)
            self._file = None


def safe(run: str) -> str:
    """A run's name as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", run)


def settle(file: IO[bytes], final: Path) -> None:
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
