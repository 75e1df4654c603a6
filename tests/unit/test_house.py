"""How the code is built, in figures that may only get better: untyped dicts, aliases of our own imports, module sizes.

A limit that is passed says where; whoever makes a figure smaller lowers its limit here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "crawlers", "dags")

MOST_UNTYPED_DICTS = 12
"""Places that say ``dict[str, Any]``: data whose names and types nobody can look up."""
MOST_ALIASES = 2
"""Imports of our own modules and functions under another name, which a search does not find."""
MOST_SINGLE_WORDS = 0.03
"""Share of public functions whose name is one word, which needs its module to be understood."""
SMALLEST = 40
"""Lines of a module below which it needs more than one user; else it belongs into that one."""
SMALL_WITH_ONE_USER: set[str] = set()
"""Small modules with one user that there may still be."""
LONGEST = 300
"""Lines of a module."""
LONGER = {
    "crawlers/spider.py": 320,
    "pipeline/quotes/languages/en/attributions.py": 450,
    "pipeline/quotes/languages/en/complements.py": 350,
    "pipeline/quotes/languages/en/subjects.py": 365,
    "pipeline/quotes/languages/ru/attributions.py": 330,
    "pipeline/quotes/spans/rules.py": 335,
    "pipeline/quotes/speakers/entities.py": 390,
    "pipeline/records.py": 350,
    "pipeline/queries/rows.py": 340,
    "pipeline/store/schema.py": 840,
}
"""Modules that are longer than that, each with the limit it may not grow beyond."""


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def is_program(self) -> bool:
        """Whether it is run by ``python -m``, which is no import."""
        return self.path.name == "__main__.py" or any(
            isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in self.tree.body
        )

    def imports(self) -> Iterator[tuple[int, str, str, str | None]]:
        """Line, module, name in it (empty: the module itself) and alias of each import of our own."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
                yield from ((node.lineno, str(node.module), it.name, it.asname) for it in node.names)
            elif isinstance(node, ast.Import):
                own = (it for it in node.names if it.name.split(".")[0] in PACKAGES)
                yield from ((node.lineno, it.name, "", it.asname) for it in own)


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = Module(name, path, ast.parse(text), len(text.splitlines()))
    return found


def test_dicts_of_anything_become_fewer() -> None:
    found = [
        f"{module.path.relative_to(ROOT)}:{node.lineno}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node) == "dict[str, Any]"
    ]
    assert len(found) <= MOST_UNTYPED_DICTS, "\n".join(found)


def test_what_is_ours_is_imported_under_its_own_name() -> None:
    found = [
        f"{module.path.relative_to(ROOT)}:{line}: {name or imported} as {alias}"
        for module in modules().values()
        for line, imported, name, alias in module.imports()
        if alias is not None
    ]
    assert len(found) <= MOST_ALIASES, "\n".join(found)


def test_a_small_module_has_more_than_one_user() -> None:
    users: dict[str, set[str]] = {name: set() for name in modules()}
    for module in modules().values():
        for _, imported, name, _ in module.imports():
            used = f"{imported}.{name}" if f"{imported}.{name}" in users else imported
            users.get(used, set()).add(module.name)
    small = {
        name
        for name, module in modules().items()
        if module.lines < SMALLEST and len(users[name]) < 2 and not (module.is_package or module.is_program)
    }
    assert small <= SMALL_WITH_ONE_USER, f"merge each into its user: {', '.join(sorted(small - SMALL_WITH_ONE_USER))}"


def test_modules_stay_small() -> None:
    long = {
        str(module.path.relative_to(ROOT)): module.lines
        for module in modules().values()
        if module.lines > LONGER.get(str(module.path.relative_to(ROOT)), LONGEST)
    }
    assert not long, "look for a seam: " + ", ".join(f"{path} has {lines} lines" for path, lines in long.items())


def test_a_public_function_says_in_more_than_a_word_what_it_does() -> None:
    public = [
        (module, node.name)
        for module in modules().values()
        if not module.name.startswith("pipeline.cli")  # where a function is called as its command is
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]
    found = [f"{module.path.relative_to(ROOT)}: {name}" for module, name in public if "_" not in name]
    assert len(found) <= len(public) * MOST_SINGLE_WORDS, "\n".join(found)
