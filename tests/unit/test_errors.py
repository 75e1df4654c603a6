"""Errors have a code and fields for programs, a text for people, and a page that lists them all."""

from __future__ import annotations

import ast
import json
import pickle
import re
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.cli import run_command_line
from pipeline.cli.reference import commands_page, error_classes, errors_page, field_names
from pipeline.errors import FileUnusable, OnrecordError, Rejected, UnknownName
from pipeline.records import Outcome

ROOT = Path(__file__).parents[2]


def test_every_error_has_a_code_of_its_own_that_stays() -> None:
    import_module("crawlers.errors")  # classes of the crawler that another test may have loaded are not listed
    codes = [error.code for error in error_classes()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_no_error_is_missing_from_the_page() -> None:
    """Every class of the pipeline that derives from one of ours is found, wherever it is defined."""
    known = {error.__name__ for error in error_classes()}
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and known & {it.id for it in node.bases if isinstance(it, ast.Name)}:
                assert node.name in known, f"{path}: {node.name}"


@pytest.mark.parametrize(("name", "made"), [("errors", errors_page), ("commands", commands_page)])
def test_the_page_is_that_of_the_code(name: str, made: object) -> None:
    assert callable(made)
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert text == made(), f"onrecord config page {name} > docs/{name}.md"


def test_a_text_for_people_and_fields_for_programs() -> None:
    error = UnknownName("no source mil; did you mean mill?", kind="source", name="mil", near=("mill",))
    assert str(error) == "no source mil; did you mean mill?"
    assert error.fields == {"kind": "source", "name": "mil", "near": ("mill",)}
    assert list(error.fields) == field_names(UnknownName)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.fields, again.exit_code) == (str(error), error.fields, 2)
    refused = Rejected(Outcome.ERROR, "timeout", "after 30 s")
    again = pickle.loads(pickle.dumps(refused))
    assert (str(again), again.fields) == (str(refused), {"disposition": refused.disposition})
    with pytest.raises(OnrecordError, match="lost"):
        raise FileUnusable("lost", path="backups/all.tar")


def test_with_json_an_error_is_one_object_on_stderr(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    assert run_command_line(["stage", "extract", "--source", "nowhere"]) == 2
    text = capfd.readouterr()
    assert text.out == "" and text.err.strip() == "onrecord: no source nowhere; `onrecord sources list` shows all"
    for words, about in (
        (["extract", "--source", "nowhere"], {"code": "unknown-name", "kind": "source", "name": "nowhere"}),
        (["stage", "link", "--from", "2026-01-01"], {"code": "option-conflict", "options": ["--from", "--to"]}),
        (["run", "--config", "/no/such"], {"code": "file-unusable", "path": "/no/such"}),
        (["run", "--nonsense"], {"code": "usage"}),
    ):
        assert run_command_line([*words, "--json"]) == 2
        shown = capfd.readouterr()
        assert shown.out == "" and shown.err.count("\n") == 1
        found = json.loads(shown.err)["error"]
        assert found["exit_code"] == 2 and found["message"]
        assert about.items() <= found.items()
