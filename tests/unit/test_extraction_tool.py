"""`onrecord files text`: one file or a manifest; a page that fails is an empty prediction and a line, never the end."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, Rejected
from pipeline.extraction.tool import run_manifest, text_of_file

STORY = "The deputy minister told reporters in the capital on Sunday that the talks would go on next week as planned."
HEAD = "<html><head><title>Talks go on</title></head>"
PAGE = f"{HEAD}<body><article><h1>Talks go on</h1><p>{STORY}</p></article></body></html>"


def test_a_file_is_read_gzipped_or_not(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.html", tmp_path / "b.html"
    plain.write_text(PAGE, encoding="utf-8")
    packed.write_bytes(gzip.compress(PAGE.encode()))
    for path in (plain, packed):
        fields = text_of_file(path, "https://news.example/2026/06/14/talks")
        assert (fields["text"], fields["title"], fields["lang"]) == (STORY, "Talks go on", "en")
        assert fields["date"] == "2026-06-14T00:00:00Z"
        assert fields["posts"] == []
    assert text_of_file(plain)["url"] is None


def test_a_file_that_is_not_there_or_cut_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.html: cannot be read"):
        text_of_file(tmp_path / "gone.html")
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(PAGE.encode())[:-9])
    with pytest.raises(Rejected, match="truncated"):
        text_of_file(cut)


def test_a_manifest_gives_one_prediction_per_page_and_tells_what_failed(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/good.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "pages/deep.html").write_text("<html><body>" + "<div>" * 5000 + "</body></html>", encoding="utf-8")
    rows = [
        {"id": "good", "file": "pages/good.html.gz", "url": "https://news.example/1"},
        {"id": "deep", "file": "pages/deep.html", "url": None},
        {"id": "gone", "file": "pages/gone.html"},
    ]
    manifest, out, errors = tmp_path / "manifest.jsonl", tmp_path / "out.json", io.StringIO()
    manifest.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run_manifest(manifest, out, errors) == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["output"]["good"] == {"articleBody": STORY, "title": "Talks go on", "date": None, "lang": "en"}
    assert (written["output"]["deep"], written["output"]["gone"]) == ("", "")
    assert written["version"]
    assert written["seconds"] > 0
    messages = errors.getvalue().splitlines()
    assert [line.split(":")[0] for line in messages] == ["deep", "gone"]
    assert "parse-limit" in messages[0]


def test_a_line_that_names_no_page_is_told_with_its_number_and_the_rest_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    manifest, out, errors = tmp_path / "manifest.jsonl", tmp_path / "out.json", io.StringIO()
    manifest.write_text('{"id": "a", "file": "a.html"}\nnot json\n{"id": 3}\n', encoding="utf-8")
    assert run_manifest(manifest, out, errors) == 1
    assert json.loads(out.read_text(encoding="utf-8"))["output"]["a"]["articleBody"] == STORY
    assert [line.split(": ")[0].rpartition(":")[2] for line in errors.getvalue().splitlines()] == ["2", "3"]


def test_no_manifest_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.jsonl: cannot be read"):
        run_manifest(tmp_path / "none.jsonl", tmp_path / "out.json", io.StringIO())
