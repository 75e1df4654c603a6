"""The ledger as people read it: what went into each stage and how it ended, and how each URL ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from pipeline.queries.rows import RequestOutcome, StageBalance, UrlOutcome
from pipeline.records import DocumentKind, Outcome, Stage
from pipeline.store.runs.ledger import URL_STAGES, newest_run_with_urls
from pipeline.store.schema import fetch_days, fetches, outcome_days, outcomes, runs, urls

ALL_RUNS = "all"
"""In place of a run's id: all runs together."""
BEST_FIRST = tuple(Outcome)
"""If two sources listed one URL, the outcome that comes first here is the URL's outcome."""


def ledger_report(connection: Connection, run_id: str | None = None) -> list[StageBalance]:
    """What went into each stage of each source and how it ended, by source and order of the stages.

    Of one run (nothing if it was summed up), of the newest that has any URL (``None``), or of :data:`ALL_RUNS`.
    """
    chosen = run_id or newest_run_with_urls(connection) or ""
    if summed_up(connection, chosen):
        return []
    query = select(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome, func.count().label("items"))
    query = query.group_by(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome)
    if chosen != ALL_RUNS:
        query = query.where(outcomes.c.run_id == chosen)
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for source, stage, outcome, items in connection.execute(query):
        counted.setdefault((source, stage), {})[outcome] = items
    tried = _pages_tried(connection, chosen)
    if chosen == ALL_RUNS:
        _add_days(connection, counted, tried)
    source_stages = counted.keys() | {(source, Stage.CRAWL.value) for source in tried}
    order = [stage.value for stage in Stage]
    lines = []
    for source, stage in sorted(source_stages, key=lambda it: (it[0], order.index(it[1]))):
        out = dict(sorted(counted.get((source, stage), {}).items()))
        went_in = tried.get(source, 0) if stage == Stage.CRAWL else sum(out.values())
        lines.append(StageBalance(source, stage, went_in, out))
    return lines


def summed_up(connection: Connection, run_id: str) -> bool:
    """Whether the run's ledger was replaced by sums per day."""
    return bool(connection.scalar(select(runs.c.summed_up).where(runs.c.id == run_id)))


def _add_days(connection: Connection, counted: dict[tuple[str, str], dict[str, int]], tried: dict[str, int]) -> None:
    """Add the sums per day of ledgers that were removed."""
    days, did = outcome_days.c, fetch_days.c
    sums = select(days.source_id, days.stage, days.outcome, func.sum(days["items"]).label("number"))
    for source, stage, outcome, number in connection.execute(sums.group_by(days.source_id, days.stage, days.outcome)):
        counts = counted.setdefault((source, stage), {})
        counts[outcome] = counts.get(outcome, 0) + int(number)
    pages = select(did.source_id, func.sum(did["items"])).where(did.kind == DocumentKind.PAGE.value)
    for source, number in connection.execute(pages.group_by(did.source_id)):
        tried[source] = tried.get(source, 0) + int(number)


def _pages_tried(connection: Connection, run_id: str) -> dict[str, int]:
    query = select(fetches.c.source_id, func.count().label("tried")).where(fetches.c.kind == DocumentKind.PAGE.value)
    if run_id != ALL_RUNS:
        query = query.where(fetches.c.run_id == run_id)
    return {row.source_id: int(row.tried) for row in connection.execute(query.group_by(fetches.c.source_id))}


def url_outcomes(connection: Connection, run_id: str | None) -> Iterator[UrlOutcome]:
    """The outcome of each URL, by URL, as recorded by the last stage that gave it one.

    ``None``: of the newest run that has any URL; :data:`ALL_RUNS`: of the newest run of each URL, or the outcome stored
    with the URL if the ledger of that run was removed.
    """
    stages = [stage.value for stage in URL_STAGES]
    rank = case({outcome.value: position for position, outcome in enumerate(BEST_FIRST)}, value=outcomes.c.outcome)
    last_stage = case({name: position for position, name in enumerate(stages)}, value=outcomes.c.stage)
    recorded = (
        select(
            outcomes.c.item,
            outcomes.c.source_id,
            outcomes.c.outcome,
            outcomes.c.reason,
            runs.c.started_at.label("at"),
            last_stage.label("stage"),
            rank.label("rank"),
        )
        .join(runs, runs.c.id == outcomes.c.run_id)
        .where(outcomes.c.stage.in_(stages))
    )
    if run_id != ALL_RUNS:
        found = recorded.where(outcomes.c.run_id == (run_id or newest_run_with_urls(connection))).subquery()
    else:
        found = union_all(recorded, _remembered()).subquery()
    query = (
        select(found.c.item, found.c.source_id, found.c.outcome, found.c.reason)
        .ext(distinct_on(found.c.item))
        .order_by(found.c.item, found.c["at"].desc(), found.c.stage.desc(), found.c.rank, found.c.source_id)
    )
    for url, source, outcome, reason in connection.execute(query):
        yield UrlOutcome(url, source, outcome, reason)


def failed_documents(connection: Connection, run_id: str | None) -> Iterator[RequestOutcome]:
    """Feeds, sitemaps, listings and robots.txt that could not be read in the given or newest run, by source and URL.

    A site without robots.txt lacks nothing. None for :data:`ALL_RUNS`, and for a run whose ledger was summed up.
    """
    chosen = run_id or newest_run_with_urls(connection)
    query = (
        select(
            fetches.c.url,
            fetches.c.source_id,
            fetches.c.kind,
            fetches.c.outcome,
            fetches.c.reason,
            fetches.c.status,
            fetches.c.detail,
        )
        .where(
            fetches.c.run_id == chosen,
            (fetches.c.outcome == Outcome.ERROR.value)
            | ((fetches.c.outcome == Outcome.GONE.value) & (fetches.c.kind != DocumentKind.ROBOTS.value)),
            fetches.c.kind != DocumentKind.PAGE.value,
        )
        .order_by(fetches.c.source_id, fetches.c.kind, fetches.c.url)
    )
    for row in connection.execute(query):
        yield RequestOutcome(*row)


def _remembered() -> Select[Any]:
    """The last outcome of each page, stored with its URL; counts as older than anything in the ledger."""
    never: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
    return select(
        urls.c.url, urls.c.source_id, urls.c.outcome, urls.c.reason, never, literal_column("0"), literal_column("0")
    ).where(urls.c.kind == DocumentKind.PAGE.value, urls.c.outcome != "")
