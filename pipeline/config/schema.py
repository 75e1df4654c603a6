"""The JSON Schema of a source file, generated from its model, for completion and checks in editors."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.config.settings import SHIPPED
from pipeline.config.source import Source

SCHEMA = SHIPPED / "source.schema.json"
"""The shipped schema file; a test checks that it equals :func:`schema_text`."""


def schema_text() -> str:
    """The text of the schema file."""
    schema = Source.model_json_schema(mode="validation")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A source of onrecord"}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def editor_line(beside: Path | None = None) -> str:
    """The first line of a source file, which links it to the schema for editors.

    ``beside``: the folder of the file, if it is a shipped one; the link is then a relative path.
    """
    shipped = beside is not None and beside.resolve().parent == (SHIPPED / "sources").resolve()
    return f"# yaml-language-server: $schema={'../' + SCHEMA.name if shipped else SCHEMA.as_uri()}"
