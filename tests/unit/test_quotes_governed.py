"""Whoever stands beside the speaker's words in another case, office or town is not who speaks."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.config.speakers import RosterConfig as RosterData
from pipeline.quotes import find_quotes
from pipeline.quotes.roster import RosterIndex
from tests.unit.quoting import ROSTER, said

DAY = date(2025, 6, 2)
OFFICES = [
    {
        "id": "russia-president",
        "en": ["Russian president"],
        "ru": ["президент России"],
        "short": {"ru": ["президент", "глава государства"]},
        "country": "RU",
    },
    {"id": "aide", "en": ["Russian bridge aide"], "ru": ["советник по мостам"], "plural": True},
]
SPEAKERS = [
    {
        "id": "vadim-erokhin",
        "gender": "m",
        "en": "Vadim Erokhin",
        "ru": "Вадим Ерохин",
        "offices": [{"office": "russia-president", "from": "2012-05-07"}],
    },
    {"id": "oleg-lobov", "gender": "m", "en": "Oleg Lobov", "ru": "Олег Лобов", "offices": [{"office": "aide"}]},
    {"id": "semyon-ragozin", "gender": "m", "en": "Semyon Ragozin", "ru": "Семён Рагозин"},
    {"id": "ivan-mirko", "gender": "m", "en": "Ivan Mirko", "ru": "Иван Мирко"},
    {"id": "zoya-drobova", "gender": "f", "en": "Zoya Drobova", "ru": "Зоя Дробова"},
    {"id": "hanna-tolmen", "gender": "f", "en": "Hanna Tolmen", "ru": "Ханна Толмен"},
]
_DATA = RosterData.model_validate({"offices": OFFICES, "speakers": SPEAKERS})
HOME = RosterIndex(_DATA.speakers, _DATA.offices)


def first(text: str, title: str | None = None) -> str | None:
    """The id of who says the first quote of a Russian text."""
    return find_quotes(text, roster=HOME, lang="ru", day=DAY, title=title)[0].speaker_id


@pytest.mark.parametrize(
    "who",
    [
        "Глава пресс-службы Рагозина сообщил",
        "Подчинённый Рагозина сообщил",
        "Сменщик Рагозина сообщает",
        "Бывшая помощница Рагозина сообщила",
        "Рагозина сообщила",
        "Рагозина сообщает",
        "Представитель Мирко сообщил",
        "Рагозин принял гостей. Тот сообщил",
    ],
)
def test_a_name_that_only_tells_whose_somebody_is_does_not_speak(who: str) -> None:
    assert first(f"{who}, что мост готов.") is None


def test_whose_claim_it_is_stands_in_the_genitive() -> None:
    for owner in ("Рагозина", "мэра Рагозина"):
        text = f"Мирко прокомментировал слова {owner} о том, что мост готов."
        (quote,) = find_quotes(text, roster=HOME, lang="ru", day=DAY)
        assert (quote.stance, quote.speaker_id) == ("reported", "semyon-ragozin")


@pytest.mark.parametrize(
    "who", ["Рагозин сообщил", "Мирко сообщил", "Сенатор Мирко сообщает", "«Росток» со ссылкой на Рагозина сообщил"]
)
def test_a_name_in_the_nominative_or_referred_to_does_speak(who: str) -> None:
    assert first(f"{who}, что мост готов.") in ("semyon-ragozin", "ivan-mirko")


CLOSE_TO_THEM = [
    *("жены Лобова", "дочери Лобова", "матери Рагозина", "тёщи Олега Лобова", "помощницы Рагозина", "критика Лобова"),
    *("адвоката Рагозина", "пресс-секретаря Лобова", "друзей Рагозина", "водителя Лобова", "бывшей жены С. Рагозина"),
    *("няни Лобова", "пасынка Рагозина", "телохранителя Лобова", "пресс-атташе Рагозина", "бывшего референта Лобова"),
    *("мужа Дробовой", "друзей Дробовой", "водителя Дробовой", "сестры Дробовой", "жены Толмен", "племянника Толмен"),
]


@pytest.mark.parametrize("who", CLOSE_TO_THEM)
def test_whoever_is_close_to_somebody_of_the_roster_is_somebody_else(who: str) -> None:
    assert first(f"По словам {who}, мост готов.") is None


@pytest.mark.parametrize(
    ("who", "speaker"),
    [
        ("По словам Лобова", "oleg-lobov"),
        ("По словам министра Лобова", "oleg-lobov"),
        ("По словам советника Лобова", "oleg-lobov"),
        ("По словам лидера фермеров Лобова", "oleg-lobov"),
        ("По словам уполномоченного по правам ребёнка Лобова", "oleg-lobov"),
        ("По словам экс-министра Лобова", "oleg-lobov"),
        ("По словам сенатора Олега Лобова", "oleg-lobov"),
        ("По словам Дробовой", "zoya-drobova"),
        ("По словам министра Дробовой", "zoya-drobova"),
        ("По словам Толмен", "hanna-tolmen"),
        ("Дробова заявила, что", "zoya-drobova"),
        ("Сенатор Толмен заявила, что", "hanna-tolmen"),
    ],
)
def test_a_title_before_a_name_of_the_roster_is_its_bearers(who: str, speaker: str) -> None:
    text = f"{who}{'' if who.endswith('что') else ','} мост готов."
    assert first(text) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Об этом сообщил «Росток» со ссылкой на мэра Даманова: «Мост готов для всех».",
        "«Мост готов для всех», — цитирует мэра Даманова ТАСС.",
        "По мнению мэра Даманова, мост готов.",
        "Даманов заявил, что мост готов.",
    ],
)
def test_a_name_that_its_sentence_bends_still_speaks(text: str) -> None:
    assert [name for _, name in said(text, lang="ru", day=DAY)] == ["Дмитрий Даманов"]


BEFORE_NAMES = {
    "Мэр Павлова Пётр Лобов заявил, что мост готов.": "Пётр Лобов",
    "Глава Юрьева Анна Лобова заявила, что мост готов.": "Анна Лобова",
    "Роза Мария Лобова заявила, что мост готов.": "Роза Мария Лобова",
    "«Мост готов», — сказал Зуев Павлу Лобову.": "Зуев",
    "«Мост готов», — цитирует Bloomberg Паркера.": "Гарольд Паркер",
    "«Мост готов», — передает слова Зуева корреспондент «Росток.Ru».": "Зуев",
    "«Мост готов», — сообщили в администрации Пушкина.": "администрация Пушкина",
}


@pytest.mark.parametrize("text", BEFORE_NAMES)
def test_a_town_an_outlet_or_a_listener_is_no_part_of_the_name(text: str) -> None:
    assert [name for _, name in said(text, lang="ru", day=DAY)] == [BEFORE_NAMES[text]]


WHERE_OR_WHEN = {
    "В Лугове Зуев заявил, что мост готов.": "Зуев",
    "В Лугове МИД заявил, что мост готов.": "МИД",
    "В Лугове Минобороны заявило, что мост готов.": "Министерство обороны России",
    "В интервью Росгазете Минобороны заявило, что мост готов.": "Министерство обороны России",
    "Минобороны в Лугове сообщило, что мост готов.": "Министерство обороны России",
    "МИД в Лугове заявил, что мост готов.": "МИД",
    "МИД на Урале заявил, что мост готов.": "МИД",
    "МИД Франции под Самарой заявил, что мост готов.": "МИД Франции",
    "МИД в понедельник заявил, что мост готов.": "МИД",
    "«Мост готов», — сообщил МИД в Москве.": "МИД",
    "По данным МИД в Москве, мост готов.": "МИД",
    "МИД к вечеру заявил, что мост готов.": "МИД",
    "ФСБ по Томской области сообщила, что мост готов.": "ФСБ по Томской области",
    "Полиция в Москве сообщила, что мост готов.": "полиция в Москве",
}


@pytest.mark.parametrize("text", WHERE_OR_WHEN)
def test_where_or_when_somebody_spoke_is_no_part_of_his_name(text: str) -> None:
    assert [name for _, name in said(text, lang="ru", day=DAY)] == [WHERE_OR_WHEN[text]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Governor of Omsk Region Pavel Zuyev said that the bridge was ready.", "Pavel Zuyev"),
        ("Consul in Nova Ruda Pavel Zuyev said that the bridge was ready.", "Pavel Zuyev"),
        ("Secretary of State Dora Finch said that the bridge was ready.", "Dora Finch"),
        ("As TASS reports, Damanov said that the bridge was ready.", "Dmitry Damanov"),
    ],
)
def test_a_place_or_a_department_of_a_title_is_no_part_of_an_english_name(text: str, name: str) -> None:
    assert [one for _, one in said(text, lang="en", day=DAY)] == [name]


LONE = "Президент заявил, что мост готов."


@pytest.mark.parametrize("more", ["", " Об этом сообщает ТАСС.", " Открытие отложили."])
def test_a_lone_president_of_russian_news_is_russias(more: str) -> None:
    assert first(LONE + more) == "vadim-erokhin"


def test_what_he_says_may_speak_of_any_body() -> None:
    assert first("«Наш союз не следует недооценивать», — цитирует президента «Интерфакс».") == "vadim-erokhin"


@pytest.mark.parametrize(
    "before",
    [
        "В Рио готовят карнавал. ",
        "Бразилия готовит карнавал. ",
        "Совет директоров сменил руководство. ",
        "Федерация бокса провела съезд. ",
        "В Академии наук прошли выборы. ",
        "Это было в 1995 году. ",
        "Приехала Анна Лобова. ",
    ],
)
def test_a_president_beside_any_place_body_person_or_other_year_may_be_another(before: str) -> None:
    assert first(before + LONE) is None


@pytest.mark.parametrize("title", ["Президент республики", "Экс-президент", "Президент клуба", "Избранный президент"])
def test_a_president_of_something_is_not_russias(title: str) -> None:
    assert first(LONE.replace("Президент", title)) is None


def test_a_headline_that_names_somebody_makes_a_president_doubtful() -> None:
    assert first(LONE, title="Пётр Зуев открыл мост") is None


def test_without_a_day_whom_the_text_calls_so_comes_before_todays_holder() -> None:
    biden = "Президент США Джо Харлен приехал. Паркер ждал. Президент США заявил, что мост готов."
    assert said(biden, lang="ru") != [("мост готов", "Гарольд Паркер")]
    premier = "Премьер-министр Вадим Ерохин приехал. Президент России заявил, что мост готов."
    assert said(premier, lang="ru") == [("мост готов", "президент России")]
    assert said("Президент России заявил, что мост готов.", lang="ru") == [("мост готов", "Вадим Ерохин")]


def test_an_office_of_many_is_nobodys_until_the_text_names_one_of_them() -> None:
    text = "Советник по мостам заявил, что мост готов."
    assert first(text) is None
    assert first(f"Олег Лобов приехал. {text}") == "oleg-lobov"


def test_a_title_belongs_to_the_nearer_of_two_names() -> None:
    text = "Губернатор Пётр Зуев и мэр Олег Лобов приехали. Мэр сказал, что мост готов. Губернатор добавил, что рад."
    assert said(text, lang="ru", day=DAY) == [("мост готов", "Олег Лобов"), ("рад", "Пётр Зуев")]


def test_a_minister_of_another_nation_is_not_the_one_at_home() -> None:
    text = "Российский министр Пётр Зуев прилетел к коллеге. Финский министр сказал, что мост готов."
    assert said(text, lang="ru", day=DAY) == [("мост готов", "финский министр")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Как пишет «Росток», Даманов сказал, что мост готов.", {"мост готов": "said"}),
        ("Как передаёт ТАСС, по словам Даманова, мост готов.", {"мост готов": "said"}),
        ("По данным «Интерфакса», Даманов сказал, что мост готов.", {"мост готов": "said"}),
        ("Даманов, как утверждают СМИ, сказал, что мост готов.", {"мост готов": "said"}),
        ("По слухам, Даманов сказал, что мост готов.", {"мост готов": "reported"}),
        ("Отвечая на вопрос, верно ли, что мост готов, Даманов сказал: «Пока нет».", {"«Пока нет»": "said"}),
    ],
)
def test_only_the_words_of_who_speaks_are_his(text: str, words: dict[str, str]) -> None:
    quotes = find_quotes(text, roster=ROSTER, lang="ru", day=DAY)
    assert {text[quote.start : quote.end]: quote.stance for quote in quotes} == words
    assert {quote.speaker_id for quote in quotes} == {"dmitry-damanov"}


def test_words_that_somebody_recalls_are_whose_they_are() -> None:
    assert said("Даманов напомнил слова Паркера: «Мост готов для всех».", lang="ru", day=DAY) == [
        ("«Мост готов для всех»", "Гарольд Паркер")
    ]


def test_the_label_of_a_turn_is_nobody_of_the_other_gender() -> None:
    turns = "А.{}: Мост готов к открытию.\nВ.Ерохин: Спасибо, что доложили.\nА.{}: Ждём вас.\n{}"
    assert said(turns.format("Зуева", "Зуева", "Тут был Андрей Зуев."), lang="ru")[0][1] == "А.Зуева"
    assert said(turns.format("Зуев", "Зуев", "Тут была Анна Зуева."), lang="ru")[0][1] == "А.Зуев"
    assert said(turns.format("Зуева", "Зуева", "Тут была Анна Зуева."), lang="ru")[0][1] == "Анна Зуева"
