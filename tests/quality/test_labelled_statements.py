"""Linking, measured on the labelled pairs and briefings: floors, and kinds that must always be right."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from pipeline.statements.sentence_vectors import installed_encoder
from tests.labelled_statements.reading import (
    Counts,
    Pair,
    are_joined,
    counts_of,
    labelled_briefings,
    labelled_pairs,
    labelled_translations,
    translation_counts,
)

SAME_WORDS = {
    "exact",
    "truncated",
    "split",
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
LEAST_OF_SAME_WORDS = 0.97
LEAST_PRECISION, LEAST_RECALL = 0.96, 0.95
LEAST_OF_TRANSLATIONS, LEAST_RIGHT_OF_TRANSLATIONS = 0.7, 0.95
LEAST_JOINED, LEAST_RIGHT = 0.77, 0.92


@cache
def answers() -> tuple[tuple[Pair, bool], ...]:
    return tuple((pair, are_joined(pair)) for pair in labelled_pairs())


def test_other_facts_stay_apart() -> None:
    assert not [pair.id for pair, joined in answers() if joined and not pair.same and pair.kind in ALWAYS_APART]


def test_same_words_are_joined() -> None:
    same = [joined for pair, joined in answers() if pair.same and pair.kind in SAME_WORDS]
    assert sum(same) / len(same) >= LEAST_OF_SAME_WORDS


@pytest.mark.parametrize("half", ["tune", "measure"])
def test_floors_of_the_pairs(half: str) -> None:
    counts = Counter((pair.same, joined) for pair, joined in answers() if pair.half == half)
    both = counts[True, True]
    assert both / (both + counts[False, True]) >= LEAST_PRECISION
    assert both / (both + counts[True, False]) >= LEAST_RECALL


@pytest.mark.parametrize("half", ["tune", "measure"])
def test_floors_of_the_briefings(half: str) -> None:
    counts = sum((counts_of(one) for one in labelled_briefings() if one.half == half), Counts())
    assert counts.both / counts.same >= LEAST_JOINED
    assert counts.both / counts.joined >= LEAST_RIGHT


@pytest.mark.parametrize("half", ["tune", "measure"])
def test_floors_of_the_translations(half: str) -> None:
    events = [one for one in labelled_translations() if one.half == half]
    counts = sum((translation_counts(one, installed_encoder()) for one in events), Counts())
    assert counts.both / counts.same >= LEAST_OF_TRANSLATIONS
    assert counts.both / counts.joined >= LEAST_RIGHT_OF_TRANSLATIONS
    certain = sum((translation_counts(one, None) for one in events), Counts())
    assert certain.both == certain.joined > 0
