"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import OptionConflict

From = Annotated[str | None, typer.Option("--from", help="Start of the window: a day (UTC) or a moment.")]
To = Annotated[str | None, typer.Option("--to", help="End of the window, exclusive.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object; errors are JSON on stderr.")]
AsJsonLines = Annotated[
    bool,
    typer.Option(
        "--json", help="Print one JSON object per line, nothing if there are none; errors are JSON on stderr."
    ),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="Folder with sources/, speakers.yaml and watches.yaml, in place of ONRECORD_CONFIG."),
]


def refuse_beside(other: str, given: Mapping[str, object]) -> None:
    """OptionConflict if one of the given options, by name, has a value although it means nothing beside ``other``."""
    for name, value in given.items():
        if value:
            raise OptionConflict(f"{name} means nothing with {other}: leave one of them out", options=(name, other))
