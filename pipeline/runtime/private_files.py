"""File permissions of private data: e-mails with subscribers' addresses, secrets, the archive, the database.

Other users have no access to an installation's folder; files in it that were created with wider permissions are
corrected. In a folder that its group may write to and whose files inherit the group (mode 2770, Kubernetes'
``fsGroup``) the group keeps its permissions, because it is shared on purpose.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import FileUnusable

OTHERS, GROUP_AND_OTHERS = 0o007, 0o077
PARTS = ("airflow", "archive", "crawl", "pg", "restored-config", "secrets.env", "spool", "*.lock")
"""Our own files in the folder (glob patterns); a user may have chosen a folder with other files in it."""

_first_mask: int | None = None


def close_to_others(home: Path) -> None:
    """Remove other users' permissions from an installation's folder, if it exists, and set the umask accordingly."""
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
    """Create an installation's folder, or one in it, unless it exists; its permissions are ``mode`` less the umask.

    ConfigError if there can be no folder of that name; OSError if the disk is full or not writable for us.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=mode)
    except (FileNotFoundError, NotADirectoryError, FileExistsError) as error:
        raise FileUnusable(
            f"{home}: cannot be made a folder: {error.strerror}; set ONRECORD_HOME to another one", path=str(home)
        ) from error


@contextmanager
def as_the_user_wants() -> Iterator[None]:
    """Restore the user's own umask for the duration of the block, for files that they asked to have written."""
    if _first_mask is None:
        yield
        return
    ours = os.umask(_first_mask)
    try:
        yield
    finally:
        os.umask(ours)


def is_open_to_others(home: Path) -> bool:
    """Whether users other than the owner, and the group that shares it, can enter the folder."""
    return home.is_dir() and bool(home.stat().st_mode & _closed_to(home) & 0o011)


def write_secret(path: Path, text: str) -> None:
    """Replace a file atomically; it is readable by its owner only from the moment it is created."""
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
    """False for ``/``, the user's home folder and folders such as ``/tmp``, which hold more than an installation."""
    return not home.stat().st_mode & stat.S_ISVTX and home not in (Path("/"), Path.home())


def _mend_below(path: Path, closed_to: int) -> None:
    """Correct the permissions of a folder and all in it; nothing to do if the folder itself was private already."""
    if not _mend(path, closed_to) or not path.is_dir():
        return
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            _mend(Path(folder) / name, closed_to)


def _mend(path: Path, closed_to: int) -> bool:
    """Remove the permissions ``closed_to``; false if there were none, or if the file is not ours."""
    with suppress(OSError):
        found = path.lstat()
        if not stat.S_ISLNK(found.st_mode) and found.st_mode & closed_to and found.st_uid == os.geteuid():
            path.chmod(stat.S_IMODE(found.st_mode) & ~closed_to)
            return True
    return False
