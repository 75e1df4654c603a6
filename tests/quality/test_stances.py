"""How many invented sentences of each stance the engine reads as they are meant, and how few are taken as said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER

SENTENCES = Path(__file__).parents[1] / "labelled" / "stances"
TOPICS = ("road", "дорог")
RIGHT = {
    ("en", "said"): 0.93, ("en", "denied"): 0.70, ("en", "asked"): 0.75, ("en", "hypothetical"): 0.68,
    ("en", "reported"): 0.95, ("ru", "said"): 0.96, ("ru", "denied"): 0.72, ("ru", "asked"): 0.55,
    ("ru", "hypothetical"): 0.53, ("ru", "reported"): 0.96,
}  # fmt: skip
"""The smallest share of sentences whose quote is found, in its stance. What is not found is told to nobody."""
WRONGLY_SAID = 0.04
"""The largest share of sentences of another stance whose words are taken as said."""


def sentences(lang: str) -> Iterator[tuple[str, str]]:
    """Stance and sentence."""
    stance = ""
    for line in (SENTENCES / f"{lang}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            stance = line[2:]
        elif line:
            yield stance, line


def stances(text: str) -> set[str]:
    """The stances of the quotes of the sentence that are about its topic."""
    quotes = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    return {quote.stance for quote in quotes if any(it in text[quote.start : quote.end].lower() for it in TOPICS)}


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_stances_are_read_as_they_are_meant(lang: str) -> None:
    counted, right, said = Counter[str](), Counter[str](), Counter[str]()
    for stance, text in sentences(lang):
        counted[stance] += 1
        right[stance] += stances(text) == {stance}
        said["others"] += stance != "said" and "said" in stances(text)
    shares = {stance: right[stance] / number for stance, number in counted.items()}
    assert {stance: share for stance, share in shares.items() if share < RIGHT[lang, stance]} == {}
    assert said["others"] / (counted.total() - counted["said"]) <= WRONGLY_SAID
    assert counted.total() == 250


@pytest.mark.parametrize(
    "text",
    [
        "Даманов отверг обвинения и заявил, что дорогу перекроют.",
        "Damanov denied the charges and said the road would be closed.",
    ],
)
def test_who_denies_something_and_says_another_thing_says_it(text: str) -> None:
    assert stances(text) == {"said"}


@pytest.mark.parametrize(
    "text",
    ["In any case, Damanov said that the road would be closed.", "After the event, Damanov said the road was closed."],
)
def test_a_circumstance_is_no_condition(text: str) -> None:
    assert stances(text) == {"said"}


def test_a_word_before_a_name_is_no_part_of_it() -> None:
    text = "Maybe Damanov said that the road would be closed."
    (quote,) = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    assert (quote.speaker_id, quote.stance, quote.stance_confidence) == ("dmitry-damanov", "hypothetical", 0.94)
