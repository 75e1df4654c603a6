"""How the reports of one statement differ: word by word, who cut what, who was first."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.tool import find_statements, quotes_of_article
from pipeline.statements.word_diff import Drift, WordChange, compare_words, drift_of


def article(source: str, at: str | None, text: str, kind: str = "direct") -> dict[str, Any]:
    quote = {"start": 0, "end": len(text), "type": kind, "speaker_id": "rosa-tide"}
    return {"id": source, "source": source, "lang": "en", "published_at": at, "text": text, "quotes": [quote]}


def only_drift(*articles: dict[str, Any]) -> Drift:
    quotes = [one for it in articles for one in quotes_of_article(it)]
    [found] = find_statements(quotes, KnownSpeakers())
    return drift_of(found)


WHOLE = "“The organ of the abbey will be tuned again before Easter by two masters from Norrby.”"

REPORTED = "the organ of the abbey would be tuned anew before Easter by two masters"


def test_who_was_first_who_cut_what_and_who_changed_words() -> None:
    drift = only_drift(
        article("late", "2026-03-02T12:30", "“The organ of the abbey will be tuned again before Easter …”"),
        article("whole", "2026-03-02T11:00", WHOLE),
        article(
            "reported",
            "2026-03-02T10:00",
            "the organ of the abbey would be tuned anew before Easter by two masters",
            "indirect",
        ),
    )
    assert [(one.source, one.first, one.behind) for one in drift.reports] == [
        ("reported", True, 0.0),
        ("whole", False, 1.0),
        ("late", False, 2.5),
    ]
    reported, whole, late = drift.reports
    assert drift.fullest == whole.segment and (whole.verbatim, whole.cut) == (True, ())
    assert (late.verbatim, late.cut) == (True, ("by two masters from Norrby",))
    assert not reported.verbatim and not reported.quoted
    assert WordChange("replaced", "will", "would") in reported.changes
    assert WordChange("left out", "from Norrby", "") in reported.changes
    assert drift.wordings == 3


def test_marks_capitals_and_letters_that_look_alike_are_no_change() -> None:
    assert [it.change for it in compare_words("«Мост — цел»", "мост цел")] == ["same"]
    assert [it.change for it in compare_words("The cake.", "the \u0441ake")] == ["same"]


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        ("Ten boats sank", [("same", "Ten boats sank")]),
        ("Ten old boats sank", [("same", "Ten"), ("added", "old"), ("same", "boats sank")]),
        ("Ten ships sank", [("same", "Ten"), ("replaced", "ships"), ("same", "sank")]),
        ("boats", [("left out", ""), ("same", "boats"), ("left out", "")]),
    ],
)
def test_words_are_compared_in_their_order(now: str, changes: list[tuple[str, str]]) -> None:
    assert [(it.change, it.now) for it in compare_words("Ten boats sank", now)] == changes


def test_a_report_without_a_time_is_neither_first_nor_behind() -> None:
    drift = only_drift(article("dated", "2026-03-02T10:00", WHOLE), article("undated", None, WHOLE))
    assert [(one.source, one.first, one.behind) for one in drift.reports] == [
        ("dated", True, 0.0),
        ("undated", False, None),
    ]
