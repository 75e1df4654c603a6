"""Names are the field's words: those that were private ones are gone and stay gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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
