"""Split a stage into batches for parallel tasks, and note what went into each batch and whether it ended.

A killed task is retried, and the second try finds fewer items waiting. So the items a batch takes up are counted before
the work begins, including those the run has finished already; what came out is in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.records import Stage
from pipeline.runtime import telemetry
from pipeline.stages.context import Run
from pipeline.store.runs import ledger, run_state
from pipeline.store.types import index_key

PLANNED, ENTERED, ENDED, FAILED = "planned", "entered", "stage", "failed"
"""Kinds of notes: the batches of a stage, the number of items that entered each, the counts of each batch that ended,
and failures that belong to no item."""

Item = tuple[str, str]
"""A source id, and the name under which the ledger has one of its pages, versions or quotes."""
Noted = Mapping[str, Mapping[str, Any]]


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


def note_planned_batches(connection: Connection, run_id: str, stage: Stage, batches: Sequence[Sequence[str]]) -> None:
    """Note the planned batches of a stage; notes of an earlier plan are dropped."""
    noted = run_state.run_notes(connection, run_id)
    for kind in (ENTERED, ENDED):
        run_state.drop_notes(
            connection, run_id, kind, [name for name in noted.get(kind, {}) if stage_of(name) == stage]
        )
    run_state.save_note(connection, run_id, PLANNED, stage, {"batches": list(map(list, batches))})


def note_items_entered(run: Run, stage: Stage, items: Iterable[Item], *, everywhere: bool = False) -> None:
    """Note the number of items that a stage or batch takes up. ``everywhere``: count items of all sources."""
    taken = {(source, index_key(item)) for source, item in items}
    with run.engine.begin() as connection:
        done = ledger.recorded_items(connection, run.id, stage, None if everywhere else list(run.sources))
        run_state.save_note(connection, run.id, ENTERED, name_of(run, stage), {"items": len(taken | done)})
    telemetry.set_gauge("stage.in", len(taken), stage=str(stage))


def note_stage_ended(run: Run, stage: Stage, counts: Mapping[str, int]) -> None:
    """Note that a stage, or the run's batch of it, has ended."""
    with run.engine.begin() as connection:
        run_state.save_note(connection, run.id, ENDED, name_of(run, stage), dict(counts))


def note_stage_failure(run: Run, stage: Stage, what: str) -> None:
    """Note a failure of a stage that belongs to no item; the run then counts as failed."""
    with run.engine.begin() as connection:
        run_state.save_note(
            connection, run.id, FAILED, f"{name_of(run, stage)} {what}"[:200], {"stage": stage, "what": what}
        )


def noted_failures(noted: Noted) -> list[str]:
    """The failures noted with :func:`note_stage_failure`, as messages."""
    return sorted(f"{it['stage']}: {it['what']}" for it in noted.get(FAILED, {}).values())


def name_of(run: Run, stage: Stage) -> str:
    """Name of the stage, or of the run's batch of it, in the run's notes."""
    return f"{stage}:{run.batch}" if run.batch else str(stage)


def stage_of(name: str) -> str:
    """The stage that a name from :func:`name_of` belongs to."""
    return name.partition(":")[0]


def noted_counts(noted: Noted, kind: str, stage: str) -> dict[str, int]:
    """The counts noted by the batches of a stage, added up."""
    found: dict[str, int] = {}
    for name, values in noted.get(kind, {}).items():
        if stage_of(name) == stage:
            for what, number in values.items():
                found[what] = found.get(what, 0) + number
    return found


def unfinished_work(noted: Noted, stages: Iterable[Stage]) -> list[str]:
    """Messages on batches and stages that have not ended."""
    return [line for stage in stages for line in _unfinished_work_of(noted, stage)]


def _unfinished_work_of(noted: Noted, stage: Stage) -> list[str]:
    planned = noted.get(PLANNED, {}).get(stage, {}).get("batches")
    ended = noted.get(ENDED, {})
    if planned is None:
        return [] if stage in ended else [f"{stage}: did not come to its end; see the log of its task"]
    return [
        f"{stage} of {', '.join(batch)}: did not come to its end; see the log of its task"
        for batch in planned
        if f"{stage}:{batch[0]}" not in ended
    ]
