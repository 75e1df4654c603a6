"""Whom a surname means by a word of address, a suffix or what the clause beside it tells."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

ADDRESSED = {
    "her": ("Harold Parker came with Ann Parker. “It is late,” Mrs. Parker said.", "en", "Ann Parker"),
    "him": ("Ann Parker came with her son. “It is late,” Mr. Parker said.", "en", "Harold Parker"),
    "her alone": ("The guests came late. “It is cold,” Mrs. Damanov said.", "en", "Damanov"),
    "her in Russian": ("Гости пришли. «Там холодно», — сказала госпожа Зеленская.", "ru", "Зеленская"),
    "another of the family": ("“It is our land,” said the younger Mr. Damanov.", "en", "younger Mr. Damanov"),
    "what the clause of time tells": (
        "Maria Damanova and Dmitry Damanov came. Damanov said as he left: “It is cold.”",
        "en",
        "Dmitry Damanov",
    ),
}


@pytest.mark.parametrize("case", ADDRESSED)
def test_a_word_of_address_tells_which_of_several(case: str) -> None:
    text, lang, speaker = ADDRESSED[case]
    assert said(text, lang=lang)[-1][1] == speaker


def test_a_surname_means_its_namesake_with_a_suffix_only_outside_the_roster() -> None:
    admiral = "Adm. Harry B. Harlen Jr. came home. “It is a good book,” Admiral Harlen said."
    assert said(admiral, lang="en") == [("“It is a good book,”", "Harry B. Harlen Jr")]
    son = "Harold Parker Jr. came home. “It is a good book,” Parker said."
    assert said(son, lang="en") == [("“It is a good book,”", "Harold Parker")]
