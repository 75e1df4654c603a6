"""The map of the code is true: what CONTRIBUTING and the architecture page name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md")
CODE = re.compile(r"`([\w./-]+)`")
PIPELINE = (
    "pipeline",
    "pipeline/store",
    "pipeline/quotes",
    "pipeline/quotes/languages",
    "pipeline/quotes/speakers",
    "tests",
    "docs",
)
"""Folders that a page may leave out before a path."""


def places(page: str) -> set[str]:
    """The paths that a page names: words in code marks with a slash or a suffix."""
    named = CODE.findall((ROOT / page).read_text(encoding="utf-8"))
    return {name for name in named if "/" in name or name.endswith((".py", ".md", ".toml"))} - {"./dev"}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_of_the_map_names_is_there(page: str) -> None:
    named = {name for name in places(page) if "ID.yaml" not in name}
    lost = [name for name in named if not any((ROOT / folder / name).exists() for folder in ("", *PIPELINE))]
    assert named and not lost


def test_the_map_names_every_folder_of_the_pipeline() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "pipeline").iterdir() if (path / "__init__.py").exists()]
    assert folders and [name for name in folders if f"`pipeline/{name}/`" not in text] == []


def test_every_layer_of_the_import_rules_is_explained() -> None:
    rules = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2].partition("]")[0]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Who may import whom")[2]
    layers = re.findall(r"\w+", rules)
    assert layers and [name for name in layers if f"`{name}`" not in page] == []
