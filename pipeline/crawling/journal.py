"""Read and write the crawl's journal and the list of known URLs: JSON lines exchanged by crawler and store."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from pipeline.records import DocumentKind, Fetch, KnownUrl, Outcome, WarcRecord
from pipeline.runtime.atomic_append import append_whole


def fetch_to_json(fetch: Fetch) -> str:
    """A fetch as one line without its line feed; fields with their default value are omitted."""
    return _to_json(fetch)


def fetch_from_json(line: str) -> Fetch:
    """Parse the fetch of one line. ValueError, KeyError or TypeError if the line is not valid."""
    value = json.loads(line)
    value["kind"] = DocumentKind(value["kind"])
    value["outcome"] = Outcome(value["outcome"])
    value["seen_at"] = datetime.fromisoformat(value["seen_at"])
    if value.get("record") is not None:
        value["record"] = WarcRecord(**value["record"])
    return Fetch(**value)


def known_to_json(known: KnownUrl) -> str:
    """A known URL as one line without its line feed; fields with their default value are omitted."""
    return _to_json(known)


def known_from_json(line: str) -> KnownUrl:
    """Parse the known URL of one line. ValueError, KeyError or TypeError if the line is not valid."""
    value = json.loads(line)
    value["kind"] = DocumentKind(value["kind"])
    value["first_seen_at"] = datetime.fromisoformat(value["first_seen_at"])
    if value.get("last_fetched_at"):
        value["last_fetched_at"] = datetime.fromisoformat(value["last_fetched_at"])
    if value.get("outcome"):
        value["outcome"] = Outcome(value["outcome"])
    if value.get("published_on"):
        value["published_on"] = date.fromisoformat(value["published_on"])
    if value.get("changed_at"):
        value["changed_at"] = datetime.fromisoformat(value["changed_at"])
    if value.get("record") is not None:
        value["record"] = WarcRecord(**value["record"])
    return KnownUrl(**value)


def _to_json(record: Fetch | KnownUrl) -> str:
    value = {}
    for item in fields(record):
        held = getattr(record, item.name)
        if held != item.default:
            value[item.name] = _plain(held)
    return json.dumps(value, ensure_ascii=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, WarcRecord):
        return {item.name: getattr(value, item.name) for item in fields(value)}
    return value


def read_fetches(path: Path) -> Iterator[Fetch]:
    """The fetches of a journal, in order. An incomplete last line, left by a killed crawler, is skipped."""
    for line in _lines(path):
        yield fetch_from_json(line)


def read_known(path: Path) -> Iterator[KnownUrl]:
    """The known URLs of a file."""
    for line in _lines(path):
        yield known_from_json(line)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n") and line.strip():
                yield line


class Journal:
    """Appends fetches; each line is with the operating system before ``write`` returns.

    ``write`` raises OSError if the disk is full or gone; the journal then ends with its last complete line.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _drop_unfinished_line(path)
        self._file: IO[bytes] = path.open("ab", buffering=0)

    def write(self, fetch: Fetch) -> None:
        append_whole(self._file, f"{fetch_to_json(fetch)}\n".encode("ascii"))

    def close(self) -> None:
        self._file.close()


def _drop_unfinished_line(path: Path) -> None:
    held = path.read_bytes()
    whole = held.rfind(b"\n") + 1
    if whole < len(held):
        os.truncate(path, whole)
