"""The image and the compose files, built and run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from airflow_api import DAGS, Api
from cluster import wait_until
from containers import Engine, Team
from deployment import COMPOSE, config, prepared
from program import onrecord

from pipeline.demo.newsroom import FIRST_DAY
from pipeline.demo.run import end_of_day

TOOLS = ("buildah", "debootstrap")
TO_RUN = (COMPOSE, "podman", "crun", "netavark", "aardvark-dns", "catatonit", "iptables")
FOLDERS = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/usr/lib/podman", "/usr/libexec/podman"))


def missing(*programs: str) -> list[str]:
    return [program for program in programs if shutil.which(program, path=FOLDERS) is None]


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3000),
    pytest.mark.skipif(bool(missing(*TOOLS)), reason=f"builds an image: apt-get install {' '.join(TOOLS)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="builds an image with chroot, which only root may call"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """With the base and our image."""
    # podman wants the folder of its state to have a short name, which pytest's own folders have not.
    folder = Path(tempfile.mkdtemp(prefix="pods-", dir="/tmp"))
    engine = Engine(folder)
    try:
        engine.build_base()
        engine.build_ours()
        yield engine
        engine.buildah("rm", "--all")
        engine.buildah("rmi", "--all", "--force")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Image:
    """A container of our image that can be asked to run one command after another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = engine.buildah("from", "onrecord:local").strip()

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """One command in the container, as the image's user."""
        return subprocess.run(
            ["buildah", "run", "--isolation", "chroot", self._name, "--", *words],
            env=self._engine.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def out(self, *words: str, text: str = "") -> str:
        done = self.run(*words, text=text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def image(engine: Engine) -> Image:
    return Image(engine)


def test_it_runs_as_nobody_in_particular_and_writes_to_its_own_folders_only(image: Image) -> None:
    assert image.out("id", "-u").strip() == image.out("id", "-g").strip() == "50000"
    found = image.run("find", "/", "-xdev", "-path", "/proc", "-prune", "-o", "-writable", "-type", "d", "-print")
    allowed = re.compile(r"(/backups|/tmp|/var/tmp|/run/lock|/dev|/opt/airflow|/var/lib/onrecord)(/.*)?")
    folders = found.stdout.splitlines()
    assert "/var/lib/onrecord" in folders and not [it for it in folders if not allowed.fullmatch(it)]
    strong = image.run("find", "/opt", "/var/lib/onrecord", "-perm", "/6000").stdout
    assert strong == ""


def test_the_commands_of_the_containers_work_in_it(image: Image) -> None:
    assert "FAIL" not in image.out("onrecord", "doctor")
    assert image.out("airflow", "version").split()[-1] == "3.3.2"
    line = json.dumps({"id": 1, "lang": "en", "date": None, "text": "“Yes, we can,” said Barack Obama."})
    (quote,) = json.loads(image.out("onrecord", "quotes", "-", text=line + "\n"))["quotes"]
    assert quote["speaker_id"] == "barack-obama"
    celery = ("celery", "--app", "airflow.providers.celery.executors.celery_executor.app", "report")
    assert "transport:redis" in image.out(*celery)
    refused = image.run("healthy", "scheduler")
    assert refused.returncode == 1 and "does not answer" in refused.stderr
    refused = image.run("healthy", ":9")
    assert refused.returncode == 1 and "nobody listens on port 9" in refused.stderr


def test_it_runs_the_whole_job_and_knows_its_dags(image: Image) -> None:
    """The demo with the embedded Postgres, as a user without rights; then Airflow reads the DAGs."""
    demo = image.run("onrecord", "demo")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    listed = image.out("onrecord", "airflow", "dags", "list", "--local", "--output", "plain")
    assert set(re.findall(r"^onrecord_\w+", listed, re.MULTILINE)) == DAGS, listed
    assert "No data found" in image.out("onrecord", "airflow", "dags", "list-import-errors")


def test_it_holds_no_tools_for_building(image: Image) -> None:
    for program in ("gcc", "uv", "hatchling", "pytest"):
        assert image.run("sh", "-c", f"command -v {program}").returncode != 0, program
    folder = image.out("python", "-I", "-c", "import dags; print(dags.__path__[0])").strip()
    assert folder.startswith("/opt/onrecord/lib/") and image.out("readlink", "/opt/onrecord/dags").strip() == folder
    assert image.out("find", folder, "-name", "*.pyc") != ""


@pytest.fixture
def team(engine: Engine, newsroom_warc: Path, newsroom_config: Path, tmp_path: Path) -> Iterator[Team]:
    """A team's installation, not started, that reads a recorded day of the newsroom."""
    docker = prepared(tmp_path)
    shutil.copytree(newsroom_config, docker / "config", dirs_exist_ok=True)
    shutil.copy(newsroom_warc, docker / "config" / "day.warc.gz")
    for path in (docker / "config").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    backups = tmp_path / "backups"
    backups.mkdir()
    shutil.chown(backups, 50000, 50000)
    with (docker / ".env").open("a") as file:
        file.write(f"BACKUPS={backups}\n")
    engine.build_stand_ins(yaml.safe_load(config(docker, "compose.yaml", "compose.celery.yaml").stdout)["services"])
    with engine.served():
        yield Team(
            engine,
            docker,
            ONRECORD_REPLAY="/config/day.warc.gz",
            ONRECORD_AS_OF=end_of_day(FIRST_DAY).isoformat(),
        )


def logged_in(team: Team) -> Api:
    api = Api(team.port)
    assert api.ask("/api/v2/dags")[0] == 401
    assert api.log_in("admin", "admin") == 401
    assert api.log_in("admin", team.password()) == 201
    assert api.dags() == DAGS
    return api


def run(api: Api, name: str) -> None:
    """Let the scheduler run a DAG; it must succeed."""
    dag = f"/api/v2/dags/{name}"
    status, run = api.ask(f"{dag}/dagRuns", {"logical_date": None})
    assert status == 200
    assert api.ask(dag, {"is_paused": False}, "PATCH")[0] == 200
    here = f"{dag}/dagRuns/{run['dag_run_id']}"
    state = wait_until(name, lambda: (it := api.ask(here)[1].get("state")) in ("success", "failed") and it, 900)
    assert api.ask(dag, {"is_paused": True}, "PATCH")[0] == 200
    assert state == "success"


@pytest.mark.skipif(bool(missing(*TO_RUN)), reason=f"runs containers: apt-get install {' '.join(TO_RUN)}")
def test_a_team_moves_in_reads_a_day_saves_it_and_goes_on_with_workers(
    team: Team, newsroom_warc: Path, newsroom_config: Path, tmp_path: Path
) -> None:
    team.up()
    api = logged_in(team)
    assert "FAIL" not in team.onrecord("doctor")
    run(api, "onrecord_collect")
    run(api, "onrecord_maintenance")
    logs = ("find", "/var/lib/onrecord/airflow/logs", "-path", "*prove*", "-name", "*.log")
    assert team.compose("exec", "-T", "api-server", *logs), "the api-server finds the tasks' logs in the shared home"
    in_memory = "unset ONRECORD_DATABASE_URL_FILE ONRECORD_REPLAY; exec onrecord demo --home /tmp/demo"
    assert "e-mails sent over SMTP" in team.run_once("--entrypoint", "sh", "cli", "-c", in_memory)
    (mail,) = team.containers("mail")
    assert "To: reader@newsroom.example" in team.logs(mail) and "From: onrecord" in team.logs(mail)
    digest = json.loads(team.onrecord("digest", "--json"))
    calm = {"ONRECORD_HOME": tmp_path / "calm", "ONRECORD_CONFIG": newsroom_config}
    assert (
        onrecord("run", "--replay", newsroom_warc, "--as-of", end_of_day(FIRST_DAY).isoformat(), **calm).returncode == 0
    )
    assert json.loads(onrecord("digest", "--json", **calm).stdout) == digest
    team.up("metrics")
    ask = "import urllib.request as it; print(it.urlopen('http://metrics:9464/metrics').read().decode())"
    assert "onrecord_up 1.0" in team.compose("exec", "-T", "api-server", "python", "-c", ask)
    team.onrecord("backup", "/backups/all.tar")
    assert team.stop() == []
    team.compose("down", "--volumes")

    team.use_workers()
    team.onrecord("restore", "/backups/all.tar")
    assert json.loads(team.onrecord("digest", "--json")) == digest
    team.up()
    api = logged_in(team)
    run(api, "onrecord_collect")
    run(api, "onrecord_maintenance")
    assert all("succeeded" in team.logs(worker) for worker in team.containers("worker"))
    assert "NOAUTH" in team.compose("exec", "-T", "redis", "redis-cli", "ping")
    assert json.loads(team.onrecord("digest", "--json")) == digest
    assert "all proved" in team.onrecord("verify", "--all")
    assert team.stop() == []
