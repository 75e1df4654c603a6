"""The crawl's journal and the list of known URLs: one JSON object per line, between crawler and store."""

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
    """One line, without its line feed; fields that hold their default are left out."""
    return _to_json(fetch)


def fetch_from_json(line: str) -> Fetch:
    """The fetch of one line. ValueError, KeyError or TypeError if the line is none."""
    value: dict[str, Any] = json.loads(line)
    value["kind"] = DocumentKind(value["kind"])
    value["outcome"] = Outcome(value["outcome"])
    value["seen_at"] = datetime.fromisoformat(value["seen_at"])
    if value.get("record") is not None:
        value["record"] = WarcRecord(**value["record"])
    return Fetch(**value)


def known_to_json(known: KnownUrl) -> str:
    """One line, without its line feed; fields that hold their default are left out."""
    return _to_json(known)


def known_from_json(line: str) -> KnownUrl:
    """The known URL of one line. ValueError, KeyError or TypeError if the line is none."""
    value: dict[str, Any] = json.loads(line)
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
    """The fetches of a journal, in order. A last line that a killed crawler did not finish is passed over."""
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
    """Appends fetches; each line is with the system before ``write`` returns.

    OSError where the disk is full or gone: the journal then ends with its last whole line.
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
