"""Index several WARC files for a replay: what did an address answer at a given time?"""

from __future__ import annotations

import gzip
import mmap
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from pipeline.archive.exchange import WARC, ArchiveError, Exchange, FailedRequest
from pipeline.archive.integrity import Damage
from pipeline.archive.reader import RecordLocation
from pipeline.archive.salvage import salvage_records

_PORTS = {"http": 80, "https": 443}
_BEGINS, _LOOKED_AT = b"WARC/1.", 1 << 20


class ReplayIndex:
    """The captures of several files by address. Damaged parts are skipped and listed in ``damage``.

    ArchiveError if a file is not a WARC file.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._by_url: dict[str, list[RecordLocation]] = {}
        self._by_digest: dict[str, RecordLocation] = {}
        self._by_id: dict[str, RecordLocation] = {}
        self._scratch = TemporaryDirectory(prefix="onrecord-replay-")
        self.damage: list[str] = []
        """The parts that could not be read, each with file and offset."""
        for path in files:
            for place in salvage_records(path, Path(self._scratch.name)):
                if isinstance(place, Damage):
                    self.damage.append(f"{path} at offset {place.offset}: {place.problem}")
                    continue
                self._by_url.setdefault(_key(place.url), []).append(place)
                if place.kind == "response":
                    self._by_id.setdefault(place.id, place)
                    self._by_digest.setdefault(place.digest, place)
        for found in self._by_url.values():
            found.sort(key=lambda place: place.fetched_at)

    def holds(self, url: str, as_of: datetime | None) -> bool:
        """Whether the files have an answer for the address."""
        return self.answer(url, as_of) is not None

    def answer(self, url: str, as_of: datetime | None) -> Exchange | FailedRequest | None:
        """The newest capture of exactly this address up to ``as_of``; None if it is not in the files.

        A failed request counts only if no response is captured. A capture under the other scheme (http or https) is
        used if there is no other, unless it is a redirect.
        """
        found = self._best(url, as_of)
        if found is None:
            scheme, _, rest = url.partition("://")
            found = self._best(f"{'http' if scheme == 'https' else 'https'}://{rest}", as_of)
            if isinstance(found, Exchange) and 300 <= found.status < 400:
                return None
        return found

    def _best(self, url: str, as_of: datetime | None) -> Exchange | FailedRequest | None:
        there = [place for place in self._by_url.get(_key(url), ()) if as_of is None or place.fetched_at <= as_of]
        there.reverse()
        there.sort(key=lambda place: place.kind == "unanswered")
        return next((found for place in there if (found := self._replayed_answer(place, there)) is not None), None)

    def _replayed_answer(
        self, location: RecordLocation, there: list[RecordLocation]
    ) -> Exchange | FailedRequest | None:
        if location.kind == "unanswered":
            return location.failed_request
        if location.kind == "response":
            return location.read_exchange()
        original = self._original(location, there)
        if original is None:
            return None
        held = original.read_exchange()
        if location.status in (0, 304):  # 0: a revisit without headers of its own
            return replace(held, url=location.url, fetched_at=location.fetched_at)
        return replace(location.read_exchange(), body=held.body)

    def _original(self, revisit: RecordLocation, there: list[RecordLocation]) -> RecordLocation | None:
        """The response whose body a revisit repeats.

        Tried in order: the record it names, a record with its digest, the last 200 of the address it refers to or of
        its own.
        """
        about = revisit.refers_to
        for found in (self._by_id.get(about.id or "?"), self._by_digest.get(revisit.digest or "?")):
            if found is not None:
                return found
        asked = (
            sorted(self._by_url.get(_key(about.url), ()), key=lambda it: it.fetched_at) if about.url else there[::-1]
        )
        answers = [it for it in asked if it.kind == "response" and it.status == 200]
        exactly = next((it for it in answers if it.fetched_at == about.fetched_at), None)
        return exactly or next((it for it in reversed(answers) if it.fetched_at <= revisit.fetched_at), None)


def _key(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "") + (f":{port}" if port and port != _PORTS.get(parts.scheme) else "")
    return f"{parts.scheme}://{host}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def require_archive(path: Path) -> None:
    """ArchiveError if a file, or one in a folder, is empty or clearly not WARC. A damaged WARC file passes."""
    for file in warc_paths(path):
        try:
            begins = _holds_records(file)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            continue  # damaged: reading it will show what can be used
        except OSError as error:
            raise ArchiveError(f"{file}: cannot be read: {error.strerror or error}", place=str(file)) from error
        if not begins:
            raise ArchiveError(f"{file}: not a WARC file, no record begins in it", place=str(file))


def _holds_records(file: Path) -> bool:
    if not file.stat().st_size:
        return False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:2] != b"\x1f\x8b":
            return data.find(_BEGINS) >= 0
    with gzip.open(file) as unpacked:
        return _BEGINS in unpacked.read(_LOOKED_AT)


def warc_paths(path: Path) -> tuple[Path, ...]:
    """The path itself, or for a folder all closed WARC files in and below it. ArchiveError if a folder has none."""
    if not path.is_dir():
        return (path,)
    found = tuple(sorted(path.rglob(f"*{WARC}")))
    if not found:
        raise ArchiveError(f"{path}: no *{WARC} in this folder", place=str(path))
    return found
