"""Russian words for somebody named before: whoever the text gave such a title, of one gender and class."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

SAID = {
    "a former title in other words": ("Бывший мэр Пётр Зуев приехал. Экс-градоначальник", "Пётр Зуев"),
    "whoever heads a region": ("Губернатор Пётр Зуев принял посла Олега Лобова. Глава региона", "Пётр Зуев"),
    "whoever heads a ministry": ("Министр связи Пётр Зуев принял мэра Олега Лобова. Глава ведомства", "Пётр Зуев"),
    "whoever heads a firm": ("Директор завода Пётр Зуев принял мэра Олега Лобова. Глава предприятия", "Пётр Зуев"),
    "whoever heads a parliament": ("Спикер думы Пётр Зуев принял посла Олега Лобова. Глава парламента", "Пётр Зуев"),
    "a class among two people": ("Адвокат Пётр Зуев и эксперт Олег Лобов приехали. Аналитик", "Олег Лобов"),
    "another word for a lawyer": ("Адвокат Анна Рыбина приехала в порт. Защитница", "Анна Рыбина"),
    "the second half of a title": ("Сенатор-демократ Пётр Зуев приехал. По итогам встречи демократ", "Пётр Зуев"),
    "an occupation": ("Синоптик Пётр Зуев принял мэра Олега Лобова. Синоптик", "Пётр Зуев"),
    "a cook who is the chef": ("Шеф-повар Пётр Зуев принял мэра Олега Лобова. Повар", "Пётр Зуев"),
    "what a minister is of": ("Министр дорог Пётр Зуев принял министра воды Олега Лобова. Министр дорог", "Пётр Зуев"),
    "a rank": ("Генерал-майор Пётр Зуев принял мэра Олега Лобова. Генерал", "Пётр Зуев"),
    "whoever speaks to an agency": ("Эксперт рынка Пётр Зуев дал интервью. Собеседник агентства", "Пётр Зуев"),
    "whoever serves a governor": ("Пресс-секретарь губернатора Пётр Зуев приехал. Губернатор", "губернатор"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_an_epithet_means_whoever_was_called_so(case: str) -> None:
    text, speaker = SAID[case]
    verb = "сообщила" if "Защитница" in text else "сообщил"
    assert [name for _, name in said(f"{text} {verb}, что порт закрыт.", lang="ru")] == [speaker]


@pytest.mark.parametrize("word", ["чиновник", "эксперт", "генерал", "адвокат"])
def test_whoever_is_named_only_later_is_not_meant(word: str) -> None:
    text = f"«Порт закрыт», — сказал {word}. На другой день приехал министр Пётр Зуев."
    assert [name for _, name in said(text, lang="ru")] == [word]
