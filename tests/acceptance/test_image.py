"""The image, built for real: from a base of Debian's packages, since no registry of images is at hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from airflow_api import DAGS
from program import ROOT

TOOLS = ("buildah", "debootstrap")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
CERTIFICATES = "/etc/ssl/certs"
pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(bool(MISSING), reason=f"builds an image: apt-get install {' '.join(MISSING)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="builds an image with chroot, which only root may call"),
]


@dataclass(frozen=True)
class Image:
    """An image in a store of its own, and a container of it."""

    store: tuple[str, ...]
    container: str

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """One command in the container, as the image's user."""
        return subprocess.run(
            [*self.store, "run", "--isolation", "chroot", self.container, "--", *words],
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


def done(*words: str | Path, cwd: Path = ROOT) -> str:
    ended = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{words}: {ended.stdout[-3000:]}{ended.stderr[-3000:]}"
    return ended.stdout


def debian() -> tuple[str, str]:
    """Where this machine takes its packages from, and its release."""
    targets = done(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"
    )
    release = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.MULTILINE)
    for line in targets.splitlines():
        mirror, codename, component = line.split()
        if release and codename == release[1] and component == "main":
            return mirror, codename
    pytest.skip("the base is made of Debian's packages, and this machine's are of another system")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    mirror, release = debian()
    packages = "--include=python3,python3-venv,ca-certificates"
    done("debootstrap", "--variant=minbase", packages, release, folder / "base", mirror)
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    store = ("buildah", "--storage-driver", "vfs", "--root", f"{folder}/store", "--runroot", f"{folder}/run")
    build = (*store, "bud", "--isolation", "chroot", "--network", "host")
    done(*build, "--tag", "localhost/base", "--file", folder / "Dockerfile", folder / "base")
    shutil.rmtree(folder / "base")
    given = [f"--build-arg={name}={os.environ[name]}" for name in ("PIP_INDEX_URL",) if name in os.environ]
    certificates = f"--volume={CERTIFICATES}:{CERTIFICATES}:ro"
    done(
        *build,
        certificates,
        *given,
        "--build-arg=BASE=localhost/base",
        "--tag=onrecord",
        "--file=docker/Dockerfile",
        ".",
    )
    container = done(*store, "from", "localhost/onrecord").strip()
    yield Image(store, container)
    done(*store, "rm", "--all")
    shutil.rmtree(folder, ignore_errors=True)


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
    line = json.dumps({"id": 1, "lang": "en", "date": None, "text": "“We are ready for talks,” said Dmitry Peskov."})
    (quote,) = json.loads(image.out("onrecord", "quotes", "-", text=line + "\n"))["quotes"]
    assert quote["speaker_id"] == "dmitry-peskov"
    celery = ("celery", "--app", "airflow.providers.celery.executors.celery_executor.app", "report")
    assert "transport:redis" in image.out(*celery)
    refused = image.run("healthy", "scheduler")
    assert refused.returncode == 1 and "does not answer" in refused.stderr


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
