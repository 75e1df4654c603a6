"""English: what is a quote, where it ends, who said it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.quoting import ROSTER, said

DAMANOV = "Dmitry Damanov"
CASES = {
    "marks and a cue after": (
        '"The bridge will open in May," Dmitry Damanov said.',
        [('"The bridge will open in May,"', DAMANOV)],
    ),
    "a cue before a colon": ('Damanov said: "We saw the letter."', [('"We saw the letter."', DAMANOV)]),
    "an inverted cue": (
        "“The harbour is closed,” said Lena Fischer, head of the port.",
        [("“The harbour is closed,”", "Lena Fischer")],
    ),
    "a clause with that": (
        "Damanov added that the visit would take two days.",
        [("the visit would take two days", DAMANOV)],
    ),
    "a clause without that": (
        "Damanov said the visit would take two days.",
        [("the visit would take two days", DAMANOV)],
    ),
    "a clause and its attribution after it": (
        "The visit will take two days, Damanov told reporters on Monday.",
        [("The visit will take two days", DAMANOV)],
    ),
    "according to, before": ("According to Damanov, the letter was lost.", [("the letter was lost", DAMANOV)]),
    "according to, after": ("The letter was lost, according to Damanov.", [("The letter was lost", DAMANOV)]),
    "an attribution in the middle": (
        "The letter, Damanov said, was lost in April.",
        [("The letter", DAMANOV), ("was lost in April", DAMANOV)],
    ),
    "a quote in two halves": (
        '"The letter," Damanov said, "was lost in April."',
        [('"The letter,"', DAMANOV), ('"was lost in April."', DAMANOV)],
    ),
    "a clause with words in marks": (
        'Damanov noted that the plan "will cost a great deal" of money.',
        [('the plan "will cost a great deal" of money', DAMANOV)],
    ),
    "a second quote by the same speaker": (
        '"It rained," Damanov said. "Nobody came to the square at all."',
        [('"It rained,"', DAMANOV), ('"Nobody came to the square at all."', DAMANOV)],
    ),
    "adding that": (
        "Damanov said the road was closed, adding that it would open soon.",
        [("the road was closed", DAMANOV), ("it would open soon", DAMANOV)],
    ),
    "short words": ('"No," Damanov replied.', [('"No,"', DAMANOV)]),
    "an apposition before the cue": (
        '"We will wait," Lena Fischer, the head of the port, said.',
        [('"We will wait,"', "Lena Fischer")],
    ),
    "brackets and inner marks": (
        '"They [the ministers] called it ‘a draw’ and left," Damanov said.',
        [('"They [the ministers] called it ‘a draw’ and left,"', DAMANOV)],
    ),
    "a dateline": (
        "MINSK, May 5. /TASS/. The road is closed, Dmitry Damanov told TASS.",
        [("The road is closed", DAMANOV)],
    ),
    "marks of two families": ('"The road is closed,” Damanov said.', [('"The road is closed,”', DAMANOV)]),
}


@pytest.mark.parametrize("name", CASES)
def test_quotes_are_found_with_their_speaker(name: str) -> None:
    text, expected = CASES[name]
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The road was closed in May and nobody came.",
        "Damanov did not say when the road would open.",
        "Damanov declined to comment.",
        "The novel “A Long Road Home” was sold in May.",
        "Both states have signed the reports on claims.",
        "Damanov noted the rule last week.",
    ],
)
def test_what_nobody_said_is_no_quote(text: str) -> None:
    assert said(text) == []


def test_a_pronoun_means_who_spoke_last() -> None:
    text = "Lidia Kondakova said the road was closed.\nDamanov said it was open.\n“I checked,” she added."
    assert said(text)[-1] == ("“I checked,”", "Lidia Kondakova")


def test_a_name_inside_a_quote_is_no_speaker_for_the_next_pronoun() -> None:
    text = '"Erokhin knows the road. Erokhin built the road," Damanov said.\n"It is long," he added.'
    assert said(text)[-1] == ('"It is long,"', DAMANOV)


def test_an_office_is_held_by_whom_the_day_tells() -> None:
    text = "The road is long, the US president said."
    assert said(text, day=date(2020, 6, 1)) == [("The road is long", "Harold Parker")]
    assert said(text, day=date(2022, 6, 1)) == [("The road is long", "Ned Harlen")]


def test_an_epithet_means_whom_the_article_introduced_so() -> None:
    text = "Harbour master Lena Fischer met deputy governor Otto Brand.\n“We agreed,” the deputy governor said."
    assert said(text) == [("“We agreed,”", "Otto Brand")]


def test_an_epithet_with_a_nation_means_nobody_of_another() -> None:
    text = (
        "Anna Orlova, a Russian diplomat, arrived on Monday. She met U.S. diplomat Tom Brook.\n\n"
        "“The talks go on,” said the Russian diplomat."
    )
    assert said(text) == [("“The talks go on,”", "Anna Orlova")]


def test_a_capital_is_nobody_for_a_pronoun() -> None:
    text = "Anna Orlova spoke first, but Kiev announced that it would wait. “We go on,” she said."
    assert said(text)[-1] == ("“We go on,”", "Anna Orlova")


def test_a_surname_gets_the_fullest_name_of_the_article() -> None:
    text = "“We agreed,” Brand said.\nOtto Brand is deputy governor."
    assert said(text) == [("“We agreed,”", "Otto Brand")]


def test_a_transcript_gives_turns() -> None:
    text = (
        "Question: Is the road open?\nVadim Erokhin: It is open. We built it.\n"
        "Question: Since when?\nVadim Erokhin: Since May."
    )
    assert said(text) == [
        ("Is the road open?", None),
        ("It is open. We built it.", "Vadim Erokhin"),
        ("Since when?", None),
        ("Since May.", "Vadim Erokhin"),
    ]


def test_a_quote_over_two_paragraphs_keeps_its_speaker() -> None:
    text = "Damanov said: “The road is closed.\n“It will open in May.”"
    assert [name for _, name in said(text)] == [DAMANOV, DAMANOV]


def test_one_lost_mark_spoils_no_other_paragraph() -> None:
    text = '"The road is closed, Damanov said.\n"It will open in May," Lidia Kondakova said.'
    assert said(text)[-1] == ('"It will open in May,"', "Lidia Kondakova")


def test_the_roster_in_use_is_the_small_one() -> None:
    assert "dmitry-damanov" in ROSTER


QUOTELESS = """The ferry left the harbour before dawn on Saturday with forty people on board.
Its captain had sailed the route for eleven years, and the sea was calm until the second island.
A storm that nobody had forecast reached the strait at nine, and the boat turned back to wait behind the pier.
The council of the island “Long Sand” met in the old school to count the damage to roofs and roads.
Most of the roads are open again, the bridge is not, and the school will start a week later than planned."""


def test_an_article_without_quotes_gets_none() -> None:
    assert said(QUOTELESS) == []
