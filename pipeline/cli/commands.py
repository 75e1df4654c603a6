"""The tree of commands: which stands where, under which heading of the help, and how it was spelled before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

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
    "statements": "files statements",
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command or group is defined, and how it stands in the tree."""

    module: str
    """A module of ``pipeline.cli``."""
    name: str
    """Of the function, or of the ``typer.Typer`` of a group."""
    panel: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of ``typer.Typer.command``."""

    def load(self, name: str) -> Any:
        """The command or group, under the name that the tree has for it; its module is imported."""
        found = getattr(import_module(f"pipeline.cli.{self.module}"), self.name)
        outer = typer.Typer(add_completion=False)
        outer.callback()(lambda: None)
        if isinstance(found, typer.Typer):
            outer.add_typer(found, name=name, cls=CommandGroup, rich_help_panel=self.panel)
        else:
            outer.command(name, rich_help_panel=self.panel, **self.settings)(found)
        return get_command(outer).commands[name]  # type: ignore[attr-defined]


class LazyCommands(Mapping[str, Any]):
    """Commands by name, in the order of the help. A command's module is imported when the command is looked up."""

    def __init__(self, own: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        self._loaded = dict(own)
        self._names = (*own, *places)
        self._places = places

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._places[name].load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class CommandGroup(TyperGroup):
    """A group that loads its commands when they are asked for, and also finds them by their former spellings."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = LazyCommands(self.commands, PLACES.get(self.name or "", {}))  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names of its commands, in the order of the help."""
        return list(self.commands)

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
    from pipeline.cli.output import set_up_logs

    set_up_logs(verbose=verbose)


_WORDS_MAY_BEGIN_WITH_A_HYPHEN = {
    "context_settings": {"ignore_unknown_options": True, "allow_extra_args": True},
}
"""In a search it excludes the word."""
_ALL_GOES_TO_AIRFLOW = {
    "context_settings": {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    "add_help_option": False,
}
PLACES: dict[str, dict[str, Place]] = {
    "onrecord": {
        "demo": Place("installation", "demo", FIRST_STEPS),
        "doctor": Place("installation", "doctor", FIRST_STEPS),
        "version": Place("installation", "version", FIRST_STEPS),
        "run": Place("runs", "run", EVERY_DAY),
        "search": Place("search", "search", EVERY_DAY, _WORDS_MAY_BEGIN_WITH_A_HYPHEN),
        "show": Place("statements", "show", EVERY_DAY),
        "explain": Place("statements", "explain", EVERY_DAY),
        "articles": Place("queries", "articles", EVERY_DAY),
        "export": Place("queries", "export", EVERY_DAY),
        "report": Place("queries", "report", EVERY_DAY),
        "verify": Place("queries", "verify", EVERY_DAY),
        "web": Place("web", "web", EVERY_DAY),
        "up": Place("up", "up", SCHEDULE),
        "airflow": Place("airflow", "airflow", SCHEDULE, _ALL_GOES_TO_AIRFLOW),
        "sources": Place("sources", "sources", GROUPS),
        "speakers": Place("speakers", "speakers", GROUPS),
        "watches": Place("watches", "watches", GROUPS),
        "mail": Place("mail", "mail", GROUPS),
        "stage": Place("runs", "stages", GROUPS),
        "files": Place("files", "files", GROUPS),
        "archive": Place("archives", "archive", GROUPS),
        "db": Place("database", "database", GROUPS),
        "config": Place("configuration", "configuration", GROUPS),
        "ops": Place("operations", "operations", GROUPS),
    },
    "sources": {"health": Place("health", "health")},
    "db": {"digest": Place("queries", "digest")},
    "ops": {"metrics": Place("metrics", "metrics")},
}
"""By group: the commands that stand in modules of their own, after those of the group's module."""


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
