"""What commands say beside their output reaches stderr, whichever stream that is at the time."""

from __future__ import annotations

import io
import json
import sys

import pytest
import structlog

from pipeline.cli.output import number_of, set_up_logs


def test_a_warning_goes_to_the_stderr_of_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    log = structlog.get_logger()
    first, second = io.StringIO(), io.StringIO()
    try:
        monkeypatch.setattr(sys, "stderr", first)
        set_up_logs()
        log.warning("one")
        written = first.getvalue()
        first.close()
        monkeypatch.setattr(sys, "stderr", second)
        log.warning("two")
    finally:
        structlog.configure(**before)
    assert json.loads(written)["event"] == "one"
    assert json.loads(second.getvalue())["event"] == "two"


def test_a_number_stands_with_its_noun() -> None:
    assert [number_of("clash", number, "clashes") for number in (1, 2)] == ["1 clash", "2 clashes"]
    assert [number_of("speaker", number) for number in (0, 1)] == ["0 speakers", "1 speaker"]
