"""The compose files: whole, told apart from half-filled ones, and made of commands that work together."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import yaml
from airflow_api import DAGS, Api
from deployment import COMPOSE, Deployment, config, prepared
from program import DemoHome, onrecord

from pipeline.store import embedded

pytestmark = pytest.mark.skipif(
    shutil.which(COMPOSE) is None, reason="reads compose files with docker-compose: apt-get install docker-compose"
)
LOCAL = ("compose.yaml",)
CELERY = ("compose.yaml", "compose.celery.yaml")


@pytest.mark.parametrize("files", [LOCAL, CELERY])
def test_every_service_is_pinned_fenced_in_and_logs_within_limits(files: tuple[str, ...], tmp_path: Path) -> None:
    done = config(prepared(tmp_path), *files)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services.keys() >= {"postgres", "migrate", "api-server", "scheduler", "dag-processor", "triggerer", "mail"}
    for name, service in services.items():
        assert re.search(r":[^:]*(\d|local)", service["image"]), name
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["restart"] in (("no",) if name in ("migrate", "cli") else ("unless-stopped",)), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if service["image"].startswith("onrecord"):
            assert service["read_only"] and not service.get("cap_add") and not service.get("user"), name
    assert [name for name, it in services.items() if it.get("ports")] == ["api-server", "grafana"]


def test_secrets_are_made_once_and_nowhere_in_the_settings(tmp_path: Path) -> None:
    docker = prepared(tmp_path)
    secrets = {path.name: path.read_text() for path in (docker / "secrets").iterdir()}
    assert (docker / "secrets").stat().st_mode & 0o777 == 0o700
    named = {name for file in CELERY for name in yaml.safe_load((docker / file).read_text())["secrets"]}
    assert named == secrets.keys()
    words = re.findall(r"\b[0-9a-f]{48}\b", "".join(secrets.values()))
    assert len(set(words)) == len(words) == 5
    told = config(docker, *CELERY).stdout + (docker / ".env").read_text()
    assert not [word for word in words if word in told]
    (docker / ".env").write_text("MINE=1\n")
    subprocess.run([docker / "setup.sh"], check=True, stdout=subprocess.DEVNULL)
    assert {path.name: path.read_text() for path in (docker / "secrets").iterdir()} == secrets
    assert (docker / ".env").read_text() == "MINE=1\n"


@pytest.mark.parametrize("name", ["ONRECORD_CONTACT", "ONRECORD_MAIL_FROM", "MAIL_DOMAIN"])
def test_what_is_not_filled_in_is_named(name: str, tmp_path: Path) -> None:
    docker = prepared(tmp_path)
    lines = (docker / ".env").read_text().splitlines()
    (docker / ".env").write_text("\n".join(f"{name}=" if it.startswith(f"{name}=") else it for it in lines))
    done = config(docker, *LOCAL)
    assert done.returncode == 1
    assert "run ./setup.sh and set it in .env" in done.stderr


def test_no_setting_is_passed_that_there_is_not(tmp_path: Path) -> None:
    from pipeline.config.variables import VARIABLES

    services = yaml.safe_load(config(prepared(tmp_path), *CELERY).stdout)["services"]
    passed = {name for it in services.values() for name in it.get("environment", {}) if name.startswith("ONRECORD_")}
    assert {name.removesuffix("_FILE") for name in passed} <= {it.name for it in VARIABLES}


@contextmanager
def deployed(folder: Path, files: tuple[str, ...]) -> Iterator[Deployment]:
    """A team's installation, its databases made and empty."""
    with embedded.use(folder / "server", durable=False) as server:
        deployment = Deployment(prepared(folder), files, server)
        deployment.make_databases()
        try:
            yield deployment
        finally:
            deployment.kill()


def run_maintenance(api: Api) -> None:
    """Let the scheduler run a DAG that reads database and archive; it must succeed."""
    dag = "/api/v2/dags/onrecord_maintenance"
    assert api.ask(dag, {"is_paused": False}, "PATCH")[0] == 200
    deadline = time.monotonic() + 150
    while True:
        runs = api.ask(f"{dag}/dagRuns")[1]["dag_runs"]
        states = {run["state"] for run in runs}
        if "success" in states:
            return
        assert "failed" not in states and time.monotonic() < deadline, runs
        time.sleep(1)


def start_all(deployment: Deployment, *more: str) -> Api:
    """Migrate, then start in the order in which the files let containers start."""
    done = deployment.run("migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    deployment.start("api-server")
    deployment.wait_until_healthy("api-server")
    rest = ("scheduler", "dag-processor", "triggerer", *more)
    for service in rest:
        deployment.start(service)
    for service in rest:
        deployment.wait_until_healthy(service)
    secrets = dict(line.split("=", 1) for line in (deployment.home / "secrets.env").read_text().splitlines())
    api = Api(deployment.port)
    assert api.ask("/api/v2/dags")[0] == 401
    assert api.log_in("admin", "admin") == 401
    assert api.log_in("admin", secrets["AIRFLOW_ADMIN_PASSWORD"]) == 201
    return api


def test_a_team_moves_in_runs_and_saves_it(demo: DemoHome, tmp_path: Path) -> None:
    moving = tmp_path / "demo.tar"
    assert onrecord("backup", moving, ONRECORD_HOME=demo.home).returncode == 0
    with deployed(tmp_path, LOCAL) as deployment:
        restored = deployment.run("cli", "restore", moving)
        assert restored.returncode == 0, restored.stderr
        before = deployment.run("cli", "digest", "--json").stdout
        api = start_all(deployment)
        assert api.dags() == DAGS
        run_maintenance(api)
        logs = [path for path in (deployment.home / "airflow" / "logs").rglob("*.log") if "prove" in str(path)]
        assert logs, "the api-server finds the tasks' logs in the home that all share"
        again = deployment.run("migrate")
        assert again.returncode == 0, again.stderr
        saved = deployment.run("cli", "backup", deployment.backups / "all.tar")
        assert saved.returncode == 0, saved.stderr
        assert deployment.run("cli", "digest", "--json").stdout == before != ""
        assert deployment.run("cli", "verify", "--all").returncode == 0
        for service, program in deployment.running.items():
            assert "airflow" in " ".join(psutil.Process(program.pid).cmdline()), service
        for service in ("scheduler", "dag-processor", "triggerer", "api-server"):
            assert deployment.stop(service) == [], service


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server: apt-get install redis-server")
def test_workers_take_the_tasks_over(tmp_path: Path) -> None:
    with deployed(tmp_path, CELERY) as deployment:
        deployment.start("redis")
        deployment.wait_until_healthy("redis")
        with socket.create_connection(("127.0.0.1", deployment.broker)) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        api = start_all(deployment, "worker")
        run_maintenance(api)
        for service in ("worker", "scheduler", "dag-processor", "triggerer", "api-server", "redis"):
            assert deployment.stop(service) == [], service
        assert "succeeded" in deployment.log("worker").read_text()
