"""Russian words of saying: with a clause, an infinitive, a noun, or only beside words in marks."""

from __future__ import annotations

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER, said

WORDS = "паром вернётся к зиме"


def spans(text: str) -> list[str]:
    return [words for words, _ in said(text, lang="ru")]


@pytest.mark.parametrize(
    "cue",
    [
        "дала понять, что", "пришла к выводу, что", "выступила с заявлением, что", "исходит из того, что",
        "придерживается мнения, что", "сослалась на то, что", "надеется, что", "отчиталась, что", "клянётся, что",
        "сознаётся, что", "не скрывает, что", "опасается, что", "пригрозила, что", "отшутилась, что",
        "не сомневается, что", "сделала вывод, что", "ожидает, что", "иронизирует, что", "предрекла, что",
        "гарантирует, что",
    ],
)  # fmt: skip
def test_a_clause_is_reported(cue: str) -> None:
    assert said(f"Вера Тушина {cue} {WORDS}.", lang="ru") == [(WORDS, "Вера Тушина")]


@pytest.mark.parametrize(
    "source",
    [
        "По предварительным данным Веры Тушиной", "На взгляд Веры Тушиной", "С точки зрения Веры Тушиной",
        "По подсчётам Веры Тушиной", "По наблюдениям Веры Тушиной", "Если верить Вере Тушиной",
        "По заверениям Веры Тушиной", "По версии Веры Тушиной",
    ],
)  # fmt: skip
def test_a_source_without_a_verb_speaks(source: str) -> None:
    assert said(f"{source}, {WORDS}.", lang="ru") == [(WORDS, "Вера Тушина")]


@pytest.mark.parametrize(
    "text",
    [
        "Позиция Веры Тушиной состоит в том, что паром вернётся к зиме.",
        "Мнение Веры Тушиной сводится к тому, что паром вернётся к зиме.",
        "Мнение Веры Тушиной таково: паром вернётся к зиме.",
        "Предупреждение Веры Тушиной о том, что паром вернётся к зиме, никого не удивило.",
        "В порту подтвердили, что паром вернётся к зиме.",
    ],
)
def test_what_a_position_consists_in_is_said(text: str) -> None:
    assert spans(text) == [WORDS]


@pytest.mark.parametrize("cue", ["подтвердила", "не исключила", "пообещала", "указала", "надеется", "думает"])
def test_who_speaks_may_stand_behind_the_clause(cue: str) -> None:
    assert said(f"Паром вернётся к зиме, {cue} Вера Тушина.", lang="ru") == [("Паром вернётся к зиме", "Вера Тушина")]


def test_a_place_that_did_more_than_say_it_still_said_it() -> None:
    assert spans("Паром не ходил, указали в порту и рекомендовали ждать автобуса.") == ["Паром не ходил"]


@pytest.mark.parametrize("verb", ["призвала рыбаков", "пообещала", "потребовала", "посоветовала рыбакам"])
def test_an_infinitive_can_be_what_was_said(verb: str) -> None:
    assert spans(f"Вера Тушина {verb} не выходить в море ночью.") == ["не выходить в море ночью"]


@pytest.mark.parametrize("verb", ["буркнул", "отрезал", "поддержал коллегу", "огрызнулся", "бросил"])
def test_manner_verbs_speak_beside_marks(verb: str) -> None:
    assert said(f"«Поздно», — {verb} Глеб Лодкин.", lang="ru") == [("«Поздно»", "Глеб Лодкин")]


@pytest.mark.parametrize(
    "text",
    [
        "Глеб Лодкин бросил работу: зарплата была маленькой.",
        "Глеб Лодкин поддержал партию «За честный и чистый порт».",
        "Глеб Лодкин привёл паром к причалу: вода была тихой.",
        "Глеб Лодкин ожидает встречи с рыбаками, которые ждут ответа.",
        "Паром дал гудок, что напугало детей.",
        "С точки зрения удобства, паром лучше моста.",
        "Глеб Лодкин обещал прийти.",
    ],
)
def test_words_that_mean_much_else_report_nothing(text: str) -> None:
    assert spans(text) == []


def test_who_doubts_denies() -> None:
    (quote,) = find_quotes("Вера Тушина сомневается, что паром вернётся.", roster=ROSTER, lang="ru")
    assert quote.stance == "denied"


def test_a_gerund_may_begin_a_report() -> None:
    text = "Вера Тушина заявила, что, призвав стороны к миру, соседи «расписались в бессилии»."
    assert spans(text) == ["призвав стороны к миру, соседи «расписались в бессилии»"]
