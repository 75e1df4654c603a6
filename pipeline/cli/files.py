"""`onrecord files ...`: process files without database, network or data folder."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer

from pipeline.cli import output
from pipeline.cli.options import Config, refuse_beside
from pipeline.config.settings import from_environment
from pipeline.config.speakers import load_roster
from pipeline.errors import ConfigError, FileUnusable, OptionConflict

files = typer.Typer(help="Process files on their own: no database, network or data folder.", no_args_is_help=True)


@files.command()
def quotes(
    file: Annotated[Path, typer.Argument(help="JSON lines, one article each; - for standard input.")] = Path("-"),
    explain: Annotated[bool, typer.Option(help="Show on stderr which rule decided each quote.")] = False,
    html: Annotated[Path | None, typer.Option(help="Also write an HTML page with the quotes marked.")] = None,
    config: Config = None,
) -> int:
    """Find the quotes in articles given as JSON lines, each with its speaker."""
    from pipeline.quotes import tool
    from pipeline.quotes.roster import RosterIndex

    known = load_roster(from_environment(config_dir=config))
    roster = RosterIndex(known.speakers, known.offices)
    with ExitStack() as opened:
        source = sys.stdin if str(file) == "-" else opened.enter_context(_opened(file, "r"))
        page = opened.enter_context(_opened(html, "w")) if html else None
        return tool.write_quotes(
            source,
            output.escaping_stream(sys.stdout),
            output.escaping_stream(sys.stderr),
            roster=roster,
            explain=explain,
            html=page,
        )


@files.command()
def statements(
    file: Annotated[Path, typer.Argument(help="Articles with quotes as JSON lines; - for standard input.")] = Path("-"),
    config: Config = None,
) -> int:
    """Group the quotes of articles, as `onrecord files quotes` prints them, by what was said."""
    from pipeline.stages.known_speakers import known_speakers
    from pipeline.statements import tool
    from pipeline.statements.sentence_vectors import installed_encoder

    known = known_speakers(load_roster(from_environment(config_dir=config)))
    with ExitStack() as opened:
        source = sys.stdin if str(file) == "-" else opened.enter_context(_opened(file, "r"))
        return tool.write_statements(
            source,
            output.escaping_stream(sys.stdout),
            output.escaping_stream(sys.stderr),
            known=known,
            encode=installed_encoder(),
        )


def _opened(file: Path, mode: Literal["r", "w"]) -> TextIO:
    """The file, opened as UTF-8 text. ConfigError if that fails."""
    try:
        return file.open(mode, encoding="utf-8", errors="replace")
    except OSError as error:
        doing = "read" if mode == "r" else "written"
        raise FileUnusable(f"{file}: cannot be {doing}: {error.strerror}", path=str(file)) from error


@files.command()
def text(
    file: Annotated[Path | None, typer.Argument(help="One page, as HTML, plain or gzipped.")] = None,
    url: Annotated[str, typer.Option(help="The page's address, for dates and canonical URL.")] = "",
    manifest: Annotated[Path | None, typer.Option(help="JSON lines that list many pages: id and file.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="File for the results of --manifest.")] = None,
) -> int:
    """Extract the article (text, title, date) from an HTML page, or from many pages in a manifest."""
    from pipeline.extraction import tool

    if manifest is not None:
        refuse_beside("--manifest", {"a page": file, "--url": url})
        if out is None:
            raise OptionConflict("--manifest needs --out FILE for the results", options=("--manifest", "--out"))
        return tool.run_manifest(manifest, out, output.escaping_stream(sys.stderr))
    if out is not None:
        raise OptionConflict("--out needs --manifest FILE; one page goes to stdout", options=("--out", "--manifest"))
    if file is None:
        raise ConfigError("name a page, or --manifest FILE --out FILE")
    output.print_line(json.dumps(tool.text_of_file(file, url), ensure_ascii=False, indent=2))
    return 0
