"""The pure tools: `onrecord quotes` and `onrecord text`. No database, no network, no data folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.config.settings import from_environment
from pipeline.config.speakers import load_roster
from pipeline.errors import ConfigError


def add_to(app: typer.Typer) -> None:
    app.command()(quotes)
    app.command()(text)


Config = Annotated[Path | None, typer.Option("--config", help="Folder with sources/, speakers.yaml, watches.yaml.")]


def quotes(
    file: Annotated[Path, typer.Argument(help="JSON lines, one article each; - for standard input.")] = Path("-"),
    explain: Annotated[bool, typer.Option(help="Show on stderr which rule decided what.")] = False,
    config: Config = None,
) -> int:
    """Find every quote in articles given as JSON lines, and name its speaker."""
    from pipeline.quotes import tool
    from pipeline.speakers import Roster

    known = load_roster(from_environment(config_dir=config))
    roster = Roster(known.speakers, known.offices)
    if str(file) == "-":
        return tool.run(sys.stdin, sys.stdout, sys.stderr, roster=roster, explain=explain)
    try:
        source = file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    with source:
        return tool.run(source, sys.stdout, sys.stderr, roster=roster, explain=explain)


def text(
    file: Annotated[Path | None, typer.Argument(help="One page, as HTML, plain or gzipped.")] = None,
    url: Annotated[str, typer.Option(help="The page's address, for dates and canonical URL.")] = "",
    manifest: Annotated[Path | None, typer.Option(help="JSON lines naming many pages.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where a manifest's results go.")] = None,
) -> int:
    """Extract the article from a page, or from many pages named in a manifest."""
    from pipeline.extraction import tool

    if manifest is not None:
        if out is None:
            raise ConfigError("--manifest needs --out FILE for the results")
        return tool.run_manifest(manifest, out, sys.stderr)
    if file is None:
        raise ConfigError("name a page, or --manifest FILE --out FILE")
    sys.stdout.write(json.dumps(tool.text_of_file(file, url), ensure_ascii=False, indent=2) + "\n")
    return 0
