"""English: where a report ends and the writer's own words begin in the same sentence."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

WRITERS = {
    "what he did by it": ("the port would stay open", ", while blaming the council"),
    "a reference": ("the plant needed new owners", ", referring to the sale of 2012"),
    "a reaction": ("the ban would be lifted", ", drawing criticism from farmers"),
    "a comment on the words": ("the city would no longer pay", ", a move that lawyers call illegal"),
    "a rank among statements": ("the mayor must resign", " — the first such call from his party"),
    "a relative clause in another tense": ("the bank would be sold", ", which has lost half of its clients"),
    "a dated relative clause": ("the firm would fight the fine", ", which was imposed last week by a court"),
    "somebody else's deed": ("it was withdrawing two ships", ", and Norway ordered a search"),
    "a contrast": ("the deal was close", ", though officials in Oslo denied it"),
    "at the same time": ("a truce was possible", ", even as shells fell on the suburbs"),
    "leaving": ("the road was safe", " as he left the hall"),
    "after a meeting": ("the talks were useful", " after meeting the envoy"),
    "on a journey": ("the dam was safe", " during a visit to Omsk"),
    "in an interview": ("the firm owed nothing to anybody", " in an interview published on Monday"),
    "hours after": ("the bridge was not a target", ", hours after rockets hit the port"),
    "ahead of talks": ("the region had no such plans", " ahead of talks with the union"),
    "asked": ("he did not know the man", " when asked about the photograph"),
    "in reply": ("the road was built on time", ", in response to a question about the delay"),
    "a shared view": ("the tax was unfair", ", a view shared by most of his party"),
    "news": ("the mill would be closed", ", news that rattled the town"),
    "a plan": ("the state must buy the mill", ", a plan that the council has rejected twice"),
    "a denial": ("the sides had agreed on a list", ", which was later denied by the rebels"),
    "shortly before": ("the fleet was ready", " shortly before boarding the cruiser"),
    "no details": ("the archive would stay shut", ", without giving a reason"),
    "the next deed": ("he was ready for a meeting", " and accused the council of hiding"),
}
SPEAKERS = (
    "the pump broke as water rose",
    "the school would close, which would hurt poor families",
    "the gas deal would be signed during a visit by the envoy",
    "the fire started after a pipe burst",
    "the army would strike back, but the government wanted peace",
    "the man was arrested after speaking to a reporter",
    "he was misquoted in an interview",
    "the museum would show the painting at a press conference",
    "the town was proud of her, a doctor and a poet",
    "the law, which was passed in May, would hurt farmers",
    "the plan was a mistake, which is why the council stopped it",
    "the house collapsed hours after the blast",
    "it would be years before the tunnel opened",
    "the bus was late because of snow and nobody had told the passengers",
)
OUTSIDE = (
    "said during a visit to the front",
    "said, but gave no details",
    "said, which caused an outcry",
    "said in response to a question why the base had not been closed",
    "said when asked whether the base would be closed",
    "said, though her deputy has already packed",
    "said, and the crowd cheered",
    "said before boarding a plane",
    "told a crowd that had waited for hours",
)


@pytest.mark.parametrize("name", WRITERS)
def test_what_cannot_be_the_speakers_is_no_part_of_the_report(name: str) -> None:
    report, tail = WRITERS[name]
    assert [words for words, _ in said(f"Pavel Rudin said {report}{tail}.", lang="en")] == [report]


@pytest.mark.parametrize("report", SPEAKERS)
def test_what_can_be_the_speakers_stays(report: str) -> None:
    assert [words for words, _ in said(f"Pavel Rudin said {report}.", lang="en")] == [report]


@pytest.mark.parametrize("tail", OUTSIDE)
def test_nothing_outside_of_marks_is_added_to_words_in_marks(tail: str) -> None:
    assert [words for words, _ in said(f'"We will not leave," Lena Fischer {tail}.', lang="en")] == [
        '"We will not leave,"'
    ]


def test_the_writer_goes_on_after_an_attribution_in_the_middle() -> None:
    text = "The base will stay, Lena Fischer said, but her deputy has already packed."
    assert [words for words, _ in said(text, lang="en")] == ["The base will stay"]
    text = "The base would stay, Lena Fischer said, but it would be smaller."
    assert [words for words, _ in said(text, lang="en")] == ["The base would stay", "it would be smaller"]


def test_joined_clauses_are_reported_whole() -> None:
    text = "Lena Fischer told reporters she was not allowed to sleep and that she was questioned for hours."
    assert [words for words, _ in said(text, lang="en")] == [
        "she was not allowed to sleep and that she was questioned for hours"
    ]
    text = "The traders were wrong, Lena Fischer said adding that the region raised output."
    assert [words for words, _ in said(text, lang="en")] == ["The traders were wrong", "the region raised output"]
