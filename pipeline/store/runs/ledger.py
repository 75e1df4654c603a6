"""The ledger: one outcome for each item of each stage of each run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    Connection,
    Integer,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from pipeline.records import LedgerEntry, Outcome, Stage
from pipeline.runtime import telemetry
from pipeline.store.runs.runs import latest_run
from pipeline.store.schema import outcomes, runs
from pipeline.store.types import index_key

URL_STAGES = (Stage.CRAWL, Stage.EXTRACT)
"""Stages whose items are URLs as discovered."""


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


def stage_counts(connection: Connection, run_id: str) -> list[tuple[str, str, str, int]]:
    """``(stage, outcome, reason, number of items)`` of a run."""
    query = (
        select(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason, func.count())
        .where(outcomes.c.run_id == run_id)
        .group_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
        .order_by(outcomes.c.stage, outcomes.c.outcome, outcomes.c.reason)
    )
    return [(stage, outcome, reason, number) for stage, outcome, reason, number in connection.execute(query)]


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
