"""Furniture goes, prose that holds the same words stays."""

from __future__ import annotations

import pytest

from pipeline.extraction.sieve import without_menu, without_title_and_labels

STORY = "The harbour board voted on Monday to keep the old bridge closed until the end of May."


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement", "READ MORE", "Comments (12)", "Your thoughts and comments", "Читайте также:", "Подробнее",
        "© 2026 The Harbour Post", "Copyright 2026 Harbour Post.", "Tags: harbour, bridge", "Filed under: Ports",
        "Published: 3 May 2026", "Updated 10:40, 3 May", "Posted by admin", "By Anna Berg and Tom Ek",
        "-- By Anna Berg", "BY ANNA BERG, HARBOUR POST",
    ],
)  # fmt: skip
def test_furniture_goes(line: str) -> None:
    assert without_title_and_labels([STORY, line], "Bridge stays closed") == [STORY]


@pytest.mark.parametrize(
    "line",
    [
        "By comparison, the ferry cost the town twice as much last year.",
        "By Monday the crane had been taken down.",
        "The editor of the newsletter was questioned for two hours, his lawyer said.",
        "Published in 2010, the report named three ministers.",
        "A court found that the agency had broken the copyright of the photographer.",
        "Getty Images sued the company in London.",
        "The ministry said that all rights of the owners would be protected.",
        "Updated rules come into force in July.",
        "Sources close to the board said the vote was near.",
        "“Subscribe to our channel and you will hear the truth,” the minister told the crowd.",
        "«Подписывайтесь на наш канал», — написал губернатор.",
        "He said: \"Sign up for the army.\"",
        "Question: Why?",
        "The image of the port has suffered, the mayor admitted.",
    ],
)  # fmt: skip
def test_prose_with_the_same_words_stays(line: str) -> None:
    assert without_title_and_labels([line, STORY], "Bridge stays closed") == [line, STORY]


def test_the_title_is_not_said_again() -> None:
    assert without_title_and_labels(["Bridge stays closed!", STORY], "Bridge Stays Closed") == [STORY]


def test_a_menu_before_the_story_goes_but_its_first_short_lines_stay() -> None:
    menu = [f"Section {n}" for n in range(30)]
    assert without_menu([*menu, STORY]) == [STORY]
    few = ["V.Speaker: Sit down.", "Question: Why?", STORY]
    assert without_menu(few) == few
    assert without_menu(menu) == menu
