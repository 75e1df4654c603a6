"""Locks between processes of one machine, by ``flock``, with a timeout and the name of the process that holds one.

Anybody who can open a file can lock it, so lock files are accessible to their owner only.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import IO

import psutil
import structlog

from pipeline.errors import OnrecordError

log = structlog.get_logger()

SILENT_SECONDS = 1.0
"""Seconds of waiting after which a warning is logged; most locks are held for less."""
_POLL_SECONDS = 0.02


@dataclass(eq=False)
class FileHeld(OnrecordError):
    """Another process holds the lock of a file and did not release it within the waiting time."""

    code = "held-by-process"
    _: KW_ONLY
    path: str


@contextmanager
def exclusive_lock(path: Path, *, limit: float) -> Iterator[IO[bytes]]:
    """Hold an exclusive lock on the file for the duration of the block; FileHeld after ``limit`` seconds of waiting."""
    with open_lock_file(path) as file:
        acquire_lock(file, path, fcntl.LOCK_EX, limit=limit)
        yield file


def open_lock_file(path: Path) -> IO[bytes]:
    """Open the lock file, which is created if it is missing, readable and writable by its owner only."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "r+b", buffering=0)


def acquire_lock(file: IO[bytes], path: Path, how: int, *, limit: float) -> None:
    """Lock an open file; ``how``: LOCK_EX or LOCK_SH. FileHeld after ``limit`` seconds of waiting."""
    began = time.monotonic()
    said = False
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            waited = time.monotonic() - began
        if waited >= limit:
            raise FileHeld(
                f"{path} is locked by {lock_holder(path)}, and was not let go within {limit:.0f} s; "
                "end that process or wait for it, then run the same command again",
                path=str(path),
            )
        if waited >= SILENT_SECONDS and not said:
            log.warning("lock_waits", file=str(path), held_by=lock_holder(path), at_most_seconds=limit)
            said = True
        time.sleep(_POLL_SECONDS)


def lock_holder(path: Path) -> str:
    """The processes that hold the lock, as far as the system shows them: id, program and user, as words."""
    holders = [_described(pid) for pid in _pids(path) if psutil.pid_exists(pid)]
    if holders:
        return " and ".join(holders)
    # A process that took the lock may have ended while others that share its descriptor, such as a shell, keep it.
    holders = [_described(pid) for pid in _with_it_open(path)]
    if holders:
        return "one of those who have it open: " + ", ".join(holders)
    return f"another process (as root, `fuser -v {path}` names it)"


def _with_it_open(path: Path) -> list[int]:
    """Ids of other processes that have the file open; those of other users are visible to root only."""
    found = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with suppress(OSError):
            if int(folder.parent.name) != os.getpid() and any(_is(link, path) for link in folder.iterdir()):
                found.append(int(folder.parent.name))
    return sorted(found)


def _is(link: Path, path: Path) -> bool:
    with suppress(OSError):
        return link.samefile(path)
    return False


def _pids(path: Path) -> list[int]:
    """Process ids from the kernel's list of locks: those that took a lock, which may have ended since."""
    try:
        lines = Path("/proc/locks").read_text().splitlines()
        inode = str(path.stat().st_ino)
    except OSError:
        return []
    fields = [line.split() for line in lines if "->" not in line]
    return [int(it[4]) for it in fields if len(it) > 5 and it[1] == "FLOCK" and it[5].rpartition(":")[2] == inode]


def _described(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        name = "".join(it if it.isprintable() else "?" for it in process.name())
        return f"process {pid} ({name}, user {process.username()})"
    except (psutil.Error, ValueError):
        return f"process {pid}"
