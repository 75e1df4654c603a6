"""Russian documents, bodies and abbreviations: a letter is its sender's, and FT is the Financial Times named before."""

from __future__ import annotations

import pytest

from tests.unit.quoting import said

SPEAKERS = {
    "a letter named before": ("Депутат Пётр Зуев отправил письмо мэру Олегу Лобову. В письме говорится", "Пётр Зуев"),
    "a letter that somebody got": ("Депутат Пётр Зуев получил письмо от мэра Олега Лобова. В письме", "Олег Лобов"),
    "a letter with its addressee": ("В письме Петра Зуева министру Лобову говорится", "Пётр Зуев"),
    "a letter with its sender's title": ("В письме министра Петра Зуева отмечается", "Пётр Зуев"),
    "a statement of several": ("В совместном заявлении министров говорится", "министры"),
    "a statement of heads": ("В заявлении глав ведомств говорится", "главы ведомств"),
    "a report of a commission": ("В докладе комиссии отмечается", "комиссия"),
    "a report after somebody else spoke": ("Пётр Зуев сказал, что порт цел. Из доклада следует", "доклад"),
    "his own statement": ("Пётр Зуев сказал, что порт цел. В его заявлении говорится", "Пётр Зуев"),
    "whoever published it": ("В сообщении, опубликованном полицией порта, говорится", "полиция порта"),
    "whose page it stands on": ("В сообщении, размещённом на сайте полиции, говорится", "полиция"),
    "a press service of a body": ("В пресс-службе министерства уточнили", "пресс-служба министерства"),
    "an abbreviation in brackets": ("Союз рыбаков Ивняка (СРИ) собрался. В СРИ сообщили", "Союз рыбаков Ивняка"),
    "an abbreviation of a Latin name": ("Об этом пишет The Ivnyak Post. TIP отмечает", "The Ivnyak Post"),
    "an abbreviation that nobody introduced": ("Мэр приехал в порт. В СРИ сообщили", "СРИ"),
    "a source without a name": ("Бывший анонимный сотрудник порта рассказал", "бывший анонимный сотрудник порта"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPEAKERS)
def test_a_document_speaks_for_whoever_wrote_it(case: str) -> None:
    text, speaker = SPEAKERS[case]
    verb = "" if text.split()[-1] not in ("письме",) else " говорится"
    assert [name for _, name in said(f"{text}{verb}, что мост закрыт.", lang="ru")][-1:] == [speaker]
