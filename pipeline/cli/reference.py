"""Pages of the documentation that are made from the code: all commands, and all errors."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_type_hints

from pipeline.errors import OnrecordError

MODULES_WITH_ERRORS = (
    "pipeline.alerts.mime",
    "pipeline.alerts.channels.email.faults",
    "pipeline.archive.remote",
    "pipeline.runtime.file_locks",
    "pipeline.store.locks",
)
"""Modules that define errors of their own; importing them makes their classes known."""

_COMMANDS_HEAD = """# Commands

Made by `onrecord config page commands`; a test holds it against the code. `onrecord COMMAND --help` explains each
option.

Exit codes: 0 all well; 1 finished, but something failed or did not balance; 2 wrong usage or configuration; 3 no usable
database; 130 interrupted. With `--json` errors are JSON too: [errors](errors.md).
"""
_ERRORS_HEAD = """# Errors

Made by `onrecord config page errors`; a test holds it against the code.

A command that cannot do its work says why on stderr, after `onrecord: `, and ends with the exit code below. With
`--json` the message is one line with a JSON object instead, the last on stderr; nothing of it is on stdout:

```json
{"error": {"code": "unknown-name", "message": "no source x", "exit_code": 2, "kind": "source", "name": "x", "near": []}}
```

`code` and the fields are for programs and stay as they are; the message is for people and may change.

| code | exit code | fields | meaning |
|---|---|---|---|
"""


def errors_page() -> str:
    """The text of ``docs/errors.md``: a table of the errors with their codes and fields."""
    rows = sorted(error_classes(), key=lambda it: (it.exit_code, it.code))
    return _ERRORS_HEAD + "".join(f"{_row_of(it)}\n" for it in rows)


def _row_of(error: type[OnrecordError]) -> str:
    meaning = " ".join((error.__doc__ or "").partition("\n\n")[0].split()).replace("``", "`")
    names = ", ".join(f"`{name}`" for name in field_names(error)) or "-"
    return f"| `{error.code}` | {error.exit_code} | {names} | {meaning} |"


def error_classes() -> set[type[OnrecordError]]:
    """Every class of error of the pipeline, the base included.

    Those of crawlers are left out, which are only there if something else has imported them.
    """
    for module in MODULES_WITH_ERRORS:
        import_module(module)
    found: set[type[OnrecordError]] = set()
    waiting: list[type[OnrecordError]] = [OnrecordError]
    while waiting:
        found.add(waiting[-1])
        waiting += waiting.pop().__subclasses__()
    return {error for error in found if error.__module__.startswith("pipeline.")}


def field_names(error: type[OnrecordError]) -> list[str]:
    """The fields of a class of errors, without code, exit code and message."""
    return [name for name in get_type_hints(error) if name not in ("code", "exit_code", "message", "_")]


def commands_page() -> str:
    """The text of ``docs/commands.md``: every command by group, and former spellings."""
    from typer.main import get_command

    from pipeline.cli.commands import FORMER_SPELLINGS, app

    root = get_command(app)
    lines = [_COMMANDS_HEAD]
    panels: dict[str, list[Any]] = {}
    for command in root.commands.values():  # type: ignore[attr-defined]
        panels.setdefault(command.rich_help_panel, []).append(command)
    for panel, commands in panels.items():
        groups = [command for command in commands if hasattr(command, "commands")]
        if not groups:
            lines += [f"## {panel}", "", *_table("onrecord", commands), ""]
        for group in groups:
            lines += [f"## `onrecord {group.name}`", "", group.help, ""]
            lines += [*_table(f"onrecord {group.name}", group.commands.values()), ""]
    lines += ["## Former spellings", "", "They go on working, with the same options, output and exit codes.", ""]
    lines += ["| former | present |", "|---|---|"]
    lines += [f"| `onrecord {former}` | `onrecord {present}` |" for former, present in FORMER_SPELLINGS.items()]
    return "\n".join(lines) + "\n"


def _table(prefix: str, commands: Any) -> Iterator[str]:
    yield "| command | what it does | options |"
    yield "|---|---|---|"
    for command in commands:
        options = ", ".join(f"`{it.opts[0]}`" for it in command.params if it.opts[0].startswith("-"))
        arguments = "".join(
            f" {it.metavar or it.name.upper()}" for it in command.params if not it.opts[0].startswith("-")
        )
        what = (command.help or "").strip().split("\n\n")[0].replace("\n", " ")
        yield f"| `{prefix} {command.name}{arguments}` | {what} | {options or '-'} |"
