"""Atomic append: write all bytes to the end of a file or none, even if the disk becomes full half-way."""

from __future__ import annotations

import os
from typing import IO


def append_whole(file: IO[bytes], data: bytes) -> None:
    """Append to a file opened without a buffer. OSError if that fails; the file then has its previous content."""
    start = file.seek(0, os.SEEK_END)
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        file.truncate(start)
        raise
