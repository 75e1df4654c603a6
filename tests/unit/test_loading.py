"""What is slow to load is loaded by those who need it: every command and every task of Airflow starts anew."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("airflow", "moto", "pandas", "scipy", "scrapy")


@pytest.mark.parametrize("module", ["pipeline.cli.commands", "pipeline.runs.scheduler_tasks", "pipeline.runs.runner"])
def test_what_is_slow_to_load_waits_until_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{*{SLOW!r}}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
