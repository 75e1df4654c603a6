"""How a speaker stands to the words quoted, and whose they are where one speaks of another's claim."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER

PESKOV, TRUMP, ZAKHAROVA = "dmitry-peskov", "donald-trump", "maria-zakharova"
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
    "Песков опроверг, что дорогу перекроют.": None,
    "Песков опроверг слухи о том, что дорогу перекроют.": None,
    "Песков опроверг информацию, что дорогу перекроют.": None,
    "Песков отверг обвинения Трампа в том, что дорогу перекроют.": "Дональд Трамп",
    "Песков отрицает, что дорогу перекроют.": None,
    "Песков исключил, что дорогу перекроют.": None,
    "Песков развеял слухи о том, что дорогу перекроют.": None,
    "Песков усомнился в том, что дорогу перекроют.": None,
    "Песков не считает, что дорогу перекроют.": None,
    "Песков не согласился с утверждением Трампа о том, что дорогу перекроют.": "Дональд Трамп",
    "Песков назвал выдумкой сообщения о том, что дорогу перекроют.": None,
    "Песков назвал слова Трампа о том, что дорогу перекроют, чушью.": "Дональд Трамп",
    "Слухи о том, что дорогу перекроют, опроверг Песков.": None,
    "Песков призвал не верить слухам о том, что дорогу перекроют.": None,
    "Опровергая слова Трампа о том, что дорогу перекроют, Песков сослался на дорожников.": "Дональд Трамп",
}
ENGLISH_DENIALS = {
    "Peskov denied that the road would be closed.": None,
    "Peskov denied the road would be closed.": None,
    "Peskov denied reports that the road would be closed.": None,
    "Peskov rejected accusations by Donald Trump that the road would be closed.": "Donald Trump",
    "Peskov dismissed as nonsense rumours that the road would be closed.": None,
    "Peskov refuted Trump's claim that the road would be closed.": "Donald Trump",
    "Peskov disputed that the road would be closed.": None,
    "Peskov ruled out that the road would be closed.": None,
    "Peskov brushed off suggestions that the road would be closed.": None,
    "Peskov called it untrue that the road would be closed.": None,
    "Peskov called reports that the road would be closed baseless.": None,
    "Peskov took issue with Trump's assertion that the road would be closed.": "Donald Trump",
    "Peskov does not believe that the road would be closed.": None,
    "Peskov urged drivers not to believe reports that the road would be closed.": None,
    "Peskov expressed doubt that the road would be closed.": None,
}


@pytest.mark.parametrize("text", RUSSIAN_DENIALS)
def test_a_russian_denial_is_the_deniers_and_names_the_claimant(text: str) -> None:
    assert found(text) == {"дорогу перекроют": ("denied", PESKOV, RUSSIAN_DENIALS[text])}


@pytest.mark.parametrize("text", ENGLISH_DENIALS)
def test_an_english_denial_is_the_deniers_and_names_the_claimant(text: str) -> None:
    assert found(text) == {"the road would be closed": ("denied", PESKOV, ENGLISH_DENIALS[text])}


@pytest.mark.parametrize(
    "text",
    [
        "Песков не исключил, что дорогу перекроют.",
        "Песков не отрицает, что дорогу перекроют.",
        "Песков подтвердил слова Трампа о том, что дорогу перекроют.",
        "Песков повторил свои слова о том, что дорогу перекроют.",
        "Peskov did not rule out that the road would be closed.",
        "Peskov confirmed reports that the road would be closed.",
        "Peskov reiterated his claim that the road would be closed.",
        "As Dmitry Peskov points out, the road would be closed.",
    ],
)
def test_what_is_not_ruled_out_or_is_confirmed_is_said(text: str) -> None:
    assert [stance for stance, _, _ in found(text).values()] in ([], ["said"])
    assert {who for _, who, _ in found(text).values()} <= {PESKOV}


@pytest.mark.parametrize(
    "text",
    [
        "Песков прокомментировал слова Трампа о том, что дорогу перекроют.",
        "Так Песков отреагировал на заявление Трампа о том, что дорогу перекроют.",
        "Песков назвал странным заявление Трампа о том, что дорогу перекроют.",
        "Песков ответил на обвинения Трампа в том, что дорогу перекроют.",
        "Песков напомнил слова Трампа о том, что дорогу перекроют.",
        "Слова Трампа о том, что дорогу перекроют, прокомментировал Песков.",
        "Песков не стал комментировать слова Трампа о том, что дорогу перекроют.",
        "Рубль упал после заявления Трампа о том, что дорогу перекроют.",
        "Traffic grew after a warning made in May by Donald Trump that дорогу перекроют.",
        "Peskov commented on Trump's remark that дорогу перекроют.",
        "Peskov reacted to a statement by Donald Trump that дорогу перекроют.",
        "Peskov criticized Trump's suggestion that дорогу перекроют.",
        "Peskov was responding to Trump's warning that дорогу перекроют.",
        "Peskov noted Trump's statement that дорогу перекроют.",
    ],
)
def test_a_claim_that_somebody_comments_on_is_its_makers(text: str) -> None:
    text = text if text.startswith(("П", "Т", "С")) else text.replace("дорогу перекроют", "the road was closed")
    (answer,) = found(text).values()
    assert answer in (("reported", TRUMP, "Дональд Трамп"), ("reported", TRUMP, "Donald Trump"))


@pytest.mark.parametrize(
    "text",
    [
        "Песков прокомментировал сообщения о том, что дорогу перекроют.",
        "Песков попросил не распространять слухи о том, что дорогу перекроют.",
        "Peskov commented on reports that the road was closed.",
        "Peskov was commenting on media reports that the road was closed.",
        "Peskov played down reports that the road was closed.",
        "Peskov declined to confirm reports that the road was closed.",
        "Peskov stopped short of denying that the road was closed.",
        "Rumours spread that Peskov said that the road was closed.",
        "Слухи о том, что Песков заявил, что дорогу перекроют, ходят давно.",
        "Peskov declined to comment on reports that the road was closed.",
    ],
)
def test_a_claim_of_nobody_is_no_quote_of_who_comments(text: str) -> None:
    assert found(text) == {}


def test_the_commentators_own_words_stay_his() -> None:
    assert found("«Это чушь», — прокомментировал Песков слова Трампа о том, что дорогу перекроют.") == {
        "«Это чушь»": ("said", PESKOV, None),
        "дорогу перекроют": ("reported", TRUMP, "Дональд Трамп"),
    }
    assert found(
        "Commenting on Trump's claim that the road was closed, Peskov said it was open. He added that it rained."
    ) == {
        "the road was closed": ("reported", TRUMP, "Donald Trump"),
        "it was open": ("said", PESKOV, None),
        "it rained": ("said", PESKOV, None),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Песков ответил на вопрос, какие дороги перекроют.",
        "Песков ответил на вопрос о том, что ждет дорогу.",
        "На уточняющий вопрос, перекроют ли дорогу, Песков ответил утвердительно.",
        "Пескова спросили, перекроют ли дорогу.",
        "When asked whether the road would be closed on Monday, Peskov replied in the negative.",
        "Peskov was asked whether the road would be closed.",
        "Peskov answered a question about whether the road would be closed.",
    ],
)
def test_a_question_is_no_quote_of_who_answers(text: str) -> None:
    assert found(text) == {}


def test_words_after_a_quote_that_give_the_question_are_no_quote() -> None:
    words = "«Так решили дорожники»"
    for tail in (
        "сказал Песков в ответ на вопрос, почему дорога закрыта",
        "ответил Песков на вопрос, откроют ли дорогу",
    ):
        assert list(found(f"{words}, — {tail}.")) == [words]


def test_whom_a_reporter_asks_is_no_reporter() -> None:
    text = "The reporter asked Peskov: “Will the road open?” “Yes, it will open,” he said."
    assert [(stance, who) for stance, who, _ in found(text).values()] == [("asked", "reporter"), ("said", PESKOV)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Путин спросил, когда откроют дорогу.", "когда откроют дорогу"),
        ("Putin asked ministers when the road would open.", "when the road would open"),
        ("Putin wondered whether the road would open.", "whether the road would open"),
        ("“Why is the road closed?” Putin asked.", "“Why is the road closed?”"),
    ],
)
def test_a_question_is_asked_by_who_asks(text: str, words: str) -> None:
    assert found(text) == {words: ("asked", "vladimir-putin", None)}


def test_the_questions_of_a_transcript_are_asked() -> None:
    text = "Вопрос: Дорогу откроют?\nВ.Путин: Откроют.\nВопрос: Когда?\nВ.Путин: В июне."
    assert [stance for stance, _, _ in found(text).values()] == ["asked", "said", "asked", "said"]


@pytest.mark.parametrize(
    "text",
    [
        "Если бы Песков сказал, что дорогу перекроют, водители бы уехали.",
        "Песков сказал бы, что дорогу перекроют.",
        "Завтра Песков скажет, что дорогу перекроют.",
        "If Peskov said that the road was closed, drivers would leave.",
        "Had Peskov said that the road was closed, drivers would have left.",
        "Peskov may say that the road was closed.",
    ],
)
def test_what_somebody_might_say_is_hypothetical(text: str) -> None:
    (words,) = found(text)
    assert words in ("дорогу перекроют", "the road was closed")
    assert found(text)[words] == ("hypothetical", PESKOV, None)


@pytest.mark.parametrize(
    "text", ["Песков якобы заявил, что дорогу перекроют.", "Peskov reportedly said that the road was closed."]
)
def test_hearsay_is_reported(text: str) -> None:
    assert [answer[:2] for answer in found(text).values()] == [("reported", PESKOV)]


@pytest.mark.parametrize(
    "text",
    [
        "Peskov would only say that the road was closed.",
        "Peskov would later say that the road was closed.",
        "The drivers, Peskov said, had told him that the road was closed.",
    ],
)
def test_a_past_told_with_would_is_said(text: str) -> None:
    assert {stance for stance, _, _ in found(text).values()} == {"said"}
