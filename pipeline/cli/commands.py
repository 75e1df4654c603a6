"""The tree of commands: which stands where, under which heading of the help, and how it was spelled before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pipeline.cli import (
    airflow,
    archives,
    configuration,
    database,
    files,
    health,
    installation,
    metrics,
    operations,
    queries,
    runs,
    search,
    sources,
    speakers,
    up,
    watches,
)
from pipeline.cli.output import set_up_logs
from pipeline.errors import UsageError
from pipeline.records import Stage
from pipeline.runtime.escaping import escape_control_characters

FIRST_STEPS = "First steps"
EVERY_DAY = "Every day"
SCHEDULE = "Run on a schedule"
GROUPS = "Groups of commands"

FORMER_SPELLINGS = {
    **{str(stage): f"stage {stage}" for stage in Stage},
    "quotes": "files quotes",
    "text": "files text",
    "health": "sources health",
    "watch": "watches",
    "digest": "db digest",
    "backup": "ops backup",
    "restore": "ops restore",
    "takedown": "ops takedown",
    "audit": "ops audit",
    "metrics": "ops metrics",
    "archive verify": "archive check",
    "archive extract": "archive get",
    "archive export": "archive package",
}
"""Former spelling of a command or group: the present one. They are not listed, and go on working."""


class CommandGroup(TyperGroup):
    """A group that also finds its commands by their former spellings."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None if there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        path = [cmd_name]
        outer = ctx
        while outer.parent is not None:
            path.insert(0, outer.info_name)
            outer = outer.parent
        present = FORMER_SPELLINGS.get(" ".join(path))
        return command_at(outer.command, present.split()) if present else None


def command_at(root: Any, path: list[str]) -> Any:
    """The command or group at that path below the root; KeyError if there is none."""
    found: Any = root
    for name in path:
        found = found.commands[name]
    return found


app = typer.Typer(
    name="onrecord",
    cls=CommandGroup,
    help="Reads the news on the Kremlin every day and keeps the record of who said what, with proof.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Log what happens, on stderr."),
) -> None:
    set_up_logs(verbose=verbose)


def add_commands(panel: str, *commands: Callable[..., int], **settings: Any) -> None:
    """Add commands to the top of the tree, under a heading of the help."""
    for command in commands:
        app.command(rich_help_panel=panel, **settings)(command)


def add_group(name: str, group: typer.Typer) -> None:
    """Add a group of commands to the tree."""
    app.add_typer(group, name=name, cls=CommandGroup, rich_help_panel=GROUPS)


add_commands(FIRST_STEPS, installation.demo, installation.doctor, installation.version)
add_commands(EVERY_DAY, runs.run)
# A word may begin with a hyphen, which excludes it.
add_commands(EVERY_DAY, search.search, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
add_commands(EVERY_DAY, queries.show, queries.articles, queries.export, queries.report, queries.verify)
add_commands(SCHEDULE, up.up)
add_commands(
    SCHEDULE, airflow.airflow, context_settings={**airflow.PASS_ON, "help_option_names": []}, add_help_option=False
)

sources.sources.command()(health.health)
database.database.command()(queries.digest)
operations.operations.command()(metrics.metrics)

add_group("sources", sources.sources)
add_group("speakers", speakers.speakers)
add_group("watches", watches.watches)
add_group("stage", runs.stages)
add_group("files", files.files)
add_group("archive", archives.archive)
add_group("db", database.database)
add_group("config", configuration.configuration)
add_group("ops", operations.operations)


def run_application(arguments: list[str], *, as_json: bool = False) -> int:
    """Run one command and return its exit code. Usage errors are printed and give 2; with ``as_json`` UsageError."""
    try:
        code = app(arguments, prog_name=app.info.name, standalone_mode=False)
    except TyperException as error:
        message = str(getattr(error, "message", ""))
        show = getattr(error, "show", None)
        if as_json and show is not None:
            raise UsageError(error.format_message()) from error
        if show is not None:
            error.message = escape_control_characters(message)
            show()
        return int(getattr(error, "exit_code", UsageError.exit_code))
    except typer.Abort:
        return 130
    except SystemExit as left:
        # Typer exits with an error if the reader of stdout has closed the pipe.
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise
    return code if isinstance(code, int) else 0
