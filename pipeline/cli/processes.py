"""Manage long-lived child processes: each in its own session, ended together with all its descendants.

A signal to a child or its process group does not reach descendants in other groups. Therefore the descendants are read
from the process table, before and while the processes end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from pipeline.config.secrecy import without_secrets
from pipeline.crawling.process import with_project

GRACE = 15.0
"""Seconds between SIGTERM and SIGKILL."""


class ServiceProcesses:
    """Child processes by name. A watchdog process ends them if this process is killed."""

    def __init__(self, home: Path) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, tuple[Sequence[str], dict[str, str], Path]] = {}
        self._watchdog = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli.watchdog", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=with_project(without_secrets(os.environ)),
        )

    def start(self, name: str, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        """Start a child; its output is appended to ``log``."""
        with log.open("ab") as out:
            child = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self._running[name] = child
        self._started[name] = (command, environment, log)
        assert self._watchdog.stdin is not None
        self._watchdog.stdin.write(f"{child.pid}\n".encode())
        self._watchdog.stdin.flush()

    def ended(self) -> str | None:
        """The name of a child that is no longer running; None if all are."""
        return next((name for name, child in self._running.items() if child.poll() is not None), None)

    def restart(self, name: str) -> None:
        """Start a child again that has ended, after killing what is left in its session."""
        session = self._running[name].pid
        end_processes([pid for pid in psutil.pids() if _session_of(pid) == session], grace=0)
        self.start(name, *self._started[name])

    def stop(self, *, last: str, grace: float = GRACE) -> None:
        """End all children, ``last`` after the others, then the watchdog. SIGKILL follows after ``grace`` seconds."""
        end_processes([child.pid for name, child in self._running.items() if name != last], grace=grace)
        end_processes([child.pid for name, child in self._running.items() if name == last], grace=grace)
        for child in self._running.values():
            child.wait()
        self._running.clear()
        assert self._watchdog.stdin is not None
        self._watchdog.stdin.close()
        self._watchdog.wait()


def run_to_end(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a program on our terminal and return its exit code.

    If this process is stopped, the program and all its descendants are ended first.
    """
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    except BaseException:
        end_processes([child.pid])
        child.wait()
        raise


def end_processes(pids: Sequence[int], *, grace: float = GRACE) -> None:
    """Send SIGTERM to the processes and all their descendants, and SIGKILL to those left after ``grace`` seconds."""
    known: set[psutil.Process] = set()
    asked: set[psutil.Process] = set()
    deadline = time.monotonic() + grace
    alive = _with_descendants([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)])
    while alive:
        known |= alive
        late = time.monotonic() >= deadline
        for one in alive if late else alive - asked:
            _send(one, kill=late)
        asked |= alive
        if late and time.monotonic() >= deadline + grace:
            return
        time.sleep(0.1)
        alive = _with_descendants([one for one in known if _lives(one)])


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _with_descendants(processes: Sequence[psutil.Process]) -> set[psutil.Process]:
    found = set(processes)
    for one in processes:
        try:
            found.update(one.children(recursive=True))
        except psutil.NoSuchProcess:
            found.discard(one)
    return {one for one in found if _lives(one)}


def _lives(one: psutil.Process) -> bool:
    try:
        return bool(one.is_running()) and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _send(one: psutil.Process, *, kill: bool) -> None:
    try:
        if kill:
            one.kill()
        else:
            one.terminate()
    except psutil.NoSuchProcess:
        return
