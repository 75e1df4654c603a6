"""`onrecord up`: all of Airflow behind a login, on loopback, and gone without a trace when it is told to stop."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from program import ENTRY, ROOT, onrecord

PARTS = {"metadatabase", "scheduler", "triggerer", "dag_processor"}
DAGS = {"onrecord_collect", "onrecord_daily", "onrecord_reprocess", "onrecord_maintenance"}


class Served:
    """An `onrecord up` that has said that it is up."""

    def __init__(self, program: subprocess.Popen[str], home: Path, port: int) -> None:
        self.program, self.home, self.port = program, home, port

    @property
    def password(self) -> str:
        found = re.search(r"^AIRFLOW_ADMIN_PASSWORD=(.+)$", (self.home / "secrets.env").read_text(), re.MULTILINE)
        assert found
        return found[1]

    def ask(self, path: str, body: object = None, token: str = "") -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}

    def dags(self, token: str) -> set[object]:
        """Those it shows; asked until all are parsed, a minute at most."""
        found: set[object] = set()
        for _ in range(60):
            status, answer = self.ask("/api/v2/dags", token=token)
            assert status == 200
            found = {dag["dag_id"] for dag in answer["dags"]}
            if found >= DAGS:
                break
            time.sleep(1)
        return found

    def processes(self) -> list[psutil.Process]:
        """Everything it has started that lives, the database included."""
        family = [psutil.Process(self.program.pid), *psutil.Process(self.program.pid).children(recursive=True)]
        postmaster = int((self.home / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
        return [*family, psutil.Process(postmaster)]


@contextmanager
def up(home: Path) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "AIRFLOW"))}
    program = subprocess.Popen(
        [sys.executable, "-c", ENTRY, "up", "--port", str(port)],
        cwd=ROOT,
        env={**bare, "ONRECORD_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert program.stdout is not None
        told = ""
        for line in program.stdout:
            told += line
            if line.startswith("Ctrl-C"):
                break
        assert f"http://127.0.0.1:{port}" in told, told
        yield Served(program, home, port)
    finally:
        if program.poll() is None:
            program.terminate()
            program.wait(60)


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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "home"


def test_it_lets_in_who_knows_the_password_and_leaves_nothing_when_stopped(home: Path) -> None:
    with up(home) as served:
        _, health = served.ask("/api/v2/monitor/health")
        assert {name: part["status"] for name, part in health.items()} == dict.fromkeys(PARTS, "healthy")
        login = {"username": "admin", "password": served.password}
        assert served.ask("/auth/token", {**login, "password": "admin"})[0] == 401
        assert served.ask("/api/v2/dags")[0] == 401
        status, answer = served.ask("/auth/token", login)
        assert status == 201
        assert served.dags(str(answer["access_token"])) == DAGS
        assert (home / "secrets.env").stat().st_mode & 0o777 == 0o600
        assert (home / "airflow" / "passwords.json").stat().st_mode & 0o777 == 0o600
        running = served.processes()
        listening = {it.laddr.ip for one in running for it in one.net_connections("tcp") if it.status == "LISTEN"}
        assert listening == {"127.0.0.1"}
        second = onrecord("up", ONRECORD_HOME=home)
        assert second.returncode == 2 and "another `onrecord up`" in second.stderr
        served.program.terminate()
        assert served.program.wait(60) == 0
        assert left(running, 1) == []


def test_a_part_that_is_killed_is_started_again(home: Path) -> None:
    with up(home) as served:
        (scheduler,) = (one for one in served.processes() if "scheduler" in one.cmdline())
        family = [scheduler, *scheduler.children(recursive=True)]
        scheduler.kill()
        assert served.program.stdout is not None
        assert "scheduler has ended, and is started again" in served.program.stdout.readline()
        assert left(family, 10) == []
        deadline = time.monotonic() + 120
        while not any("scheduler" in one.cmdline() for one in served.processes()):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert served.program.poll() is None


def test_a_killed_one_leaves_nothing_and_the_next_has_the_same_password(home: Path) -> None:
    known = re.search("AIRFLOW_ADMIN_PASSWORD=.+", (home / "secrets.env").read_text())
    with up(home) as served:
        assert known and known[0].endswith(served.password)
        running = served.processes()
        served.program.send_signal(signal.SIGKILL)
        served.program.wait()
        assert left(running, 60) == []


def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = onrecord("up", "--port", port, ONRECORD_HOME=tmp_path)
    assert done.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be used" in done.stderr
