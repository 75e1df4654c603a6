"""What Airflow costs over ``onrecord run`` on the same day: ``python -m benchmarks.airflow FILE.warc.gz DAY``.

The archive's day is read once by ``onrecord run``, then by the DAG ``onrecord_daily`` under ``onrecord up``
(LocalExecutor), triggered over REST, each in a home of its own. CPU seconds of all processes and of the database; wall
seconds as well, which mean little on a busy machine. Both must leave the same in every table but ``urls``, where the
daily run has the sources' archives and sitemaps of the day as well, for which ``onrecord run`` does not ask.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks import spent
from pipeline.store.server import embedded

DAG = "onrecord_daily"
PROGRAM = [sys.executable, "-c", "from pipeline.cli import main; main()"]
IDLE_SECONDS = 20.0
PATIENCE = 900.0
"""Seconds after which a DAG run is given up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way of reading the day took, in seconds, and what it brought."""

    wall: float
    cpu: float
    brought: dict[str, Any]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Ours, without what would lead the program elsewhere."""
    bare = {name: it for name, it in os.environ.items() if not name.startswith(("ONRECORD_", "AIRFLOW"))}
    return {**bare, "ONRECORD_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def direct(home: Path, archive: str, day: str) -> Cost:
    """``onrecord run`` on the day."""
    with embedded.use(home / "pg"):
        server = spent.server_of(home / "pg")
        began, ours, theirs = time.monotonic(), spent.own(), spent.family(server)
        command = [*PROGRAM, "run", "--replay", archive, "--as-of", day, "--json"]
        done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        wall = time.monotonic() - began
        return Cost(wall, spent.own() - ours + spent.family(server) - theirs, json.loads(done.stdout))


class Airflow:
    """An ``onrecord up`` that is up, and its REST interface."""

    def __init__(self, program: subprocess.Popen[str], home: Path, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.up, self.server = psutil.Process(program.pid), spent.server_of(home / "pg")
        found = re.search(r"^AIRFLOW_ADMIN_PASSWORD=(.+)$", (home / "secrets.env").read_text(), re.MULTILINE)
        assert found is not None
        login = {"username": "admin", "password": found[1]}
        self._token = ""
        self._token = str(self.ask("/auth/token", login)["access_token"])

    def ask(self, path: str, body: object = None, method: str | None = None) -> dict[str, Any]:
        """JSON of an answer; raises HTTPError for a refusal."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(f"{self.base}{path}", data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def cpu(self) -> float:
        """CPU seconds so far of Airflow with its tasks, and of the database."""
        return spent.family(self.up) + spent.family(self.server)

    def wait_for_dag(self) -> None:
        """Until the DAG is parsed."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if DAG in {it["dag_id"] for it in self.ask("/api/v2/dags")["dags"]}:
                return
            time.sleep(1)
        raise SystemExit(f"{DAG} was not parsed within {PATIENCE:.0f} s")

    def run(self, day: str) -> dict[str, Any]:
        """Trigger the DAG for the day and wait for its end; the run as Airflow tells it."""
        # Due before what unpausing schedules by itself, which waits for it.
        given = {"logical_date": f"{day}T00:00:00+03:00", "run_after": f"{day}T00:00:00+03:00"}
        name = self.ask(f"/api/v2/dags/{DAG}/dagRuns", given)["dag_run_id"]
        self.ask(f"/api/v2/dags/{DAG}", {"is_paused": False}, "PATCH")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self.ask(f"/api/v2/dags/{DAG}/dagRuns/{name}")
            if found["state"] in ("success", "failed"):
                self.ask(f"/api/v2/dags/{DAG}", {"is_paused": True}, "PATCH")
                return found
            time.sleep(0.5)
        raise SystemExit(f"the DAG run did not end within {PATIENCE:.0f} s")

    def tasks(self, name: str) -> list[dict[str, Any]]:
        """The run's task instances."""
        found = self.ask(f"/api/v2/dags/{DAG}/dagRuns/{name}/taskInstances?limit=100")
        more: list[dict[str, Any]] = found["task_instances"]
        return more


@contextmanager
def airflow(home: Path, archive: str, day: str) -> Iterator[Airflow]:
    """The whole of Airflow on the day's archive, DAGs paused, for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    replay = {"ONRECORD_REPLAY": archive, "ONRECORD_AS_OF": day, "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True"}
    command = [*PROGRAM, "up", "--port", str(port)]
    program = subprocess.Popen(
        command, env=environment(home, **replay), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert program.stdout is not None
        lines = []
        for line in program.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        else:
            raise SystemExit("".join(lines))
        yield Airflow(program, home, port)
    finally:
        program.terminate()
        program.wait(90)


def scheduled(home: Path, archive: str, day: str) -> tuple[Cost, float, list[dict[str, Any]]]:
    """The DAG on the day: its cost, the CPU seconds that an idle Airflow takes each second, and the task instances."""
    with embedded.use(home / "pg"), airflow(home, archive, day) as served:
        served.wait_for_dag()
        before = served.cpu()
        time.sleep(IDLE_SECONDS)
        idle = (served.cpu() - before) / IDLE_SECONDS
        print(f"an idle Airflow takes {idle:.3f} CPU seconds a second, database included", flush=True)
        before, began = served.cpu(), time.monotonic()
        found = served.run(day)
        wall, cpu = time.monotonic() - began, served.cpu() - before
        tasks = served.tasks(found["dag_run_id"])
        digest = _digest(home)
    return Cost(wall, cpu, {"state": found["state"], "digest": digest}), idle, tasks


def _digest(home: Path) -> dict[str, str]:
    done = subprocess.run([*PROGRAM, "digest", "--json"], env=environment(home), capture_output=True, check=True)
    return {table: str(it) for table, it in json.loads(done.stdout).items() if table != "all"}


def differing(digest: dict[str, str], dag: Cost) -> list[str]:
    """The tables in which the DAG left something else."""
    return [table for table, it in digest.items() if it != dag.brought["digest"].get(table)]


def tell(once: Cost, digest: dict[str, str], dag: Cost, idle: float, tasks: list[dict[str, Any]]) -> None:
    """The comparison."""
    print(f"{DAG} {dag.wall:>7.1f} s wall {dag.cpu:>7.1f} s CPU   {dag.brought['state']}")
    print(f"ratio          {dag.wall / once.wall:>7.2f}        {dag.cpu / once.cpu:>7.2f}")
    print(f"{len(digest)} tables, of which differ: {', '.join(differing(digest, dag)) or 'none'}")
    own = dag.cpu - once.cpu - idle * dag.wall
    print(f"{len(tasks)} task instances; beyond the work and the idling {own / len(tasks):.2f} CPU seconds each")
    lasting: dict[str, list[float]] = {}
    for task in tasks:
        lasting.setdefault(task["task_id"], []).append(float(task["duration"] or 0))
    for name, seconds in sorted(lasting.items()):
        print(f"  {name:<12} x{len(seconds):<3} {sum(seconds):>7.1f} s, the longest {max(seconds):.1f} s")


def main() -> None:
    """Both ways and the comparison."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    archive, day = str(Path(sys.argv[1]).absolute()), sys.argv[2]
    print(spent.machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="onrecord-airflow-") as folder:
        first, second = Path(folder) / "run", Path(folder) / "up"
        once = direct(first, archive, day)
        versions = once.brought["versions_new"]
        print(f"onrecord run   {once.wall:>7.1f} s wall {once.cpu:>7.1f} s CPU   {versions} versions", flush=True)
        digest = _digest(first)
        dag, idle, tasks = scheduled(second, archive, day)
        tell(once, digest, dag, idle, tasks)
    print(spent.machine())
    if changed := [table for table in differing(digest, dag) if table != "urls"]:
        raise SystemExit(f"the two did not do the same work: {', '.join(changed)} differ")


if __name__ == "__main__":
    main()
