"""What is slow to load is loaded by those who need it: every command and every task of Airflow starts anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli.airflow import airflow_command

SLOW = (
    "airflow", "moto", "pandas", "scipy", "scrapy",
    "trafilatura", "pipeline.quotes.engine",  # which only workers of the sandbox need
)  # fmt: skip


@pytest.mark.parametrize("module", ["pipeline.cli.commands", "pipeline.runs.scheduler_tasks", "pipeline.runs.runner"])
def test_what_is_slow_to_load_waits_until_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{*{SLOW!r}}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_worker_of_the_sandbox_loads_nothing_that_logs() -> None:
    modules = "pipeline.runtime.sandbox.worker, crawlers.discovery_parser, pipeline.quotes.engine, pipeline.extraction"
    code = f"import sys, {modules}.article; print(*sorted({{'structlog', 'rich', 'twisted'}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_command_loads_what_it_needs_and_not_what_others_need(tmp_path: Path) -> None:
    code = (
        "import sys; from pipeline.cli import run_command_line; run_command_line(['sources', 'list', '--config', '.']);"
        "print(*sorted({'sqlalchemy', 'numpy', 'trafilatura', 'pipeline.cli.up'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(("words", "loaded"), [(("celery", "worker"), True), (("dags", "list"), False)])
def test_what_forks_tasks_has_loaded_their_code(words: tuple[str, ...], loaded: bool, tmp_path: Path) -> None:
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(
        airflow_command(*words, "--help"), env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.startswith(f"Usage: airflow {' '.join(words)} ")
    assert ("pipeline.runs.scheduler_tasks" in done.stderr) == loaded
