"""A disk that is really full: what the user reads, that what was finished stays, and that the next run completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from program import ENTRY, ROOT, replaying

from pipeline.demo.newsroom import CONFIG

OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount", "--")
SMALL = """
mount -t tmpfs -o size="$SIZE" tmpfs "$DISK" || exit 99
"$@" >"$OUTPUT" 2>&1; echo $? >"$OUTPUT.code"
mount -o remount,size=2g "$DISK"
onrecord() { "$PYTHON" -c "$ENTRY" "$@"; }
"$@" && onrecord verify --all && onrecord archive check && onrecord db digest --json
code=$?
find "$ONRECORD_HOME" -name '*.open' -o -name '*.part' -o -name '.a1*'
exit $code
"""
"""The same run on a disk of SIZE bytes and then, with room made, again; whatever it leaves unfinished."""


@cache
def mounts() -> bool:
    try:
        return (
            subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0
        )
    except OSError:
        return False


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not mounts(), reason="no small disk can be mounted here (unshare --mount is refused)"),
    pytest.mark.timeout(900),  # seven starts of the program, and the demo before the first
]


@pytest.mark.parametrize(
    ("folder", "size", "code", "message"),
    [
        ("archive", "100k", 1, "No space left on device"),
        ("crawl", "12k", 1, "journal.jsonl: No space left on device"),
        ("pg", "46m", 3, "Make room"),
        ("spool", "12k", 0, "No space left on device; make room"),
    ],
)
def test_a_full_disk_is_named_and_the_next_run_completes(
    folder: str, size: str, code: int, message: str, recorded: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / folder).mkdir(parents=True)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    done = subprocess.run(
        [*OWN_MOUNTS, "sh", "-c", SMALL, "sh", sys.executable, "-c", ENTRY, *map(str, replaying(recorded))],
        env=bare
        | {
            "ONRECORD_HOME": str(home),
            "ONRECORD_CONFIG": str(CONFIG),
            "DISK": str(home / folder),
            "SIZE": size,
            "OUTPUT": str(tmp_path / "output"),
            "PYTHON": sys.executable,
            "ENTRY": ENTRY,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    first = (tmp_path / "output").read_text(encoding="utf-8")
    assert (tmp_path / "output.code").read_text().strip() == str(code), first
    assert message in first and "Traceback" not in first
    assert done.returncode == 0, done.stdout + done.stderr
    *_, last = done.stdout.splitlines()
    found = json.loads(last)  # the last line: nothing was left unfinished
    # Which e-mail has which statement depends on when it was found, and so do the names that statements once had.
    late = {"alerts", "statement_aliases", "all"}
    assert {it: found[it] for it in found if it not in late} == {it: undisturbed[it] for it in found if it not in late}
