"""Interviews and live blogs: labels of turns, those who ask, and headlines that look like turns."""

from __future__ import annotations

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said


@pytest.mark.parametrize("asker", ["Interviewer", "Journalist", "Host", "TASS"])
def test_who_asks_in_an_interview_asserts_nothing(asker: str) -> None:
    text = f"{asker}: Who pays?\n\nLena Fischer: The state pays.\n\n{asker}: And then?\n\nLena Fischer: We wait."
    quotes = find_quotes(text, roster=ROSTER, lang="en")
    assert [quote.stance for quote in quotes] == ["asked", "said", "asked", "said"]
    assert {quote.speaker_name for quote in quotes if quote.stance == "said"} == {"Lena Fischer"}


def test_headlines_of_a_live_blog_are_no_turns() -> None:
    text = "Fischer: port to close\n\nThe port will close, Lena Fischer said.\n\nFischer: no ships in May\n\nShe left."
    assert said(text, lang="en") == [("The port will close", "Lena Fischer")]


LABELS = {
    "two initials of one given name": ("ru", "А.-Ж.Зуев", "А.-Ж.Зуев"),
    "a title, a place and a name": ("en", "Director of the Lake Plant Ivan Zuev", "Ivan Zuev"),
    "a title and a place": ("en", "Director of the Lake Plant", "Director of the Lake Plant"),
}


@pytest.mark.parametrize("case", LABELS)
def test_a_turn_is_of_whom_its_own_label_names(case: str) -> None:
    lang, label, speaker = LABELS[case]
    other = "В.Ерохин" if lang == "ru" else "Vadim Erokhin"
    words = "Спасибо всем за приём" if lang == "ru" else "Thank you all for the welcome"
    text = f"{other}: {words}.\n{label}: {words}.\n{other}: {words}."
    assert [name for _, name in said(text, lang=lang)][1] == speaker
