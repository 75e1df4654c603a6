"""The stages of a run, one row for each, or for each batch of a stage that is split over parallel tasks.

Each task writes only its own row. A row says when the work began; it has no end until the work is done, so that the
row of a killed stage or batch never looks finished, and a second try takes the end away until it ends itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from pipeline.records import Stage
from pipeline.stage_result import StageResult
from pipeline.store.schema import run_stages

KEY = ("run_id", "stage", "batch")


@dataclass(frozen=True, slots=True)
class StagePass:
    """A stage of a run, or one batch of it."""

    stage: Stage
    batch: str
    """Its first source; empty if the stage is not split."""
    sources: tuple[str, ...]
    """The sources of a planned batch; empty if the stage is not split."""
    items: int | None
    """How many items it took up; None if it never came to that, or takes up none (crawl, alert)."""
    ended: bool
    result: StageResult


def plan_batches(connection: Connection, run_id: str, stage: Stage, batches: Sequence[Sequence[str]]) -> None:
    """Replace all rows of a stage by one for each batch, none of which has begun."""
    connection.execute(delete(run_stages).where(run_stages.c.run_id == run_id, run_stages.c.stage == stage))
    rows = [{"run_id": run_id, "stage": stage, "batch": batch[0], "sources": list(batch)} for batch in batches]
    connection.execute(insert(run_stages), rows)


def begin_pass(connection: Connection, run_id: str, stage: Stage, batch: str) -> None:
    """Note that a stage or batch begins now, for the first time or again; its end is open."""
    _save(connection, run_id, stage, batch, {"entered": func.clock_timestamp(), "ended": None})


def save_items(connection: Connection, run_id: str, stage: Stage, batch: str, items: int) -> None:
    """Note how many items a stage or batch takes up."""
    _save(connection, run_id, stage, batch, {"items": items})


def end_pass(connection: Connection, run_id: str, stage: Stage, batch: str, result: StageResult) -> None:
    """Note that a stage or batch has ended now, with its counts."""
    _save(connection, run_id, stage, batch, {"ended": func.clock_timestamp(), **result.counts})


def _save(connection: Connection, run_id: str, stage: Stage, batch: str, values: dict[str, Any]) -> None:
    """Write the values into the row. A row made here, because its stage runs alone, begins now."""
    new = {"run_id": run_id, "stage": stage, "batch": batch, "entered": func.clock_timestamp(), **values}
    statement = insert(run_stages).values(new)
    begun = func.coalesce(run_stages.c.entered, statement.excluded.entered)
    connection.execute(statement.on_conflict_do_update(index_elements=KEY, set_={"entered": begun, **values}))


def stage_passes(connection: Connection, run_id: str) -> list[StagePass]:
    """All stages and batches of a run, by stage in their order and batch."""
    rows = connection.execute(select(run_stages).where(run_stages.c.run_id == run_id).order_by(run_stages.c.batch))
    found = [
        StagePass(
            Stage(row.stage),
            row.batch,
            tuple(row.sources),
            row.items,
            row.ended is not None,
            StageResult(**{count.name: row._mapping[count.name] for count in fields(StageResult)}),
        )
        for row in rows
    ]
    order = list(Stage)
    return sorted(found, key=lambda it: order.index(it.stage))


def summed_result(passes: Iterable[StagePass]) -> StageResult:
    """The counts of stages and batches, added up."""
    return reduce(add, (it.result for it in passes), StageResult())


def summed_items(passes: Iterable[StagePass], stage: Stage) -> int | None:
    """How many items entered a stage, over all its batches; None if that was never noted."""
    entered = [it.items for it in passes if it.stage is stage and it.items is not None]
    return sum(entered) if entered else None


def unfinished_work(passes: Sequence[StagePass], stages: Iterable[Stage]) -> list[str]:
    """Messages on stages and batches that have not ended."""
    return [line for stage in stages for line in _unfinished_work_of([it for it in passes if it.stage is stage], stage)]


def _unfinished_work_of(passes: Sequence[StagePass], stage: Stage) -> list[str]:
    planned = [it for it in passes if it.sources]
    if not planned:
        names = [] if any(it.ended for it in passes) else [str(stage)]
    else:
        names = [f"{stage} of {', '.join(it.sources)}" for it in planned if not it.ended]
    return [f"{name}: did not come to its end; see the log of its task" for name in names]
