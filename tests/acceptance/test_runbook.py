"""The runbook's shell does what it says: every command in it that names no placeholder is run as it is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from program import ENTRY, ROOT, DemoHome

from pipeline.demo.newsroom import CONFIG

PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PLACEHOLDERS = re.compile(r"\bID\b|\bURL\b|\bINCIDENT\b|\bADDRESS\b|\.\.\.|onrecord run\b|run onrecord")
"""A command with one of these is for the operator to fill in, or asks the web."""


def blocks() -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        yield "\n".join(line.partition("  # ")[0].strip() for line in block.splitlines())


def commands() -> list[str]:
    """The blocks as a whole, and commands that stand within sentences."""
    prose = re.sub(r"```sh\n.*?```", "", PAGE, flags=re.DOTALL)
    within = (it for it in re.findall(r"`([^`]+)`", prose) if it.startswith(("onrecord ", "du ", "echo ")))
    return [it for it in dict.fromkeys((*blocks(), *within)) if not PLACEHOLDERS.search(it)]


@pytest.fixture(scope="module")
def installation(demo: DemoHome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the demo that recipes may change, with `onrecord` on the path."""
    assert demo.done.returncode == 0, demo.done.stderr
    folder = tmp_path_factory.mktemp("runbook")
    demo.copy(folder / "home")
    (folder / "bin").mkdir()
    program = folder / "bin" / "onrecord"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{ENTRY}' \"$@\"\n", encoding="utf-8")
    program.chmod(0o755)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return bare | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ONRECORD_HOME": str(folder / "home"),
        "ONRECORD_CONFIG": str(CONFIG),
        "BACKUPS": str(folder),
    }


def test_there_are_commands_to_try() -> None:
    found = commands()
    assert len(found) >= 10
    for word in ("onrecord doctor", "ALTER ROLE", "onrecord ops backup", "VACUUM", "state = 'dead'", "verify --all"):
        assert any(word in it for it in found), word


@pytest.mark.parametrize("command", commands(), ids=lambda it: it.splitlines()[0][:60])
def test_a_command_of_the_runbook_works_as_printed(command: str, installation: dict[str, str]) -> None:
    looks = "onrecord doctor" in command  # its exit code tells how things are
    done = subprocess.run(
        ["sh", "-c" if looks else "-ec", command],
        env=installation,
        cwd=installation["BACKUPS"],
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode in ((0, 1) if looks else (0,)), output
    assert "Traceback" not in output and "ERROR" not in output and "Usage" not in output, output
