"""Whose words they are not: an employer's, one of several people's, those of somebody with the same kind of office."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said

DAY = date(2025, 6, 2)
NOT_THE_OWNER = (
    "По словам адвоката Ерохина, мост готов.",
    "По данным команды Паркера, мост готов.",
    "По словам жены Паркера, мост готов.",
    "Ерохину сообщили, что мост готов.",
    "Министр напомнил Ерохину, что мост готов.",
    "Представитель Паркера приехал. Представитель добавил, что мост готов.",
    "Друзья Паркера сказали, что мост готов.",
    "Ерохин и Паркер заявили, что мост готов.",
    "Вадим Ерохин принял Гарольда Паркера. Президенты заявили, что мост готов.",
    "A spokesman for Harlen said that the bridge was ready.",
    "A Erokhin ally said that the bridge was ready.",
    "Erokhin and Parker said that the bridge was ready.",
    "President Parker came to Ohio. Half of the voters said that the bridge was ready.",
    "Analysts met Erokhin. Analysts said that the bridge was ready.",
    "President Erokhin's critics came. Local critics said that the bridge was ready.",
    "Harold Parker answered. “Is the bridge ready?” the moderator said.",
    "My father wrote to President Parker. “The bridge is ready,” my father often said.",
    "President Parker has rebuked critics who say the bridge is ready.",
    "Nothing the US president said “will ever open the bridge,” a ferryman said.",
    "The Ohio chief met the US president, Harold Parker. OTU chief says that the bridge is ready.",
)


@pytest.mark.parametrize("text", NOT_THE_OWNER)
def test_nobody_of_the_roster_spoke(text: str) -> None:
    quotes = find_quotes(text, roster=ROSTER, day=DAY)
    assert [quote.speaker_id for quote in quotes] == [None]


def test_the_office_of_somebody_is_held_by_another() -> None:
    assert said("По словам пресс-секретаря Ерохина, мост готов.", day=DAY) == [("мост готов", "Дмитрий Даманов")]
    assert said("По словам пресс-секретаря Даманова, мост готов.", day=DAY) == [("мост готов", "Дмитрий Даманов")]


TWO = (
    "Президент России Вадим Ерохин приехал. Потом приехал Гарольд Паркер, президент США.\n"
    "Президент заявил, что мост готов."
)


def test_an_office_that_two_people_hold_is_whose_the_headline_tells() -> None:
    assert said(TWO, day=DAY) == [("мост готов", "президент")]
    assert said(TWO, day=DAY, title="Вадим Ерохин осмотрел мост") == [("мост готов", "Вадим Ерохин")]
    assert said(TWO, day=DAY, title="Встреча с Гарольдом Паркером") == [("мост готов", "президент")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Глава Минмоста Пётр Зуев приехал. По мнению министра, мост готов.", "Пётр Зуев"),
        ("Приехал начальник порта Пётр Зуев. Мост готов, добавил генерал.", "Пётр Зуев"),
        ("Замглавы МИД Пётр Зуев приехал. Мост готов, отметил дипломат.", "Пётр Зуев"),
        ("Помощник губернатора Пётр Зуев приехал. Губернатор заявил, что мост готов.", "губернатор"),
    ],
)
def test_an_epithet_of_the_only_person_named(text: str, name: str) -> None:
    assert said(text, lang="ru", day=DAY) == [
        ("мост готов" if "что" in text or "мнению" in text else "Мост готов", name)
    ]


def test_a_company_is_no_authority() -> None:
    text = "The Kremlin spoke. Bridgeworks did not answer. The company said that the bridge was ready."
    assert [name for _, name in said(text, lang="en", day=DAY)] != ["Kremlin"]


def test_a_service_with_a_name_of_its_own_is_no_other_body() -> None:
    text = (
        "The Russian Defense Ministry came. Ukraine’s rescue service said that a bridge burned. “It is out,” it said."
    )
    names = {name for _, name in said(text, lang="en", day=DAY)}
    assert names == {"Ukraine’s rescue service"}


def test_doubtful_attributions_are_less_sure_and_say_why() -> None:
    text = "Дмитрий Даманов принял Лидию Кондакову. «Мост готов», — сказал он.\n«Дорога готова», — сказал Даманов."
    doubtful, sure = find_quotes(text, roster=ROSTER, day=DAY)
    assert doubtful.speaker_id == sure.speaker_id == "dmitry-damanov"
    assert (str(doubtful.rules), str(sure.rules)) == ("сказал-after+rivals/pronoun", "сказал-after/name")
    assert doubtful.confidence < sure.confidence


def test_it_is_no_body_named_long_before() -> None:
    far = "The Kremlin spoke on Monday.\n" + "The town went about its day and nobody came to the bridge.\n" * 12
    assert said(far + "Article 5 is short. It says that bridges are for everybody.", lang="en") == [
        ("bridges are for everybody", None)
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Со ссылкой на данные Минобороны издание рассказывает, что мост закрыт.", "издание"),
        ("Кремль по Томской области сообщил, что мост закрыт.", "кремль по Томской области"),
        ("The Kremlin in the Tomsk region said the bridge was shut.", "Kremlin in the Tomsk region"),
        ("According to the Kremlin for the Republic of Tuva, the bridge was shut.", "Kremlin for the Republic of Tuva"),
        ("The Kremlin in Moscow said the bridge was shut.", "Kremlin"),
        ("The loaf was shown to the Kremlin. The magazine said the loaf was stale.", "magazine"),
    ],
)
def test_a_word_for_an_outlet_or_a_local_office_means_no_federal_body(text: str, speaker: str) -> None:
    assert [name for _, name in said(text)] == [speaker]
