"""Who is named: no outlet, place or adjective is a person, and a name stands in full and in the nominative."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.config.speakers import RosterConfig
from pipeline.quotes import find_quotes
from pipeline.quotes.languages.ru.names import nominative_name
from pipeline.quotes.roster import RosterIndex
from tests.unit.quoting import said

SPEAKERS = {
    "an outlet that was told": ("«Зал открыт», — сказал Даманов ТАСС.", "Дмитрий Даманов"),
    "an outlet in the dative": ("«Зал открыт», — сказал Зуев «Интерфаксу».", "Зуев"),
    "an outlet in Latin letters": ("«Зал открыт», — сказал Зуев RT.", "Зуев"),
    "an outlet with a domain": ("«Зал открыт», — сказал Пётр Зуев Газета.ру.", "Пётр Зуев"),
    "an outlet of which somebody is the head": ("«Зал открыт», — сказал глава ТАСС Пётр Зуев.", "Пётр Зуев"),
    "an outlet before who spoke": ("«Зал открыт», — сообщил РИА Новости Пётр Зуев.", "Пётр Зуев"),
    "an outlet that quotes": ("«Зал открыт», — цитирует Зуева «Лента.ру».", "Зуев"),
    "an outlet that quotes an office": ("«Зал открыт», — цитирует режиссёра «Интерфакс».", "режиссёр"),
    "an outlet that quotes words": ("«Зал открыт», — цитирует «Интерфакс» слова мэра Петра Зуева.", "Пётр Зуев"),
    "an outlet that quotes an address": ("«Зал открыт», — приводит обращение Петра Зуева ТАСС.", "Пётр Зуев"),
    "an outlet that reports another's report": ("Пётр Зуев сказал, что зал открыт, пишет Газета.ру.", "Пётр Зуев"),
    "an outlet in two words": ('Пётр Зуев сказал, что зал открыт, сообщает РИА "Новости".', "Пётр Зуев"),
    "a correspondent": ("«Зал открыт», — заявил корреспондент URA.RU.", None),
    "a firm in the locative": ("«Зал открыт», — отметили в «Мостотресте».", "Мостотрест"),
    "a party in the locative": ("«Зал открыт», — отметили в «Новой силе».", "Новая сила"),
    "a place where a paper was signed": ("«Зал открыт», — говорится в подписанном в Осло письме.", "письмо"),
    "a place where it was said": ("Пётр Зуев на концерте в Кинешме заявил, что зал открыт.", "Пётр Зуев"),
    "people in a place": ("Актёры в Осло заявили, что зал открыт.", "актёры в Осло"),
    "an interview": ("Зал открыт, заявил директор театра в онлайн-интервью каналу.", "директор театра"),
    "an adjective that opens a sentence": ("Анонимный житель города заявил: «Зал открыт».", "анонимный житель города"),
    "adjectives in the plural": ("Опытные актёры заявили, что зал открыт.", "опытные актёры"),
    "a surname that is a common word": ("«Зал открыт», — сказал Шваб.", "Шваб"),
    "a town before a name": ("Мэр Ивнякобурга Пётр Зуев заявил, что зал открыт.", "Пётр Зуев"),
    "a woman whose surname reads as an adjective": ("Калинова заявила, что зал открыт.", "Калинова"),
    "a woman whose surname mostly is a man's": ("«Зал открыт», — сказала Медведева.", "Медведева"),
    "such a surname in the genitive": ("По словам Сосновой, зал открыт.", "Соснова"),
    "such a surname in the accusative": ("«Зал открыт», — цитирует Зуеву «Медуза».", "Зуева"),
    "a surname that is the genitive of things": ("Образцов считает, что зал открыт.", "Образцов"),
    "a given name that is the genitive of a month": ("Марта сказала, что зал открыт.", "Марта"),
    "a relative in the genitive": ("По словам жены Даманова, зал открыт.", "жена Даманова"),
    "relatives in the genitive": ("По мнению соседей Зуева, зал открыт.", "соседи Зуева"),
    "one of several": ("По словам одного из актёров, зал открыт.", "один из актёров"),
    "an adjective beside a neuter": ("По данным местного руководства, зал открыт.", "местное руководство"),
    "whose lawyer she is": ("По словам адвоката Зуева Анны Рыбиной, зал открыт.", "Анна Рыбина"),
    "how somebody said it": ("«Зал открыт», — сказал режиссёр твёрдым голосом.", "режиссёр"),
    "when somebody said it": ("«Зал открыт», — говорил в то же время режиссёр.", "режиссёр"),
    "what is told of": ("«Зал открыт», — описала впечатления певица.", "певица"),
    "the spokeswoman of a firm": (
        '«Зал открыт», — сказала пресс-атташе компании "Ivnyak Air".',
        "пресс-атташе компании Ivnyak Air",
    ),
    "a ministry that no dictionary has": ("Зал открыт, рассказали в Минмосте.", "Минмост"),
    "a firm that no dictionary has": ("В Севертрансе подтвердили, что зал открыт.", "Севертранс"),
    "a bank in the genitive": ("По данным Кремниябанка, зал открыт.", "Кремниябанк"),
    "those who are sure in a council": ("В Госсовете уверены, что зал открыт.", "Госсовет"),
    "a surname of three words": ("Мэр Берта ван ден Линден заявила, что зал открыт.", "Берта ван ден Линден"),
    "the day on which a bank spoke": ("Ивнякбанк России 28 ноября объявил, что зал открыт.", "Ивнякбанк России"),
    "whom somebody contradicts": ("Представитель мэрии Зуеву возразил: зал открыт.", "представитель мэрии"),
    "where somebody did not go": ("Начальник порта в суд не пришёл и передал, что зал открыт.", "начальник порта"),
    "where somebody serves": ("Посол Сербии в Турции сказал, что зал открыт.", "посол Сербии в Турции"),
    "what somebody does not name": ("Новые цены министр называть не стал, добавив, что зал открыт.", "министр"),
    "an imperative before a name": ("Вспомните Петра Зуева, говорившего: «Зал открыт».", "Пётр Зуев"),
}  # fmt: skip


SURNAMES = {
    "in Russian": ("ru", "Мэр Ян ван ден Берг сказал, что зал открыт. Ван ден Берг уточнил, что зал тёплый."),
    "in English": ("en", "Mayor Yan van den Berg said the hall was open. Van den Berg added that it was warm."),
}


@pytest.mark.parametrize("case", SURNAMES)
def test_a_surname_with_particles_is_one_name(case: str) -> None:
    lang, text = SURNAMES[case]
    names = [name for _, name in said(text, lang=lang)]
    assert len(names) == 2 and len(set(names)) == 1
    assert len(names[0].split()) == 4


def test_nothing_is_said_where_a_thing_goes_on() -> None:
    assert said("Спустя четверть часа игру продолжили: болельщики починили свет.", lang="ru") == []


@pytest.mark.parametrize("case", SPEAKERS)
def test_only_people_and_bodies_speak(case: str) -> None:
    text, speaker = SPEAKERS[case]
    assert [name for _, name in said(text, lang="ru")] == [speaker]


def test_what_an_example_shows_is_no_quote() -> None:
    text = "Выступил посол Пётр Зуев. Для примера он привел вагоны класса «лайнер» Bluebird, отметив, что их сто."
    assert said(text, lang="ru") == [("их сто", "Пётр Зуев")]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Владимиром Зуевым", "Владимир Зуев"),
        ("Игорем Лобовым", "Игорь Лобов"),
        ("Олега Рыбина", "Олег Рыбин"),
        ("Анне Зуевой", "Анна Зуева"),
        ("Юлию Красную", "Юлия Красная"),
        ("Александра Новака", "Александр Новак"),
        ("Александра Новак", "Александра Новак"),
        ("Денисом Коваленем", "Денис Ковалень"),
        ("Леонидом Бурдой", "Леонид Бурда"),
        ("Павла Зуева", "Павел Зуев"),
        ("Эммануэлю Дюрану", "Эммануэль Дюран"),
        ("Масудом Хаканом", "Масуд Хакан"),
        ("Игоря Степного", "Игорь Степной"),
        ("Сергея Викторовича Зуева", "Сергей Викторович Зуев"),
        ("Солодовым", "Солодов"),
        ("Марком Рюйе", "Марк Рюйе"),
    ],
)
def test_a_name_is_brought_to_the_nominative(written: str, name: str) -> None:
    assert nominative_name(written.split(), None) == name


TURNS = "А.Зуев: Мост готов к открытию.\nВ.Ерохин: Спасибо, что доложили.\nА.Зуев: Ждём вас на открытии."


@pytest.mark.parametrize(
    ("title", "more", "name"),
    [
        ("Встреча с Антоном Зуевым", "", "Антон Зуев"),
        (None, "\nМост строил Антон Зуев.", "Антон Зуев"),
        (None, "\nСлово берёт Зуев Антон Павлович.", "Антон Павлович Зуев"),
        (None, "\nАнтон Павлович [Зуев] всё показал.", "Антон Павлович Зуев"),
        (None, "\nВ зале Антон Зуев и Артём Зуев.", "А.Зуев"),
        (None, "\nВ зале Борис Зуев.", "А.Зуев"),
        (None, "", "А.Зуев"),
    ],
)
def test_the_label_of_a_turn_takes_the_full_name_of_the_page(title: str | None, more: str, name: str) -> None:
    assert [speaker for _, speaker in said(TURNS + more, lang="ru", title=title)][::2] == [name, name]


ENGLISH = {
    "a place that an ambassador works in": (
        "Russian Ambassador to Hanoi Pavel Zuyev said that the hall was open.",
        "Pavel Zuyev",
    ),
    "a place of two words": ("Consul General in Da Nang Pavel Zuyev said that the hall was open.", "Pavel Zuyev"),
    "somebody known by a pronoun alone": (
        "Pavel Zuyev met his Ruran colleague. His Ruran colleague said it rained.",
        None,
    ),
    "somebody's wife": ("Pavel Zuyev came. “It rained,” his wife said.", None),
    "a headline on somebody": ("Hall Manager On Erokhin: ‘We will not let anybody in today.’", "nothing"),
    "a headline of somebody on something": ("Pavel Zuyev on Halls: ‘We will not let anybody in today.’", "Pavel Zuyev"),
}


@pytest.mark.parametrize("case", ENGLISH)
def test_only_people_speak_in_english(case: str) -> None:
    text, speaker = ENGLISH[case]
    assert [name for _, name in said(text, lang="en")][-1:] in ([speaker], [] if speaker == "nothing" else [speaker])


def test_words_in_marks_after_which_somebody_else_does_something_are_not_the_last_speakers() -> None:
    text = "“I saw it,” Erokhin said.\nThe judge leaned back.\n“Did you pay for it?” Wells leaned towards Erokhin."
    assert [name for _, name in said(text, lang="en")] == ["Vadim Erokhin", None]


NAMESAKES = {
    "a pronoun after the name": (
        "“The oven is open,” said Mr. Robin Vale. Mrs. Anna Vale was at home.\nVale said she would sell the barn.",
        "Anna Vale",
    ),
    "somebody who spoke long before": (
        "“The oven is open,” said Mr. Robin Vale.\n"
        + "The bread was sold out at noon. " * 90
        + "\nAnna Vale came to the barn. Vale said that it was cold.",
        "Anna Vale",
    ),
    "somebody who spoke just now": (
        "“The oven is open,” said Mr. Robin Vale. Mrs. Anna Vale was at home.\nVale said that it was cold.",
        "Robin Vale",
    ),
    "another surname that only looks alike": ("“The barn is cold,” Marynsk said.", "Marynsk"),
    "another spelling of a surname": ("“The barn is cold,” Marynskiy said.", "Vadym Marynsky"),
    "a thing that is called as an office is": (
        "The Kremlin spokesman, Dmitry Damanov, came. The Kremlin insider said that the barn was cold.",
        "Kremlin insider",
    ),
    "a thing with a short name": (
        "The Kremlin spokesman, Dmitry Damanov, came. According to Kremlin law, the barn was cold.",
        "Kremlin law",
    ),
}


@pytest.mark.parametrize("case", NAMESAKES)
def test_a_surname_alone_means_whom_the_words_around_it_show(case: str) -> None:
    text, speaker = NAMESAKES[case]
    assert said(text, lang="en")[-1][1] == speaker


@pytest.mark.parametrize(("before", "slug"), [("", None), ("Ada Roe came to the barn.\n", "ada-roe")])
def test_a_surname_of_three_letters_needs_the_full_name_in_the_article(before: str, slug: str | None) -> None:
    data = RosterConfig.model_validate(
        {"speakers": [{"id": "ada-roe", "gender": "f", "en": "Ada Roe", "ru": "Ада Роу"}]}
    )
    roster = RosterIndex(data.speakers, data.offices)
    quotes = find_quotes(f"{before}The barn was cold, Roe reported on Friday.", roster=roster, lang="en")
    assert [quote.speaker_id for quote in quotes] == [slug]


@pytest.mark.parametrize(("name", "slug"), [("Elise", None), ("Elysee", "palace"), ("Élysée", "palace")])
def test_one_word_for_a_body_is_no_name_that_only_sounds_alike(name: str, slug: str | None) -> None:
    data = RosterConfig.model_validate(
        {"speakers": [{"id": "palace", "kind": "body", "en": "Élysée", "ru": "Елисейский дворец"}]}
    )
    roster = RosterIndex(data.speakers, data.offices)
    quotes = find_quotes(f"In May, {name} said that the barn was cold.", roster=roster, lang="en")
    assert [quote.speaker_id for quote in quotes] in ([slug], [f"person:{name.lower()}"] if slug is None else [slug])


_BEARERS = RosterConfig.model_validate(
    {
        "offices": [
            {"id": "dairy-head", "en": ["Lodi Dairy head"], "ru": ["глава молочного союза"]},
            {
                "id": "lodi-governor",
                "en": ["Lodi governor"],
                "ru": ["губернатор Лодийской области"],
                "short": {"en": ["governor"], "ru": ["губернатор"]},
            },
        ],
        "speakers": [
            {
                "id": "anton-gusarin",
                "gender": "m",
                "en": "Anton Gusarin",
                "ru": "Антон Гусарин",
                "offices": [{"office": "dairy-head", "from": 2012}],
            },
            {
                "id": "boris-gusarin",
                "gender": "m",
                "en": "Boris Gusarin",
                "ru": "Борис Гусарин",
                "offices": [{"office": "lodi-governor", "from": 2010, "to": 2014}],
            },
            {
                "id": "viktor-tropin",
                "gender": "m",
                "en": "Viktor Tropin",
                "ru": "Виктор Тропин",
                "common": True,
                "offices": [{"office": "lodi-governor", "from": 2015}],
            },
        ],
    }
)
_BEARERS_INDEX = RosterIndex(_BEARERS.speakers, _BEARERS.offices)


@pytest.mark.parametrize(
    ("lang", "year", "who", "slug"),
    [
        ("ru", 2013, "Гусарин", None),
        ("ru", 2013, "глава молочного союза Гусарин", "anton-gusarin"),
        ("ru", 2013, "губернатор Лодийской области Гусарин", "boris-gusarin"),
        ("ru", 2013, "губернатор Гусарин", "boris-gusarin"),
        ("ru", 2018, "губернатор Гусарин", None),
        ("ru", 2013, "депутат Гусарин", None),
        ("ru", 2013, "Борис Гусарин", "boris-gusarin"),
        ("en", 2013, "Gusarin", None),
        ("en", 2013, "Lodi Dairy head Gusarin", "anton-gusarin"),
        ("en", 2013, "Governor Gusarin", "boris-gusarin"),
        ("en", 2013, "Mr. Gusarin", None),
        ("ru", 2018, "Тропин", None),
        ("ru", 2018, "депутат Тропин", None),
        ("ru", 2018, "В. Тропин", "viktor-tropin"),
        ("ru", 2012, "В. Тропин", None),
        ("ru", 2018, "И. Тропин", None),
        ("ru", 2018, "губернатор Лодийской области Тропин", "viktor-tropin"),
        ("ru", 2012, "губернатор Лодийской области Тропин", None),
        ("ru", 2018, "Виктор Тропин", "viktor-tropin"),
        ("ru", 2018, "Иван Тропин", None),
        ("en", 2018, "Tropin", None),
        ("en", 2018, "Deputy Tropin", None),
        ("en", 2018, "Lodi governor Tropin", "viktor-tropin"),
        ("en", 2018, "Viktor Tropin", "viktor-tropin"),
    ],
)
def test_a_shared_or_common_surname_names_somebody_only_by_first_name_or_office(
    lang: str, year: int, who: str, slug: str | None
) -> None:
    said_by = {
        "ru": "Амбар открыт. «Мы готовы работать до осени», — сказал {}.",
        "en": '"The old barn is open," {} said.',
    }
    (quote,) = find_quotes(said_by[lang].format(who), roster=_BEARERS_INDEX, lang=lang, day=date(year, 6, 1))
    of_roster = quote.speaker_id is not None and quote.speaker_id in _BEARERS_INDEX
    assert (quote.speaker_id if of_roster else None) == slug


@pytest.mark.parametrize("who", ["Тропин", "депутат Тропин", "В. Тропин"])
def test_a_common_surname_means_whom_the_article_names_in_full(who: str) -> None:
    text = f"Виктор Тропин приехал в Лоди. «Мы готовы работать до осени», — сказал {who}."
    quotes = find_quotes(text, roster=_BEARERS_INDEX, lang="ru", day=date(2018, 6, 1))
    assert [quote.speaker_id for quote in quotes] == ["viktor-tropin"]
