"""Words are given to nobody who only stands near them."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

NOBODY_ELSE = {
    "an owner's kin": (
        "Peskov's eldest daughter, 34, has come to town, saying that the hall was too small.",
        "Peskov's eldest daughter",
    ),
    "what the press claims": ("Peskov was asked about media reports, claiming that the hall was sold.", None),
    "the claimant of what he rejects": (
        "Peskov rejected the reports, claiming that the hall was sold.",
        "Dmitry Peskov",
    ),
    "when it was said": ("Peskov on Thursday evening said that the hall was sold.", "Dmitry Peskov"),
    "late on a day": ("Peskov late on Thursday evening said that the hall was sold.", "Dmitry Peskov"),
}


@pytest.mark.parametrize("case", NOBODY_ELSE)
def test_words_are_given_to_nobody_who_only_stands_near(case: str) -> None:
    text, speaker = NOBODY_ELSE[case]
    assert said(text, lang="en")[0][1] == speaker


def test_reports_that_are_cited_are_no_verb() -> None:
    assert said("Peskov left the hall, citing reports that the roof was wet.", lang="en") == []


def test_what_others_speculate_is_not_said_by_whoever_is_asked_about_it() -> None:
    text = "“It is late,” Peskov said, asked about Biden's team speculating that the hall was too small."
    assert said(text, lang="en")[-1] == ("the hall was too small", "Biden's team")
