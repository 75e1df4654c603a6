"""Sentences that join two things said are cut between them, and no others."""

from __future__ import annotations

import pytest

from pipeline.statements.clauses import clause_bounds


@pytest.mark.parametrize(
    ("lang", "clauses"),
    [
        ("en", ["The toll is paid for the year", "but the bridge will be closed until Easter"]),
        ("en", ["the mayor had sold no boats", "but that he had lent two of them to the school"]),
        ("en", ["The miners are back at home", "and the shaft is being pumped out."]),
        ("en", ["The vote will be held in autumn", "though nobody has printed the ballots yet"]),
        ("en", ["We have patched the dyke; ", "the lower meadows are dry."]),
        ("en", ["The kiln was cold all winter, ", "we are lighting it tonight."]),
        ("ru", ["Мы закрыли мельницу на зиму", "но зерно принимать продолжим"]),
        ("ru", ["Ярмарку открыли в субботу", "а карусель привезут только в мае"]),
        ("ru", ["Паром стоит у причала, ", "команда отпущена по домам"]),
        ("ru", ["Пасека – наша гордость", "и мёд с неё едят во всей долине"]),
    ],
)
def test_two_things_said_are_two_clauses(lang: str, clauses: list[str]) -> None:
    first, second = clauses
    text = first + second if first[-1] == " " else f"{first}, {second}"
    (begins, ends), (start, end) = clause_bounds(text, (0, len(text)), lang)
    assert text[begins:ends] == first.rstrip(" ,;")
    assert second.endswith(text[start:end]) and start > ends and end == len(text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "If the dyke breaks, we will move the village uphill"),
        ("en", "Should the ferry sink, the owners will pay for the cargo"),
        ("en", "The baker, who has lived here since the war, is leaving us"),
        ("en", "We saw mills, granaries and three open barns"),
        ("en", "It is not a palace but a shed with two doors"),
        ("en", "Sixty per cent of the ice is gone, but today it is already seventy"),
        ("en", "On Tuesday after the service, the choir will sing on the square"),
        ("ru", "Если дамба не выдержит, мы перенесём деревню на холм"),
        ("ru", "Пекарь, который живёт здесь с войны, уезжает от нас"),
        ("ru", "Мы видели мельницы, амбары и три открытых сарая"),
        ("ru", "Это не дворец, а сарай с двумя дверями"),
        ("ru", "Растаяло шестьдесят процентов льда, а сегодня уже семьдесят"),
        ("ru", "Мы знаем, что пекарь уезжает к дочери"),
        ("ru", "Дорогу чистят независимо от того, на чьей земле она лежит"),
        ("ru", "Мост должен стоять вне зависимости от того, кому он достался"),
        ("ru", "В селе остались три семьи, у одной из которых есть корова"),
        ("ru", "Мы спорили о заборе, из-за которого поссорились деды"),
        ("en", "We have three ferries, one of which sails only in summer"),
        ("en", "They keep a register, in which every goose has a number"),
        ("en", "The village has nine men, most of whom have left for the coast"),
    ],
)
def test_one_thing_said_is_one_clause(lang: str, text: str) -> None:
    assert clause_bounds(text, (0, len(text)), lang) == [(0, len(text))]
