"""The JSON Schema of a source file, made from the model that checks it, so that editors complete what it takes."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.config.settings import SHIPPED
from pipeline.config.source import Source

SCHEMA = SHIPPED / "source.schema.json"
"""The schema as shipped; a test keeps it what :func:`schema_text` says."""


def schema_text() -> str:
    """The schema as the file holds it."""
    schema = Source.model_json_schema(mode="validation")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A source of onrecord"}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def editor_line(beside: Path | None = None) -> str:
    """The first line of a source file, which tells editors where the schema is; for a shipped file, a relative path."""
    shipped = beside is not None and beside.resolve().parent == (SHIPPED / "sources").resolve()
    return f"# yaml-language-server: $schema={'../' + SCHEMA.name if shipped else SCHEMA.as_uri()}"
