"""Words are given to nobody who only stands near them."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

NOBODY_ELSE = {
    "an owner's kin": (
        "Damanov's eldest daughter, 34, has come to town, saying that the hall was too small.",
        "Damanov's eldest daughter",
    ),
    "what the press claims": ("Damanov was asked about media reports, claiming that the hall was sold.", None),
    "the claimant of what he rejects": (
        "Damanov rejected the reports, claiming that the hall was sold.",
        "Dmitry Damanov",
    ),
    "when it was said": ("Damanov on Thursday evening said that the hall was sold.", "Dmitry Damanov"),
    "late on a day": ("Damanov late on Thursday evening said that the hall was sold.", "Dmitry Damanov"),
}


@pytest.mark.parametrize("case", NOBODY_ELSE)
def test_words_are_given_to_nobody_who_only_stands_near(case: str) -> None:
    text, speaker = NOBODY_ELSE[case]
    assert said(text, lang="en")[0][1] == speaker


def test_reports_that_are_cited_are_no_verb() -> None:
    assert said("Damanov left the hall, citing reports that the roof was wet.", lang="en") == []


def test_what_others_speculate_is_not_said_by_whoever_is_asked_about_it() -> None:
    text = "“It is late,” Damanov said, asked about Harlen's team speculating that the hall was too small."
    assert said(text, lang="en")[-1] == ("the hall was too small", "Harlen's team")


NOT_SAID = {
    "a noun with a participle": "Ministry notes released on Monday showed a plan for the oven.",
    "what somebody adds to other things": "Damanov paid for the oven. Later, he added lamps, and then sold the barn.",
    "what another's survey finds": "Parker has maintained support among bakers with an oven, the survey found.",
    "the name of a programme": "Damanov said on Channel Nine's “Good Morning Ovens.”",
    "the colon of the main clause": "Look at the cook whom Damanov mentioned to find a worse one: Robin Vale.",
    "what somebody says in a noun clause": "The gap between what Parker says his oven would do and the truth is wide.",
    "a meal that was served": "Damanov told the crew of the meal that was served on deck.",
    "what is described behind a preposition": "Damanov told reporters after the long meal that was served on deck.",
    "an image that somebody tweets": "On Friday Damanov tweeted an image of the oven that was cold.",
    "a letter that somebody writes": "Damanov had written the letter himself before it was sold.",
    "when somebody tweets": "“The oven is cold,” wrote Vale. Damanov tweeted soon after the oven was sold.",
    "what is done with a letter that somebody wrote": "The letter Damanov wrote has been lost for years.",
    "what was done before somebody wrote it down": "The rule the bakers are now writing down has held for decades.",
    "how somebody writes": "Damanov wrote sadly on his page, adding nothing, as the oven was sold.",
    "what somebody calls for": "Damanov called for changing any of the rules that help him.",
    "what somebody believes a thing to be": "It was a day Damanov believes to be the worst of all: The oven was cold.",
    "a report that was issued": "A Kremlin report issued in June indicated a cold oven.",
    "what somebody claims, and when": "Damanov claimed victory as the baker closed the oven.",
    "what somebody promises to do, and when": "Damanov promised to fight back once the oven is open.",
    "a headline's tweet": "Damanov tweet that mocks bakers includes an oven",
    "whom words are on": "Of Damanov: “I just do not believe a word he says.”",
    "what somebody only considers": "Parker denied a note that Vale has been considering announcing that he left.",
}


@pytest.mark.parametrize("case", NOT_SAID)
def test_what_only_looks_like_a_report_is_none(case: str) -> None:
    assert [name for _, name in said(NOT_SAID[case], lang="en") if name != "Vale"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Damanov told Channel Nine’s “Good Morning Ovens” that the oven was cold.", "the oven was cold"),
        ("Damanov insisted before a judge that salted bread would sell.", "salted bread would sell"),
        ("Damanov added the oven, which was cold, would be sold.", "the oven, which was cold, would be sold"),
        ("Damanov told reporters on deck that what Parker says is a lie.", "what Parker says is a lie"),
    ],
)
def test_what_is_reported_beside_such_words_is_a_quote(text: str, words: str) -> None:
    assert (words, "Dmitry Damanov") in said(text, lang="en")


TURNS = {
    "an unnamed writer": ("“The bread is cute,” one user wrote. “I hope it stays.”", ["one user", "one user"]),
    "any verb after a question": (
        "“Is it for sale?” Vale pressed. “Maybe let us have some?”\n“I would say this,” Damanov answered.",
        ["Vale", "Vale", "Dmitry Damanov"],
    ),
    "a crowd's answer": (
        "“Do we go to bed?” Damanov asked.\n“Noooo!”\n“Or do we roll up the road?”",
        ["Dmitry Damanov", None, "Dmitry Damanov"],
    ),
    "the rest of another's question": (
        "“Is it true?” Wells leaned towards the oven. “Did you pay for all of it?”",
        [None, None],
    ),
}


@pytest.mark.parametrize("case", TURNS)
def test_a_turn_of_another_is_not_the_usual_speakers(case: str) -> None:
    text, speakers = TURNS[case]
    assert [name for _, name in said(f"“The oven is open,” Damanov said.\n{text}", lang="en")][1:] == speakers


BESIDE = {
    "a clause with the speaker before it": (
        "Robin Vale, the ten-time winner and a friend of Parker, says the president “bakes like mad” at home.",
        ["Robin Vale"],
    ),
    "an adjective in marks": ("Just one day later, his “oven first” aide declared that it was sold.", ["aide"]),
    "somebody's aides": (
        "Aides to Prime Minister Robin Vale and Harold Parker agreed on Friday that the oven was cold.",
        ["Aides to Prime Minister Robin Vale and Harold Parker"],
    ),
    "remarks that are spoken of": (
        "Damanov praised the oven, saying that it was warm, remarks that were printed in town.",
        ["Dmitry Damanov"],
    ),
    "two people": (
        "Gov. Robin Vale and former spokesman Dmitry Damanov called for bread:\nThe oven is cold and we want it open.",
        ["Gov. Robin Vale and former spokesman Dmitry Damanov"],
    ),
    "a name right of a title": (
        "“The oven is cold,” wrote the American baker at the time, Robin Vale. Parker was away.",
        ["Robin Vale"],
    ),
    "a name right of a title, and a name before": (
        "Vadim Erokhin slept. “The oven is cold,” said the town's mayor, Anna Vale, adding nothing.",
        ["Anna Vale"],
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_whose_name_stands_beside_a_title_speaks(case: str) -> None:
    text, speakers = BESIDE[case]
    assert [name for _, name in said(text, lang="en") if name] == speakers
