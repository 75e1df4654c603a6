"""Somebody unnamed near a person is never that person."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER

RUSSIAN = [
    "Анонимный источник в окружении Путина утверждает, что дорогу перекроют.",
    "«Дорогу перекроют», — сообщил источник в окружении Дмитрия Пескова.",
    "Близкий к Пескову собеседник рассказал, что дорогу перекроют.",
    "По словам источника, близкого к Путину, дорогу перекроют.",
    "Человек из окружения Путина рассказал, что дорогу перекроют.",
    "Знакомый Пескова рассказал, что дорогу перекроют.",
    "По словам друга Пескова, дорогу перекроют.",
    "Бывший советник Путина заявил, что дорогу перекроют.",
    "Сотрудник аппарата Пескова заявил, что дорогу перекроют.",
    "Адвокат Пескова заявил, что дорогу перекроют.",
    "В окружении Пескова рассказали, что дорогу перекроют.",
    "Знакомый с Песковым чиновник рассказал, что дорогу перекроют.",
]
ENGLISH = [
    "A source close to Peskov said that the road would be closed.",
    "A person close to Vladimir Putin said that the road would be closed.",
    "A friend of Vladimir Putin said that the road would be closed.",
    "A former adviser to Vladimir Putin said that the road would be closed.",
    "An official in Peskov's office said that the road would be closed.",
    "A lawyer for Dmitry Peskov said that the road would be closed.",
    "Two people briefed by Dmitry Peskov said that the road would be closed.",
    "A source who met Dmitry Peskov said that the road would be closed.",
    "Officials loyal to Vladimir Putin said that the road would be closed.",
    "Dmitry Peskov went to Omsk. A senior diplomat who is not authorised to speak to the press said that it rained.",
]


@pytest.mark.parametrize("text", RUSSIAN + ENGLISH)
def test_a_source_near_somebody_is_not_that_person(text: str) -> None:
    quotes = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    assert [quote.speaker_id for quote in quotes] == [None]
    assert quotes[0].speaker_name not in (None, "Дмитрий Песков", "Владимир Путин", "Dmitry Peskov", "Vladimir Putin")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Помощник Путина Юрий Волгин сообщил, что дорогу перекроют.", "Юрий Волгин"),
        ("Соратник Пескова Леонид Волгин заявил, что дорогу перекроют.", "Леонид Волгин"),
        ("Адвокат Ольга Лугова заявила, что дорогу перекроют.", "Ольга Лугова"),
        ("Представитель министерства Захарова заявила, что дорогу перекроют.", "Мария Захарова"),
        ("Putin's aide Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("The adviser Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("President of Russia Vladimir Putin said that the road would be closed.", "Vladimir Putin"),
        ("Dmitry Peskov, spokesman for Vladimir Putin, said that the road would be closed.", "Dmitry Peskov"),
    ],
)
def test_who_is_named_beside_his_title_still_speaks(text: str, name: str) -> None:
    (quote,) = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    assert (quote.speaker_name or "").endswith(name)


@pytest.mark.parametrize(
    "tail",
    [
        "которого цитирует «Росток»",
        "слова которого приводит «Росток»",
        "чьи слова передает «Росток»",
        "комментарий которого опубликован на сайте",
        "но подробностей не привел",
    ],
)
def test_who_printed_the_words_is_no_quote(tail: str) -> None:
    text = f"«Дорогу откроют», — уточнил Дмитрий Песков, {tail}."
    assert [text[quote.start : quote.end] for quote in find_quotes(text, roster=ROSTER)] == ["«Дорогу откроют»"]
