"""`onrecord config ...`: check the settings and configuration files of an installation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.config.settings import Settings, from_environment
from pipeline.errors import ConfigError

configuration = typer.Typer(
    help="Configuration: check settings and files, print pages of the documentation.", no_args_is_help=True
)


@configuration.command()
def check(config: Config = None) -> int:
    """Validate all settings and configuration files. Exit code 2 if anything is wrong."""
    from pipeline.config.environment import environment_problems

    wrong = list(environment_problems(os.environ))
    try:
        settings = from_environment(config_dir=config)
    except ConfigError:
        settings = None  # an invalid setting is reported above
    if settings is not None:
        wrong += dict.fromkeys(line for it in _wrong_files(settings) for line in it.splitlines())
    for problem in wrong:
        output.print_line(problem)
    output.print_line(f"{len(wrong)} problems" if wrong else "all well")
    return 2 if wrong else 0


@configuration.command()
def page(
    of: Annotated[Literal["settings", "commands", "errors"], typer.Argument(help="Which page.")] = "settings",
) -> int:
    """Print a page of the documentation that is made from the code: docs/configuration.md, commands.md, errors.md."""
    from pipeline.cli.reference import commands_page, errors_page
    from pipeline.config.environment import configuration_page

    text = {"settings": configuration_page, "commands": commands_page, "errors": errors_page}[of]()
    output.print_line(text.rstrip())
    return 0


def _wrong_files(settings: Settings) -> Iterator[str]:
    """The problems of each kind of file, each checked independently of the others."""
    from pipeline.config.beat import load_beat
    from pipeline.config.sources import find_source_clashes, load_sources
    from pipeline.config.speakers import load_roster
    from pipeline.config.speakers_check import find_roster_clashes
    from pipeline.config.watches import load_watches

    if settings.config_dir is not None:
        yield from _unread_files(settings.config_dir)
    try:
        yield from find_source_clashes(load_sources(settings))
    except ConfigError as error:
        yield str(error)
    try:
        load_beat(settings)
    except ConfigError as error:
        yield str(error)
    try:
        roster = load_roster(settings)
        yield from find_roster_clashes(roster)
        load_watches(settings, {speaker.id for speaker in roster.speakers})
    except ConfigError as error:
        yield str(error)


def _unread_files(folder: Path) -> Iterator[str]:
    """One message for each YAML file whose name or place is not one that is read."""
    from pipeline.config import beat, speakers, watches

    known = (beat.FILE, speakers.FILE, watches.FILE)
    for path in sorted(it for it in folder.rglob("*") if it.suffix in (".yaml", ".yml") and it.is_file()):
        place = path.relative_to(folder)
        if str(place.parent) == "sources" and path.suffix == ".yaml":
            continue
        if str(place.parent) == "sources":
            yield f"{path}: is not read: call it {path.stem}.yaml"
        elif str(place) not in known:
            near = get_close_matches(path.stem, [name.removesuffix(".yaml") for name in known], n=1)
            hint = f"did you mean {near[0]}.yaml?" if near else f"there are {', '.join(known)}, and sources/ID.yaml"
            yield f"{path}: is not read: {hint}"
