"""Append to a file all of something or nothing, also where the disk is full in the middle of it."""

from __future__ import annotations

import os
from typing import IO


def append_whole(file: IO[bytes], data: bytes) -> None:
    """Append to a file opened without a buffer. OSError if it cannot be done: the file is then as it was."""
    start = file.seek(0, os.SEEK_END)
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        file.truncate(start)
        raise
