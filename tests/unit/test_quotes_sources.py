"""Unnamed sources and press services: how near a source is to whom, the same one again, whose press service it is."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

AGAIN = {
    "near to somebody": (
        "ru",
        "Источник, знакомый с планом, сообщил, что мост закроют. «Решено», — сказал источник.",
        "источник, знакомый с планом",
    ),
    "near to somebody, in the genitive": (
        "ru",
        "По словам источника, близкого к мэру, мост закроют. Источник добавил, что решено.",
        "источник, близкий к мэру",
    ),
    "in a place": (
        "ru",
        "Источник в мэрии сказал, что мост закроют. По словам собеседника издания, решено.",
        "источник в мэрии",
    ),
    "in English": (
        "en",
        "A source close to the mayor said the bridge was shut. The source added that it was decided.",
        "source close to the mayor",
    ),
}


@pytest.mark.parametrize("case", AGAIN)
def test_the_source_is_the_only_one_that_spoke(case: str) -> None:
    lang, text, speaker = AGAIN[case]
    assert [name for _, name in said(text, lang=lang)] == [speaker, speaker]


def test_of_two_sources_none_is_the_source() -> None:
    text = (
        "Источник, близкий к мэру, сказал, что мост закроют. Другой источник сказал, что не закроют. "
        "Источник уточнил, что решат осенью."
    )
    assert [name for _, name in said(text, lang="ru")][2] == "источник"


@pytest.mark.parametrize("words", ["два источника, знакомых с планом", "источники, знакомые с планом"])
def test_several_sources_stay_several(words: str) -> None:
    assert [name for _, name in said(f"Мост закроют, сообщили {words}.", lang="ru")] == [words]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Мост закроют, сообщили в пресс-службе Кремля."),
        ("ru", "Пресс-служба Кремля сообщила, что мост закроют."),
        ("en", "The Kremlin press service said the bridge was shut."),
        ("en", "The press office of the Kremlin said the bridge was shut."),
    ],
)
def test_a_press_service_speaks_for_whose_it_is(lang: str, text: str) -> None:
    assert [name for _, name in said(text, lang=lang)] == ["Кремль" if lang == "ru" else "Kremlin"]


def test_a_press_service_of_a_person_is_not_the_person() -> None:
    assert [name for _, name in said("Мост закроют, сообщили в пресс-службе Дмитрия Даманова.", lang="ru")] == [
        "пресс-служба Дмитрия Даманова"
    ]
