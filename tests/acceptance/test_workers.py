"""A day on two workers, of which one is killed while the queue is restarted: nothing is lost and nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from cluster import REDIS, Redis, serving
from moto.server import ThreadedMotoServer
from program import onrecord
from recorded import DAILY, ENDS_WITHIN, MIDNIGHT, World, crawls, databases, digest_of, scratch, world

__all__ = ["databases", "world"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


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
            tries = airflow.tries(DAILY, run, "crawl")
            assert {"one", "two"} <= {it["hostname"] for it in tries + airflow.tasks(DAILY, run)}, "both have worked"
            assert any(it["try_number"] > 1 for it in tries)
    finally:
        queue.stop()
    store = {**world.environment, **databases, **settings, "ONRECORD_HOME": str(home("main"))}
    assert digest_of(**store) == world.digest
    verified = onrecord("verify", "--all", **store)
    assert verified.returncode == 0, verified.stdout
