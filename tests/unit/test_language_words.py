"""Words by which texts are taken apart stand in the language packs, so that a language can be added as folders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.language.every_language import EVERY_LANGUAGE, LEXICONS
from pipeline.language.morphology import MORPHOLOGIES
from pipeline.quotes.languages.detection import PACKS

ROOT = Path(__file__).parents[2]
PACKED = re.compile(r"pipeline/(?:language|quotes/languages)/[a-z]{2}/")
MESSAGES = re.compile(r"pipeline/(?:demo/|alerts/phrases\.py)")
OF_PAGES = {
    "pipeline/extraction/boilerplate.py", "pipeline/extraction/calls.py", "pipeline/extraction/listing.py",
    "pipeline/extraction/page_checks.py", "pipeline/extraction/phrases.py", "pipeline/extraction/posts.py",
    "pipeline/extraction/prose.py", "pipeline/extraction/published.py", "pipeline/extraction/region.py",
    "pipeline/extraction/sieve.py", "pipeline/parsing/charset.py", "pipeline/parsing/dates.py",
    "pipeline/parsing/pagination.py", "pipeline/parsing/utc_offsets.py",
}  # fmt: skip
"""Patterns of what pages have beside their text: calls, dates, links. They are not parted by language."""
OF_LETTERS = {"pipeline/extraction/language.py", "pipeline/store/engine.py", "pipeline/store/schema.py"}
"""Letters that only one language has; SQL: whether a server's locale knows Cyrillic letters, and a column in the
form in which Postgres stores it."""
FUNCTION_WORDS = frozenset(
    "the an of in at for from on with to by and but or who which while because he she it they his her their its been "
    "not this these those some most many few all".split()
)


@dataclass(frozen=True)
class Written:
    """Strings of a module: those of one collection together, with their line and their source."""

    line: int
    source: str
    values: tuple[str, ...]


def modules() -> Iterator[tuple[str, str]]:
    for folder in ("pipeline", "crawlers", "dags"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not PACKED.match(name) and not MESSAGES.match(name):
                yield name, path.read_text(encoding="utf-8")


def strings(source: str) -> Iterator[Written]:
    """The strings of a module but its docstrings."""
    tree, lines = ast.parse(source), source.split("\n")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(line.value) for node in ast.walk(tree) if isinstance(node, documented) for line in node.body
        if isinstance(line, ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.Set | ast.List):
            values = [it.value for it in node.elts if isinstance(it, ast.Constant) and isinstance(it.value, str)]
            yield Written(node.lineno, "", tuple(values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            spanned = [line.encode() for line in lines[node.lineno - 1 : node.end_lineno]]
            spanned[-1] = spanned[-1][: node.end_col_offset]
            spanned[0] = spanned[0][node.col_offset :]
            yield Written(node.lineno, b"\n".join(spanned).decode(), (node.value,))


def foreign_letters(written: Written) -> str:
    """The letters outside ASCII; ranges of a script are written as escapes, which have none."""
    return "".join(letter for letter in written.source if letter.isalpha() and not letter.isascii())


def english_words(written: Written) -> set[str]:
    """The function words that a collection or a pattern lists."""
    lists = [word for it in written.values for word in (it.split("|") if "|" in it else [it])]
    return FUNCTION_WORDS.intersection(re.sub(r"\\[bs]|[^a-z]", "", word) for word in lists)


def test_no_letter_outside_ascii_stands_outside_the_packs() -> None:
    found = {
        f"{name}:{written.line}": foreign_letters(written)
        for name, source in modules()
        if name not in OF_PAGES and name not in OF_LETTERS and not source.isascii()
        for written in strings(source)
        if foreign_letters(written)
    }
    assert found == {}


def test_the_modules_that_may_list_words_do() -> None:
    listing = {name for name, source in modules() if any(map(foreign_letters, strings(source)))}
    assert listing == OF_PAGES | OF_LETTERS, "one of them lists no words any more: take it off the list"


def test_the_engine_lists_no_english_function_words_outside_its_packs() -> None:
    found = {
        f"{name}:{written.line}": words
        for name, source in modules()
        if name.startswith(("pipeline/quotes/", "pipeline/language/", "pipeline/statements/", "pipeline/alerts/"))
        for written in strings(source)
        if len(words := english_words(written)) >= 2
    }
    assert found == {}


@pytest.mark.parametrize(
    ("code", "letters", "english"),
    [
        ('JOINTS = frozenset(("and", "but", "а", "и", "но"))', "аино", {"and", "but"}),
        ('CONTRACTED = " (?:been|not|a|an|the)\\\\b"', "", {"been", "not", "an", "the"}),
        ('SCRIPT = r"[\\u0430-\\u044f]"', "", set()),
        ('"""Слово."""', "", set()),
    ],
)
def test_words_in_code_are_noticed(code: str, letters: str, english: set[str]) -> None:
    found = list(strings(code))
    assert "".join(map(foreign_letters, found)) == letters
    assert set().union(*map(english_words, found)) == english


def test_each_language_is_complete() -> None:
    assert {morphology.lang for morphology in MORPHOLOGIES} == set(PACKS)
    assert len(LEXICONS) == len(PACKS)
    assert {"and", "и"} <= EVERY_LANGUAGE.joins
