"""English: rarer verbs of saying, and nouns and phrases that report what somebody holds."""

from __future__ import annotations

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said

WORDS = "the fund was empty"
PHRASES = (
    "is of the opinion that",
    "holds the view that",
    "took the position that",
    "has no doubt that",
    "let it be known that",
    "let slip that",
    "made the point that",
    "issued a warning that",
    "gave assurances that",
    "raised concerns that",
    "voiced hope that",
    "was emphatic that",
    "remains adamant that",
    "is convinced",
    "reaffirmed that",
    "swore that",
    "divulged that",
    "confided that",
    "hinted",
    "theorised that",
    "fears that",
    "threatened that",
    "could not rule out that",
    "pointed to the fact that",
    "stood by his claim that",
    "doubled down on his claim that",
    "went so far as to say that",
    "was quick to point out that",
    "was at pains to stress that",
    "took to the radio to say that",
    "used the speech to announce that",
)
OWNERS = (
    "Pavel Rudin's view is that the fund was empty.",
    "The message of Pavel Rudin was that the fund was empty.",
    "By Pavel Rudin's own account, the fund was empty.",
    "In Pavel Rudin's judgment, the fund was empty.",
    "Pavel Rudin's claim that the fund was empty was rejected by the court.",
    "The words of Pavel Rudin that the fund was empty caused an outcry.",
)
NOBODYS = (
    "The man found that the door was open.",
    "Pavel Rudin feared the dog.",
    "The rule that nobody smokes is old.",
    "Pavel Rudin was so worried that he left the town.",
    "Pavel Rudin used to feel that way.",
    "Pavel Rudin signalled his intentions.",
    "Pavel Rudin issued a statement that sought to calm the town.",
)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_reports_its_clause(phrase: str) -> None:
    assert said(f"Pavel Rudin {phrase} {WORDS}.", lang="en") == [(WORDS, "Pavel Rudin")]


@pytest.mark.parametrize("text", OWNERS)
def test_a_noun_reports_its_owners_words(text: str) -> None:
    assert said(text, lang="en") == [(WORDS, "Pavel Rudin")]


@pytest.mark.parametrize("who", ["court", "inquiry", "survey", "commission"])
def test_courts_and_papers_find_by_saying_so(who: str) -> None:
    assert [words for words, _ in said(f"The {who} found that {WORDS}.", lang="en")] == [WORDS]


@pytest.mark.parametrize("text", NOBODYS)
def test_feelings_and_deeds_are_no_words(text: str) -> None:
    assert said(text, lang="en") == []


@pytest.mark.parametrize("verb", ["snapped", "sighed", "scoffed", "thundered", "blurted"])
def test_words_in_marks_before_a_verb_of_voice(verb: str) -> None:
    assert said(f'"It is a farce," {verb} Pavel Rudin.', lang="en") == [('"It is a farce,"', "Pavel Rudin")]


def test_doubt_of_a_claim_is_a_denial() -> None:
    (quote,) = find_quotes("Pavel Rudin cast doubt on the claim that the fund was empty.", roster=ROSTER, lang="en")
    assert quote.stance == "denied"
