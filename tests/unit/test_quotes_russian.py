"""Russian: what is a quote, where it ends, who said it."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said

DAMANOV = "Дмитрий Даманов"
CASES = {
    "marks, dash, verb, name": ("«Мост откроют в мае», — сказал Дмитрий Даманов.", [("«Мост откроют в мае»", DAMANOV)]),
    "straight marks and a hyphen": ('"Мост откроют в мае", - заявил Даманов.', [('"Мост откроют в мае"', DAMANOV)]),
    "a clause with что": ("Даманов сообщил, что мост откроют в мае.", [("мост откроют в мае", DAMANOV)]),
    "a clause, then verb and name": (
        "Мост откроют в мае, сообщил Даманов журналистам.",
        [("Мост откроют в мае", DAMANOV)],
    ),
    "по словам, before": ("По словам Даманова, мост откроют в мае.", [("мост откроют в мае", DAMANOV)]),
    "по словам, in the middle": (
        "Мост, по словам Даманова, откроют в мае.",
        [("откроют в мае", DAMANOV)],
    ),
    "как отметил": ("Как отметил Даманов, мост откроют в мае.", [("мост откроют в мае", DAMANOV)]),
    "добавив, что": (
        "«Мост готов», — сказал Даманов, добавив, что движение откроют в мае.",
        [("«Мост готов»", DAMANOV), ("движение откроют в мае", DAMANOV)],
    ),
    "an attribution inside the marks": (
        "«Мост готов к работе, — сказал Даманов. — Движение откроют в мае».",
        [("«Мост готов к работе,", DAMANOV), ("Движение откроют в мае»", DAMANOV)],
    ),
    "a colon": ("Даманов ответил: «Мост готов».", [("«Мост готов»", DAMANOV)]),
    "an outlet that quotes": (
        "«Мост будет готов», — цитирует Дмитрия Даманова агентство.",
        [("«Мост будет готов»", DAMANOV)],
    ),
    "a plural that speaks for a body": (
        "В Минобороны России заявили, что мост готов.",
        [("мост готов", "Министерство обороны России")],
    ),
    "a document": (
        "В сообщении Минобороны России говорится, что мост готов.",
        [("мост готов", "Министерство обороны России")],
    ),
    "a clause with words in marks": (
        "Даманов подчеркнул, что мост «обязательно будет открыт» в мае.",
        [("мост «обязательно будет открыт» в мае", DAMANOV)],
    ),
    "a name in marks inside marks": (
        '"Мы были в гостинице "Волга" весь день", - сказал Даманов.',
        [('"Мы были в гостинице "Волга" весь день"', DAMANOV)],
    ),
    "two reports in one sentence": (
        "Даманов заявил, что мост готов, но признал, что дорога закрыта.",
        [("мост готов", DAMANOV), ("дорога закрыта", DAMANOV)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_quotes_are_found_with_their_speaker(name: str) -> None:
    text, expected = CASES[name]
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Мост открыли в мае, и никто не приехал.",
        "Роман «Долгая дорога домой» продали в мае.",
        "Даманов не сказал, когда откроют мост.",
        "Даманов заявил о готовности открыть мост.",
        "Мост открыли в мае, передает ТАСС.",
    ],
)
def test_what_nobody_said_is_no_quote(text: str) -> None:
    assert said(text) == []


def test_a_pronoun_means_who_spoke_last() -> None:
    text = "«Мост готов», — сказала Лидия Кондакова.\nОна добавила, что дорога закрыта.\nПо её словам, это временно."
    assert [name for _, name in said(text)] == ["Лидия Кондакова"] * 3


def test_an_unknown_person_is_named_in_full_and_in_the_nominative() -> None:
    text = "Журналисты встретились с Анной Гладышевой.\n«Мост готов», — сказала Гладышева."
    assert said(text) == [("«Мост готов»", "Анна Гладышева")]


def test_a_body_of_no_roster_is_named_in_the_nominative() -> None:
    assert said("По сообщению Министерства мостов, мост закрыт.") == [("мост закрыт", "министерство мостов")]


def test_words_that_tell_somebody_from_others_are_not_the_last_speaker() -> None:
    text = (
        "«Мост закрыт», — сообщил информированный источник.\n\n"
        "Сотрудник районной администрации отметил, что дорога открыта."
    )
    assert said(text)[1] == ("дорога открыта", "сотрудник районной администрации")


def test_who_is_cited_speaks_even_without_a_name() -> None:
    text = "Мост закроют в мае, сообщает «Интерфакс» со ссылкой на источник в мэрии."
    assert said(text) == [("Мост закроют в мае", "источник в мэрии")]


def test_an_office_is_held_by_whom_the_day_tells() -> None:
    text = "Мост готов, заявил президент США."
    assert said(text, day=date(2020, 6, 1)) == [("Мост готов", "Гарольд Паркер")]
    assert said(text, day=date(2022, 6, 1)) == [("Мост готов", "Джо Харлен")]


def test_a_transcript_gives_turns_and_leaves_stage_directions_out() -> None:
    text = "В.Ерохин: Здравствуйте. Как мост?\n(Обращаясь к строителям.) Он готов?\nИ.Орлов: Готов.\n"
    assert said(text) == [
        ("Здравствуйте. Как мост?", "Вадим Ерохин"),
        ("Он готов?", "Вадим Ерохин"),
        ("Готов.", "И.Орлов"),
    ]


def test_a_verb_and_a_colon_within_a_turn_label_nobody() -> None:
    text = "В.Ерохин: Мост готов.\nПовторю: мост готов.\nИ.Орлов: Спасибо."
    assert said(text)[1] == ("Повторю: мост готов.", "Вадим Ерохин")


def test_words_after_a_closing_colon_are_a_quote_without_marks() -> None:
    text = "Об этом сообщил журналистам Даманов:\nМост готов. Ждём гостей."
    assert said(text) == [("Мост готов. Ждём гостей.", DAMANOV)]


def test_the_language_is_told_by_the_letters() -> None:
    assert said("Даманов сообщил, что мост готов.", lang=None) == said("Даманов сообщил, что мост готов.", lang="ru")


QUOTELESS = """Паром вышел из гавани в субботу до рассвета, на борту было сорок человек.
Капитан ходил по этому пути одиннадцать лет, и море оставалось спокойным до второго острова.
Шторм, которого никто не ждал, достиг пролива к девяти, и судно вернулось переждать за мол.
Совет острова «Долгий» собрался в старой школе, чтобы сосчитать повреждённые крыши и дороги.
Большинство дорог снова открыто, мост закрыт, а занятия в школе начнутся на неделю позже."""


def test_an_article_without_quotes_gets_none() -> None:
    assert said(QUOTELESS) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Президент США зол. Об этом сказал Джо Харлен. «Плохо», — цитирует газета президента США.", "Джо Харлен"),
        ("«Мы построим мост через реку», — заявил президент США.", "президент США"),
        ("Гарольд Паркер встретился с Джо Харленом. «Мост построят к зиме», — заявил президент США.", "президент США"),
        ("Паркер встретился с президентом США Джо Харленом. «Мост построят», — заявил президент США.", "Джо Харлен"),
        ("Бывший президент США Джо Харлен вернулся. «Мост построят к зиме», — заявил президент США.", "президент США"),
        ("Гарольд Паркер встретился с Джо Харленом. «Мост построят к зиме», — заявил президент.", "президент"),
    ],
)  # fmt: skip
def test_without_a_day_an_office_is_whose_the_text_says_or_nobodys(text: str, speaker: str) -> None:
    assert said(text, as_of_today=False)[-1][1] == speaker


def test_whom_a_text_without_a_day_names_for_an_office_is_less_sure() -> None:
    text = "Джо Харлен приехал в город. «Мост через реку построят к зиме», — заявил президент США."
    (undated,) = find_quotes(text, roster=ROSTER)
    (dated,) = find_quotes(text, roster=ROSTER, day=date(2022, 6, 1))
    assert undated.speaker_id == dated.speaker_id == "ned-harlen"
    assert undated.confidence < dated.confidence - 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Мэр Глеб Рябинин заявил, что город подготовил план и добавил, что его обсудят в среду.",
        "Мэр Глеб Рябинин рассказал, что мост построят к лету и отметил, что деньги выделены.",
        "Мэр Глеб Рябинин напомнил, что внёс законопроект о парке и подчеркнул, что парк нужен всем.",
    ],
)
def test_a_thing_in_a_report_does_not_say_what_comes_next(text: str) -> None:
    assert [who for _, who in said(text, lang="ru")] == ["Глеб Рябинин"] * 2
