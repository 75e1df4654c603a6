"""The whole archive, local and on remote storage: list files and captures, extract one body, verify, export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.archive.exchange import OPEN, WARC, ArchiveError, Exchange
from pipeline.archive.index import IndexLine, index_of, parse_index_lines, read_index, record_sha256, url_key
from pipeline.archive.integrity import Damage, verify_file
from pipeline.archive.reader import first_exchange_in, packed_bytes
from pipeline.archive.recovery import index_lines_of
from pipeline.archive.remote import RemoteStorage, remote_storage
from pipeline.archive.wacz import write_wacz
from pipeline.records import WarcRecord


@dataclass(frozen=True, slots=True)
class WarcFile:
    """One file of the archive. ``local_path`` is None if it is on remote storage only. ``open``: being written."""

    name: str
    local_path: Path | None
    open: bool = False


class Archive:
    """The archive in a folder and, if ``away`` is given, on the remote storage with that address."""

    def __init__(self, folder: Path, away: str | None = None) -> None:
        self._folder = folder
        self._away: RemoteStorage | None = remote_storage(away) if away else None

    def warc_files(self) -> list[WarcFile]:
        """All files, local and remote, sorted by name."""
        found = {name: WarcFile(name, None) for name in (self._away.names() if self._away else ())}
        for path in self._folder.rglob(f"*{WARC}*") if self._folder.is_dir() else ():
            name = path.relative_to(self._folder).as_posix()
            if name.endswith(WARC):
                found[name] = WarcFile(name, path)
            elif name.endswith(WARC + OPEN):
                found[name] = WarcFile(name.removesuffix(OPEN), path, open=True)
        return [found[name] for name in sorted(found)]

    def export(self, target: Path, *, source: str | None = None, now: datetime) -> int:
        """Write all closed files, or one source's, to a WACZ at ``target``; gives back how many pages it lists.

        ArchiveError if there are no closed files.
        """
        chosen = [it for it in self.warc_files() if not it.open and source in (None, it.name.partition("/")[0])]
        if not chosen:
            of_source = f" of {source}" if source else ""
            raise ArchiveError(f"the archive has no closed file{of_source}", place=str(self._folder))
        flat = {it.name: it.name.replace("/", "-") for it in chosen}
        lines = [
            replace(line, filename=flat[warc_file.name])
            for warc_file, line in self.index_lines()
            if warc_file.name in flat
        ]
        with ExitStack() as stack:
            files = [(flat[it.name], stack.enter_context(self.fetched_path(it))) for it in chosen]
            return write_wacz(target, files, lines, now=now)

    @contextmanager
    def fetched_path(self, warc_file: WarcFile) -> Iterator[Path]:
        """The file's local path; a remote file is downloaded for the duration of the block."""
        if warc_file.local_path is not None or self._away is None:
            yield warc_file.local_path or self._folder / warc_file.name
            return
        with self._away.copy(warc_file.name) as copy:
            yield copy

    def verify(self, warc_file: WarcFile) -> list[Damage]:
        """Everything wrong with a closed file and its index; empty if nothing is.

        ArchiveError if the file does not exist or cannot be read.
        """
        with self.fetched_path(warc_file) as path:
            if not path.is_file():
                raise ArchiveError(f"{path}: no such file in the archive", place=str(path))
            missing = [] if index_of(path).exists() else [Damage(0, "it has no index")]
            try:
                return verify_file(path) + missing
            except OSError as error:
                raise ArchiveError(f"{path}: cannot be read: {error.strerror}", place=str(path)) from error

    def index_lines(self) -> Iterator[tuple[WarcFile, IndexLine]]:
        """Every capture of the closed files, file by file, from their indexes; a file without an index is read."""
        for warc_file in self.warc_files():
            if not warc_file.open:
                yield from ((warc_file, line) for line in self._index(warc_file))

    def _index(self, warc_file: WarcFile) -> Iterator[IndexLine]:
        index = index_of(self._folder / warc_file.name)
        if index.exists():
            yield from read_index(index)
            return
        text = self._away.index(warc_file.name) if self._away is not None else None
        if text is not None:
            yield from parse_index_lines(text.splitlines(), f"the index of {warc_file.name}")
            return
        with self.fetched_path(warc_file) as path:
            yield from index_lines_of(path, warc_file.name.rpartition("/")[2])

    def extract(self, url: str, as_of: datetime | None = None) -> Exchange:
        """The newest response of an address up to ``as_of``, body as received; for a revisit, the original response.

        ArchiveError if there is none, or if its bytes do not match the index's SHA-256.
        """
        key = url_key(url)
        same = [it for it in self.index_lines() if it[1].key == key and (as_of is None or it[1].fetched_at <= as_of)]
        found = sorted([it for it in same if it[1].url == url] or same, key=lambda it: it[1].fetched_at)
        if not found:
            until = f" up to {as_of:%Y-%m-%d %H:%M:%S} UTC" if as_of else ""
            raise ArchiveError(
                f"{url}: not in the archive{until}; `onrecord archive list --urls` shows what is", place=url
            )
        warc_file, line = found[-1]
        if line.revisit:
            warc_file, line = self._original(line, found) or (warc_file, line)
        if line.revisit:
            raise ArchiveError(
                f"{url}: the archive has lost the body that {warc_file.name} at {line.offset} repeats", place=url
            )
        return self._read(warc_file, line)

    def _original(
        self, revisit: IndexLine, earlier: list[tuple[WarcFile, IndexLine]]
    ) -> tuple[WarcFile, IndexLine] | None:
        held = (it for it in reversed(earlier) if not it[1].revisit and it[1].status == 200)
        if not revisit.digest:
            return next(held, None)
        return next((it for it in self.index_lines() if not it[1].revisit and it[1].digest == revisit.digest), None)

    def _read(self, warc_file: WarcFile, line: IndexLine) -> Exchange:
        record = WarcRecord(warc_file.name, line.offset, line.length, line.sha256)
        packed, where = packed_bytes(self._folder, record, away=self._away.url if self._away else None)
        if record.sha256 != record_sha256(packed):
            raise ArchiveError(f"{where}: the record's bytes are not those that were written (sha256)", place=where)
        return first_exchange_in(packed, where)
