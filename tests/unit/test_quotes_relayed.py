"""English outlets, places and occasions beside a speaker: none of them is who speaks, or a part of his name."""

from __future__ import annotations

import pytest

from pipeline.config.settings import from_environment
from pipeline.config.sources import load_sources
from pipeline.quotes.languages.en.outlets import is_outlet
from pipeline.quotes.text.tokens import Sentence, Token, sentence_tokens
from tests.unit.quoting import said


@pytest.fixture(autouse=True)
def however_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom words mean is asked here, not how sure that is."""
    monkeypatch.setattr("pipeline.quotes.engine.UNSURE", 0.0)


AUTHORITIES = {
    "Administration of the President of Russia", "Government of Russia", "Ministry of Foreign Affairs of Russia",
    "President of Russia", "Russian Foreign Ministry", "Security Council of Russia", "State Duma",
}  # fmt: skip
"""Sources that are no outlets, and whoever publishes them."""
RELAYED = (
    "Ivan Melnov said that the bridge was ready, TASS reports.",
    "Ivan Melnov said that the bridge was ready, The Moscow Times writes.",
    "Ivan Melnov said that the bridge was ready, reports Lenta.ru.",
    "Ivan Melnov said that the bridge was ready, the Novy Kray news agency reported.",
    "Ivan Melnov said that the bridge was ready, the Telegram channel Novy Kray reports.",
    "Ivan Melnov said that the bridge was ready, local media reported on Friday.",
    "Ivan Melnov said that the bridge was ready, Mostovik reported, citing Kommersant.",
    "According to RIA Novosti, Ivan Melnov said that the bridge was ready.",
    "TASS reports that Ivan Melnov said that the bridge was ready.",
    "The Novy Kray newspaper reported on Monday that Ivan Melnov said that the bridge was ready.",
    "RIA Novosti reported on Friday that, according to Ivan Melnov, the bridge was ready.",
    "As TASS reports, Ivan Melnov said that the bridge was ready.",
)
CITED = (
    "Bloomberg, citing Ivan Melnov, reported that the bridge was ready.",
    "Citing Ivan Melnov, Bloomberg reported that the bridge was ready.",
    "The bridge was ready, Interfax reported, citing Ivan Melnov.",
    "The bridge was ready, TASS reported with reference to Ivan Melnov.",
    "The bridge was ready, the Novy Kray newspaper quoted Ivan Melnov as saying.",
)
SOMEWHERE = (
    "Transport Minister Ivan Melnov during a visit to Hanoi said that the bridge was ready.",
    "Ivan Melnov at talks in Istanbul said that the bridge was ready.",
    "Ivan Melnov on Tuesday in Geneva told reporters that the bridge was ready.",
    "Ivan Melnov in Geneva on May 5 told reporters that the bridge was ready.",
    "Ivan Melnov on May 5 in Geneva said that the bridge was ready.",
    "Governor Ivan Melnov at a meeting with voters in Tula said that the bridge was ready.",
    "Ivan Melnov after talks with Peter Vale in Vienna said that the bridge was ready.",
    "Ivan Melnov following a meeting of the city council said that the bridge was ready.",
    "Ivan Melnov ahead of the talks told journalists that the bridge was ready.",
    "Ivan Melnov at the opening of the road in Perm said that the bridge was ready.",
    "Ivan Melnov speaking at a forum in Perm said that the bridge was ready.",
    "Ivan Melnov addressing voters in Perm said that the bridge was ready.",
    "In Geneva Ivan Melnov said that the bridge was ready.",
    "At talks in Istanbul Ivan Melnov said that the bridge was ready.",
    "On Tuesday in Geneva Ivan Melnov said that the bridge was ready.",
    "Russian trade representative in Hanoi Ivan Melnov said that the bridge was ready.",
    "Russia's permanent representative to the OSCE in Vienna Ivan Melnov said that the bridge was ready.",
    "The road closed after Ivan Melnov said that the bridge was ready.",
)


@pytest.mark.parametrize("text", [*RELAYED, *CITED, *SOMEWHERE])
def test_the_person_speaks(text: str) -> None:
    assert [(quote.removeprefix("T").removeprefix("t"), name) for quote, name in said(text)] == [
        ("he bridge was ready", "Ivan Melnov")
    ]


def test_an_outlet_quotes_whom_it_names_after_the_words() -> None:
    assert said("“The bridge is ready,” TASS quotes Ivan Melnov.") == [("“The bridge is ready,”", "Ivan Melnov")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge was ready, Interfax reported.", "Interfax"),
        ("Interfax reported that the bridge was closed and that Ivan Melnov said he was ready.", "Interfax"),
        ("The bridge was ready, Interfax reported, citing documents.", "Interfax"),
        ("The road closed days after state television said that the bridge was ready.", "state television"),
        ("The governor of Perm on a trip to Tula said that the bridge was ready.", "governor of Perm"),
        ("An official in Perm said that the bridge was ready.", "official in Perm"),
    ],
)
def test_who_speaks_where_nobody_else_does(text: str, expected: str) -> None:
    assert said(text)[0][1] == expected


@pytest.mark.parametrize(
    "words",
    (
        "TASS", "the Novy Kray newspaper", "the Telegram channel Novy Kray", "Lenta.ru", "RFE/RL",
        "Russian news agencies", "state TV", "Russia's Kommersant newspaper", "a TASS correspondent", "The Post",
        "BBC Russian Service",
    ),
)  # fmt: skip
def test_words_that_mean_an_outlet(words: str) -> None:
    assert is_outlet(tokens(words))


@pytest.mark.parametrize(
    "words",
    ("the agency", "the space agency", "Post", "RBC's sources", "Ivan Melnov", "media reports", "the border service"),
)
def test_words_that_mean_no_outlet(words: str) -> None:
    assert not is_outlet(tokens(words))


def test_the_sources_that_we_read_are_outlets() -> None:
    sources = load_sources(from_environment(config_dir=None)).values()
    names = {name for source in sources for name in (source.title, source.publisher) if name and name.isascii()}
    unknown = {name for name in names if not is_outlet(tokens(f"the {name.removeprefix('The ')}"))}
    assert unknown == AUTHORITIES


def tokens(words: str) -> list[Token]:
    return sentence_tokens(words, Sentence(0, len(words), []))
