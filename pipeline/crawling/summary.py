"""Summarise one source's crawl from its journal and the crawler's report, and decide whether it failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from pipeline.crawling.job import CrawlReport
from pipeline.reasons import Reason
from pipeline.records import DocumentKind, Fetch, Outcome
from pipeline.runtime.sandbox import UNANSWERED

NOTHING_READ = "none of its discovery documents could be read"
NOTHING_LISTED = "its discovery documents listed nothing"


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """The result of one source's crawl. ``failure`` says why the source counts as failed; empty if it does not."""

    source: str
    discovered: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    in_replay: bool = True
    failure: str = ""
    not_before: dict[str, str] = field(default_factory=dict)
    """Retry-After times that last beyond the crawl, by host or address."""
    damage: list[str] = field(default_factory=list)
    """The parts of the replayed files that could not be read."""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def is_item(fetch: Fetch) -> bool:
    """Whether the ledger counts this line: discovered pages, not the documents that listed them."""
    return fetch.kind is DocumentKind.PAGE


def unread_documents(fetches: Iterable[Fetch]) -> list[Fetch]:
    """Feeds, sitemaps and listings that could not be parsed because their worker died or was too slow."""
    return [fetch for fetch in fetches if not is_item(fetch) and fetch.reason in UNANSWERED]


def best_fetches(lines: Iterable[Fetch]) -> list[Fetch]:
    """One line for each address, if a source was crawled more than once into one journal.

    It is the last one, unless that is an error and an earlier one is not.
    """
    found: dict[tuple[DocumentKind, str], Fetch] = {}
    for fetch in lines:
        before = found.get((fetch.kind, fetch.url))
        if before is None or fetch.outcome is not Outcome.ERROR or before.outcome is Outcome.ERROR:
            found[fetch.kind, fetch.url] = fetch
    return list(found.values())


def summarise_crawl(source_id: str, report: CrawlReport | None, error: str, fetches: list[Fetch]) -> CrawlSummary:
    """The summary of a crawl: counts from the journal, the rest from the child's report; None: it gave none.

    ``error``: why the child process failed; empty if it did not.
    """
    items = [fetch for fetch in fetches if is_item(fetch)]
    outcomes = dict(Counter(str(fetch.outcome) for fetch in items))
    if report is None:
        return CrawlSummary(source_id, len(items), outcomes, failure=error or NOTHING_READ)
    return CrawlSummary(
        source_id,
        len(items),
        outcomes,
        report.documents.model_dump(),
        report.in_replay,
        error or _failure(report, len(items), fetches),
        {asks: until.isoformat() for asks, until in report.not_before.items()},
        report.damage,
    )


def _failure(report: CrawlReport, items: int, fetches: list[Fetch]) -> str:
    """Why a crawl whose process ended normally has failed all the same; empty if it has not."""
    if report.in_replay and not report.documents.read:
        return NOTHING_READ
    if report.in_replay and not report.documents.entries and not report.documents.unchanged:
        return NOTHING_LISTED
    if unread := unread_documents(fetches):
        return f"{unread[0].url} was not read ({unread[0].reason}), {len(unread)} such; the next run reads it"
    if report.discovered > items:
        return f"{report.discovered} addresses discovered, but {items} have an outcome"
    if report.left_out:
        return f"{report.left_out} addresses were left out: one crawl takes up no more"
    untried = sum(fetch.reason == Reason.NOT_TRIED and fetch.outcome is Outcome.ERROR for fetch in fetches)
    how = {"shutdown": "stopped", "timeout": "out of time"}.get(report.finished, "ended early")
    return f"{untried} of {len(fetches)} addresses were not tried: the crawl was {how}" if untried else ""
