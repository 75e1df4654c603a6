"""The ledger: one outcome for each item of each stage of each run, and reports over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert

from pipeline.records import DocumentKind, LedgerEntry, Outcome, Stage
from pipeline.runtime import telemetry
from pipeline.store.runs.run_state import run_notes
from pipeline.store.runs.runs import latest_run
from pipeline.store.schema import fetch_days, fetches, outcome_days, outcomes, runs, urls
from pipeline.store.types import index_key

ALL = "all"
LEDGER, SUMMED_UP = "ledger", "summed-up"
"""Kind and name of the note that says that a run's ledger was summed up (:mod:`pipeline.store.admin.retention`)."""
URL_STAGES = (Stage.CRAWL, Stage.EXTRACT)
"""Stages whose items are URLs as discovered."""
BEST_FIRST = tuple(Outcome)
"""If two sources listed one URL, the outcome that comes first here is the URL's outcome."""


def record_outcomes(connection: Connection, run_id: str, entries: Iterable[LedgerEntry]) -> int:
    """Upsert the entries, one per source, item, stage and run; how many."""
    rows = {(e.stage, e.source_id or "", index_key(e.item)): e for e in entries}
    if not rows:
        return 0
    statement = insert(outcomes)
    statement = statement.on_conflict_do_update(
        index_elements=["run_id", "stage", "source_id", "item"],
        set_={name: statement.excluded[name] for name in ("outcome", "reason", "detail")},
    )
    connection.execute(
        statement,
        [
            {
                "run_id": run_id,
                "stage": stage.value,
                "source_id": source,
                "item": item,
                "outcome": entry.outcome.value,
                "reason": entry.reason,
                "detail": entry.detail[:1000],
            }
            for (stage, source, item), entry in sorted(rows.items(), key=lambda it: (it[0][0].value, *it[0][1:]))
        ],
    )
    for (stage, source, _), entry in rows.items():
        telemetry.add_to_counter("items", 1, stage=stage.value, source=source, outcome=entry.outcome.value)
        if stage is Stage.ALERT:
            telemetry.add_to_counter("deliveries", 1, result=entry.reason)
    return len(rows)


def recorded_items(
    connection: Connection, run_id: str, stage: Stage, sources: Sequence[str] | None = None
) -> set[tuple[str, str]]:
    """``(source, item)`` of all items that have an outcome in a stage of a run; ``sources`` None: of every source."""
    query = select(outcomes.c.source_id, outcomes.c.item).where(
        outcomes.c.run_id == run_id, outcomes.c.stage == stage.value
    )
    if sources is not None:
        query = query.where(outcomes.c.source_id.in_(sources))
    return {(source, item) for source, item in connection.execute(query)}


def details_sum(connection: Connection, run_id: str, stage: Stage, sources: Sequence[str]) -> int:
    """The sum of the details of the kept items of a stage whose details are numbers."""
    query = select(func.sum(cast(outcomes.c.detail, Integer))).where(
        outcomes.c.run_id == run_id,
        outcomes.c.stage == stage.value,
        outcomes.c.outcome == Outcome.KEPT.value,
        outcomes.c.source_id.in_(sources),
    )
    return connection.scalar(query) or 0


def ledger_report(connection: Connection, run_id: str | None = None) -> list[dict[str, Any]]:
    """``source, stage, in, outcomes, balance`` per source and stage, by source and order of the stages.

    Of one run (nothing if it was summed up), of the newest that has any URL (``None``), or of all together (``"all"``).
    ``in``: for the crawl the pages in its journals, for another stage the items that have an outcome. ``balance`` is
    the number of items without an outcome, zero if all is well.
    """
    chosen = run_id or newest_run_with_urls(connection) or ""
    if summed_up(connection, chosen):
        return []
    query = select(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome, func.count().label("items"))
    query = query.group_by(outcomes.c.source_id, outcomes.c.stage, outcomes.c.outcome)
    if chosen != ALL:
        query = query.where(outcomes.c.run_id == chosen)
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for source, stage, outcome, items in connection.execute(query):
        counted.setdefault((source, stage), {})[outcome] = items
    tried = _pages_tried(connection, chosen)
    if chosen == ALL:
        _add_days(connection, counted, tried)
    source_stages = counted.keys() | {(source, Stage.CRAWL.value) for source in tried}
    order = [stage.value for stage in Stage]
    lines = []
    for source, stage in sorted(source_stages, key=lambda it: (it[0], order.index(it[1]))):
        out = dict(sorted(counted.get((source, stage), {}).items()))
        came_out = sum(out.values())
        went_in = tried.get(source, 0) if stage == Stage.CRAWL else came_out
        lines.append({"source": source, "stage": stage, "in": went_in, "outcomes": out, "balance": went_in - came_out})
    return lines


def summed_up(connection: Connection, run_id: str) -> bool:
    """Whether the run's ledger was replaced by sums per day."""
    return SUMMED_UP in run_notes(connection, run_id).get(LEDGER, {})


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
    if run_id != ALL:
        query = query.where(fetches.c.run_id == run_id)
    return {row.source_id: int(row.tried) for row in connection.execute(query.group_by(fetches.c.source_id))}


def stage_counts(connection: Connection, run_id: str) -> list[tuple[str, str, str, int]]:
    """``(stage, outcome, reason, number of items)`` of a run."""
    query = (
        select(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason, func.count())
        .where(outcomes.c.run_id == run_id)
        .group_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
        .order_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
    )
    return [(stage, outcome, reason, number) for stage, outcome, reason, number in connection.execute(query)]


def url_outcomes(connection: Connection, run_id: str | None) -> Iterator[dict[str, str]]:
    """``url, source, outcome, reason`` of each URL, by URL, as recorded by the last stage that gave it an outcome.

    ``None``: of the newest run that has any URL; ``"all"``: of each URL's newest run, or the outcome stored with the
    URL if the ledger of that run was removed.
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
    if run_id != ALL:
        found = recorded.where(outcomes.c.run_id == (run_id or newest_run_with_urls(connection))).subquery()
    else:
        found = union_all(recorded, _remembered()).subquery()
    query = (
        select(found.c.item, found.c.source_id, found.c.outcome, found.c.reason)
        .ext(distinct_on(found.c.item))
        .order_by(found.c.item, found.c["at"].desc(), found.c.stage.desc(), found.c.rank, found.c.source_id)
    )
    for url, source, outcome, reason in connection.execute(query):
        yield {"url": url, "source": source, "outcome": outcome, "reason": reason}


def _remembered() -> Select[Any]:
    """The last outcome of each page, stored with its URL; counts as older than anything in the ledger."""
    never: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
    return select(
        urls.c.url, urls.c.source_id, urls.c.outcome, urls.c.reason, never, literal_column("0"), literal_column("0")
    ).where(urls.c.kind == DocumentKind.PAGE.value, urls.c.outcome != "")


def newest_run_with_urls(connection: Connection) -> str | None:
    """The newest run in which any URL has an outcome; if there is none, the newest run."""
    query = (
        select(runs.c.id)
        .where(
            select(outcomes.c.item)
            .where(outcomes.c.run_id == runs.c.id, outcomes.c.stage.in_([stage.value for stage in URL_STAGES]))
            .exists()
        )
        .order_by(runs.c.started_at.desc(), runs.c.id.desc())
        .limit(1)
    )
    return connection.scalar(query) or latest_run(connection)
