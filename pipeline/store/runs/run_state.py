"""Notes of a run, stored as JSON in ``runs.summary``: crawl summaries per source, counts per stage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from pipeline.store.types import clean_json

_PUT = text(
    "UPDATE onrecord.runs SET summary = jsonb_set("
    "jsonb_set(summary, ARRAY[:kind], coalesce(summary -> :kind, '{}'::jsonb)), "
    "ARRAY[:kind, :name], CAST(:value AS jsonb)) WHERE id = :run"
)
_LATEST = text(
    "SELECT summary -> :kind -> :name FROM onrecord.runs "
    "WHERE jsonb_exists(summary -> :kind, :name) ORDER BY started_at DESC LIMIT 1"
)
_DROP = text(
    "UPDATE onrecord.runs SET summary = jsonb_set(summary, ARRAY[:kind], (summary -> :kind) - CAST(:names AS text[])) "
    "WHERE id = :run AND jsonb_exists(summary, :kind)"
)
_GET = text("SELECT summary FROM onrecord.runs WHERE id = :run")


def save_note(connection: Connection, run_id: str, kind: str, name: str, value: dict[str, Any]) -> None:
    """Store one value under ``kind`` and ``name``, replacing any other. Safe for concurrent callers."""
    connection.execute(_PUT, {"run": run_id, "kind": kind, "name": name, "value": json.dumps(clean_json(value))})


def drop_notes(connection: Connection, run_id: str, kind: str, names: Sequence[str]) -> None:
    """Remove the notes under ``kind`` and these names."""
    connection.execute(_DROP, {"run": run_id, "kind": kind, "names": list(names)})


def run_notes(connection: Connection, run_id: str) -> dict[str, dict[str, Any]]:
    """All notes of a run, by kind and name; empty if there are none."""
    value = connection.execute(_GET, {"run": run_id}).scalar_one_or_none()
    return dict(value or {})


def latest_note(connection: Connection, kind: str, name: str) -> dict[str, Any]:
    """The note under ``kind`` and ``name`` of the newest run that has one; empty if none has."""
    value = connection.execute(_LATEST, {"kind": kind, "name": name}).scalar_one_or_none()
    return dict(value or {})
