"""Whatever the text, a quote is an exact span of it and nothing crashes."""

from __future__ import annotations

import gc
import re
import sys
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.config.speakers import RosterConfig as RosterData
from pipeline.quote_rules import QuoteRules, SpeakerRule, by_cue
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from pipeline.quotes.speakers import sightings
from pipeline.quotes.text.tokens import LONGEST, split_paragraphs, split_sentences
from tests.unit.quoting import ROSTER

EMPTY = RosterIndex(RosterData().speakers, RosterData().offices)
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


@settings(max_examples=150)
@given(TEXTS)
@example("\ud800 В.Иванов: заявила,")
def test_any_text_gives_exact_spans_that_never_overlap(text: str) -> None:
    check(text, None)


@settings(max_examples=80)
@given(TEXTS, st.sampled_from(["en", "ru"]))
def test_a_text_in_the_wrong_language_gives_exact_spans_too(text: str, lang: str) -> None:
    check(text, lang)


SENTENCE = "“We will go on,” Anna Petrova said. The envoy added that talks (in Bern) had failed, and left. "
RUSSIAN = "«Мы продолжим», — сказала Анна Петрова. По словам посла, переговоры сорваны. "


UNITS = [
    *("\"", "“", "«", "“word ", "(", "[a", "A. ", "a, ", "«a", "D.P. ", "1.", "e\u0301", "🌬 ", "\n", "a\n", "слово"),
    *("said ", "he said, ", "said that ", "that ", "adding that ", "told TASS ", "asked whether ", "denied that "),
    *("сказал ", "Петрова ", "Петрова сказала, что ", "по словам Петровой, ", "как сообщили в МИД, ", "МИД сообщил, "),
    *("according to Petrova, ", "Petrova said ", "Petrova said; ", "Petrova said: ", "Petrova (she) said "),
    *(", — сказал он. — ", "«Мы пойдём домой», — сказала Петрова. ", '“We go home,” he said. ', "Bank of Russia "),
    *("Petrova: yes\n", "Question: why\n", "Petrova said:\nso it is\n", "“We go on\n", "— Да, — сказал он.\n"),
    *('Petrova said "a" and "b" and ', "Petrova said «а", "Minister Anna Petrova said so. The minister left. "),
    *("If he said so, she said no. ", "Asked why, she said no. ", "Denying that he said that "),
    SENTENCE, SENTENCE + "\n", RUSSIAN + "\n",
]  # fmt: skip


def steps(text: str) -> int:
    """How many functions are called, ours and the interpreter's."""
    counted = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal counted
        counted += event.endswith("call")

    sys.setprofile(count)
    try:
        find_quotes(text, roster=EMPTY)
    finally:
        sys.setprofile(None)
    return counted


def of_length(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_length_takes_about_twice_the_steps(unit: str) -> None:
    find_quotes(of_length(unit, 9_000), roster=EMPTY)
    assert steps(of_length(unit, 9_000)) < 2.3 * max(steps(of_length(unit, 4_500)), 500)


@pytest.mark.parametrize("pattern", ["{} said. ", "Anna {} said that it rains. ", "«Идёт дождь», — сказал {}. "])
def test_as_many_speakers_more_take_as_many_steps_more(pattern: str) -> None:
    def speakers(number: int) -> str:
        letters = "abcdefghijklmnop"
        names = ("Or" + "".join(letters[n >> shift & 15] for shift in (8, 4, 0)) + "ov" for n in range(number))
        return "".join(pattern.format(name) for name in names)

    find_quotes(speakers(1200), roster=EMPTY)
    assert steps(speakers(1200)) < 2.3 * steps(speakers(600))


def test_no_stretch_of_a_text_is_searched_for_the_end_of_a_sentence_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    gone_through = 0
    pattern = sightings._SENTENCE_END

    class Counting:
        def search(self, text: str, start: int) -> re.Match[str] | None:
            nonlocal gone_through
            found = pattern.search(text, start)
            gone_through += (found.end() if found else len(text)) - start
            return found

    monkeypatch.setattr(sightings, "_SENTENCE_END", Counting())
    text = of_length("Anna Petrova said ", 9_000)
    find_quotes(text, roster=EMPTY)
    assert 0 < gone_through <= len(text)


def test_a_sentence_without_end_is_cut_between_two_words_and_stays_one_below_the_bound() -> None:
    for unit in ("word ", "“word” ", "word, ", "“a b c d” said Anna Petrova and "):
        text = of_length(unit, 5 * LONGEST)
        (paragraph,) = split_paragraphs(text)
        found = split_sentences(text, paragraph)
        assert " ".join(text[one.start : one.end].strip() for one in found) == text.strip()
        assert len(found) > 1
        assert [region for one in found for region in one.regions] == paragraph.regions
        (paragraph,) = split_paragraphs(of_length(unit, LONGEST // 6))
        assert len(split_sentences(of_length(unit, LONGEST // 6), paragraph)) == 1


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


def test_rules_are_typed_and_read_as_before() -> None:
    texts = (
        "“The road is open,” Damanov said. “It stays so.” He added that it was late.",
        "Officials said the road was open. According to the ministry, it was late.",
        "В.Ерохин: Дорога открыта.\nВопрос: Когда?\nВ.Ерохин: Сегодня.",
    )
    rules = [quote.rules for text in texts for quote in find_quotes(text, roster=ROSTER)]
    assert rules[0] == QuoteRules(by_cue("after", "say"), SpeakerRule.NAME)
    assert [str(one) for one in rules] == [
        "say-after/name",
        "alone/as-before",
        "add-that/pronoun",
        "say-bare/as-written",
        "according-to/as-written",
        "turn/name",
        "turn/label",
        "turn/name",
    ]
