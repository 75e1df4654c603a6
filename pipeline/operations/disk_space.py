"""Free space of the disks that an installation writes to, and what takes how much of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.config.settings import Settings

FREE_BYTES = 2 * 1024**3
"""Minimum free space: a few weeks of archive need more than this."""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """One disk. ``path``: one of our folders on it; ``free``: bytes."""

    path: Path
    free: int


def disk_spaces(settings: Settings) -> list[DiskSpace]:
    """The disks of home, archive, database and spool."""
    disks: dict[int, Path] = {}
    for path in (settings.home, settings.archive, settings.postgres, settings.spool):
        disks.setdefault(nearest_folder(path).stat().st_dev, path)
    return [DiskSpace(path, shutil.disk_usage(nearest_folder(path)).free) for path in disks.values()]


def tight_disks(settings: Settings) -> list[DiskSpace]:
    """The disks with less free space than an installation needs."""
    return [it for it in disk_spaces(settings) if it.free < FREE_BYTES]


def nearest_folder(path: Path) -> Path:
    """The path itself, or its closest parent that exists."""
    return next(it for it in (path, *path.parents) if it.exists())


def folder_sizes(settings: Settings) -> dict[str, int]:
    """Bytes on this machine by what grows: archive, database, spool, and the logs of Airflow."""
    folders = {
        "archive": settings.archive,
        "database": settings.postgres,
        "spool": settings.spool,
        "logs": settings.home / "airflow" / "logs",
    }
    return {name: _size(folder) for name, folder in folders.items() if folder.exists()}


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            found = path.lstat()
        except OSError:  # removed meanwhile, or not ours to read
            continue
        total += found.st_blocks * 512
    return total
