"""Restore a backup; if anything fails, nothing is kept."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError
from pipeline.operations.backup.bundle import (
    ARCHIVE,
    CONFIG,
    ROWS,
    SPOOL,
    BackupSummary,
    Bundle,
    member_sha256,
    open_bundle,
)
from pipeline.runtime import private_files
from pipeline.store.admin import dump

RESTORED_CONFIG = "restored-config"
"""Folder for the restored configuration; it is not used until ``ONRECORD_CONFIG`` names it."""
STAGING = ".restoring-"
"""Prefix of folders in the home that hold the restored files until everything was checked."""


def restore_backup(engine: Engine, settings: Settings, source: Path) -> BackupSummary:
    """Restore a backup into an empty database and an empty home; its summary.

    Names, sizes and counts are checked first. The files are copied to a staging folder, their digests compared, and
    moved into place when the rows are loaded. Raises ConfigError if the backup is damaged or not ours, if the database
    has rows, or if a different file is in the place of a restored one; nothing is kept then. If killed, it can be run
    again.
    """
    with open_bundle(source) as bundle:
        manifest = bundle.manifest
        targets = _targets(bundle, settings)
        _refuse_others(bundle, targets)
        try:
            with _staged(bundle, settings.home) as staged:
                tables = manifest.table_rows()
                for saved in tables:
                    dump.check_rows(staged[f"{ROWS}/{dump.file_of(saved.table)}"], saved)
                rows = {it.table: staged[f"{ROWS}/{dump.file_of(it.table)}"] for it in tables}
                with (
                    dump.loaded_tables(engine, tables, rows, manifest.digest, manifest.revision),
                    _moved(staged, targets),
                ):
                    pass
        except OSError as error:
            where = f"{it}: " if (it := error.filename2 or error.filename) else ""
            raise ConfigError(f"{source}: cannot be restored: {where}{error.strerror or error}") from error
    return manifest.summary()


def _targets(bundle: Bundle, settings: Settings) -> dict[str, Path]:
    """The target path of each member that is restored to the home."""
    roots = {ARCHIVE: settings.archive, SPOOL: settings.spool, CONFIG: settings.home / RESTORED_CONFIG}
    found = {}
    for name in bundle.manifest.files:
        kind, _, rest = name.partition("/")
        if kind in roots:
            found[name] = roots[kind] / rest
    return found


def _refuse_others(bundle: Bundle, targets: dict[str, Path]) -> None:
    for name, path in targets.items():
        if path.exists() and (not path.is_file() or member_sha256(path) != bundle.manifest.files[name].sha256):
            raise ConfigError(f"{path}: is there already and is another; restore into a new ONRECORD_HOME")


@contextmanager
def _staged(bundle: Bundle, home: Path) -> Iterator[dict[str, Path]]:
    """Copy every member to a staging folder and check its digest; the paths by member name."""
    private_files.make_folder(home)
    for left in home.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)  # left by a restore that was killed
    free = shutil.disk_usage(home).free
    if bundle.manifest.size > free:
        raise ConfigError(f"{bundle.source}: holds {bundle.manifest.size:,} bytes, and {home} has room for {free:,}")
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=home) as temporary:
        found = {name: Path(temporary) / str(number) for number, name in enumerate(bundle.manifest.files)}
        for name, path in found.items():
            bundle.copy(name, path)
        yield found


@contextmanager
def _moved(staged: dict[str, Path], targets: dict[str, Path]) -> Iterator[None]:
    """Move the files into place; remove them again if that fails or the block raises."""
    made: list[Path] = []
    try:
        for name, target in targets.items():
            if target.exists():
                continue  # the same bytes, left by a restore that was killed
            _make_folders(target.parent, made)
            made.append(target)
            _move(staged[name], target)
        yield
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _make_folders(folder: Path, made: list[Path]) -> None:
    for one in reversed((folder, *folder.parents)):
        if not one.exists():
            one.mkdir()
            made.append(one)


def _move(source: Path, target: Path) -> None:
    """Rename, or copy to another disk; the target is never seen half-written."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        partial = target.with_name(target.name + ".part")
        shutil.copyfile(source, partial)
        os.replace(partial, target)  # noqa: PTH105  (as rename, and says so on every system)
