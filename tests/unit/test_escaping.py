"""What a publication writes moves no cursor and turns no reading order round, wherever it is shown."""

from __future__ import annotations

import io
import json
import os
import pty
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC

import pytest
import structlog
from rich.console import Console

from pipeline import cli
from pipeline.cli import demo, output
from pipeline.errors import ConfigError
from pipeline.quotes.html import quotes_page
from pipeline.runtime.escaping import EscapingStream, escape_control_characters, safe_cell

HARMFUL = "".join(
    chr(code)
    for code in range(0x3000)
    if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")
    or unicodedata.bidirectional(chr(code)) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    or chr(code) in "\u200e\u200f\u061c"
).translate({ord("\n"): None, ord("\t"): None})
HOSTILE = "clear\x1b[2J title\x1b]0;owned\x07 csi\x9b31m back\rover \u202ereversed\u202c \u2066alone\u2069\x7f\u2028"


def harmless(text: str) -> bool:
    return not set(text) & set(HARMFUL)


def test_every_harmful_mark_is_escaped_and_all_else_stays() -> None:
    assert len(HARMFUL) == 64 - 1 + 14
    assert harmless(escape_control_characters(HARMFUL)) and harmless(escape_control_characters(HOSTILE))
    assert escape_control_characters("a\x1bb") == "a\\u001bb"
    kept = "Даманов: «да» – café, 👩‍🚀, नमस्ते\u200d, עברית\n\ttab"
    assert escape_control_characters(kept) == kept


def test_json_with_escapes_has_the_values_it_had() -> None:
    value = {"quote": HOSTILE + HARMFUL, "n": [1, None]}
    for line in (output.json_line(value), escape_control_characters(json.dumps(value, ensure_ascii=False))):
        assert harmless(line)
        assert json.loads(line) == value


def test_lines_errors_and_rows_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_line(HOSTILE)
    output.print_note(HOSTILE)
    cli.report_error(ConfigError(HOSTILE), as_json=False)
    cli.report_error(ConfigError(HOSTILE), as_json=True)
    output.print_json_rows([{"title": HOSTILE}])
    output.escaping_stream(sys.stdout).writelines([HOSTILE, "\n"])
    printed = capsys.readouterr()
    for stream, lines in ((printed.out, 3), (printed.err, 3)):
        assert harmless(stream.replace("\n", "")) and len(stream.splitlines()) == lines


def test_a_wrong_option_is_named_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command_line(["report", f"--{HOSTILE}"]) == 2
    assert "\x9b" not in capsys.readouterr().err


def test_log_lines_are_escaped_on_a_terminal_and_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = pty.openpty()
    with os.fdopen(near, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        output.set_up_logs()
        try:
            raise ValueError(HOSTILE)
        except ValueError:
            structlog.get_logger().error("item_failed", item=HOSTILE, more=[HOSTILE], exc_info=True)
        shown = os.read(far, 100_000).decode()
    os.close(far)
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    output.set_up_logs()
    structlog.get_logger().error("item_failed", item=HOSTILE)
    structlog.reset_defaults()
    assert "item_failed" in shown and "\\u202e" in shown and "Traceback" in shown
    assert "\x1b[2J" not in shown and not set(shown) & set("\x9b\u202e\x07\u2028\x7f")
    assert harmless(file.getvalue().rstrip("\n"))
    assert json.loads(file.getvalue())["item"] == HOSTILE


def test_exports_are_escaped() -> None:
    assert harmless(safe_cell(HOSTILE)) and harmless(safe_cell("\r=1+1"))
    assert safe_cell("two\nlines") == "two\nlines"
    assert harmless(quotes_page([(HOSTILE, f"{HOSTILE}\r\nnext", ())]).replace("\n", ""))
    assert quotes_page([(None, "one\r\ntwo", ())]).count("<p>") == 3


def test_the_demo_s_statements_are_escaped() -> None:

    from tests.unit.test_messages import view

    statement = replace(view(), text=HOSTILE, speaker_name=HOSTILE)
    out = io.StringIO()
    Console(file=out, width=200).print(demo.statement_lines(statement, UTC))
    assert harmless(out.getvalue().replace("\n", ""))


def test_what_other_parts_write_is_escaped_line_by_line() -> None:
    out = io.StringIO()
    stream = EscapingStream(out)
    assert stream.write(HOSTILE) == len(HOSTILE)
    stream.flush()
    assert harmless(out.getvalue())
