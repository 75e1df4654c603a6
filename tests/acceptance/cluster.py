"""Airflow in many processes, as several machines run it: each part by its own command, workers that can be killed."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from program import ENTRY, ROOT

REDIS = shutil.which("redis-server")
STARTS_WITHIN = 240.0
ENDED = ("success", "failed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, holds: Callable[[], Any], seconds: float) -> Any:
    """What ``holds`` gives back as soon as that is true; an AssertionError that says ``what`` after so long."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.3)


class Part:
    """One process of the cluster and all that it has started."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._command, self._environment = command, dict(environment)
        self.start()

    def start(self) -> None:
        self._stop_requested = False
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
            )

    def check(self) -> None:
        """An AssertionError with the end of its log if it has ended without being told to."""
        if self._process.poll() is not None and not self._stop_requested:
            raise AssertionError(f"{self.name} has ended:\n{self.log.read_text(errors='replace')[-3000:]}")

    def family(self) -> list[psutil.Process]:
        try:
            own = psutil.Process(self._process.pid)
            return [own, *own.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """As when its machine loses power: everything at once, without a chance to put anything away."""
        family = self.family()
        for one in family:
            one.suspend()
        for one in family:
            one.kill()
        self._stop_requested = True
        self._process.wait()

    def stop(self, seconds: float = 30) -> None:
        self._stop_requested = True
        family = self.family()
        for one in family[1:] or family:
            _quietly(one.terminate)
        _, alive = psutil.wait_procs(family, timeout=seconds)
        for one in alive:
            _quietly(one.kill)
        self._process.wait()


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return


class Cluster:
    """A running Airflow. ``environment`` holds for every part; each worker may have more of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        address = f"http://127.0.0.1:{self.port}"
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "AIRFLOW"))}
        self.environment = {
            **bare,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__BASE_URL": address,
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            # A killed worker is missed after seconds, not minutes.
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
            **environment,
        }
        self._parts: dict[str, Part] = {}
        self._token = ""

    def start(self, name: str, *command: str, **more: str) -> Part:
        """One part of Airflow, by the command that would start it on a machine of its own."""
        arguments = [sys.executable, "-c", ENTRY, "airflow", *command]
        part = Part(name, arguments, {**self.environment, **more}, self.folder / f"{name}.log")
        self._parts[name] = part
        return part

    def start_core(self) -> None:
        """api-server first, since tasks report to it; then what starts tasks."""
        self.start("api-server", "api-server")
        self.wait("the api-server answers", lambda: self.ask("/api/v2/monitor/health"), STARTS_WITHIN)
        self.start("dag-processor", "dag-processor")
        self.start("scheduler", "scheduler", "--skip-serve-logs")
        self.wait("the DAGs are known", lambda: len(self.ask("/api/v2/dags").get("dags", [])) == 4, STARTS_WITHIN)

    def wait(self, what: str, holds: Callable[[], Any], seconds: float) -> Any:
        """As :func:`wait_until`, as long as all parts live that were not told to end."""

        def holds_and_lives() -> Any:
            for part in self._parts.values():
                part.check()
            return holds()

        return wait_until(what, holds_and_lives, seconds)

    def start_worker(self, name: str, **more: str) -> Part:
        return self.start(name, "celery", "worker", "-H", f"{name}@%h", "-c", "2", "--skip-serve-logs", **more)

    def part(self, name: str) -> Part:
        return self._parts[name]

    def stop(self) -> None:
        for name in sorted(self._parts, key=lambda it: it == "api-server"):
            self._parts[name].stop()

    def ask(self, path: str, body: object = None, method: str = "") -> dict[str, Any]:
        """The API's answer; empty while it gives none."""
        if path.startswith("/api/v2/") and "health" not in path and not self._token:
            self._token = str(self.ask("/auth/token").get("access_token", ""))
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
            method=method or ("GET" if body is None else "POST"),
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            if error.code < 500 and body is not None:
                raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from error
            return {}
        except (OSError, ValueError):
            return {}

    def unpause(self, dag: str) -> None:
        self.ask(f"/api/v2/dags/{dag}", {"is_paused": False}, "PATCH")

    def trigger(self, dag: str, moment: str | None) -> str:
        """Start a run of a DAG; its id."""
        return str(self.ask(f"/api/v2/dags/{dag}/dagRuns", {"logical_date": moment})["dag_run_id"])

    def runs(self, dag: str) -> list[dict[str, Any]]:
        return list(self.ask(f"/api/v2/dags/{dag}/dagRuns?limit=100").get("dag_runs", []))

    def state(self, dag: str, run: str) -> str:
        return next((str(it["state"]) for it in self.runs(dag) if it["dag_run_id"] == run), "")

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=200"
        return list(self.ask(path).get("task_instances", []))

    def tries(self, dag: str, run: str, task: str) -> list[dict[str, Any]]:
        """Every try of a mapped task, those that were killed as well."""
        found: list[dict[str, Any]] = []
        for it in self.tasks(dag, run):
            if it["task_id"] == task:
                place = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}/{it['map_index']}/tries"
                found += self.ask(place).get("task_instances", [])
        return found

    def no_backfill(self) -> bool:
        """Whether every backfill has come to its end; Airflow takes note of that some time after its last run."""
        found = self.ask("/api/v2/backfills?dag_id=onrecord_daily").get("backfills", [])
        return bool(found) and all(it["completed_at"] for it in found)

    def running(self, dag: str, run: str, task: str) -> list[dict[str, Any]]:
        return [it for it in self.tasks(dag, run) if it["task_id"] == task and it["state"] == "running"]

    def ended(self, dag: str, run: str, seconds: float) -> str:
        """Wait for the end of a run; its state."""
        try:
            return str(self.wait(run, lambda: self.state(dag, run) in ENDED and self.state(dag, run), seconds))
        except AssertionError as error:
            left = [(it["task_id"], it["map_index"], it["state"], it["try_number"]) for it in self.tasks(dag, run)]
            raise AssertionError(f"{run} did not end: {left}") from error


class Redis:
    """A Redis that can be restarted and forgets nothing by it."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder, self._password = free_port(), folder, secrets.token_urlsafe(12)
        folder.mkdir()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        assert REDIS is not None
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder, "appendonly": "yes", "save": "''"}
        arguments = [it for name, value in options.items() for it in (f"--{name}", str(value))]
        with (self._folder / "redis.log").open("ab") as out:
            self._process = subprocess.Popen([REDIS, *arguments, "--requirepass", self._password], stdout=out)
        wait_until("Redis listens", self._listens, 30)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)


@contextmanager
def serving(cluster: Cluster) -> Iterator[Cluster]:
    try:
        yield cluster
    finally:
        cluster.stop()
