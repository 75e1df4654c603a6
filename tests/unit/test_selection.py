"""What the command for the tests leaves out, and that it says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.selection import LONG

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

def test_short(): ...

@pytest.mark.slow
@pytest.mark.parametrize("it", "abc")
def test_long(it): ...
"""


@pytest.mark.parametrize(
    ("arguments", "passed", "left_out"),
    [
        (("folder", "-k", "long and not c"), 0, 2),
        (("-n", "2", "--dist", "loadfile"), 1, 3),
        (("--all",), 4, 0),
        (("folder/test_it.py",), 4, 0),
        (("-m", "slow"), 3, 0),
    ],
)
def test_slow_tests_run_when_they_are_asked_for(
    tmp_path: Path, arguments: tuple[str, ...], passed: int, left_out: int
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\nmarkers = slow\npythonpath = {ROOT}\naddopts = -p tests.selection\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == (0 if passed else 5), done.stdout + done.stderr
    assert (f"{passed} passed" in done.stdout) == bool(passed)
    assert ("slow tests were left out" in done.stdout) == bool(left_out)
    if left_out:
        assert f"{left_out} slow tests were left out" in done.stdout and "./dev test --all" in done.stdout


def test_files_that_are_told_where_to_run_are_there() -> None:
    assert [it for it in LONG if not (ROOT / it).is_file()] == []
