"""Whatever the text, a quote is an exact span of it and nothing crashes."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.speakers import Roster as RosterData
from pipeline.quotes import find_quotes
from pipeline.speakers import Roster

EMPTY = Roster(RosterData().speakers, RosterData().offices)
PIECES = st.sampled_from(
    "\" “ ” « » „ ‘ ’ '' `` [ ] ( ) , . : ; ! ? … — - – \n \r\n \u2028 \x00 \u202e \u200f \ud800 \udfff \ufeff е́ "
    "Anna Petrova said that he told reporters adding according to the ministry will not agree. “Yes,” Анна Петрова "
    "заявила, что по словам министра сообщил он добавив: «Нет», — сказал В.Иванов: Вопрос: Question: Mr. Smith "
    "говорится в сообщении цитирует как 12.5 % г. U.S. whichсообщилmixed Pétrová".split(" ")
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
    st.text(max_size=200),
)


def check(text: str, lang: str | None) -> None:
    quotes = find_quotes(text, roster=EMPTY, lang=lang)
    last = 0
    for quote in quotes:
        assert last <= quote.start < quote.end <= len(text)
        assert any(map(str.isalnum, text[quote.start : quote.end]))
        last = quote.end
        for span in (quote.speaker_span, quote.cue_span):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
        assert 0 <= quote.confidence <= 1
    assert quotes == find_quotes(text, roster=EMPTY, lang=lang)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_gives_exact_spans_that_never_overlap(text: str) -> None:
    check(text, None)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.sampled_from(["en", "ru"]))
def test_a_text_in_the_wrong_language_gives_exact_spans_too(text: str, lang: str) -> None:
    check(text, lang)


def seconds(text: str) -> float:
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        find_quotes(text, roster=EMPTY)
        best = min(best, time.process_time() - start)
    return best


SENTENCE = "“We will go on,” Anna Petrova said. The envoy added that talks (in Bern) had failed, and left. "
RUSSIAN = "«Мы продолжим», — сказала Анна Петрова. По словам посла, переговоры сорваны. "


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "«",
        "“word ",
        "(",
        "[a",
        "said ",
        "he said, ",
        "сказал ",
        "«a",
        "A. ",
        "Петрова ",
        ", — сказал он. — ",
        "a, ",
    ],
)
def test_the_cost_grows_with_length_and_not_faster(unit: str) -> None:
    small, large = unit * 5_000, unit * 20_000
    seconds(unit * 100)
    assert seconds(large) < 4 * 3 * max(seconds(small), 0.02)


@pytest.mark.parametrize("unit", [SENTENCE, SENTENCE + "\n", RUSSIAN + "\n"])
def test_long_news_costs_as_its_parts_do(unit: str) -> None:
    seconds(unit)
    small, large = unit * 300, unit * 1200
    assert seconds(large) < 4 * 3 * seconds(small)


@pytest.mark.parametrize("unit", [SENTENCE + "\n", RUSSIAN + "\n"])
def test_nothing_is_left_for_the_cycle_collector(unit: str) -> None:
    """It is kept out while the engine works."""
    find_quotes(unit, roster=EMPTY)
    gc.collect()
    find_quotes(unit * 50, roster=EMPTY)
    assert gc.collect() == 0
    assert gc.isenabled()


def test_an_empty_text_has_no_quotes() -> None:
    assert find_quotes("", roster=EMPTY) == []
    assert find_quotes(" \n\n ", roster=EMPTY) == []


def test_an_unknown_language_gives_no_quotes() -> None:
    assert find_quotes("« Oui », dit-elle.", roster=EMPTY, lang="fr") == []
