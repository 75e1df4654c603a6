"""Who is quoted and not in the roster is a person of their own, by the full name, with the office as printed."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.quotes import find_quotes
from pipeline.records import Quote
from tests.unit.quoting import ROSTER


def quoted(text: str) -> list[Quote]:
    return find_quotes(text, roster=ROSTER, day=date(2025, 6, 2))


@pytest.mark.parametrize(
    "text",
    [
        "Глава района Алексей Цыбанов заявил, что мост откроют. Цыбанов добавил, что поедут и поезда.",
        "О мосте рассказал глава района Алексей Цыбанов.\nА.Цыбанов: Мост откроют в срок.\nА.Цыбанов: Поедут и поезда.",
        "District head Aleksei Tsybanov said that the bridge would open. Tsybanov added that trains would run.",
    ],
)
def test_a_person_has_one_id_in_an_article_and_across_scripts(text: str) -> None:
    assert {quote.speaker_id for quote in quoted(text)} == {"person:aleksei-cibanov"}


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Глава района Алексей Цыбанов заявил, что мост откроют.", "Глава района"),
        ("Алексей Цыбанов, глава района, заявил, что мост откроют.", "глава района"),
        ("Тренер «Речника» Алексей Цыбанов заявил, что мост откроют.", "Тренер Речника"),
        ("District head Aleksei Tsybanov said that the bridge would open.", "District head"),
        (
            "Aleksei Tsybanov, head of the Lugov district, said that the bridge would open.",
            "head of the Lugov district",
        ),
        ("Aleksei Tsybanov said that the bridge would open.", None),
    ],
)
def test_the_office_is_as_printed(text: str, office: str | None) -> None:
    assert [quote.speaker_office for quote in quoted(text)] == [office]


@pytest.mark.parametrize(
    "text",
    [
        "Цыбанов заявил, что мост откроют.",
        "А.Цыбанов: Мост откроют в срок.\nА.Цыбанов: Поедут и поезда.",
        "Источник в правительстве заявил, что мост откроют.",
        "Lugov Daily News reported that the bridge would open.",
    ],
)
def test_a_surname_an_initial_and_a_description_are_no_person(text: str) -> None:
    assert all(quote.speaker_id is None for quote in quoted(text))


def test_a_claimant_has_an_id() -> None:
    (denial,) = quoted("Даманов отверг обвинения Алексея Цыбанова в том, что дорогу перекроют.")
    assert (denial.claimant, denial.claimant_id) == ("Алексей Цыбанов", "person:aleksei-cibanov")
    (other,) = quoted("Даманов отверг обвинения Паркера в том, что дорогу перекроют.")
    assert other.claimant_id == "harold-parker"
