"""CPU seconds of a family of processes: figures that other work on the machine changes little."""

from __future__ import annotations

import os
import resource
import time
from contextlib import suppress
from pathlib import Path

import psutil


def family(root: psutil.Process) -> float:
    """CPU seconds so far of a process and of all that it has started, ended ones included."""
    total = 0.0
    for one in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            spent = one.cpu_times()
            total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


def own() -> float:
    """CPU seconds so far of this process and of its ended children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def counted(to: int) -> int:
    """The sum of the numbers below: work of a known size, for a worker."""
    return sum(range(to))


def server_of(folder: Path) -> psutil.Process:
    """The embedded database server that runs in ``folder``."""
    return psutil.Process(int((folder / "data" / "postmaster.pid").read_text().splitlines()[0]))


def machine() -> str:
    """What else went on: figures of wall time mean little on a busy machine."""
    load = ", ".join(f"{it:.1f}" for it in os.getloadavg())
    return f"load average {load} on {os.cpu_count()} cores"
