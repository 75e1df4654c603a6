"""`onrecord up`: all of Airflow behind a login, on loopback, and gone without a trace when it is told to stop."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from airflow_api import DAGS, Api
from program import ENTRY, ROOT, left, onrecord

PARTS = {"metadatabase", "scheduler", "triggerer", "dag_processor"}


class Served:
    """An `onrecord up` that has said that it is up."""

    def __init__(self, program: subprocess.Popen[str], home: Path, port: int, pages: int) -> None:
        self.program, self.home, self.api = program, home, Api(port)
        self.pages = f"http://127.0.0.1:{pages}"

    @property
    def password(self) -> str:
        found = re.search(r"^AIRFLOW_ADMIN_PASSWORD=(.+)$", (self.home / "secrets.env").read_text(), re.MULTILINE)
        assert found
        return found[1]

    def processes(self) -> list[psutil.Process]:
        """Everything it has started that lives, the database included."""
        family = [psutil.Process(self.program.pid), *psutil.Process(self.program.pid).children(recursive=True)]
        postmaster = int((self.home / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
        return [*family, psutil.Process(postmaster)]


@contextmanager
def up(home: Path) -> Iterator[Served]:
    with socket.socket() as probe, socket.socket() as other:
        probe.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        port, pages = int(probe.getsockname()[1]), int(other.getsockname()[1])
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "AIRFLOW"))}
    program = subprocess.Popen(
        [sys.executable, "-c", ENTRY, "up", "--port", str(port), "--web-port", str(pages)],
        cwd=ROOT,
        env={**bare, "ONRECORD_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert program.stdout is not None
        output = ""
        for line in program.stdout:
            output += line
            if line.startswith("Ctrl-C"):
                break
        assert f"http://127.0.0.1:{port}" in output, output
        yield Served(program, home, port, pages)
    finally:
        if program.poll() is None:
            program.terminate()
            program.wait(60)


@pytest.mark.slow
def test_it_lets_in_who_knows_the_password_starts_a_killed_part_again_and_leaves_nothing_when_stopped(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with up(home) as served:
        _, health = served.api.ask("/api/v2/monitor/health")
        assert {name: part["status"] for name, part in health.items()} == dict.fromkeys(PARTS, "healthy")
        assert httpx.get(served.pages).status_code == 200
        assert served.api.log_in("admin", "admin") == 401
        assert served.api.ask("/api/v2/dags")[0] == 401
        assert served.api.log_in("admin", served.password) == 201
        assert served.api.dags() == DAGS
        assert (home / "secrets.env").stat().st_mode & 0o777 == 0o600
        assert (home / "airflow" / "passwords.json").stat().st_mode & 0o777 == 0o600
        listening = {
            it.laddr.ip for one in served.processes() for it in one.net_connections("tcp") if it.status == "LISTEN"
        }
        assert listening == {"127.0.0.1"}
        second = onrecord("up", ONRECORD_HOME=home)
        assert second.returncode == 2 and "another `onrecord up`" in second.stderr
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
        running = served.processes()
        served.program.terminate()
        assert served.program.wait(60) == 0
        assert left(running, 1) == []


@pytest.mark.slow
def test_a_killed_one_leaves_nothing_the_next_has_the_same_password_and_another_if_its_file_is_deleted(
    tmp_path: Path,
) -> None:
    """The latter is the runbook's recipe for secrets that have leaked: stop, delete, start again."""
    home = tmp_path / "home"
    with up(home) as served:
        leaked = (home / "secrets.env").read_text()
        running = served.processes()
        served.program.send_signal(signal.SIGKILL)
        served.program.wait()
        assert left(running, 60) == []
    with up(home):
        assert (home / "secrets.env").read_text() == leaked
    (home / "secrets.env").unlink()
    with up(home) as served:
        assert served.api.log_in("admin", leaked.partition("AIRFLOW_ADMIN_PASSWORD=")[2].splitlines()[0]) == 401
        assert served.api.log_in("admin", served.password) == 201
        made = dict(line.split("=", 1) for line in (home / "secrets.env").read_text().splitlines())
        assert len(made) >= 4 and not [name for name, value in made.items() if value in leaked]


def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = onrecord("up", "--port", port, ONRECORD_HOME=tmp_path)
    assert done.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be used" in done.stderr
