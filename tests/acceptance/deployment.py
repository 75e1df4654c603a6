"""The services of the compose files as processes of this machine: the same commands and settings, other places.

There is no Docker here. What cannot be known without it: the images of others, networks, volumes, limits.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import yaml
from program import ROOT, left

from pipeline.store import binaries, embedded

COMPOSE = "docker-compose"
NEEDED = "ONRECORD_CONTACT=test@example.org\nONRECORD_MAIL_FROM=onrecord@example.org\nMAIL_DOMAIN=example.org\n"


def prepared(folder: Path) -> Path:
    """A copy of ``docker/`` after ``setup.sh``, with what somebody must fill in filled in."""
    copy = Path(shutil.copytree(ROOT / "docker", folder / "docker", ignore=shutil.ignore_patterns(".env", "secrets")))
    subprocess.run([copy / "setup.sh"], check=True, stdout=subprocess.DEVNULL)
    (copy / ".env").write_text((copy / "example.env").read_text() + NEEDED)
    return copy


def config(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """`docker-compose config`: the files checked, put together, and with their variables filled in."""
    chosen = [word for file in files for word in ("--file", file)]
    return subprocess.run(
        [COMPOSE, *chosen, "config"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Deployment:
    """A folder of compose files whose services can be started here, on a server that is given."""

    def __init__(self, docker: Path, files: tuple[str, ...], server: embedded.Server) -> None:
        done = config(docker, *files)
        assert done.returncode == 0, done.stderr
        self.services: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
        self.docker, self.home, self.backups = docker, docker.parent / "home", docker.parent / "backups"
        self.port, self.broker = free_port(), free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.backups.mkdir()
        self._server = server
        self._places = {
            "/run/secrets": str(docker / "secrets"),
            "/config": str(docker / "config"),
            "http://api-server:8080": f"http://127.0.0.1:{self.port}",
            "http://localhost:8080": f"http://127.0.0.1:{self.port}",
            "0.0.0.0": "127.0.0.1",
            "/start.sh": str(docker / "redis" / "start.sh"),
        }
        for name, (before, after) in {
            "onrecord_database_url": ("@postgres:5432/onrecord", f"@127.0.0.1:{server.port}/team"),
            "airflow_database_url": ("@postgres:5432/airflow", f"@127.0.0.1:{server.port}/airflow"),
            "broker_url": ("@redis:6379", f"@127.0.0.1:{self.broker}"),
        }.items():
            file = docker / "secrets" / name
            text = file.read_text().replace(before, after).replace("//onrecord:", "//team:")
            assert after in text
            file.chmod(0o644)
            file.write_text(text)
        self._programs = docker.parent / "bin"
        self._programs.mkdir()
        self._script("healthy", f'exec {sys.executable} {docker / "healthy.py"} "$@"')

    def _script(self, name: str, line: str) -> None:
        (self._programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (self._programs / name).chmod(0o755)

    def make_databases(self) -> None:
        """What the server's image does on its first start."""
        done = subprocess.run(
            ["sh", self.docker / "postgres" / "databases.sh"],
            env={
                "PATH": f"{binaries.folder()}:/usr/bin:/bin",
                "SECRETS": str(self.docker / "secrets"),
                "POSTGRES_USER": embedded.NAME,
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self._server.port),
                "PGPASSWORD": self._server.password,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def environment(self, service: str) -> dict[str, str]:
        """What a container of the service would see, in places of this machine. New DAGs stay paused."""
        given = self.services[service].get("environment", {})
        found = {name: self._placed(str(value)) for name, value in given.items() if value is not None}
        ours = {
            "PATH": f"{self._programs}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.docker.parent),
            "HOSTNAME": socket.gethostname(),
            "ONRECORD_HOME": str(self.home),
            "AIRFLOW_HOME": str(self.home / "airflow"),
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "ONRECORD_SMTP_URL": "smtp://127.0.0.1:9",
            "BIND": "127.0.0.1",
            "PORT": str(self.broker),
            "DATA": str(self.docker.parent),
        }
        return {**found, **ours}

    def _placed(self, text: str) -> str:
        for place, here in self._places.items():
            text = text.replace(place, here)
        return text.replace("$$", "$")

    def words(self, service: str) -> list[str]:
        return [self._placed(word) for word in self.services[service]["command"]]

    def run(self, service: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """`docker compose run --rm SERVICE ARGUMENTS`; without arguments, its own command."""
        entry = self.services[service].get("entrypoint", [])
        words = [*entry, *(map(str, arguments) if arguments else self.words(service))]
        environment = self.environment(service)
        program = shutil.which(words[0], path=environment["PATH"])
        assert program, words
        return subprocess.run(
            [program, *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
        )

    def start(self, service: str) -> None:
        words, environment = self.words(service), self.environment(service)
        program = shutil.which(words[0], path=environment["PATH"])
        assert program, words
        with self.log(service).open("wb") as log:
            self.running[service] = subprocess.Popen(
                [program, *words[1:]], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def log(self, service: str) -> Path:
        return self.docker.parent / f"{service}.log"

    def wait_until_healthy(self, service: str, seconds: float = 150) -> None:
        """Ask the service's own health check until it is content."""
        kind, *words = [self._placed(word) for word in self.services[service]["healthcheck"]["test"]]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        deadline = time.monotonic() + seconds
        while True:
            assert self.running[service].poll() is None, self.log(service).read_text()[-3000:]
            environment = self.environment(service)
            program = shutil.which(command[0], path=environment["PATH"])
            assert program, command
            done = subprocess.run(
                [program, *command[1:]], env=environment, capture_output=True, text=True, timeout=90, check=False
            )
            if done.returncode == 0:
                return
            assert time.monotonic() < deadline, (
                f"{service}: {done.stdout}{done.stderr}\n{self.log(service).read_text()[-3000:]}"
            )
            time.sleep(1)

    def stop(self, service: str, seconds: float = 60) -> list[psutil.Process]:
        """Send it TERM, as Docker does; what is left of it after so many seconds."""
        program = self.running.pop(service)
        assert program.poll() is None, f"{service} has ended: {self.log(service).read_text()[-3000:]}"
        family = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
        program.terminate()
        remaining = left(family, seconds)
        for one in remaining:
            one.kill()
        program.wait()
        return remaining

    def kill(self) -> None:
        """For the end of a test that failed half-way."""
        for program in self.running.values():
            if program.poll() is None:
                for one in [*psutil.Process(program.pid).children(recursive=True), psutil.Process(program.pid)]:
                    one.kill()
                program.wait()
