"""`onrecord speakers ...`: check the roster, and list who is missing from it."""

from __future__ import annotations

from textwrap import shorten
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.config.settings import from_environment

speakers = typer.Typer(help="The roster of speakers: check it, find who is missing.", no_args_is_help=True)


@speakers.command("check")
def check_speakers(config: Config = None) -> int:
    """Find clashes in the roster: two holders of one office, one name for two people, a missing script."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.speakers_check import find_roster_clashes

    roster = load_roster(from_environment(config_dir=config))
    found = find_roster_clashes(roster)
    for clash in found:
        output.print_line(clash)
    output.print_line(f"{len(roster.speakers)} speakers, {len(roster.offices)} offices: {len(found) or 'no'} clashes")
    return 1 if found else 0


@speakers.command("proposed")
def proposed_speakers(
    at_least: Annotated[int, typer.Option(min=1, help="Only who is quoted so often.")] = 2,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    config: Config = None,
) -> int:
    """List who is quoted by name and not in the roster, the most quoted first."""
    from pipeline.queries.snapshot import open_snapshot
    from pipeline.queries.speakers import roster_proposals

    settings = from_environment(config_dir=config)
    with open_snapshot(settings) as connection:
        found = roster_proposals(connection, at_least, limit)
    for one in found:
        if as_json:
            output.print_line(output.json_line(one))
            continue
        output.print_line(f"{one.name}: {one.quotes} quotes in {one.articles} articles of {', '.join(one.sources)}")
        day = one.last_seen.astimezone(settings.timezone).date()
        output.print_line(f"    last on {day}: {shorten(one.example, 100, placeholder=' ...')}")
    if not found and not as_json:
        output.print_line(f"nobody outside the roster is quoted by name {at_least} times or more")
    elif not as_json:
        output.print_line("to add one, see docs/add-a-speaker.md")
    return 0
