"""The file of a backup: what its parts are called, and how one from anywhere is checked before it is believed.

A backup may come from a stranger. Its member names become paths and its table names stand in SQL, so both are compared
with what can be ours; its sizes are compared with the room there is.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from pipeline.errors import ConfigError
from pipeline.store.admin import dump
from pipeline.store.admin.dump import TableRows

FORMAT = 1
MANIFEST = "manifest.json"
ROWS, ARCHIVE, SPOOL, CONFIG = "database", "archive", "spool", "config"
KINDS = (ROWS, ARCHIVE, SPOOL, CONFIG)
STEP = 1 << 20
MANIFEST_LIMIT = 256 << 20
"""Bytes: about a million files."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds."""

    files: int
    size: int
    """Bytes, before the file's own overhead."""
    rows: int
    digest: str
    """Of the state, as ``onrecord digest`` prints it under ``all``."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class File(_Strict):
    """What the manifest says of one member."""

    size: NonNegativeInt
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Rows(_Strict):
    """What the manifest says of one table."""

    table: str
    columns: list[str] = Field(min_length=1)
    rows: NonNegativeInt


class Manifest(_Strict):
    """The last member: everything else by name, size and SHA-256."""

    format: int
    onrecord: str
    taken_at: str
    revision: str
    digest: dict[str, str]
    tables: list[Rows]
    files: dict[str, File]

    @property
    def size(self) -> int:
        return sum(it.size for it in self.files.values())

    def summary(self) -> BackupSummary:
        return BackupSummary(len(self.files), self.size, sum(it.rows for it in self.tables), self.digest.get("all", ""))

    def table_rows(self) -> list[TableRows]:
        return [TableRows(it.table, tuple(it.columns), it.rows) for it in self.tables]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A backup whose manifest, names and sizes have been checked; the bytes are checked as they are copied."""

    source: Path
    manifest: Manifest
    members: dict[str, tarfile.TarInfo]
    _tar: tarfile.TarFile

    def copy(self, name: str, target: Path) -> None:
        """Write one member to a new file. ConfigError if its bytes are not those that were saved."""
        found = hashlib.sha256()
        try:
            member = self._tar.extractfile(self.members[name])
            assert member is not None
            with target.open("xb") as file:
                while piece := member.read(STEP):
                    found.update(piece)
                    file.write(piece)
        except tarfile.TarError as error:
            raise ConfigError(f"{self.source}: damaged: {name}: {error}") from error
        if found.hexdigest() != self.manifest.files[name].sha256:
            raise ConfigError(f"{self.source}: damaged: {name} is not what was saved (SHA-256 differs)")


@contextmanager
def open_bundle(source: Path) -> Iterator[Bundle]:
    """The backup in a file, checked in all that can be said without reading it whole. ConfigError names the member."""
    try:
        tar = tarfile.open(source, mode="r:")  # noqa: SIM115  (closed below)
    except (OSError, tarfile.TarError) as error:
        raise ConfigError(f"{source}: cannot be restored: {error}") from error
    with tar:
        members = _members(tar, source)
        manifest = _manifest(tar, members.pop(MANIFEST, None), source)
        _check_tables(manifest, source)
        _check_files(manifest, members, source)
        yield Bundle(source, manifest, members, tar)


def _members(tar: tarfile.TarFile, source: Path) -> dict[str, tarfile.TarInfo]:
    """Every member by its name. Links, devices, folders and files with holes are nothing that we write."""
    found: dict[str, tarfile.TarInfo] = {}
    try:
        for member in tar:
            if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
                raise ConfigError(f"{source}: {member.name!r} is no plain file: this is no backup of ours")
            if member.name in found:
                raise ConfigError(f"{source}: {member.name!r} is in it twice: this is no backup of ours")
            found[member.name] = member
    except (OSError, ValueError, tarfile.TarError) as error:
        last = f" after {next(reversed(found))!r}" if found else ""
        raise ConfigError(f"{source}: damaged or cut{last}: {error}") from error
    return found


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None, source: Path) -> Manifest:
    if member is None:
        raise ConfigError(f"{source}: no backup, or cut: it ends without its {MANIFEST}")
    if member.size > MANIFEST_LIMIT:
        raise ConfigError(f"{source}: its {MANIFEST} has {member.size:,} bytes; {MANIFEST_LIMIT:,} are the most")
    file = tar.extractfile(member)
    assert file is not None
    try:
        content = json.loads(file.read())
        version = content.get("format") if isinstance(content, dict) else None
        if version != FORMAT:
            raise ConfigError(f"{source}: a backup of format {version!r}; this onrecord reads {FORMAT}")
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(repr(it) if isinstance(it, str) else str(it) for it in first["loc"])
        raise ConfigError(f"{source}: {MANIFEST}: {where}: {first['msg']}") from error
    except (ValueError, RecursionError, OSError, tarfile.TarError) as error:
        raise ConfigError(f"{source}: damaged: its {MANIFEST} cannot be read: {error}") from error


def _check_tables(manifest: Manifest, source: Path) -> None:
    wrong = dump.not_ours(manifest.table_rows(), manifest.revision)
    if wrong:
        raise ConfigError(f"{source}: {MANIFEST}: {wrong}")


def _check_files(manifest: Manifest, members: dict[str, tarfile.TarInfo], source: Path) -> None:
    tables = {f"{ROWS}/{dump.file_of(it.table)}" for it in manifest.tables}
    folders = {name.rpartition("/")[0] for name in manifest.files}
    for name, entry in manifest.files.items():
        kind, _, rest = name.partition("/")
        if kind not in KINDS or not dump.is_plain_path(rest) or name in folders:
            raise ConfigError(f"{source}: {name!r} is no name of a file of ours")
        if kind == ROWS and name not in tables:
            raise ConfigError(f"{source}: {name!r} belongs to no table of the backup")
        if name not in members:
            raise ConfigError(f"{source}: damaged: {name} is missing")
        if members[name].size != entry.size:
            raise ConfigError(f"{source}: damaged: {name} has {members[name].size:,} bytes, {entry.size:,} were saved")
    for name in (*sorted(tables - manifest.files.keys()), *sorted(members.keys() - manifest.files.keys())):
        missing = name in tables
        raise ConfigError(f"{source}: {name!r} is " + ("missing" if missing else f"not in its {MANIFEST}"))


def member_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := file.read(STEP):
        found.update(piece)
    return found.hexdigest()
