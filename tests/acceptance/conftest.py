"""The demo and what it recorded, each run once from outside, for every test that looks at what they left."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import DemoHome, onrecord, replaying

from pipeline.demo.newsroom import CONFIG
from pipeline.store.server import embedded
from tests.once import made_once


def run_demo(folder: Path) -> None:
    done = onrecord("demo", "--home", folder / "home")
    (folder / "done.json").write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHome]:
    """Its server stays up: else every command would start and stop it."""
    made = made_once(tmp_path_factory, "demo", run_demo)
    code, out, errors = json.loads((made / "done.json").read_text(encoding="utf-8"))
    home = Path(shutil.copytree(made / "home", tmp_path_factory.mktemp("demo") / "home", symlinks=True))
    with embedded.use(home / "pg", durable=False):
        yield DemoHome(home, subprocess.CompletedProcess(["onrecord", "demo"], code, out, errors), made / "home")


@pytest.fixture(scope="session")
def recorded(demo: DemoHome) -> Path:
    """All that the demo archived, as one WARC file."""
    joined = demo.home.with_name("newsroom.warc.gz")
    joined.write_bytes(b"".join(it.read_bytes() for it in sorted((demo.kept / "archive").rglob("*.warc.gz"))))
    return joined


@pytest.fixture(scope="session")
def undisturbed(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digest by table of a run of the record that nothing disturbed."""

    def run(home: Path) -> None:
        done = onrecord(*replaying(recorded), ONRECORD_HOME=home, ONRECORD_CONFIG=CONFIG)
        assert done.returncode == 0, done.stdout + done.stderr
        (home / "digest.json").write_text(onrecord("digest", "--json", ONRECORD_HOME=home).stdout, encoding="utf-8")

    found: dict[str, str] = json.loads((made_once(tmp_path_factory, "undisturbed", run) / "digest.json").read_text())
    return found
