"""Export WARC files as one WACZ: a ZIP with the files, an index and a list of pages, which replay tools can open.

Format: WACZ 1.1.1, specs.webrecorder.net/wacz/1.1.1.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.archive.exchange import STEP, ArchiveError
from pipeline.archive.index import IndexLine, file_sha256

VERSION = "1.1.1"
PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}


@dataclass(frozen=True, slots=True)
class WaczResource:
    """One file inside a WACZ, as its ``datapackage.json`` lists it."""

    path: str
    sha256: str
    size: int

    def as_json(self) -> dict[str, str | int]:
        name = self.path.rpartition("/")[2].lower()
        return {"name": name, "path": self.path, "hash": f"sha256:{self.sha256}", "bytes": self.size}


def write_wacz(target: Path, files: Iterable[tuple[str, Path]], lines: Iterable[IndexLine], *, now: datetime) -> int:
    """Write a WACZ of these files, each under its name, with these index lines; gives back how many pages it lists.

    The target is written atomically. ArchiveError if two files have the same name.
    """
    held = list(files)
    names = [name for name, _ in held]
    if len(set(names)) < len(names):
        raise ArchiveError(f"{target}: two files are called {max(names, key=names.count)}", place=str(target))
    found = sorted(lines, key=str)
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as bundle:
        resources = [_copied(bundle, f"archive/{name}", path) for name, path in held]
        index = "".join(f"{line}\n" for line in found).encode()
        resources.append(_written(bundle, "indexes/index.cdx", index))
        pages = list(_pages(found))
        text = "".join(json.dumps(page) + "\n" for page in [PAGES_HEAD, *pages])
        resources.append(_written(bundle, "pages/pages.jsonl", text.encode()))
        package = json.dumps(_package(resources, now), indent=2).encode()
        _written(bundle, "datapackage.json", package)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        _written(bundle, "datapackage-digest.json", json.dumps(digest, indent=2).encode())
    partial.rename(target)
    return len(pages)


def _pages(lines: Iterable[IndexLine]) -> Iterator[dict[str, str]]:
    """The entries of the page list: captures that a reader can view, one per address, the newest."""
    newest = {line.url: line for line in lines if line.status == 200 and line.mime in ("text/html", "text/plain")}
    for line in sorted(newest.values(), key=lambda it: (it.fetched_at, it.url)):
        name = hashlib.sha256(f"{line.url} {line.fetched_at}".encode()).hexdigest()[:20]
        yield {"id": name, "url": line.url, "ts": _iso(line.fetched_at), "title": line.url}


def _package(resources: Iterable[WaczResource], now: datetime) -> dict[str, object]:
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "software": "onrecord",
        "created": _iso(now),
        "resources": [resource.as_json() for resource in resources],
    }


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _copied(bundle: zipfile.ZipFile, name: str, path: Path) -> WaczResource:
    with path.open("rb") as source, bundle.open(_entry(name), "w", force_zip64=True) as copy:
        while piece := source.read(STEP):
            copy.write(piece)
    return WaczResource(name, file_sha256(path), path.stat().st_size)


def _written(bundle: zipfile.ZipFile, name: str, data: bytes) -> WaczResource:
    bundle.writestr(_entry(name), data)
    return WaczResource(name, hashlib.sha256(data).hexdigest(), len(data))


def _entry(name: str) -> zipfile.ZipInfo:
    """A ZIP entry: uncompressed, as the format requires; with a fixed date, so that exports are reproducible."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
