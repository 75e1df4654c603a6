"""The backup file: names of its members, and validation before anything of it is used.

A backup may be malicious. Member names become paths and table names are used in SQL, so both are checked against an
allow-list; sizes are compared with the free space.
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
"""Most bytes of a manifest: enough for about a million files."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """Counts and digest of a backup."""

    files: int
    size: int
    """Bytes of all members, without the overhead of the tar format."""
    rows: int
    digest: str
    """Digest of the database, as ``onrecord db digest`` prints it under ``all``."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class File(_Strict):
    """A member's entry in the manifest."""

    size: NonNegativeInt
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Rows(_Strict):
    """A table's entry in the manifest."""

    table: str
    columns: list[str] = Field(min_length=1)
    rows: NonNegativeInt


class Manifest(_Strict):
    """The last member: all other members by name, size and SHA-256, and the tables."""

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
    """A backup whose manifest, names and sizes were checked; contents are checked when copied."""

    source: Path
    manifest: Manifest
    members: dict[str, tarfile.TarInfo]
    _tar: tarfile.TarFile

    def copy(self, name: str, target: Path) -> None:
        """Write one member to a new file. Raises ConfigError if its bytes are not those that were saved."""
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
    """Open a backup and check all that can be checked without reading every member.

    Raises ConfigError, with the name of the bad member.
    """
    try:
        tar = tarfile.open(source, mode="r:")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise ConfigError(f"{source}: cannot be restored: {error.strerror or error}") from error
    except tarfile.TarError as error:
        raise ConfigError(f"{source}: cannot be restored: {error}") from error
    with tar:
        members = _members(tar, source)
        manifest = _manifest(tar, members.pop(MANIFEST, None), source)
        _check_tables(manifest, source)
        _check_files(manifest, members, source)
        yield Bundle(source, manifest, members, tar)


def _members(tar: tarfile.TarFile, source: Path) -> dict[str, tarfile.TarInfo]:
    """All members by name. Links, devices, folders and sparse files are refused: we never write them."""
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
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := file.read(STEP):
        found.update(piece)
    return found.hexdigest()
