"""The confidence of a quote: shapes that lower it, and that they are named."""

from __future__ import annotations

import io
import json

import pytest

from pipeline.quotes import find_quotes
from pipeline.quotes.confidence import UNSURE, quote_confidence, what_lowers
from pipeline.quotes.tool import write_quotes
from tests.unit.quoting import ROSTER

SURE = "Kremlin spokesman Dmitry Damanov said that the old bridge will stay closed until the end of the month."


def confidence(text: str) -> float:
    return max(quote.confidence for quote in find_quotes(text, roster=ROSTER, lang="en"))


@pytest.mark.parametrize(
    "doubtful",
    [
        SURE.replace("month.", "month, the road, the pier, and that nobody, not even he, knows why."),
        SURE.replace("Kremlin spokesman Dmitry Damanov", "Zimmer"),
        f"Otto Brand met Kurt Zuev and Hans Prell in Bergen. {SURE.replace('Kremlin spokesman Dmitry Damanov', 'He')}",
    ],
)
def test_what_makes_an_attribution_doubtful_lowers_its_confidence(doubtful: str) -> None:
    assert confidence(doubtful) < confidence(SURE)


def test_a_feature_that_the_fit_does_not_know_changes_nothing() -> None:
    assert quote_confidence(("type=direct",)) == quote_confidence(("type=direct", "never=seen"))


def test_what_lowers_most_is_named_first() -> None:
    named = what_lowers(("named=nobody", "mention=none", "type=direct", "kind=news"))
    assert named
    assert set(named) <= {"named=nobody", "mention=none"}


def test_an_explanation_names_what_lowers_the_confidence() -> None:
    errors = io.StringIO()
    line = json.dumps(
        {"text": f"Otto Brand and Zimmer spoke. {SURE.replace('Kremlin spokesman Dmitry Damanov', 'Zimmer')}"}
    )
    write_quotes(io.StringIO(line), io.StringIO(), errors, roster=ROSTER, explain=True)
    assert "lowered by" in errors.getvalue()


def test_below_the_threshold_nobody_is_named() -> None:
    for quote in find_quotes(
        "“Yes, it was so all along,” the paper had. “No, it was not so.”", roster=ROSTER, lang="en"
    ):
        assert quote.confidence >= UNSURE or quote.speaker_name is None
