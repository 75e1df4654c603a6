"""Stages shared out among tasks: what makes a batch, what went into each, and which have come to their end.

A task that is killed is tried again, and its second try finds less to do. So what a stage takes up is noted before the
work begins, together with what the run has done of it already; what came out is the ledger's to say.
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
"""Kinds of notes: the batches of a stage, how many items went into each, the counts of each that has ended, and what
it could not do besides its items."""

Item = tuple[str, str]
"""A source and what the ledger calls one of its pages, versions or quotes."""
Noted = Mapping[str, Mapping[str, Any]]


def shared_out(waiting: Mapping[str, int], *, size: int, most: int) -> list[list[str]]:
    """The sources in batches of about ``size`` waiting items, in at most ``most``, each source in one; never none.

    A source stays whole: a story that it publishes twice is told from what it has published before.
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
    """Note of which batches a stage of the run consists; what those of an earlier plan have noted no longer counts."""
    noted = run_state.run_notes(connection, run_id)
    for kind in (ENTERED, ENDED):
        run_state.drop_notes(
            connection, run_id, kind, [name for name in noted.get(kind, {}) if stage_of(name) == stage]
        )
    run_state.save_note(connection, run_id, PLANNED, stage, {"batches": list(map(list, batches))})


def note_items_entered(run: Run, stage: Stage, items: Iterable[Item], *, everywhere: bool = False) -> None:
    """Note what a stage, or the batch of it that the run is on, takes up. ``everywhere``: also beyond its sources."""
    taken = {(source, index_key(item)) for source, item in items}
    with run.engine.begin() as connection:
        done = ledger.recorded_items(connection, run.id, stage, None if everywhere else list(run.sources))
        run_state.save_note(connection, run.id, ENTERED, name_of(run, stage), {"items": len(taken | done)})
    telemetry.set_gauge("stage.in", len(taken), stage=str(stage))


def note_stage_ended(run: Run, stage: Stage, counts: Mapping[str, int]) -> None:
    """Note that a stage, or the batch of it that the run is on, has come to its end."""
    with run.engine.begin() as connection:
        run_state.save_note(connection, run.id, ENDED, name_of(run, stage), dict(counts))


def note_stage_failure(run: Run, stage: Stage, what: str) -> None:
    """Note what a stage could not do that is no item of it; the run then has not ended well."""
    with run.engine.begin() as connection:
        run_state.save_note(
            connection, run.id, FAILED, f"{name_of(run, stage)} {what}"[:200], {"stage": stage, "what": what}
        )


def noted_failures(noted: Noted) -> list[str]:
    """What the stages have noted with :func:`fail`, in words."""
    return sorted(f"{it['stage']}: {it['what']}" for it in noted.get(FAILED, {}).values())


def name_of(run: Run, stage: Stage) -> str:
    return f"{stage}:{run.batch}" if run.batch else str(stage)


def stage_of(name: str) -> str:
    return name.partition(":")[0]


def noted_counts(noted: Noted, kind: str, stage: str) -> dict[str, int]:
    """What the batches of a stage noted, added up."""
    found: dict[str, int] = {}
    for name, values in noted.get(kind, {}).items():
        if stage_of(name) == stage:
            for what, number in values.items():
                found[what] = found.get(what, 0) + number
    return found


def unfinished_work(noted: Noted, stages: Iterable[Stage]) -> list[str]:
    """What of these stages has not come to its end, in words."""
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
