"""Whom an English description means (``the governor``): by the titles of those named before, if it fits only one."""

from __future__ import annotations

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER


@pytest.fixture(autouse=True)
def however_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom words mean is asked here, not how sure that is."""
    monkeypatch.setattr("pipeline.quotes.engine.UNSURE", 0.0)


MEANT = (
    (
        "Former speaker of the regional duma Boris Luzhin met students. The former deputy said it was late.",
        "Boris Luzhin",
    ),
    ("Governor Boris Luzhin met Mayor Peter Vale. The governor said it was late.", "Boris Luzhin"),
    ("Governor Boris Luzhin met Mayor Peter Vale. The mayor said it was late.", "Peter Vale"),
    (
        "The head of the Tula region Boris Luzhin spoke. Mayor Peter Vale came. The governor said it was late.",
        "Boris Luzhin",
    ),
    ("Sen. Boris Luzhin met banker Peter Vale. The lawmaker said it was late.", "Boris Luzhin"),
    ("Lieutenant General Boris Luzhin met Mayor Peter Vale. The general said it was late.", "Boris Luzhin"),
    ("Blogger Anna Vale met officer Peter Luzhin. The blogger said it was late.", "Anna Vale"),
    ("Chief executive Boris Luzhin met Mayor Peter Vale. The CEO said it was late.", "Boris Luzhin"),
    ("Chef Anna Vale came at night. The chef said it was late.", "Anna Vale"),
    ("Mayor Anna Vale came at night. In the mayor's words, “it was late.”", "Anna Vale"),
    ("Anna Vale runs a mill. The 43-year-old said it was late.", "Anna Vale"),
)
NOBODY_NAMED = (
    ("Governor Boris Luzhin and Anna Vale came. The deputy governor said it was late.", "deputy governor"),
    (
        "Senator Boris Luzhin and Senator Peter Vale came to Tula. Anna Reed left. The senator said it was late.",
        "senator",
    ),
    ("Anna Reed came with Peter Vale. “Who is it?” Reed asked. The senator said it was late.", "senator"),
    ("Peter Vale met a young woman in the street. The woman said it was late.", "woman"),
    ("Peter Vale was greeted by an organizer. The organizer said it was late.", "organizer"),
    ("The mayor said it was late. In the evening Mayor Peter Vale left town.", "mayor"),
    ("Banker Peter Vale came to Tula. The governor said it was late.", "governor"),
    ("Presidential candidate Boris Luzhin met Anna Vale. The president said it was late.", "president"),
    ("Peter Vale came. Vale's aide passed Boris Luzhin a note. The aide said it was late.", "aide"),
    ("Critics came to Tula. The company said it was late.", "company"),
)


@pytest.mark.parametrize(("text", "expected"), [*MEANT, *NOBODY_NAMED])
def test_whom_a_description_means(text: str, expected: str) -> None:
    assert [
        quote.speaker_name
        for quote in find_quotes(text, roster=ROSTER, lang="en")
        if "late" in text[quote.start : quote.end]
    ] == [expected]


def test_a_description_means_whoever_spoke_without_a_name() -> None:
    text = "A doctor on the scene said it was cold. The doctor said it was late."
    assert [quote.speaker_name for quote in find_quotes(text, roster=ROSTER)] == ["doctor on the scene"] * 2


def test_an_adverb_that_opens_a_headline_is_no_given_name() -> None:
    text = "Maybe Luzhin was right after all.\n\n“It is late,” Luzhin told voters. Boris Luzhin is 54."
    assert [quote.speaker_name for quote in find_quotes(text, roster=ROSTER)] == ["Boris Luzhin"]
