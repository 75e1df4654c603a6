"""`onrecord speakers ...`: check the roster, and list who is missing from it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import AsJsonLines, Config
from pipeline.config.settings import from_environment

if TYPE_CHECKING:
    from pipeline.config.speaker import RosterConfig
    from pipeline.queries.rows import RosterProposal

speakers = typer.Typer(help="The roster of speakers: check it, find who is missing.", no_args_is_help=True)


@speakers.command("check")
def check_speakers(config: Config = None) -> int:
    """Find clashes in the roster: two holders of one office, one name for two people, a name missing in a language."""
    from pipeline.config.speakers import load_roster
    from pipeline.config.speakers_check import find_roster_clashes

    roster = load_roster(from_environment(config_dir=config))
    found = find_roster_clashes(roster)
    for clash in found:
        output.print_line(clash)
    have = f"{output.number_of('speaker', len(roster.speakers))}, {output.number_of('office', len(roster.offices))}"
    output.print_line(f"{have}: {output.number_of('clash', len(found), 'clashes') if found else 'no clashes'}")
    return 1 if found else 0


def missing_from(roster: RosterConfig, proposals: Sequence[RosterProposal]) -> list[RosterProposal]:
    """The proposals that the roster does not name."""
    named = {name for it in roster.speakers for lang in ("en", "ru") for name in it.all_names(lang)}
    return [it for it in proposals if it.name not in named]


@speakers.command("proposed")
def proposed_speakers(
    at_least: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Only people with at least this many quotes.")
    ] = 2,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="List at most this many.")] = 50,
    as_json: AsJsonLines = False,
    config: Config = None,
) -> int:
    """List people who are quoted by name but are not in the roster, the most quoted first.

    The roster is that of the last run, and that of the configuration as it is now.
    """
    from pipeline.config.speakers import load_roster
    from pipeline.queries.snapshot import open_snapshot
    from pipeline.queries.speakers import roster_proposals

    settings = from_environment(config_dir=config)
    roster = load_roster(settings)
    with open_snapshot(settings) as connection:
        found = missing_from(roster, roster_proposals(connection, at_least, limit + len(roster.speakers)))[:limit]
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
