"""The read model stays one: who may compose a query, and what its rows are."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

from pipeline import queries

ROOT = Path(__file__).parents[2]
PASSED_ON = {"Connection", "Engine", "DBAPIError", "SQLAlchemyError"}
"""What code that only passes a connection on, or catches its errors, needs of SQLAlchemy."""


def composing() -> Iterator[str]:
    """``file: name`` for each part of SQLAlchemy that code outside `store` and `queries` could write a query with."""
    for path in (path for package in ("pipeline", "crawlers", "dags") for path in (ROOT / package).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if file.startswith(("pipeline/store/", "pipeline/queries/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (f"{file}: {it.name}" for it in node.names if it.name.partition(".")[0] == "sqlalchemy")
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy":
                yield from (f"{file}: {it.name}" for it in node.names if it.name not in PASSED_ON)


def test_only_store_and_queries_compose_queries() -> None:
    assert list(composing()) == []


def test_every_row_is_frozen() -> None:
    modules = [
        importlib.import_module(f"{queries.__name__}.{it.name}") for it in pkgutil.iter_modules(queries.__path__)
    ]
    declared = [
        it for module in modules for it in vars(module).values() if getattr(it, "__module__", "") == module.__name__
    ]
    rows = [it for it in declared if isinstance(it, type)]
    assert len(rows) > 10 and [it for it in rows if not (is_dataclass(it) and it.__dataclass_params__.frozen)] == []
