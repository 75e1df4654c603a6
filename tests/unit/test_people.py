"""Who is one person across articles: merged only with evidence, and whatever the order."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.language.person_names import person_name
from pipeline.statements.people import PersonMention, RosterPerson, identify_people

Said = tuple[str, str, str]
"""Article, name, office."""


def identified(
    *said: Said, roster: tuple[RosterPerson, ...] = (), words: frozenset[str] = frozenset()
) -> list[str | None]:
    mentions = [
        PersonMention(article, name, (office,) if office else (), f"2025-06-{i:02}", words)
        for i, (article, name, office) in enumerate(said, 1)
    ]
    expected = identify_people(mentions, roster)
    for seed in range(5):
        assert identify_people(Random(seed).sample(mentions, len(mentions)), roster) == expected
    return [expected[article, name] for article, name, _ in said]


def known(name: str, speaker: str = "aleksei-tsybanov", country: str | None = "RU") -> RosterPerson:
    parsed = person_name(name)
    assert parsed is not None
    return RosterPerson(speaker, parsed, country)


ONE = "person:aleksei-cibanov"


@pytest.mark.parametrize(
    "said",
    [
        [("a", "Алексей Цыбанов", "глава Лугова"), ("b", "Aleksei Tsybanov", "")],
        [("a", "Алексей Цыбанов", "глава Лугова"), ("b", "Алексей Цыбанов", "бывший глава Лугова")],
        [("a", "Алексей Цыбанов", "депутат Госдумы"), ("b", "Алексей Иванович Цыбанов", "сенатор")],
        [("a", "Алексей Цыбанов", ""), ("b", "Алексей Цыбанов", "")],
        [("a", "Алексей Иванович Цыбанов", "мэр Лугова"), ("b", "Алексей Иванович Цыбанов", "тренер «Речника»")],
    ],
)
def test_people_of_one_full_name_are_one_unless_something_shows_that_they_are_not(said: list[Said]) -> None:
    assert set(identified(*said)) == {ONE}


@pytest.mark.parametrize(
    "said",
    [
        [("a", "Алексей Цыбанов", "глава Лугова"), ("b", "Алексей Цыбанов", "глава Речинска")],
        [("a", "Алексей Цыбанов", "мэр Лугова"), ("b", "Алексей Цыбанов", "тренер «Речника»")],
        [("a", "Алексей Иванович Цыбанов", ""), ("b", "Алексей Петрович Цыбанов", "")],
        [("a", "Aleksei Tsybanov", "Russian deputy"), ("b", "Алексей Цыбанов", "депутат парламента Сербии")],
        [("a", "Liam B. Harden", ""), ("b", "Liam R. Harden", "")],
    ],
)
def test_two_people_of_one_name_are_never_one(said: list[Said]) -> None:
    one, other = identified(*said)
    assert one is not None and other is not None
    assert one != other


def test_who_may_be_either_of_two_is_nobody() -> None:
    found = identified(
        ("a", "Алексей Цыбанов", "мэр Лугова"),
        ("b", "Алексей Цыбанов", "тренер «Речника»"),
        ("c", "Алексей Цыбанов", ""),
        ("d", "Алексей Цыбанов", "мэр Лугова"),
    )
    assert found[2] is None
    assert found[3] == found[0] != found[1]


def test_an_initial_means_the_only_one_who_fits_if_the_article_shows_it() -> None:
    full = ("a", "Алексей Цыбанов", "глава Лугова")
    short = ("b", "А.Цыбанов", "")
    assert identified(full, short, words=frozenset({"lugov"})) == [ONE, ONE]
    assert identified(full, short) == [ONE, None]
    assert identified(full, ("b", "А.Цыбанов", "глава Лугова")) == [ONE, ONE]
    assert identified(full, ("b", "А.Цыбанов", "тренер «Речника»"), words=frozenset({"lugov"})) == [ONE, None]
    assert identified(full, ("b", "Б.Цыбанов", "глава Лугова")) == [ONE, None]
    two = identified(full, short, ("c", "Андрей Цыбанов", ""), words=frozenset({"lugov"}))
    assert two == [ONE, None, "person:andrei-cibanov"]
    rostered = (known("Андрей Цыбанов", "andrei-tsybanov"),)
    assert identified(full, short, roster=rostered, words=frozenset({"lugov"})) == [ONE, None]


def test_the_roster_takes_a_person_in_by_full_name_unless_the_country_is_another() -> None:
    roster = (known("Алексей Цыбанов"), known("Aleksei Tsybanov"))
    assert identified(("a", "Алексей Цыбанов", "глава Лугова"), roster=roster) == ["aleksei-tsybanov"]
    assert identified(("a", "Алексей Цыбанов", "министр Сербии"), roster=roster) == [ONE]
    assert identified(("a", "Алексей Цыбанов", ""), roster=(*roster, known("Алексей Цыбанов", "another"))) == [None]


def test_a_surname_alone_is_nobody() -> None:
    assert identify_people([PersonMention("a", "Цыбанов")]) == {}
