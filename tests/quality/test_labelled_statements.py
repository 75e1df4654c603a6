"""Linking, measured on the labelled pairs and briefings: floors, and kinds that must always be right."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations

import pytest

from pipeline.statements.same_speaker import KnownSpeakers
from tests.labelled_statements.reading import (
    Pair,
    Said,
    are_joined,
    labelled_briefings,
    labelled_pairs,
    utterances_of,
)

ALWAYS_JOINED = {
    "exact",
    "truncated",
    "bracket",
    "ellipsis",
    "spelling",
    "edited",
    "body",
    "name",
    "undated",
    "unknown",
}
ALWAYS_APART = {
    "number", "date", "number-wrapped", "negation", "negation-wrapped", "antonym", "name", "stance", "transcript",
    "speaker", "late", "condition", "boilerplate",
}  # fmt: skip
LEAST_PRECISION, LEAST_RECALL = 0.93, 0.85
LEAST_OF_BRIEFINGS = 0.80


@cache
def answers() -> tuple[tuple[Pair, bool], ...]:
    return tuple((pair, are_joined(pair)) for pair in labelled_pairs())


def test_same_words_are_joined_and_other_facts_stay_apart() -> None:
    wrong = [
        pair.id
        for pair, joined in answers()
        if joined != pair.same and pair.kind in (ALWAYS_JOINED if pair.same else ALWAYS_APART)
    ]
    assert not wrong


@pytest.mark.parametrize("half", ["tune", "measure"])
def test_floors_of_the_pairs(half: str) -> None:
    counts = Counter((pair.same, joined) for pair, joined in answers() if pair.half == half)
    both = counts[True, True]
    assert both / (both + counts[False, True]) >= LEAST_PRECISION
    assert both / (both + counts[True, False]) >= LEAST_RECALL


def test_floors_of_the_briefings() -> None:
    labelled = found = both = 0
    for _, articles, said in labelled_briefings():
        where = {
            (report.segment.of.quote.article_id, report.segment.of.start + report.segment.start): (number, report)
            for number, one in enumerate(utterances_of(articles, KnownSpeakers()))
            for report in one.reports
        }

        def statement_of(one: Said, where: dict = where) -> int | None:  # type: ignore[type-arg]
            spans = [
                (min(one.end, start + report.segment.end - report.segment.start) - max(one.start, start), number)
                for (article, start), (number, report) in where.items()
                if article == one.article
            ]
            common, number = max(spans)
            return number if common > 0 else None

        for one, other in combinations(said, 2):
            if one.lang == other.lang:
                same, joined = one.label == other.label, statement_of(one) == statement_of(other)
                labelled, found, both = labelled + same, found + joined, both + (same and joined)
    assert both / labelled >= LEAST_OF_BRIEFINGS
    assert both / found >= LEAST_OF_BRIEFINGS
