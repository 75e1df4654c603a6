"""Names are the field's words: those that were private ones are gone and stay gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipeline.cli.commands import app
from pipeline.config.environment import VARIABLES
from pipeline.config.schema import schema_text
from pipeline.runtime.metrics_catalogue import METRICS

ROOT = Path(__file__).parents[2]
GONE = {
    "told": "what it holds: columns, log context, e-mails sent",
    "letterhead": "the sender",
    "shelf": "archive, collection",
    "keeper": "watchdog",
    "furniture": "boilerplate",
    "patience": "retry-after",
    "postmaster": "server process",
    "scout": "discover",
}
"""Words that no name has any more, and what stands in their place."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def named(path: Path) -> Iterator[tuple[int, str]]:
    """The names that a module gives: functions, classes, arguments and variables, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def modules() -> list[Path]:
    return sorted(path for folder in ("pipeline", "crawlers", "dags") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("word", GONE)
def test_private_words_do_not_come_back(word: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules()
        for line, name in named(path)
        if word in (part.lower() for part in WORD.findall(name))
    ]
    assert not found, f"say {GONE[word]} instead of {word!r}:\n" + "\n".join(found)


def test_no_two_modules_share_the_name_of_a_class() -> None:
    where: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: paths for name, paths in where.items() if len(paths) > 1}
    assert not shared


PROSE = {
    r"\btold\b": "notified, given, detected",
    r"\btells?\b": "shows, says, reports",
    r"(?<!dead )(?<!small )(?<!capital )(?<!Latin )(?<!Cyrillic )(?<!Russian )(?<!wrong )\bletters?\b": "e-mails",
    r"\bmend\b": "fix",
}
"""Turns that texts for people no longer have, and what stands in their place."""
OLD_DECISIONS = ("0005-", "0018-")
"""Decisions in which such a word is the subject, or means distinguish."""


def help_texts() -> Iterator[tuple[str, str]]:
    """The help of every command, group and option, by where it stands."""
    waiting: list[tuple[str, Any]] = [("onrecord", get_command(app))]
    while waiting:
        path, command = waiting.pop()
        yield path, command.help or ""
        yield from ((f"{path} {it.name}", getattr(it, "help", None) or "") for it in command.params)
        waiting += [(f"{path} {name}", inner) for name, inner in getattr(command, "commands", {}).items()]


def texts_for_people() -> Iterator[tuple[str, str]]:
    """Help, metrics, settings, e-mails, descriptions of source files and the documentation, without code."""
    yield from help_texts()
    yield from ((metric.name, metric.meaning) for metric in METRICS)
    yield from ((it.name, f"{it.meaning} {it.unset}") for it in VARIABLES)
    yield "source.schema.json", schema_text()
    for path in [*(ROOT / "pipeline/alerts/templates").iterdir(), ROOT / "pipeline/alerts/phrases.py"]:
        yield path.name, path.read_text(encoding="utf-8")
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    yield from ((it.name, it.read_text(encoding="utf-8")) for it in pages if not it.name.startswith(OLD_DECISIONS))


@pytest.mark.parametrize("turn", PROSE)
def test_texts_for_people_use_the_usual_words(turn: str) -> None:
    found = [
        f"{where}: {line.strip()}"
        for where, text in texts_for_people()
        for line in re.sub(r"```[\s\S]*?```|`[^`]*`|\{[{%][^}]*\}", "", text).splitlines()
        if re.search(turn, line) and where != "glossary.md"
    ]
    assert not found, f"say {PROSE[turn]}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "term",
    [
        "rate limit",
        "SSRF",
        "deduplication",
        "upsert",
        "boilerplate",
        "coreference",
        "webhook",
        "baseline",
        "dead letter",
    ],
)
def test_the_glossary_is_found_by_the_usual_terms(term: str) -> None:
    assert f"**{term}" in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_log_events_have_one_style() -> None:
    """Lower-case words joined by underscores, so that a search for one finds all of it."""
    event = re.compile(r"\blog\.(?:debug|info|warning|error|exception)\(\s*\"([^\"]*)\"")
    found = {name for path in modules() for name in event.findall(path.read_text(encoding="utf-8"))}
    assert len(found) > 20
    assert not [name for name in found if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)]
