"""Write a backup while no run is at work."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from pipeline.archive import Archive
from pipeline.archive.index import index_of
from pipeline.config.settings import Settings
from pipeline.config.sources import load_sources
from pipeline.errors import ConfigError
from pipeline.operations.backup.bundle import ARCHIVE, CONFIG, FORMAT, MANIFEST, ROWS, SPOOL, BackupSummary
from pipeline.store import locks
from pipeline.store.admin import dump
from pipeline.store.admin.digest import table_digests
from pipeline.store.schema import REVISION


@dataclass(frozen=True, slots=True)
class BundledFile:
    """One file of a backup, as its manifest lists it."""

    size: int
    sha256: str


def write_backup(engine: Engine, settings: Settings, target: Path) -> BackupSummary:
    """Write a backup to ``target``; its summary. Waits for running runs to end, and keeps new ones from starting.

    Raises ConfigError if the target exists or cannot be written; a partial file is removed.
    """
    if target.exists():
        raise ConfigError(f"{target}: is there already; a backup never writes over another")
    partial = target.with_name(target.name + ".part")
    try:
        with locks.no_run(engine, load_sources(settings), holder="onrecord ops backup"):
            saved = _write(engine, settings, partial)
        partial.rename(target)
    except OSError as error:
        raise ConfigError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # renamed, never made, or the error above says what is wrong there
            partial.unlink()
    return saved


def _write(engine: Engine, settings: Settings, target: Path) -> BackupSummary:
    listed: dict[str, BundledFile] = {}
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as temporary:
        folder = Path(temporary)
        with dump.database_snapshot(engine) as connection:
            tables, state = dump.dump_tables(connection, folder), table_digests(connection)
        with target.open("xb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as bundle:
            for path in sorted(folder.iterdir()):
                _add(bundle, listed, f"{ROWS}/{path.name}", path)
            for name, held in _archive_files(settings):
                with held as there:
                    _add(bundle, listed, f"{ARCHIVE}/{name}", there)
            for kind, root in ((SPOOL, settings.spool), (CONFIG, settings.config_dir)):
                for path in _files_in(root):
                    assert root is not None
                    _add(bundle, listed, f"{kind}/{path.relative_to(root).as_posix()}", path)
            manifest = {
                "format": FORMAT,
                "onrecord": version("onrecord"),
                "taken_at": datetime.now(UTC).isoformat(),
                "revision": REVISION,
                "digest": state,
                "tables": [asdict(it) for it in tables],
                "files": {name: asdict(it) for name, it in listed.items()},
            }
            data = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
            bundle.addfile(_entry(MANIFEST, len(data)), io.BytesIO(data))
    size = sum(it.size for it in listed.values())
    return BackupSummary(len(listed), size, sum(it.rows for it in tables), state["all"])


def _archive_files(settings: Settings) -> Iterator[tuple[str, AbstractContextManager[Path]]]:
    """All archive files and indexes, by name; files that are only on the other storage are downloaded."""
    warc_archive = Archive(settings.archive, settings.archive_url)
    for warc_file in warc_archive.warc_files():
        yield warc_file.name + (".open" if warc_file.open else ""), warc_archive.fetched_path(warc_file)
        index = index_of(settings.archive / warc_file.name)
        if index.exists():
            yield index.relative_to(settings.archive).as_posix(), nullcontext(index)


def _files_in(root: Path | None) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file()) if root is not None and root.is_dir() else []


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _add(bundle: tarfile.TarFile, listed: dict[str, BundledFile], name: str, path: Path) -> None:
    if not dump.is_plain_path(name):
        raise ConfigError(f"{path}: its name has characters that no backup takes; rename it, or move it elsewhere")
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Hashing(file)
        bundle.addfile(_entry(name, size), reader)
    listed[name] = BundledFile(size, reader.hash.hexdigest())


class _Hashing:
    """A file reader that hashes what is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data
