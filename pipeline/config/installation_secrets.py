"""Secrets of an installation: created on first use, shared by all its processes, readable by the owner only."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.config.settings import Settings
from pipeline.runtime import file_locks, private_files
from pipeline.runtime.private_files import write_secret

TURN_SECONDS = 60.0


@contextmanager
def installation_lock(home: Path, name: str) -> Iterator[None]:
    """Hold a lock among all processes that share the folder ``home``; others wait, at most TURN_SECONDS."""
    private_files.close_to_others(home)
    private_files.make_folder(home)
    with file_locks.exclusive_lock(home / f"{name}.lock", limit=TURN_SECONDS):
        yield


def installation_secret(settings: Settings, name: str) -> str:
    """The installation's secret of that name, generated on first use and stored in ``secrets.env`` (0600)."""
    path = settings.home / "secrets.env"
    if found := _known(path).get(name):
        return found
    with installation_lock(settings.home, "secrets"):
        if found := _known(path).get(name):
            return found
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        before = path.read_text().splitlines() if path.exists() else []
        write_secret(path, "".join(f"{line}\n" for line in [*before, f"{name}={made}"]))
        return made


def link_key(settings: Settings) -> str:
    """The key that signs links in e-mails: the setting, or one that is made on first use and kept."""
    return settings.link_key or installation_secret(settings, "LINK_KEY")


def _known(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line) if path.exists() else {}
