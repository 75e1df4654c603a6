"""Files that concern their owner only: mails with readers' addresses, secrets, the archive, the database.

An installation's folder is closed to everybody else, and so is what was made in it before that was so. A folder that
its group may write to and whose files inherit the group (mode 2770, Kubernetes' ``fsGroup``) is shared on purpose:
the group keeps its rights there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import ConfigError

OTHERS, GROUP_AND_OTHERS = 0o007, 0o077
PARTS = ("airflow", "archive", "crawl", "pg", "restored-config", "secrets.env", "spool", "*.lock")
"""What is ours in the folder, which may hold other things if somebody chose it so."""

_first_mask: int | None = None


def close_to_others(home: Path) -> None:
    """Shut others out of an installation's folder, if it is there, and of what this process makes from now on."""
    global _first_mask
    closed_to = _closed_to(home)
    before = os.umask(closed_to)
    if _first_mask is None:
        _first_mask = before
    if not home.is_dir():
        return
    if _is_for_us_alone(home):
        _mend(home, closed_to)
    for pattern in PARTS:
        for part in home.glob(pattern):
            _mend_below(part, closed_to)


def make_folder(home: Path, mode: int = 0o777) -> None:
    """Make an installation's folder, or one in it, if it is not there; its rights are ``mode`` less the umask.

    ConfigError if there can be no folder of that name; OSError if the disk is full or closed to us.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=mode)
    except (FileNotFoundError, NotADirectoryError, FileExistsError) as error:
        raise ConfigError(
            f"{home}: cannot be made a folder: {error.strerror}; set ONRECORD_HOME to another one"
        ) from error


@contextmanager
def as_the_user_wants() -> Iterator[None]:
    """For files that somebody asks for in a place of their own: with the rights that they give their other files."""
    if _first_mask is None:
        yield
        return
    ours = os.umask(_first_mask)
    try:
        yield
    finally:
        os.umask(ours)


def is_open_to_others(home: Path) -> bool:
    """Whether people who are neither the owner nor of a group that shares it can enter the folder."""
    return home.is_dir() and bool(home.stat().st_mode & _closed_to(home) & 0o011)


def write_secret(path: Path, text: str) -> None:
    """Replace a file whole, readable by its owner only from its first moment."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    new.replace(path)


def _closed_to(home: Path) -> int:
    shared = stat.S_ISGID | stat.S_IWGRP
    try:
        return OTHERS if home.stat().st_mode & shared == shared else GROUP_AND_OTHERS
    except OSError:
        return GROUP_AND_OTHERS


def _is_for_us_alone(home: Path) -> bool:
    """Not a folder of the system or of all a user's things, which somebody made an installation's folder as well."""
    return not home.stat().st_mode & stat.S_ISVTX and home not in (Path("/"), Path.home())


def _mend_below(path: Path, closed_to: int) -> None:
    """A folder that was closed already hides what is in it."""
    if not _mend(path, closed_to) or not path.is_dir():
        return
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            _mend(Path(folder) / name, closed_to)


def _mend(path: Path, closed_to: int) -> bool:
    """Take the rights away; false if there were none, or if they are not ours to take."""
    with suppress(OSError):
        found = path.lstat()
        if not stat.S_ISLNK(found.st_mode) and found.st_mode & closed_to and found.st_uid == os.geteuid():
            path.chmod(stat.S_IMODE(found.st_mode) & ~closed_to)
            return True
    return False
