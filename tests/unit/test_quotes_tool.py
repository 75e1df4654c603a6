"""``onrecord files quotes`` as a tool: lines in, lines out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pipeline.demo.newsroom import CONFIG
from pipeline.quotes.tool import quote_lines, write_quotes
from tests.unit.quoting import ROSTER

GOOD = {
    "id": 7,
    "text": '"The road is open," Damanov said.',
    "lang": None,
    "date": "2020-06-01",
    "extra": {"kept": True},
}


def run_tool(*lines: str, explain: bool = False) -> tuple[int, list[dict[str, object]], str]:
    output, errors = io.StringIO(), io.StringIO()
    code = write_quotes(io.StringIO("\n".join(lines)), output, errors, roster=ROSTER, explain=explain)
    return code, [json.loads(line) for line in output.getvalue().splitlines()], errors.getvalue()


def test_fields_are_passed_on_and_quotes_added() -> None:
    code, answers, errors = run_tool(json.dumps(GOOD))
    assert code == 0
    assert errors == ""
    quotes = answers[0].pop("quotes")
    assert answers == [{**GOOD, "kind": "news"}]
    assert isinstance(quotes, list)
    assert quotes[0]["speaker_id"] == "dmitry-damanov"
    assert (quotes[0]["stance"], quotes[0]["claimant"]) == ("said", None)
    assert set(quotes[0]) >= {"start", "end", "type", "speaker_span", "speaker_name", "cue_span", "confidence", "rule"}


def test_a_bad_line_is_told_by_number_and_the_rest_is_done() -> None:
    bad_date = json.dumps({**GOOD, "date": "June"})
    code, answers, errors = run_tool(json.dumps(GOOD), "{broken", '{"title": "x"}', "[1]", bad_date, json.dumps(GOOD))
    assert code == 1
    assert len(answers) == 2
    assert [line.split(":")[0] for line in errors.splitlines()] == ["line 2", "line 3", "line 4", "line 5"]
    assert "'June'" in errors


def test_half_a_surrogate_pair_passes_through() -> None:
    code, answers, _ = run_tool('{"text": "\\ud800 \\"Yes, it is so,\\" Damanov said."}')
    assert code == 0
    assert answers[0]["text"] == '\ud800 "Yes, it is so," Damanov said.'


def test_blank_lines_are_skipped() -> None:
    assert run_tool("", json.dumps(GOOD), "  ")[0] == 0


def test_explain_shows_candidate_rule_and_verdict() -> None:
    _, _, errors = run_tool(json.dumps(GOOD), explain=True)
    assert "say-after" in errors
    assert "The road is open" in errors
    assert "kept" in errors


def test_lines_come_in_order() -> None:
    numbers = [line.number for line in quote_lines([json.dumps(GOOD)] * 3, roster=ROSTER)]
    assert numbers == [1, 2, 3]


def test_the_page_marks_each_quote_and_lets_no_markup_through() -> None:
    article = {
        **GOOD,
        "title": "A <b>road</b>",
        "text": '"The <script>road</script> is open,\nall of it," Damanov said. \ud800',
    }
    page = io.StringIO()
    code = write_quotes(io.StringIO(json.dumps(article)), io.StringIO(), io.StringIO(), roster=ROSTER, html=page)
    assert code == 0
    assert "<script>" not in page.getvalue()
    assert "A &lt;b&gt;road&lt;/b&gt;" in page.getvalue()
    assert page.getvalue().count("<mark") == page.getvalue().count("</mark>") > 0
    page.getvalue().encode("utf-8")


def test_the_page_names_speaker_and_rule() -> None:
    page = io.StringIO()
    write_quotes(io.StringIO(json.dumps(GOOD)), io.StringIO(), io.StringIO(), roster=ROSTER, html=page)
    assert '<mark class="direct">&quot;The road is open,&quot;' in page.getvalue()
    assert "Dmitry Damanov · 0." in page.getvalue()
    assert '<u class="speaker">Damanov</u> <u class="cue">said</u>' in page.getvalue()


def test_explain_and_page_show_what_was_denied() -> None:
    denial = {"text": "Damanov rejected Harold Parker's claim that the road was closed.", "lang": "en"}
    page, output, errors = io.StringIO(), io.StringIO(), io.StringIO()
    write_quotes(io.StringIO(json.dumps(denial)), output, errors, roster=ROSTER, explain=True, html=page)
    assert "kept as denied: name" in errors.getvalue()
    assert "Dmitry Damanov · denied (claimed by Harold Parker) · 0." in page.getvalue()


def test_a_page_shows_the_quotes_and_is_written_where_asked(tmp_path: Path) -> None:
    from pipeline.cli import run_command_line as command

    articles, page = tmp_path / "articles.jsonl", tmp_path / "page.html"
    article = {**GOOD, "title": "<b>Roads</b>", "text": '"The road is open," Sadkov said.'}
    articles.write_text(json.dumps(article) + "\n", "utf-8")
    assert command(["quotes", str(articles), "--config", str(CONFIG), "--html", str(page)]) == 0
    shown = page.read_text("utf-8")
    assert '<mark class="direct">&quot;The road is open,&quot;' in shown
    assert "Lukyan Sadkov" in shown
    assert "<b>Roads" not in shown


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.cli import run_command_line as command

    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps(GOOD) + "\n", "utf-8")
    assert command(["quotes", str(articles), "--html", str(tmp_path / "none" / "page.html")]) == 2
    assert "page.html: cannot be written" in capsys.readouterr().err
