"""The process of the embedded PostgreSQL: whether it runs, the end of its log, and how to stop it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import structlog

from pipeline.store.server import binaries

log = structlog.get_logger()

ROOM = 64 << 20
"""Bytes of disk a server needs: two WAL segments of 16 MiB, and as much again for what it writes when it starts."""
_TAIL = 1500
"""Characters of the log that are shown."""


def is_running(data: Path) -> bool:
    """Whether the process named in ``postmaster.pid`` runs; a zombie does not count."""
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
        return True  # no /proc on this system: that the signal was accepted is the answer
    return name == "postgres" and rest[:1] not in ("Z", "X")


def server_pid(data: Path) -> int:
    """The process id in ``postmaster.pid``."""
    return int((data / "postmaster.pid").read_text().split()[0])


def is_stopping(data: Path) -> bool:
    """Whether a server that is shutting down still runs."""
    try:
        return "stopping" in (data / "postmaster.pid").read_text() and is_running(data)
    except FileNotFoundError:
        return False


def stop_server_process(root: Path) -> bool:
    """Stop the server in ``root`` even if it is in use; false if none runs, or if it does not stop."""
    data = root / "data"
    if not is_running(data):
        return False
    # A server that recovers from a full disk may never finish a fast stop. Committed data survives both modes.
    for mode in ("fast", "immediate"):
        done = binaries.run_program("pg_ctl", "-D", data, "-m", mode, "-w", "stop")
        if done.returncode == 0:
            return True
    log.warning("postgres_not_stopped", folder=str(root), reply=done.stderr.strip()[-500:])
    return False


def out_of_room(root: Path) -> bool:
    """Whether the disk of ``root`` has less free space than a server needs to start or to keep running."""
    return shutil.disk_usage(root).free < ROOM


def log_tail(root: Path) -> str:
    """The end of the log of the server in ``root``."""
    journal = root / "postgres.log"
    return journal.read_text(errors="replace")[-_TAIL:] if journal.exists() else "(it wrote no log)"
