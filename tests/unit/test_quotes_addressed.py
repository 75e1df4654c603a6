"""Whom a surname means by a word of address, a suffix or what the clause beside it tells."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

ADDRESSED = {
    "her": ("Donald Trump came with Ann Trump. “It is late,” Mrs. Trump said.", "en", "Ann Trump"),
    "him": ("Ann Trump came with her son. “It is late,” Mr. Trump said.", "en", "Donald Trump"),
    "her alone": ("The guests came late. “It is cold,” Mrs. Peskov said.", "en", "Peskov"),
    "her in Russian": ("Гости пришли. «Там холодно», — сказала госпожа Зеленская.", "ru", "Зеленская"),
    "another of the family": ("“It is our land,” said the younger Mr. Peskov.", "en", "younger Mr. Peskov"),
    "what the clause of time tells": (
        "Maria Peskova and Dmitry Peskov came. Peskov said as he left: “It is cold.”",
        "en",
        "Dmitry Peskov",
    ),
}


@pytest.mark.parametrize("case", ADDRESSED)
def test_a_word_of_address_tells_which_of_several(case: str) -> None:
    text, lang, speaker = ADDRESSED[case]
    assert said(text, lang=lang)[-1][1] == speaker


def test_a_surname_means_its_namesake_with_a_suffix_only_outside_the_roster() -> None:
    admiral = "Adm. Harry B. Biden Jr. came home. “It is a good book,” Admiral Biden said."
    assert said(admiral, lang="en") == [("“It is a good book,”", "Harry B. Biden Jr")]
    son = "Donald Trump Jr. came home. “It is a good book,” Trump said."
    assert said(son, lang="en") == [("“It is a good book,”", "Donald Trump")]
