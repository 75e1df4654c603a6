"""Somebody unnamed near a person is never that person."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER

RUSSIAN = [
    "Анонимный источник в окружении Ерохина утверждает, что дорогу перекроют.",
    "«Дорогу перекроют», — сообщил источник в окружении Дмитрия Даманова.",
    "Близкий к Даманову собеседник рассказал, что дорогу перекроют.",
    "По словам источника, близкого к Ерохину, дорогу перекроют.",
    "Человек из окружения Ерохина рассказал, что дорогу перекроют.",
    "Знакомый Даманова рассказал, что дорогу перекроют.",
    "По словам друга Даманова, дорогу перекроют.",
    "Бывший советник Ерохина заявил, что дорогу перекроют.",
    "Сотрудник аппарата Даманова заявил, что дорогу перекроют.",
    "Адвокат Даманова заявил, что дорогу перекроют.",
    "В окружении Даманова рассказали, что дорогу перекроют.",
    "Знакомый с Дамановым чиновник рассказал, что дорогу перекроют.",
]
ENGLISH = [
    "A source close to Damanov said that the road would be closed.",
    "A person close to Vadim Erokhin said that the road would be closed.",
    "A friend of Vadim Erokhin said that the road would be closed.",
    "A former adviser to Vadim Erokhin said that the road would be closed.",
    "An official in Damanov's office said that the road would be closed.",
    "A lawyer for Dmitry Damanov said that the road would be closed.",
    "Two people briefed by Dmitry Damanov said that the road would be closed.",
    "A source who met Dmitry Damanov said that the road would be closed.",
    "Critics of Vadim Erokhin and Damanov said that the road would be closed.",
    "Friends of Erokhin or Damanov said that the road would be closed.",
    "A lawyer defending Damanov said that the road would be closed.",
    "Officials travelling with Damanov said that the road would be closed.",
    "According to a senator backing Damanov, the road would be closed.",
    "Officials loyal to Vadim Erokhin said that the road would be closed.",
    "Dmitry Damanov went to Omsk. A senior diplomat who is not authorised to speak to the press said that it rained.",
]


@pytest.mark.parametrize("text", RUSSIAN + ENGLISH)
def test_a_source_near_somebody_is_not_that_person(text: str) -> None:
    quotes = find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))
    assert [quote.speaker_id for quote in quotes] == [None]
    assert quotes[0].speaker_name not in (None, "Дмитрий Даманов", "Вадим Ерохин", "Dmitry Damanov", "Vadim Erokhin")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Помощник Ерохина Юрий Волгин сообщил, что дорогу перекроют.", "Юрий Волгин"),
        ("Соратник Даманова Леонид Волгин заявил, что дорогу перекроют.", "Леонид Волгин"),
        ("Адвокат Ольга Лугова заявила, что дорогу перекроют.", "Ольга Лугова"),
        ("Представитель министерства Кондакова заявила, что дорогу перекроют.", "Лидия Кондакова"),
        ("Erokhin's aide Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("In a press briefing Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("At a ministers meeting Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("The adviser Yury Volgin said that the road would be closed.", "Yury Volgin"),
        ("President of Russia Vadim Erokhin said that the road would be closed.", "Vadim Erokhin"),
        ("Dmitry Damanov, spokesman for Vadim Erokhin, said that the road would be closed.", "Dmitry Damanov"),
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
    text = f"«Дорогу откроют», — уточнил Дмитрий Даманов, {tail}."
    assert [text[quote.start : quote.end] for quote in find_quotes(text, roster=ROSTER)] == ["«Дорогу откроют»"]
