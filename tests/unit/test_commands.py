"""The tree of commands: every command has one place, and every former spelling leads to it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from typer.main import get_command

from pipeline.cli import run_command_line
from pipeline.cli.commands import FORMER_SPELLINGS, app, command_at

SCRIPTED = """
run crawl extract quote link alert text quotes articles report verify digest search export doctor airflow up demo
version health metrics backup restore takedown audit
""".split()
"""Commands without a group that others have scripted since the first release."""


def commands_below(group: Any, *path: str) -> list[tuple[str, Any]]:
    """The path and the command of every command below the group, without former spellings."""
    found = []
    for name, command in group.commands.items():
        below = [*path, name]
        found += commands_below(command, *below) if hasattr(command, "commands") else [(" ".join(below), command)]
    return found


ROOT = get_command(app)
COMMANDS = dict(commands_below(ROOT))


def resolved(words: list[str]) -> Any:
    """The command that a command line of these words runs."""
    context = ROOT.make_context("onrecord", [*words], resilient_parsing=True)
    command: Any = ROOT
    for word in words:
        inner = command.get_command(context, word)
        assert inner is not None, f"{' '.join(words)}: no command {word}"
        context = type(context)(inner, info_name=word, parent=context)
        command = inner
    return command


@pytest.mark.parametrize(("former", "present"), FORMER_SPELLINGS.items())
def test_a_former_spelling_runs_the_present_command(former: str, present: str) -> None:
    assert resolved(former.split()) is command_at(ROOT, present.split())


@pytest.mark.parametrize("name", SCRIPTED)
def test_commands_that_others_script_go_on_working(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert resolved([name]).callback is not None
    if name != "airflow":  # whose --help is Airflow's
        assert run_command_line([name, "--help"]) == 0
        assert f"onrecord {name} " in capfd.readouterr().out


def test_former_spellings_are_not_listed_and_hide_no_command(capfd: pytest.CaptureFixture[str]) -> None:
    assert not FORMER_SPELLINGS.keys() & COMMANDS.keys()
    assert run_command_line(["--help"]) == 0
    listed = set(re.findall(r"^│ (\w+)", capfd.readouterr().out, re.MULTILINE))
    assert listed > {"run", "search", "stage"}
    assert not listed & {former for former in FORMER_SPELLINGS if " " not in former}


def test_one_verb_has_one_meaning() -> None:
    """No name of a command is used both at the top and in a group, and `quote` and `quotes` are in groups."""
    top = {path for path in COMMANDS if " " not in path}
    inner = {path.split()[-1] for path in COMMANDS if " " in path}
    assert not top & inner
    assert not {"quote", "quotes"} & top


def test_every_command_and_group_says_what_it_does() -> None:
    for path, command in [*COMMANDS.items(), *((name, group) for name, group in ROOT.commands.items())]:
        assert (command.help or "").strip().endswith("."), path


def test_an_unknown_command_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["archive", "vanish"]) == 2
    assert "No such command 'vanish'" in capfd.readouterr().err


def unused_parameters(function: Callable[..., Any]) -> list[str]:
    """The parameters of a function that its body never reads, or only deletes."""
    tree: Any = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    given = [it.arg for it in (*tree.args.args, *tree.args.kwonlyargs)]
    read = {
        node.id
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return [name for name in given if name not in read]


@pytest.mark.parametrize("path", COMMANDS)
def test_no_option_does_nothing(path: str) -> None:
    callback = inspect.unwrap(COMMANDS[path].callback)
    assert not unused_parameters(callback)
    assert {it.name for it in COMMANDS[path].params} <= {*inspect.signature(callback).parameters, "help"}


def test_the_test_of_options_finds_one_that_does_nothing() -> None:
    def command(kept: int, dropped: int, deleted: int) -> int:
        del deleted
        dropped = kept  # noqa: F841
        return kept

    assert unused_parameters(command) == ["dropped", "deleted"]
