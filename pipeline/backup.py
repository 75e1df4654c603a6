"""An installation in one file, and back: rows of the store, archive, letters in the spool, configuration.

The file is a tar archive. ``manifest.json``, its last member, has the SHA-256 of every other, so a file that was cut
is known by its lack. Secrets (``secrets.env``, passwords in addresses) are not in it; the letters' recipients are.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Engine

from pipeline.archive import Shelf
from pipeline.archive.index import index_of
from pipeline.config.settings import Settings
from pipeline.config.sources import load_sources
from pipeline.errors import ConfigError
from pipeline.store import dump, locks
from pipeline.store.digest import digest
from pipeline.store.schema import REVISION

FORMAT = 1
MANIFEST = "manifest.json"
ROWS, ARCHIVE, SPOOL, CONFIG = "database", "archive", "spool", "config"
RESTORED_CONFIG = "restored-config"
"""Folder in the home where a restored configuration is put; nobody reads it until ``ONRECORD_CONFIG`` names it."""
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    files: int
    size: int
    """Bytes, before the file's own overhead."""
    rows: int
    digest: str
    """Of the state, as ``onrecord digest`` prints it under ``all``."""


def backup(engine: Engine, settings: Settings, target: Path) -> Saved:
    """Write everything to ``target``, whole or not at all; waits for runs, which wait for it.

    ConfigError if the target is there already or cannot be written.
    """
    if target.exists():
        raise ConfigError(f"{target}: is there already; a backup never writes over another")
    partial = target.with_name(target.name + ".part")
    try:
        with locks.no_run(engine, load_sources(settings), holder="onrecord backup"):
            saved = _write(engine, settings, partial)
        partial.rename(target)
    except OSError as error:
        raise ConfigError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return saved


def _write(engine: Engine, settings: Settings, target: Path) -> Saved:
    listed: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as temporary:
        folder = Path(temporary)
        with dump.snapshot(engine) as connection:
            tables, state = dump.dump(connection, folder), digest(connection)
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
                "files": listed,
            }
            data = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
            bundle.addfile(_entry(MANIFEST, len(data)), io.BytesIO(data))
    size = sum(int(it["size"]) for it in listed.values())
    return Saved(len(listed), size, sum(it.rows for it in tables), state["all"])


def _archive_files(settings: Settings) -> Iterator[tuple[str, AbstractContextManager[Path]]]:
    """Every file of the archive and its index, by name; a file that is only on the other storage is fetched."""
    shelf = Shelf(settings.archive, settings.archive_url)
    for volume in shelf.volumes():
        yield volume.name + (".open" if volume.open else ""), shelf.path(volume)
        index = index_of(settings.archive / volume.name)
        if index.exists():
            yield index.relative_to(settings.archive).as_posix(), nullcontext(index)


def _files_in(root: Path | None) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file()) if root is not None and root.is_dir() else []


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _add(bundle: tarfile.TarFile, listed: dict[str, dict[str, Any]], name: str, path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Hashing(file)
        bundle.addfile(_entry(name, size), reader)
    listed[name] = {"size": size, "sha256": reader.hash.hexdigest()}


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def restore(engine: Engine, settings: Settings, source: Path) -> Saved:
    """Put a backup into an empty database and an empty home; what it held.

    The whole file is checked before anything is written. ConfigError if it is damaged or no backup, if the database
    has rows, or if a file in the home differs from the one to be restored. Stopped half-way, it can be done again.
    """
    try:
        with tarfile.open(source, mode="r:") as bundle:
            manifest = _manifest(bundle, source)
            _check(bundle, manifest, source)
            tables = [dump.TableRows(it["table"], tuple(it["columns"]), it["rows"]) for it in manifest["tables"]]
            places = _places(manifest, settings)
            _refuse_others(manifest, places)
            dump.prepare(engine, manifest["revision"])
            with tempfile.TemporaryDirectory(prefix="onrecord-") as temporary:
                folder = Path(temporary)
                for name in manifest["files"]:
                    path = places.get(name) or folder / PurePosixPath(name).name
                    _extract(bundle, name, path)
                dump.load(engine, tables, folder, manifest["digest"], manifest["revision"])
    except (OSError, tarfile.TarError) as error:
        raise ConfigError(f"{source}: cannot be restored: {error}") from error
    size = sum(int(it["size"]) for it in manifest["files"].values())
    return Saved(len(manifest["files"]), size, sum(it.rows for it in tables), manifest["digest"]["all"])


def _manifest(bundle: tarfile.TarFile, source: Path) -> dict[str, Any]:
    try:
        member = bundle.extractfile(MANIFEST)
        assert member is not None
        manifest: dict[str, Any] = json.load(member)
    except (KeyError, AssertionError, ValueError, tarfile.TarError) as error:
        raise ConfigError(f"{source}: no backup, or cut: it ends without its {MANIFEST}") from error
    if manifest.get("format") != FORMAT:
        raise ConfigError(f"{source}: a backup of format {manifest.get('format')}; this onrecord reads {FORMAT}")
    return manifest


def _check(bundle: tarfile.TarFile, manifest: dict[str, Any], source: Path) -> None:
    """ConfigError names the first member that is missing or not what the manifest says."""
    for name, told in manifest["files"].items():
        try:
            member = bundle.extractfile(name)
        except KeyError:
            member = None
        if member is None:
            raise ConfigError(f"{source}: damaged: {name} is missing")
        if _digest(member) != told["sha256"]:
            raise ConfigError(f"{source}: damaged: {name} is not what was saved (SHA-256 differs)")


def _places(manifest: dict[str, Any], settings: Settings) -> dict[str, Path]:
    """Where each member that is a file of the home goes; ConfigError for one that would leave the home."""
    roots = {ARCHIVE: settings.archive, SPOOL: settings.spool, CONFIG: settings.home / RESTORED_CONFIG}
    found = {}
    for name in manifest["files"]:
        kind, _, rest = name.partition("/")
        if not rest or ".." in PurePosixPath(rest).parts or rest.startswith("/"):
            raise ConfigError(f"{name!r} in the backup is no name of a file of ours")
        if kind in roots:
            found[name] = roots[kind] / rest
    return found


def _refuse_others(manifest: dict[str, Any], places: dict[str, Path]) -> None:
    for name, path in places.items():
        if path.exists() and _sha256(path) != manifest["files"][name]["sha256"]:
            raise ConfigError(f"{path}: is there already and is another; restore into a new ONRECORD_HOME")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := file.read(_STEP):
        found.update(piece)
    return found.hexdigest()


def _extract(bundle: tarfile.TarFile, name: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    member = bundle.extractfile(name)
    assert member is not None
    with partial.open("wb") as file:
        while piece := member.read(_STEP):
            file.write(piece)
    partial.rename(path)
