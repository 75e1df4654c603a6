"""How a crawl is judged by its journal and its report: what was left out is never passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.crawling.job import CrawlReport
from pipeline.crawling.summary import best_fetches, summarise_crawl
from pipeline.records import DocumentKind, Fetch, Outcome

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WELL: dict[str, Any] = {
    "source": "mill",
    "discovered": 2,
    "finished": "finished",
    "documents": {"read": 1, "entries": 2},
}


def fetch(name: str, outcome: Outcome = Outcome.KEPT, reason: str = "new", **more: Any) -> Fetch:
    kind = more.pop("kind", DocumentKind.PAGE)
    return Fetch(f"https://mill.example/{name}", kind, outcome, reason, NOW, **more)


@pytest.mark.parametrize(
    ("report", "last", "failure"),
    [
        ({}, fetch("b"), ""),
        ({}, fetch("b", Outcome.ERROR, "timeout"), ""),
        ({}, fetch("b", Outcome.ERROR, "max-pages"), ""),
        ({"finished": "timeout"}, fetch("b", Outcome.ERROR, "not-tried"), "1 of 2 addresses were not tried"),
        ({"discovered": 1}, fetch("map.xml", Outcome.ERROR, "not-tried", kind=DocumentKind.SITEMAP), "1 of 2"),
        ({"left_out": 7}, fetch("b"), "7 addresses were left out"),
        ({"discovered": 3}, fetch("b"), "3 addresses discovered, but 2 have an outcome"),
        ({"documents": {"read": 0}}, fetch("b"), "none of its discovery documents"),
    ],
)
def test_what_was_not_done_is_a_failure(report: dict[str, Any], last: Fetch, failure: str) -> None:
    found = summarise_crawl("mill", CrawlReport.model_validate(WELL | report), "", [fetch("a"), last]).failure
    assert found.startswith(failure) and bool(found) == bool(failure)


def test_of_an_address_that_was_crawled_twice_the_better_line_counts() -> None:
    lines = [
        fetch("a", title="first"),
        fetch("b", Outcome.ERROR, "not-tried"),
        fetch("c", Outcome.ERROR, "timeout"),
        fetch("a", Outcome.ERROR, "not-tried"),
        fetch("b"),
        fetch("c", Outcome.ERROR, "not-tried"),
        fetch("a", kind=DocumentKind.FEED),
        fetch("d"),
        fetch("d", Outcome.UNCHANGED, "same-body"),
    ]
    found = {(it.kind.value, it.url[-1]): (it.outcome.value, it.reason, it.title) for it in best_fetches(lines)}
    assert found == {
        ("page", "a"): ("kept", "new", "first"),
        ("page", "b"): ("kept", "new", ""),
        ("page", "c"): ("error", "not-tried", ""),
        ("feed", "a"): ("kept", "new", ""),
        ("page", "d"): ("unchanged", "same-body", ""),
    }
