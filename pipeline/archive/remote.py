"""The archive's copy on remote storage such as S3, through fsspec: upload closed files and read them there.

Address: ``s3://BUCKET/PREFIX`` or any other that fsspec supports. Credentials and endpoint come from the environment
variables of the storage's own tools (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL`` ...).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import fsspec

from pipeline.archive.exchange import WARC, ArchiveError
from pipeline.archive.index import index_of
from pipeline.errors import ConfigError

_FLAT = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "oci"})
"""Protocols of storage without folders, where none must be created: on S3 that would create a bucket."""


class RemoteError(ArchiveError):
    """The storage could not be reached or refused; ``place`` is its address. Local files are not affected."""

    code = "archive-storage"


class RemoteStorage:
    """A prefix on remote storage. ``url`` is its address, without a trailing slash."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            hint = "; S3 needs the extra: pip install 'onrecord[s3]'" if isinstance(error, ImportError) else ""
            raise ConfigError(f"ONRECORD_ARCHIVE_URL={url}: {error}{hint}") from error
        protocol = self._files.protocol
        self._flat = not _FLAT.isdisjoint([protocol] if isinstance(protocol, str) else protocol)

    def uri(self, name: str) -> str:
        """The full address of a file of the archive."""
        return f"{self.url}/{name}"

    def upload(self, archive: Path, name: str, *, again: bool = False) -> str:
        """Upload a closed file and its index, index last; gives back the file's address. RemoteError if that fails.

        Idempotent: it can be repeated after an interruption, and a complete copy is not sent twice unless ``again`` is
        set to replace it.
        """
        warc = archive / name
        with self._faults(name):
            for path in (warc, index_of(warc)):
                there = f"{self._root}/{path.relative_to(archive).as_posix()}"
                size = path.stat().st_size
                if again or self._size(there) != size or path != warc:
                    if not self._flat:
                        self._files.makedirs(there.rpartition("/")[0], exist_ok=True)
                    self._files.put_file(str(path), there)
                if self._size(there) != size:
                    raise RemoteError(
                        f"{self.uri(name)}: arrived with another size than the {size} bytes sent", place=self.uri(name)
                    )
        return self.uri(name)

    def size(self, name: str) -> int | None:
        """Size of a remote file in bytes; None if it does not exist. RemoteError if that cannot be found out."""
        with self._faults(name):
            return self._size(f"{self._root}/{name}")

    def _size(self, there: str) -> int | None:
        try:
            self._files.invalidate_cache(there.rpartition("/")[0])
            return int(self._files.info(there)["size"])
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """The names of the remote WARC files, as records name them."""
        with self._faults(""):
            self._files.invalidate_cache()
            found = self._files.find(self._root) if self._files.exists(self._root) else []
        root = self._root.rstrip("/") + "/"
        return sorted(name.removeprefix(root) for name in found if name.endswith(WARC))

    def read(self, name: str, offset: int, length: int) -> bytes:
        """``length`` bytes of a remote file from ``offset``; fewer if it ends before."""
        with self._faults(name):
            data: bytes = self._files.cat_file(f"{self._root}/{name}", start=offset, end=offset + length)
            return data

    def index(self, name: str) -> str | None:
        """The text of a file's remote index; None if there is none."""
        with self._faults(name):
            there = f"{self._root}/{index_of(Path(name)).as_posix()}"
            return str(self._files.cat_file(there), "utf-8") if self._size(there) is not None else None

    @contextmanager
    def copy(self, name: str) -> Iterator[Path]:
        """A remote file, downloaded for the duration of the block."""
        with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
            here = Path(folder) / name.rpartition("/")[2]
            with self._faults(name):
                self._files.get_file(f"{self._root}/{name}", str(here))
                index = index_of(Path(name)).as_posix()
                if self._files.exists(f"{self._root}/{index}"):
                    self._files.get_file(f"{self._root}/{index}", str(index_of(here)))
            yield here

    @contextmanager
    def _faults(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise RemoteError(f"{self.uri(name)}: no such file", place=self.uri(name)) from error
        except _faults_of_storage() as error:
            raise RemoteError(f"{self.uri(name)}: {error}", place=self.uri(name)) from error


@lru_cache(maxsize=4)
def remote_storage(url: str) -> RemoteStorage:
    """The remote storage with this address; it is cached, so that connections are reused."""
    return RemoteStorage(url)


@lru_cache(maxsize=1)
def _faults_of_storage() -> tuple[type[Exception], ...]:
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return (OSError,)
    known: tuple[Any, ...] = (OSError, BotoCoreError, ClientError)
    return known
