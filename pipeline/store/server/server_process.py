"""The process of a PostgreSQL of our own: whether it lives, what it said last, and its end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import structlog

from pipeline.store.server import binaries

log = structlog.get_logger()

ROOM = 64 << 20
"""Bytes: two pieces of its journal at 16 MiB, and as much again for what it writes at its start."""
_TAIL = 1500
"""Characters of the log that are looked at."""


def is_running(data: Path) -> bool:
    """Whether the process named in ``postmaster.pid`` runs; a killed one that nobody reaped does not."""
    try:
        number = server_pid(data)
        os.kill(number, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    try:
        name, _, rest = Path(f"/proc/{number}/stat").read_text().partition(" (")[2].rpartition(") ")
    except OSError:
        return True  # no /proc on this system: the signal was the answer
    return name == "postgres" and rest[:1] not in ("Z", "X")


def server_pid(data: Path) -> int:
    """The number of the process in ``postmaster.pid``."""
    return int((data / "postmaster.pid").read_text().split()[0])


def is_stopping(data: Path) -> bool:
    """Whether a server that was told to stop still runs."""
    try:
        return "stopping" in (data / "postmaster.pid").read_text() and is_running(data)
    except FileNotFoundError:
        return False


def stop_server_process(root: Path) -> bool:
    """Stop the server in ``root``, whoever uses it; false if none runs, or if it will not stop."""
    data = root / "data"
    if not is_running(data):
        return False
    # A server told to stop while it recovers from a full disk may wait for ever. What is committed outlives both.
    for mode in ("fast", "immediate"):
        done = binaries.run_program("pg_ctl", "-D", data, "-m", mode, "-w", "stop")
        if done.returncode == 0:
            return True
    log.warning("postgres.not_stopped", folder=str(root), reply=done.stderr.strip()[-500:])
    return False


def out_of_room(root: Path) -> bool:
    """Whether the disk of ``root`` has less room than a server needs to start or to go on."""
    return shutil.disk_usage(root).free < ROOM


def log_tail(root: Path) -> str:
    """The end of what the server in ``root`` wrote to its log."""
    journal = root / "postgres.log"
    return journal.read_text(errors="replace")[-_TAIL:] if journal.exists() else "(it wrote no log)"
