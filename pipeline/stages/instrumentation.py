"""Log context, trace spans and metrics of stages and runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

from sqlalchemy import Connection

from pipeline.records import Stage
from pipeline.runtime import telemetry
from pipeline.runtime.log_context import log_context
from pipeline.stage_result import StageResult
from pipeline.stages.context import Run
from pipeline.store.runs import runs


@contextmanager
def instrumented_stage(run: Run, stage: Stage) -> Iterator[None]:
    """Context of a stage, or of a part of it: log fields, a span, and its duration."""
    began = time.monotonic()
    with log_context(run=run.id, stage=str(stage)), telemetry.stage_span(run.id, str(stage)):
        try:
            yield
        finally:
            telemetry.record_duration("stage.duration", time.monotonic() - began, stage=str(stage))


@contextmanager
def sent_at_end() -> Iterator[None]:
    """Flush telemetry when the block ends, since a scheduler's process may exit right after it."""
    try:
        yield
    finally:
        telemetry.flush()


def record_stage_metrics(stage: Stage, result: StageResult) -> None:
    """Record the counts of a stage as metrics."""
    counts = result.counts
    for count in (it for it in fields(result) if it.name in counts):
        if total := count.metadata["total"]:
            telemetry.add_to_counter(total, counts[count.name])
        if level := count.metadata["level"]:
            telemetry.set_gauge(level, counts[count.name], stage=str(stage))


def run_ended(connection: Connection, run_id: str) -> None:
    """Emit the span of a whole run, once its end is stored."""
    row = runs.run_row(connection, run_id) if telemetry.is_enabled() else None
    if row is not None and row["finished_at"] is not None:
        telemetry.run_ended(
            run_id,
            row["command"],
            started_at=row["started_at"],
            ended_at=row["finished_at"],
            exit_code=row["exit_code"],
            reason=row["exit_reason"],
        )
