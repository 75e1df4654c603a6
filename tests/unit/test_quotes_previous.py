"""``Об этом заявил X``: the words that such a sentence reports are the sentence before it."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

LEAD = "Мост закроют на ремонт в мае."
TOLD = {
    "a name": ("Об этом сообщила журналистам мэр Анна Лужина.", "Анна Лужина"),
    "a name before the verb": ("Об этом Пётр Зуев рассказал на брифинге.", "Пётр Зуев"),
    "another outlet in between": ("Об этом, как пишет «Вестник», заявил Пётр Зуев.", "Пётр Зуев"),
    "a spokesman after whom he serves": (
        "Об этом сказал спикер губернатора Ивана Рыбина – Пётр Зуев – на брифинге.",
        "Пётр Зуев",
    ),
    "a place": ("Об этом сообщили в мэрии Лугова.", "мэрия Лугова"),
}
UNTOLD = {
    "an outlet": "Об этом сообщает «Интерфакс».",
    "a subject of talks": "Об этом Пётр Зуев говорил ещё весной.",
    "nobody": "Об этом не сообщалось.",
    "a denial": "Об этом Пётр Зуев не сообщил.",
}


@pytest.mark.parametrize("joint", [" ", "\n\n"])
@pytest.mark.parametrize("case", TOLD)
def test_the_sentence_before_is_a_quote(case: str, joint: str) -> None:
    sentence, speaker = TOLD[case]
    assert said(f"{LEAD}{joint}{sentence}", lang="ru") == [(LEAD[:-1], speaker)]


@pytest.mark.parametrize("case", UNTOLD)
def test_the_sentence_before_is_nobodys_quote(case: str) -> None:
    assert said(f"{LEAD} {UNTOLD[case]}", lang="ru") == []


@pytest.mark.parametrize("before", ["Закроют ли мост?", "Причины ремонта", "Зуев уехал, сообщил он."])
def test_what_is_no_statement_of_its_own_is_no_quote(before: str) -> None:
    quotes = [words for words, _ in said(f"{before}\n\nОб этом рассказал Пётр Лобов.", lang="ru")]
    assert before.rstrip(".") not in quotes


def test_words_in_marks_before_it_are_a_quote() -> None:
    text = "«Мост закроют на ремонт в мае». Об этом заявил Пётр Зуев."
    assert said(text, lang="ru") == [("«Мост закроют на ремонт в мае»", "Пётр Зуев")]
