"""A recorded day, what it comes to undisturbed, and an Airflow that reads it.

The day is one of the newsroom's. ``CLUSTER_REPLAY=FILE.warc.gz CLUSTER_DAY=2026-06-16 pytest ...`` takes another one,
with the shipped sources.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest
from cluster import Cluster, Part
from program import ROOT, onrecord

from pipeline.demo.newsroom import FIRST_DAY
from pipeline.demo.run import end_of_day

HERE = Path(__file__).parent
DAILY, COLLECT = "onrecord_daily", "onrecord_collect"
DAY = date.fromisoformat(os.environ.get("CLUSTER_DAY") or FIRST_DAY.isoformat())
MIDNIGHT = f"{DAY.isoformat()}T00:00:00Z"
ENDS_WITHIN = 1200.0
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
    environment = {"ONRECORD_BATCH_ITEMS": "20"}
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


def days(environment: dict[str, str], number: int, *which: date) -> list[str]:
    """The day, or the days one after another, by so many processes at once; how each ended with its last."""
    command = [sys.executable, str(HERE / "a_day.py"), *(it.isoformat() for it in which or (DAY,))]
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
