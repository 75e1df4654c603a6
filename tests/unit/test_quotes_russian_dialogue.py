"""Russian dialogue with dashes, datelines and times before the words that are quoted."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said


def spans(text: str) -> list[str]:
    return [words.rstrip(",.") for words, _ in said(text, lang="ru")]


def test_dialogue_may_begin_behind_another_sentence() -> None:
    text = "Порт встретил нас тишиной. — Паром готов, — говорит Вера Тушина. — Топлива хватит до марта."
    assert said(text, lang="ru") == [
        ("Паром готов,", "Вера Тушина"),
        ("Топлива хватит до марта.", "Вера Тушина"),
    ]


def test_an_aside_in_dialogue_is_nobody_elses_report() -> None:
    text = "Вера Тушина собрала рыбаков. - Причал, я уверена, починят, - заявила она."
    assert said(text, lang="ru") == [("Причал, я уверена, починят,", "Вера Тушина")]


def test_a_dash_behind_a_colon_opens_dialogue() -> None:
    assert spans("Вера Тушина ответила: — Топлива хватит до марта.") == ["Топлива хватит до марта"]


def test_two_attributions_within_marks_part_three_pieces() -> None:
    text = "«Топлива хватит, — пояснила хозяйка порта, — а там весна, — и добавила: — Мы справимся»."
    assert [one.strip("«»") for one in spans(text)] == ["Топлива хватит", "а там весна", "Мы справимся"]


def test_dashes_between_words_are_no_dialogue() -> None:
    assert spans("Порт — гордость города. Город — столица края. Вера Тушина сказала, что паром готов.") == [
        "паром готов"
    ]


def test_who_asks_may_have_a_short_label() -> None:
    text = "Корр.: Когда пойдёт паром?\nВ. Тушина: Паром пойдёт весной.\nКорр.: А люди?\nВ. Тушина: Люди есть."
    assert len(spans(text)) == 4


@pytest.mark.parametrize(
    "before",
    [
        "12:40 ", "[14:30] ", "14:30 МСК. ", "4 июля. Interfax-Russia.ru - ", "Москва. 4 июля. INTERFAX.RU - ",
        "ПЕРМЬ, 4 июл — РИА Новости, Мария Седых. ",
    ],
)  # fmt: skip
def test_what_stands_before_the_news_is_not_quoted(before: str) -> None:
    assert spans(f"{before}Паром пойдёт весной, заявила Вера Тушина.") == ["Паром пойдёт весной"]


def test_a_time_before_marks_is_not_quoted() -> None:
    assert spans("12:40 «Паром пойдёт весной», — сообщила Вера Тушина.") == ["«Паром пойдёт весной»"]
