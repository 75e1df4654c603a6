"""When a known page is read again: often while it is fresh or being edited, seldom later, every day at least."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawlers.recrawl_policy import is_due, is_due_unlisted, is_full_fetch_due, settled_outcome
from pipeline.records import Disposition, DocumentKind, KnownUrl, Outcome

BORN = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
PAGE = KnownUrl("https://paper.example/1", DocumentKind.PAGE, BORN, outcome=Outcome.KEPT, changed_at=BORN)


def reads(edits: tuple[timedelta, ...] = (), until: timedelta = timedelta(days=7)) -> list[timedelta]:
    """Ages at which a page is read by a run every half hour; ``edits``: ages at which it changes."""
    last, changed, found = BORN, BORN, []
    for number in range(1, int(until / HALF_HOUR)):
        age = number * HALF_HOUR
        if is_due_unlisted(replace(PAGE, last_fetched_at=last, changed_at=changed), BORN + age):
            if any(last < BORN + edit <= BORN + age for edit in edits):
                changed = BORN + age
            last = BORN + age
            found.append(age)
    return found


def test_a_page_is_read_in_every_run_while_it_is_fresh_and_ever_less_often_after() -> None:
    found = reads()
    assert found[:11] == [number * HALF_HOUR for number in range(1, 12)]
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert gaps == sorted(gaps)
    assert max(gaps) == timedelta(hours=20)
    assert len(found) < 40


def test_an_edit_brings_a_page_back_to_the_front() -> None:
    edit = timedelta(days=3)
    found = reads((edit,))
    seen = next(age for age in found if age >= edit)
    assert seen - edit <= timedelta(hours=20)
    assert [age for age in found if seen < age <= seen + timedelta(hours=2)] == [
        seen + number * HALF_HOUR for number in range(1, 5)
    ]


@pytest.mark.parametrize("days", range(1, 7))
def test_a_daily_run_reads_every_young_page(days: int) -> None:
    early = timedelta(minutes=20)
    known = replace(PAGE, last_fetched_at=BORN + timedelta(days=days - 1))
    assert is_due(known, BORN + timedelta(days=days) - early)


def test_what_was_never_asked_for_is_due() -> None:
    later = BORN + timedelta(days=3)
    assert is_due(PAGE, later)
    assert not is_due(replace(PAGE, last_fetched_at=later), later + HALF_HOUR)


@pytest.mark.parametrize(
    ("age", "outcome", "wanted"),
    [
        (timedelta(days=8), Outcome.KEPT, (Outcome.UNCHANGED, "settled")),
        (timedelta(days=3, hours=1), Outcome.UNCHANGED, (Outcome.UNCHANGED, "not-due")),
        (timedelta(days=3, hours=1), Outcome.ERROR, None),
        (timedelta(hours=1), Outcome.GONE, None),
        (timedelta(days=2), Outcome.GONE, (Outcome.GONE, "because")),
        (timedelta(days=2), Outcome.NOT_RELEVANT, (Outcome.NOT_RELEVANT, "because")),
    ],
)
def test_what_a_listed_page_that_is_known_ends_as(
    age: timedelta, outcome: Outcome, wanted: tuple[Outcome, str] | None
) -> None:
    known = replace(PAGE, outcome=outcome, reason="because", last_fetched_at=BORN + timedelta(days=3))
    assert settled_outcome(known, BORN + age) == (wanted and Disposition(*wanted))


@pytest.mark.parametrize(
    ("kind", "span"), [(DocumentKind.PAGE, timedelta(days=1)), (DocumentKind.FEED, timedelta(hours=2))]
)
def test_a_server_that_says_304_for_ever_is_found_out(kind: DocumentKind, span: timedelta) -> None:
    """Every document is asked for whole in about a fifth of the spans, and no two in the same ones."""
    pages = [replace(PAGE, kind=kind, url=f"https://paper.example/{number}") for number in range(50)]
    whole = [[is_full_fetch_due(page, BORN + span * n) for n in range(1, 200)] for page in pages]
    assert all(20 <= sum(times) <= 65 for times in whole)
    assert len({tuple(times) for times in whole}) == len(pages)
    assert not any(is_full_fetch_due(page, BORN + span * 0.9) for page in pages)
