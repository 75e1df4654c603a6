"""Whom names and titles mean."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.config.speakers import RosterConfig as RosterData
from pipeline.language.ru.name_forms import case_forms
from pipeline.language.spelling import fold_name, stem
from pipeline.quotes.roster import RosterIndex
from tests.unit.quoting import ROSTER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zelensky", "Зеленский"),
        ("Zelenskyy", "Zelenskiy"),
        ("Sergei", "Sergey"),
        ("Yury", "Yuri"),
        ("Dmitri", "Дмитрий"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same_letters(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_other_names_stay_apart() -> None:
    assert len({fold_name(name) for name in ("Erokhin", "Damanov", "Tavrov", "Mishustin", "Vydrev", "Kolodin")}) == 6


@pytest.mark.parametrize(
    ("name", "gender", "form"),
    [
        ("Даманов", "m", "дамановым"),
        ("Кондакова", "f", "кондаковой"),
        ("Зеленский", "m", "зеленскому"),
        ("Тавров", "m", "таврове"),
        ("Павел", "m", "павла"),
        ("Мария", "f", "марией"),
        ("Паркер", "m", "паркером"),
        ("Обама", "m", "обамой"),
        ("Гладышева", "f", "гладышеву"),
    ],
)
def test_russian_names_bend(name: str, gender: str, form: str) -> None:
    assert form in case_forms(name, gender)


@pytest.mark.parametrize(
    "words", ["Даманов", "Даманова", "Дмитрием Дамановым", "Д. Даманов", "Dmitry Damanov", "Damanov"]
)
def test_every_form_of_a_name_finds_its_speaker(words: str) -> None:
    assert ROSTER.ids_of_name(words.split()) == {"dmitry-damanov"}


def test_a_surname_with_another_first_name_is_somebody_else() -> None:
    assert ROSTER.ids_of_name(["Иван", "Даманов"]) == frozenset()


def test_a_full_name_whose_surname_has_another_ending_is_somebody_elses() -> None:
    assert ROSTER.ids_of_name(["Dmitry", "Damanovy"]) == frozenset()
    assert ROSTER.ids_of_name(["Melania", "Parker"]) == frozenset()


def test_bodies_are_found_in_any_case() -> None:
    assert ROSTER.ids_of_name("Министерства обороны России".split()) == {"russia-defense-ministry"}
    assert ROSTER.ids_of_name("the Russian Defense Ministry".split()) == {"russia-defense-ministry"}


@pytest.mark.parametrize(
    ("day", "holder"),
    [(date(2020, 6, 1), "harold-parker"), (date(2022, 6, 1), "ned-harlen"), (date(2025, 6, 1), "harold-parker")],
)
def test_an_office_means_its_holder_of_the_day(day: date, holder: str) -> None:
    for words in ("the US president", "American leader", "президента США", "президент США"):
        holders = ROSTER.office_holders(words.split(), day)
        assert holders is not None
        assert holders.ids == {holder}


def test_without_a_day_an_office_means_todays_holder_and_says_so() -> None:
    holders = ROSTER.office_holders(["US", "president"], None)
    assert holders is not None
    assert holders.ids == {"harold-parker"}
    assert holders.ever == {"harold-parker", "ned-harlen"}
    assert not holders.dated


def test_a_title_and_a_name_mean_that_persons_office() -> None:
    holders = ROSTER.office_holders("пресс-секретаря Вадима Ерохина".split(), date(2022, 1, 1))
    assert holders is not None
    assert holders.ids == {"dmitry-damanov"}


def test_the_head_of_a_nation_is_its_president() -> None:
    holders = ROSTER.office_holders("глава России".split(), date(2022, 1, 1))
    assert holders is not None
    assert holders.ids == {"vadim-erokhin"}


def test_unknown_words_mean_nobody() -> None:
    assert ROSTER.ids_of_name(["Nobody"]) == frozenset()
    assert ROSTER.office_holders(["chief", "gardener"], None) is None


def test_stems_of_one_title_agree_in_all_cases() -> None:
    assert {stem(word) for word in ("министр", "министра", "министром", "министру")} == {stem("министр")}
    assert stem("Russia's") == stem("российский") == stem("РФ")


def test_names_come_in_the_language_asked_for() -> None:
    assert ROSTER.name_of("dmitry-damanov", "ru") == "Дмитрий Даманов"
    assert ROSTER.name_of("dmitry-damanov", "en") == "Dmitry Damanov"
    assert ROSTER.gender("lidia-kondakova") == "f"
    assert ROSTER.kind("kremlin") == "body"


def roster_of(*speakers: dict[str, str]) -> RosterIndex:
    data = RosterData.model_validate({"speakers": speakers})
    return RosterIndex(data.speakers, data.offices)


def test_a_surname_with_the_stem_of_another_is_somebody_else() -> None:
    roster = roster_of({"id": "oleg-melnik", "gender": "m", "en": "Oleg Melnik", "ru": "Олег Мельник"})
    for words in ("Олег Мельник", "Олегу Мельнику", "О. Мельника", "Мельником"):
        assert roster.ids_of_name(words.split()) == {"oleg-melnik"}
    for words in ("Олег Мельников", "Олега Мельникова", "Мельников"):
        assert roster.ids_of_name(words.split()) == frozenset()


def test_a_name_in_capitals_is_not_meant_by_the_same_letters_written_small() -> None:
    roster = roster_of({"id": "toma", "kind": "body", "en": "TOM", "ru": "ТОМ"})
    assert roster.ids_of_name(["ТОМ"]) == roster.ids_of_name(["ТОМа"]) == roster.ids_of_name(["TOM"]) == {"toma"}
    assert roster.ids_of_name(["Тома"]) == roster.ids_of_name(["Tom"]) == frozenset()
