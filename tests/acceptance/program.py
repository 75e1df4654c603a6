"""The program as a user runs it: a process of its own that knows nothing of onrecord but what it is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.demo.newsroom import CONFIG
from tests.forked import run_forked

ROOT = Path(__file__).parents[2]
READ_AT_START = ("LANG", "LC_", "PYTHON")
"""Beginnings of names that only a program sees which starts with them."""
ENTRY = "from pipeline.cli import main; main()"
SOURCES = tuple(sorted(path.stem for path in (CONFIG / "sources").glob("*.yaml")))
"""The newsroom's."""


def onrecord(*arguments: object, timeout: float = 480, **environment: object) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    bare |= {name: str(value) for name, value in environment.items()}
    if not any(name.startswith(READ_AT_START) for name in environment):
        given = list(map(str, arguments))
        return run_forked("pipeline.cli:main", given, folder=ROOT, environment=bare, timeout=timeout)
    return subprocess.run(
        [sys.executable, "-c", ENTRY, *map(str, arguments)],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def replaying(recorded: Path) -> list[object]:
    """The command that reads the newsroom's record."""
    chosen = [word for source in SOURCES for word in ("--source", source)]
    return ["run", "--replay", recorded, "--as-of", "2026-06-16", *chosen]


def left(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still live after so long. What has ended and waits for init to take note of it does not live."""
    deadline = time.monotonic() + seconds
    while (alive := [one for one in processes if lives(one)]) and time.monotonic() < deadline:
        time.sleep(0.2)
    return alive


def lives(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass(frozen=True)
class DemoHome:
    """A copy of the home in which a demo ran, whose server is up, and what the demo printed."""

    home: Path
    done: subprocess.CompletedProcess[str]
    kept: Path
    """The home itself, as the demo left it: its server is down."""

    def copy(self, to: Path) -> Path:
        """A home of one's own in which the same demo ran, with nobody at its server."""
        return Path(shutil.copytree(self.kept, to, symlinks=True))
