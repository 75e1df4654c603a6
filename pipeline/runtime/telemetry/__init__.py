"""Traces and metrics over OTLP/HTTP for whoever sets ``OTEL_EXPORTER_OTLP_ENDPOINT``; nothing at all for others.

One run is one trace, whatever processes and machines take part: its trace id and the id of its root span follow from
the run's id, so no task has to tell another. A crawler is told its parent span in ``TRACEPARENT``. Sending goes on
beside the work; a collector that is away, slow or wrong is told of once in the log and costs a process no more than
``FLUSH_SECONDS`` at its end. OpenTelemetry is imported on first use, and only if it is on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.runtime.telemetry.export import Exporter

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PARENT = "TRACEPARENT"
FLUSH_SECONDS = 3.0
"""Longest that the end of a process waits for the collector."""


def is_enabled() -> bool:
    """Whether anybody wants to hear."""
    return bool(os.environ.get(ENDPOINT)) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


@contextmanager
def stage_span(run_id: str, stage: str) -> Iterator[None]:
    """A span for a stage of a run, or a part of one, under the run's root span; failed if the block raises."""
    exporter = _exporter()
    if exporter is None:
        yield
        return
    with exporter.span(stage, exporter.root(run_id), {"run": run_id, "stage": stage}):
        yield


@contextmanager
def crawl_span(run_id: str, source: str) -> Iterator[None]:
    """A span for the crawl of a source, under the span that the parent process was in when it started this one."""
    exporter = _exporter()
    if exporter is None:
        yield
        return
    parent = exporter.parent(os.environ.get(PARENT, "")) or exporter.root(run_id)
    with exporter.span(f"crawl {source}", parent, {"run": run_id, "source": source}):
        yield


def run_ended(
    run_id: str, command: str, *, started_at: datetime, ended_at: datetime, exit_code: int, reason: str
) -> None:
    """Send the root span of a run, which began in another process, maybe."""
    exporter = _exporter()
    if exporter is not None:
        attributes = {"run": run_id, "command": command, "exit_code": exit_code, "exit_reason": reason[:500]}
        exporter.root_span(f"onrecord {command}", run_id, started_at, ended_at, attributes, failed=exit_code != 0)


def add_to_counter(name: str, number: float, **labels: str) -> None:
    """Add to a counter; ``name`` without the prefix ``onrecord.``."""
    exporter = _exporter()
    if exporter is not None:
        exporter.add_to_counter(name, number, labels)


def set_gauge(name: str, number: float, **labels: str) -> None:
    """Say how high something stands now."""
    exporter = _exporter()
    if exporter is not None:
        exporter.set_gauge(name, number, labels)


def record_duration(name: str, seconds: float, **labels: str) -> None:
    """Add to a histogram of seconds."""
    exporter = _exporter()
    if exporter is not None:
        exporter.record_duration(name, seconds, labels)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process, with the span that we are in, if any."""
    exporter = _exporter()
    own = {name: value for name, value in environment.items() if name != PARENT}
    traceparent = exporter.current() if exporter is not None else ""
    return {**own, PARENT: traceparent} if traceparent else own


def flush() -> None:
    """Send what is left, waiting no longer than ``FLUSH_SECONDS``; not at all for a collector that was away."""
    exporter = _exporter()
    if exporter is not None:
        exporter.flush(FLUSH_SECONDS)


def _exporter() -> Exporter | None:
    return _made() if is_enabled() else None


@cache
def _made() -> Exporter | None:
    from pipeline.runtime.telemetry.export import make_exporter

    return make_exporter()
