"""A team's installation before it is started: a copy of ``docker/``, set up and filled in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from program import ROOT

COMPOSE = "docker-compose"
NEEDED = "ONRECORD_CONTACT=test@example.org\nONRECORD_MAIL_FROM=onrecord@example.org\nMAIL_DOMAIN=example.org\n"


def prepared(folder: Path) -> Path:
    """A copy of ``docker/`` after ``setup.sh``, with what somebody must fill in filled in."""
    copy = Path(shutil.copytree(ROOT / "docker", folder / "docker", ignore=shutil.ignore_patterns(".env", "secrets")))
    subprocess.run([copy / "setup.sh"], check=True, stdout=subprocess.DEVNULL)
    (copy / ".env").write_text((copy / "example.env").read_text() + NEEDED)
    return copy


def config(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """`docker-compose config`: the files checked, put together, and with their variables filled in."""
    chosen = [word for file in files for word in ("--file", file)]
    return subprocess.run(
        [COMPOSE, *chosen, "config"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
