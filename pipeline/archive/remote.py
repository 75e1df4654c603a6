"""The archive's copy on other storage, such as S3, reached through fsspec: closed files go there and are read there.

Address: ``s3://BUCKET/PREFIX`` or any other that fsspec knows. Keys and endpoint come from the environment that the
storage's own tools use (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL`` ...).
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
"""Storage without folders. To ask S3 for a folder would make a bucket."""


class RemoteError(ArchiveError):
    """The storage could not be reached or refused; the message names its address. What is here stays here."""


class RemoteStorage:
    """One place on other storage. ``url`` is its address, without a slash at its end."""

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
        """The address of a file of the archive."""
        return f"{self.url}/{name}"

    def upload(self, archive: Path, name: str, *, again: bool = False) -> str:
        """Copy a closed file and its index, index last; gives back the file's address. RemoteError if that fails.

        Done again after a stop anywhere it comes to the same; a copy that arrived is not sent twice, unless
        it is to be replaced (``again``).
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
                    raise RemoteError(f"{self.uri(name)}: arrived with another size than the {size} bytes sent")
        return self.uri(name)

    def size(self, name: str) -> int | None:
        """Bytes of a file there; None if it is not. RemoteError if that cannot be told."""
        with self._faults(name):
            return self._size(f"{self._root}/{name}")

    def _size(self, there: str) -> int | None:
        try:
            self._files.invalidate_cache(there.rpartition("/")[0])
            return int(self._files.info(there)["size"])
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """The WARC files there, as records name them."""
        with self._faults(""):
            self._files.invalidate_cache()
            found = self._files.find(self._root) if self._files.exists(self._root) else []
        root = self._root.rstrip("/") + "/"
        return sorted(name.removeprefix(root) for name in found if name.endswith(WARC))

    def read(self, name: str, offset: int, length: int) -> bytes:
        """So many bytes of a file; fewer if it ends before."""
        with self._faults(name):
            data: bytes = self._files.cat_file(f"{self._root}/{name}", start=offset, end=offset + length)
            return data

    def index(self, name: str) -> str | None:
        """The text of a file's index; None if it has none there."""
        with self._faults(name):
            there = f"{self._root}/{index_of(Path(name)).as_posix()}"
            return str(self._files.cat_file(there), "utf-8") if self._size(there) is not None else None

    @contextmanager
    def copy(self, name: str) -> Iterator[Path]:
        """A file from there, here for the length of the block."""
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
            raise RemoteError(f"{self.uri(name)}: no such file") from error
        except _faults_of_storage() as error:
            raise RemoteError(f"{self.uri(name)}: {error}") from error


@lru_cache(maxsize=4)
def remote_storage(url: str) -> RemoteStorage:
    """The place with this address; connections to it are kept."""
    return RemoteStorage(url)


@lru_cache(maxsize=1)
def _faults_of_storage() -> tuple[type[Exception], ...]:
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return (OSError,)
    known: tuple[Any, ...] = (OSError, BotoCoreError, ClientError)
    return known
