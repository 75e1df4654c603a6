"""How a speaker stands to the words quoted, and whose they are where one speaks of another's claim."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER

DAMANOV, PARKER, KONDAKOVA = "dmitry-damanov", "harold-parker", "lidia-kondakova"
Found = tuple[str, str | None, str | None]
"""Stance, id of the speaker (or the name where there is none), claimant."""


def found(text: str) -> dict[str, Found]:
    """Of each quote of the text, by its words."""
    quotes = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    return {
        text[quote.start : quote.end]: (quote.stance, quote.speaker_id or quote.speaker_name, quote.claimant)
        for quote in quotes
    }


RUSSIAN_DENIALS = {
    "Даманов опроверг, что дорогу перекроют.": None,
    "Даманов опроверг слухи о том, что дорогу перекроют.": None,
    "Даманов опроверг информацию, что дорогу перекроют.": None,
    "Даманов отверг обвинения Паркера в том, что дорогу перекроют.": "Гарольд Паркер",
    "Даманов отрицает, что дорогу перекроют.": None,
    "Даманов исключил, что дорогу перекроют.": None,
    "Даманов развеял слухи о том, что дорогу перекроют.": None,
    "Даманов усомнился в том, что дорогу перекроют.": None,
    "Даманов не считает, что дорогу перекроют.": None,
    "Даманов не согласился с утверждением Паркера о том, что дорогу перекроют.": "Гарольд Паркер",
    "Даманов назвал выдумкой сообщения о том, что дорогу перекроют.": None,
    "Даманов назвал слова Паркера о том, что дорогу перекроют, чушью.": "Гарольд Паркер",
    "Слухи о том, что дорогу перекроют, опроверг Даманов.": None,
    "Даманов призвал не верить слухам о том, что дорогу перекроют.": None,
    "Опровергая слова Паркера о том, что дорогу перекроют, Даманов сослался на дорожников.": "Гарольд Паркер",
}
ENGLISH_DENIALS = {
    "Damanov denied that the road would be closed.": None,
    "Damanov denied the road would be closed.": None,
    "Damanov denied reports that the road would be closed.": None,
    "Damanov rejected accusations by Harold Parker that the road would be closed.": "Harold Parker",
    "Damanov dismissed as nonsense rumours that the road would be closed.": None,
    "Damanov refuted Parker's claim that the road would be closed.": "Harold Parker",
    "Damanov disputed that the road would be closed.": None,
    "Damanov ruled out that the road would be closed.": None,
    "Damanov brushed off suggestions that the road would be closed.": None,
    "Damanov called it untrue that the road would be closed.": None,
    "Damanov called reports that the road would be closed baseless.": None,
    "Damanov took issue with Parker's assertion that the road would be closed.": "Harold Parker",
    "Damanov does not believe that the road would be closed.": None,
    "Damanov urged drivers not to believe reports that the road would be closed.": None,
    "Damanov expressed doubt that the road would be closed.": None,
}


@pytest.mark.parametrize("text", RUSSIAN_DENIALS)
def test_a_russian_denial_is_the_deniers_and_names_the_claimant(text: str) -> None:
    assert found(text) == {"дорогу перекроют": ("denied", DAMANOV, RUSSIAN_DENIALS[text])}


@pytest.mark.parametrize("text", ENGLISH_DENIALS)
def test_an_english_denial_is_the_deniers_and_names_the_claimant(text: str) -> None:
    assert found(text) == {"the road would be closed": ("denied", DAMANOV, ENGLISH_DENIALS[text])}


@pytest.mark.parametrize(
    "text",
    [
        "Даманов не исключил, что дорогу перекроют.",
        "Даманов не отрицает, что дорогу перекроют.",
        "Даманов подтвердил слова Паркера о том, что дорогу перекроют.",
        "Даманов повторил свои слова о том, что дорогу перекроют.",
        "Damanov did not rule out that the road would be closed.",
        "Damanov confirmed reports that the road would be closed.",
        "Damanov reiterated his claim that the road would be closed.",
        "As Dmitry Damanov points out, the road would be closed.",
    ],
)
def test_what_is_not_ruled_out_or_is_confirmed_is_said(text: str) -> None:
    assert [stance for stance, _, _ in found(text).values()] in ([], ["said"])
    assert {who for _, who, _ in found(text).values()} <= {DAMANOV}


@pytest.mark.parametrize(
    "text",
    [
        "Даманов прокомментировал слова Паркера о том, что дорогу перекроют.",
        "Так Даманов отреагировал на заявление Паркера о том, что дорогу перекроют.",
        "Даманов назвал странным заявление Паркера о том, что дорогу перекроют.",
        "Даманов ответил на обвинения Паркера в том, что дорогу перекроют.",
        "Даманов напомнил слова Паркера о том, что дорогу перекроют.",
        "Слова Паркера о том, что дорогу перекроют, прокомментировал Даманов.",
        "Даманов не стал комментировать слова Паркера о том, что дорогу перекроют.",
        "Рубль упал после заявления Паркера о том, что дорогу перекроют.",
        "Traffic grew after a warning made in May by Harold Parker that дорогу перекроют.",
        "Damanov commented on Parker's remark that дорогу перекроют.",
        "Damanov reacted to a statement by Harold Parker that дорогу перекроют.",
        "Damanov criticized Parker's suggestion that дорогу перекроют.",
        "Damanov was responding to Parker's warning that дорогу перекроют.",
        "Damanov noted Parker's statement that дорогу перекроют.",
    ],
)
def test_a_claim_that_somebody_comments_on_is_its_makers(text: str) -> None:
    text = text if text.startswith(("П", "Т", "С")) else text.replace("дорогу перекроют", "the road was closed")
    (answer,) = found(text).values()
    assert answer in (("reported", PARKER, "Гарольд Паркер"), ("reported", PARKER, "Harold Parker"))


@pytest.mark.parametrize(
    "text",
    [
        "Даманов прокомментировал сообщения о том, что дорогу перекроют.",
        "Даманов попросил не распространять слухи о том, что дорогу перекроют.",
        "Damanov commented on reports that the road was closed.",
        "Damanov was commenting on media reports that the road was closed.",
        "Damanov played down reports that the road was closed.",
        "Damanov declined to confirm reports that the road was closed.",
        "Damanov stopped short of denying that the road was closed.",
        "Rumours spread that Damanov said that the road was closed.",
        "Слухи о том, что Даманов заявил, что дорогу перекроют, ходят давно.",
        "Damanov declined to comment on reports that the road was closed.",
    ],
)
def test_a_claim_of_nobody_is_no_quote_of_who_comments(text: str) -> None:
    assert found(text) == {}


def test_the_commentators_own_words_stay_his() -> None:
    assert found("«Это чушь», — прокомментировал Даманов слова Паркера о том, что дорогу перекроют.") == {
        "«Это чушь»": ("said", DAMANOV, None),
        "дорогу перекроют": ("reported", PARKER, "Гарольд Паркер"),
    }
    assert found(
        "Commenting on Parker's claim that the road was closed, Damanov said it was open. He added that it rained."
    ) == {
        "the road was closed": ("reported", PARKER, "Harold Parker"),
        "it was open": ("said", DAMANOV, None),
        "it rained": ("said", DAMANOV, None),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Даманов ответил на вопрос, какие дороги перекроют.",
        "Даманов ответил на вопрос о том, что ждет дорогу.",
        "На уточняющий вопрос, перекроют ли дорогу, Даманов ответил утвердительно.",
        "Даманова спросили, перекроют ли дорогу.",
        "When asked whether the road would be closed on Monday, Damanov replied in the negative.",
        "Damanov was asked whether the road would be closed.",
        "Damanov answered a question about whether the road would be closed.",
    ],
)
def test_a_question_is_no_quote_of_who_answers(text: str) -> None:
    assert found(text) == {}


def test_words_after_a_quote_that_give_the_question_are_no_quote() -> None:
    words = "«Так решили дорожники»"
    for tail in (
        "сказал Даманов в ответ на вопрос, почему дорога закрыта",
        "ответил Даманов на вопрос, откроют ли дорогу",
    ):
        assert list(found(f"{words}, — {tail}.")) == [words]


def test_whom_a_reporter_asks_is_no_reporter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.quotes.engine.UNSURE", 0.0)  # who is meant is asked here, not how sure that is
    text = "The reporter asked Damanov: “Will the road open?” “Yes, it will open,” he said."
    assert [(stance, who) for stance, who, _ in found(text).values()] == [("asked", "reporter"), ("said", DAMANOV)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ерохин спросил, когда откроют дорогу.", "когда откроют дорогу"),
        ("Erokhin asked ministers when the road would open.", "when the road would open"),
        ("Erokhin wondered whether the road would open.", "whether the road would open"),
        ("“Why is the road closed?” Erokhin asked.", "“Why is the road closed?”"),
    ],
)
def test_a_question_is_asked_by_who_asks(text: str, words: str) -> None:
    assert found(text) == {words: ("asked", "vadim-erokhin", None)}


def test_the_questions_of_a_transcript_are_asked() -> None:
    text = "Вопрос: Дорогу откроют?\nВ.Ерохин: Откроют.\nВопрос: Когда?\nВ.Ерохин: В июне."
    assert [stance for stance, _, _ in found(text).values()] == ["asked", "said", "asked", "said"]


@pytest.mark.parametrize(
    "text",
    [
        "Если бы Даманов сказал, что дорогу перекроют, водители бы уехали.",
        "Даманов сказал бы, что дорогу перекроют.",
        "Завтра Даманов скажет, что дорогу перекроют.",
        "If Damanov said that the road was closed, drivers would leave.",
        "Had Damanov said that the road was closed, drivers would have left.",
        "Damanov may say that the road was closed.",
    ],
)
def test_what_somebody_might_say_is_hypothetical(text: str) -> None:
    (words,) = found(text)
    assert words in ("дорогу перекроют", "the road was closed")
    assert found(text)[words] == ("hypothetical", DAMANOV, None)


@pytest.mark.parametrize(
    "text", ["Даманов якобы заявил, что дорогу перекроют.", "Damanov reportedly said that the road was closed."]
)
def test_hearsay_is_reported(text: str) -> None:
    assert [answer[:2] for answer in found(text).values()] == [("reported", DAMANOV)]


@pytest.mark.parametrize(
    "text",
    [
        "Damanov would only say that the road was closed.",
        "Damanov would later say that the road was closed.",
        "The drivers, Damanov said, had told him that the road was closed.",
    ],
)
def test_a_past_told_with_would_is_said(text: str) -> None:
    assert {stance for stance, _, _ in found(text).values()} == {"said"}
