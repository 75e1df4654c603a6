"""One name of a person compares equal however it is spelt; two names never do."""

from __future__ import annotations

import pytest

from pipeline.language.offices import office_evidence
from pipeline.language.person_names import base_id, person_id, person_name

ONE_NAME = [
    [
        "Алексей Цыбанов",
        "Aleksei Tsybanov",
        "Alexey Tsybanov",
        "Алексей Самуилович Цыбанов",
        "Цыбанов Алексей Иванович",
    ],
    ["Пётр Фёдотов", "Петр Федотов", "Pyotr Fyodotov", "Petr Fedotov"],
    ["Александр Лубельский", "Alexander Lubelsky", "Aleksandr Lubelskiy"],
    ["Юлия Орлецова", "Yulia Orletsova", "Julia Orletsova", "Iuliia Orletsova"],
    ["Наталья Вязева", "Natalya Vyazeva", "Natalia Vyazeva"],
    ["Артём Соловцёв", "Artyom Solovtsyov", "Artem Solovtsev"],
    ["Евгений Журов", "Yevgeny Zhurov", "Evgenii Zhurov"],
    ["Виктор Матвиев", "Victor Matviyev", "Viktor Matviev"],
    ["Liam R. Harden", "Liam Harden"],
]
TWO_NAMES = [
    ("Sergei Lukarin", "Serge Lukarin"),
    ("Диана Орлецова", "Дана Орлецова"),
    ("Иван Зуев", "Иван Зуй"),
    ("Ivan Harden", "Ivan Harden Jr."),
    ("Андрей Цыбанов", "Алексей Цыбанов"),
    ("Александр Петраков", "Александра Петракова"),
]


@pytest.mark.parametrize("spellings", ONE_NAME, ids=lambda it: it[0])
def test_one_name_has_one_id_in_every_spelling(spellings: list[str]) -> None:
    assert len({person_id(name) for name in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_two_names_have_two_ids(one: str, other: str) -> None:
    assert person_id(one) is not None
    assert person_id(one) != person_id(other)


@pytest.mark.parametrize(
    "name",
    ["Цыбанов", "А.Цыбанов", "Павел Викторович", "источник в правительстве", "МВД Лугова", "Иван Зуев и Пётр Лукарин",
     "Russian Diplomats", "Отдел 12"],
)  # fmt: skip
def test_what_is_no_full_name_has_no_id(name: str) -> None:
    assert person_id(name) is None


def test_an_initial_may_be_short_for_a_full_name_only() -> None:
    short, full = person_name("А.Цыбанов"), person_name("Алексей Цыбанов")
    assert short is not None and full is not None
    assert not short.is_full
    assert short.may_be(full)
    assert not full.is_full or not short.may_be(person_name("Борис Цыбанов") or full)


def test_the_fathers_name_is_known_and_no_part_of_the_id() -> None:
    found = person_name("Михаил Иванович Кузовлев")
    assert found is not None
    assert (found.father, found.id) == ("ivanovich", "person:mihail-kuzovlev")
    assert base_id("person:mihail-kuzovlev.0a1b2c") == found.id


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("губернатор Томской области", "губернатор Псковской области", True),
        ("губернатор Томской области", "Tomsk Region Governor", False),
        ("мэр Лугова", "тренер «Речника»", True),
        ("депутат Госдумы", "сенатор", False),
        ("Turkey's minister", "министр обороны Сербии", True),
        ("глава Бурятии", "Head of Buryatia", False),
        ("", "политолог", False),
    ],
)
def test_offices_show_whether_two_people_can_be_one(one: str, other: str, contradict: bool) -> None:
    assert office_evidence(one).contradicts(office_evidence(other)) is contradict
    assert office_evidence(other).contradicts(office_evidence(one)) is contradict
