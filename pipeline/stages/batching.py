"""Split a stage into batches for parallel tasks, and store what went into each batch and whether it ended.

A killed task is retried, and the second try finds fewer items waiting. So the items a batch takes up are counted before
the work begins, including those the run has finished already; what came out is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.records import Stage
from pipeline.runtime import telemetry
from pipeline.stage_result import StageResult
from pipeline.stages.context import Run
from pipeline.store.runs import ledger, run_stages, run_state
from pipeline.store.types import index_key

Item = tuple[str, str]
"""A source id, and the name under which the ledger has one of its pages, versions or quotes."""


def shared_out(waiting: Mapping[str, int], *, size: int, most: int) -> list[list[str]]:
    """Distribute the sources over at most ``most`` batches of about ``size`` waiting items; no batch is empty.

    A source is never split, so that a story which it published twice is detected.
    """
    number = max(1, min(most, -(-sum(waiting.values()) // size)))
    batches: list[list[str]] = [[] for _ in range(number)]
    loads = [0] * number
    for source in sorted(waiting, key=lambda it: (-waiting[it], it)):
        lightest = loads.index(min(loads))
        batches[lightest].append(source)
        loads[lightest] += waiting[source]
    return [batch for batch in batches if batch]


def note_stage_begun(run: Run, stage: Stage) -> None:
    """Store that a stage, or the run's batch of it, begins."""
    with run.engine.begin() as connection:
        run_stages.begin_pass(connection, run.id, stage, run.batch)


def note_items_entered(run: Run, stage: Stage, items: Iterable[Item], *, everywhere: bool = False) -> None:
    """Store the number of items that a stage or batch takes up. ``everywhere``: count items of all sources."""
    taken = {(source, index_key(item)) for source, item in items}
    with run.engine.begin() as connection:
        done = ledger.recorded_items(connection, run.id, stage, None if everywhere else list(run.sources))
        run_stages.save_items(connection, run.id, stage, run.batch, len(taken | done))
    telemetry.set_gauge("stage.in", len(taken), stage=str(stage))


def note_stage_ended(run: Run, stage: Stage, result: StageResult) -> None:
    """Store that a stage, or the run's batch of it, has ended."""
    with run.engine.begin() as connection:
        run_stages.end_pass(connection, run.id, stage, run.batch, result)


def note_stage_failure(run: Run, stage: Stage, what: str) -> None:
    """Store a failure of a stage that belongs to no item; the run then counts as failed."""
    with run.engine.begin() as connection:
        run_state.save_fault(connection, run.id, stage, run.batch, what)
