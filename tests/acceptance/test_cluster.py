"""A day through Airflow while workers, scheduler and queue are killed: nothing is lost and nothing doubled.

The day is one of the newsroom's. ``CLUSTER_REPLAY=FILE.warc.gz CLUSTER_DAY=2026-06-16 pytest ...`` takes another one,
with the shipped sources.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from cluster import REDIS, Cluster, Part, Redis, serving
from moto.server import ThreadedMotoServer
from program import ROOT, onrecord

from pipeline.demo import end_of_day
from pipeline.newsroom import FIRST_DAY

pytestmark = pytest.mark.timeout(1200)
HERE = Path(__file__).parent
DAILY, COLLECT = "onrecord_daily", "onrecord_collect"
DAY = date.fromisoformat(os.environ.get("CLUSTER_DAY") or FIRST_DAY.isoformat())
MIDNIGHT = f"{DAY.isoformat()}T00:00:00Z"
ENDS_WITHIN = 600.0
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
SECRETS = {
    "AIRFLOW__CORE__FERNET_KEY": "bm90LWEtc2VjcmV0LWJ1dC0zMi1ieXRlcy1sb25nLi4=",
    "AIRFLOW__API__SECRET_KEY": "not-a-secret-but-shared-by-all-parts-of-a-test",
    "AIRFLOW__API_AUTH__JWT_SECRET": "not-a-secret-but-shared-by-all-parts-of-a-test",
}


@dataclass(frozen=True)
class World:
    """A recorded web, and what a day in it comes to when nothing goes wrong."""

    environment: dict[str, str]
    digest: str
    reason: str
    """The reason its run ended with."""

    @property
    def state(self) -> str:
        """What Airflow calls that."""
        return "success" if self.reason == "all well" else "failed"


@pytest.fixture(scope="module")
def world(newsroom_warc: Path, newsroom_config: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    environment = {"ONRECORD_BATCH_ITEMS": "10"}
    if "CLUSTER_REPLAY" in os.environ:
        environment |= {"ONRECORD_REPLAY": os.environ["CLUSTER_REPLAY"], "ONRECORD_AS_OF": DAY.isoformat()}
    else:
        environment |= {
            "ONRECORD_CONFIG": str(newsroom_config),
            "ONRECORD_REPLAY": str(newsroom_warc),
            "ONRECORD_AS_OF": end_of_day(DAY).isoformat(),
        }
    home = tmp_path_factory.mktemp("undisturbed")
    (done,) = days({**environment, "ONRECORD_HOME": str(home)}, 1)
    return World(environment, digest_of(ONRECORD_HOME=str(home), **environment), done)


def days(environment: dict[str, str], number: int) -> list[str]:
    """The day, by so many processes at once; how each ended."""
    command = [sys.executable, str(HERE / "a_day.py"), DAY.isoformat()]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    started = [
        subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": path, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    ended = [(one.communicate(timeout=900), one.returncode) for one in started]
    assert [code for _, code in ended] == [0] * number, [errors[-2000:] for (_, errors), _ in ended]
    return [output.splitlines()[-1] for (output, _), _ in ended]


def digest_of(**environment: str) -> str:
    done = onrecord("digest", "--json", **environment)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["all"])


@pytest.fixture
def databases(cluster: Any, template: str) -> Iterator[dict[str, str]]:
    """A database for the product and one for Airflow, on one real server."""
    own, metadata = cluster.create(template), cluster.create("template1")
    yield {"ONRECORD_DATABASE_URL": own, "ONRECORD_AIRFLOW_DATABASE_URL": metadata}
    for address in (own, metadata):
        cluster.drop(address)


def scratch(folder: Path, world: World, databases: dict[str, str], **more: str) -> Cluster:
    """An Airflow that starts nothing by itself. Each part looks up the homes and the name it is given."""
    path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
    return Cluster(
        folder,
        {
            **world.environment,
            **databases,
            **SECRETS,
            "PYTHONPATH": path,
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "worker_name.name",
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            **more,
        },
    )


def crawlers_of(part: Part) -> list[psutil.Process]:
    """The crawlers at work somewhere below a part."""
    return [one for one in part.family() if "crawlers" in _command_of(one)]


def crawls(part: Part) -> bool:
    return bool(crawlers_of(part))


def _command_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []


def test_three_runs_of_one_day_at_once_leave_what_one_leaves(world: World, tmp_path: Path) -> None:
    environment = {**world.environment, "ONRECORD_HOME": str(tmp_path)}
    assert days(environment, 3) == [world.reason] * 3
    assert digest_of(**environment) == world.digest
    verified = onrecord("verify", "--all", **environment)
    assert verified.returncode == 0, verified.stdout


def test_a_killed_scheduler_and_a_backfill_beside_a_live_run(
    world: World, databases: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    store = {**world.environment, **databases, "ONRECORD_HOME": str(home)}
    with serving(scratch(tmp_path, world, databases, ONRECORD_HOME=str(home))) as airflow:
        airflow.start_core()
        airflow.unpause(DAILY)
        run = airflow.trigger(DAILY, MIDNIGHT)
        scheduler = airflow.part("scheduler")
        airflow.wait("a crawl", lambda: crawls(scheduler), ENDS_WITHIN)
        scheduler.kill()
        scheduler.start()
        assert airflow.ended(DAILY, run, ENDS_WITHIN) == world.state
        assert any(it["try_number"] > 1 for it in airflow.tasks(DAILY, run)), "something was killed and tried again"
        assert digest_of(**store) == world.digest
        first = DAY - timedelta(days=2)
        window = ("--from-date", first.isoformat(), "--to-date", DAY.isoformat())
        airflow.unpause(COLLECT)
        for behaviour in ("none", "completed"):
            beside = airflow.trigger(COLLECT, None)
            made = onrecord(
                *("airflow", "backfill", "create", "--dag-id", DAILY, *window),
                *("--reprocess-behavior", behaviour, "--max-active-runs", "2"),
                **airflow.environment,
            )
            assert made.returncode == 0, made.stderr[-2000:]
            airflow.wait("the end of the backfill", airflow.no_backfill, ENDS_WITHIN)
            assert set(filled(airflow).values()) == {"success"}
            assert airflow.ended(COLLECT, beside, ENDS_WITHIN) == "success"
            assert digest_of(**store) == world.digest
        mark_failed_while_it_hangs(airflow)
        days_filled = {it["logical_date"][:10] for it in airflow.runs(DAILY)}
        assert len(days_filled) == 3, days_filled


def mark_failed_while_it_hangs(airflow: Cluster) -> None:
    """A person gives up on a crawl that hangs: its crawler is gone, and the run ends red and says which sources."""
    run = airflow.trigger(COLLECT, None)
    scheduler = airflow.part("scheduler")
    (crawler, *_) = airflow.wait("a crawl", lambda: crawlers_of(scheduler), ENDS_WITHIN)
    crawler.suspend()
    tasks = airflow.wait("a crawl task", lambda: airflow.running(COLLECT, run, "crawl"), ENDS_WITHIN)
    for task in tasks:
        place = f"/api/v2/dags/{COLLECT}/dagRuns/{run}/taskInstances/crawl/{task['map_index']}"
        airflow.ask(place, {"new_state": "failed"}, "PATCH")
    airflow.wait("the end of the crawler", lambda: not crawler.is_running() or crawler.status() == "zombie", 120)
    assert airflow.ended(COLLECT, run, ENDS_WITHIN) == "failed"


def filled(airflow: Cluster) -> dict[str, str]:
    """The states of the runs that a backfill made or took up again."""
    return {it["dag_run_id"]: it["state"] for it in airflow.runs(DAILY) if it["run_type"] == "backfill"}


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """An S3-compatible server with a bucket; the settings that lead to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    keys = {name.lower(): value for name, value in KEYS.items() if name != "AWS_DEFAULT_REGION"}
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(Bucket="record")
    yield {**KEYS, "AWS_ENDPOINT_URL": endpoint, "ONRECORD_ARCHIVE_URL": "s3://record/archive"}
    server.stop()


@pytest.fixture(params=["a shared folder", "S3"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], Callable[[str], Path]]:
    """Where the archive is: settings, and the home of a machine by its name."""
    if request.param == "S3":
        return request.getfixturevalue("bucket"), lambda machine: tmp_path / machine
    return {}, lambda _machine: tmp_path / "home"


@pytest.mark.skipif(REDIS is None, reason="needs redis-server on the PATH")
def test_a_day_on_two_workers_of_which_one_is_killed_while_the_queue_is_restarted(
    world: World,
    databases: dict[str, str],
    archive: tuple[dict[str, str], Callable[[str], Path]],
    tmp_path: Path,
) -> None:
    settings, home = archive
    queue = Redis(tmp_path / "redis")
    airflow = scratch(
        tmp_path,
        world,
        databases,
        ONRECORD_HOME=str(home("main")),
        AIRFLOW__CORE__EXECUTOR="CeleryExecutor",
        AIRFLOW__CELERY__BROKER_URL=queue.url,
        AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT="14400",
        **settings,
    )
    try:
        with serving(airflow):
            airflow.start_core()
            workers = [
                airflow.start_worker(name, ONRECORD_HOME=str(home(name)), WORKER_NAME=name) for name in ("one", "two")
            ]
            airflow.unpause(DAILY)
            run = airflow.trigger(DAILY, MIDNIGHT)
            victim = airflow.wait("a crawl", lambda: next(filter(crawls, workers), None), ENDS_WITHIN)
            victim.kill()
            airflow.wait("extraction", lambda: airflow.running(DAILY, run, "extract"), ENDS_WITHIN)
            queue.stop()
            victim.start()
            queue.start()
            assert airflow.ended(DAILY, run, ENDS_WITHIN) == world.state
            done = airflow.tasks(DAILY, run)
            assert {"one", "two"} <= {it["hostname"] for it in done}, "both have worked"
            assert any(it["task_id"] == "crawl" and it["try_number"] > 1 for it in done)
    finally:
        queue.stop()
    store = {**world.environment, **databases, **settings, "ONRECORD_HOME": str(home("main"))}
    assert digest_of(**store) == world.digest
    verified = onrecord("verify", "--all", **store)
    assert verified.returncode == 0, verified.stdout
