"""Traces and metrics over OTLP/HTTP, if ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; otherwise every function does nothing.

One run is one trace, whatever processes and machines take part: its trace id and the id of its root span are derived
from the run's id, so tasks need not pass them on. A crawler gets its parent span in ``TRACEPARENT``. Data is sent in
the background; if the collector becomes unreachable, slow or fails, that is logged once, and it delays the end of a
process by no more than ``FLUSH_SECONDS``. OpenTelemetry is imported on first use, and only if telemetry is enabled.
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
"""Seconds that the end of a process waits for the collector at most."""


def is_enabled() -> bool:
    """Whether telemetry is enabled by the environment."""
    return bool(os.environ.get(ENDPOINT)) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


@contextmanager
def stage_span(run_id: str, stage: str) -> Iterator[None]:
    """A span for a stage of a run, or a part of one, under the run's root span; marked failed if the block raises."""
    exporter = _exporter()
    if exporter is None:
        yield
        return
    with exporter.span(stage, exporter.root(run_id), {"run": run_id, "stage": stage}):
        yield


@contextmanager
def crawl_span(run_id: str, source: str) -> Iterator[None]:
    """A span for the crawl of a source, under the span that was current in the parent process when it started this."""
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
    """Send the root span of a run, which may have begun in another process."""
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
    """Set a gauge to its current value."""
    exporter = _exporter()
    if exporter is not None:
        exporter.set_gauge(name, number, labels)


def record_duration(name: str, seconds: float, **labels: str) -> None:
    """Record a value in a histogram of seconds."""
    exporter = _exporter()
    if exporter is not None:
        exporter.record_duration(name, seconds, labels)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process, with the current span in ``TRACEPARENT`` if there is one."""
    exporter = _exporter()
    own = {name: value for name, value in environment.items() if name != PARENT}
    traceparent = exporter.current() if exporter is not None else ""
    return {**own, PARENT: traceparent} if traceparent else own


def flush() -> None:
    """Send what is left, waiting at most ``FLUSH_SECONDS``, and not at all if the collector was unreachable before."""
    exporter = _exporter()
    if exporter is not None:
        exporter.flush(FLUSH_SECONDS)


def _exporter() -> Exporter | None:
    return _made() if is_enabled() else None


@cache
def _made() -> Exporter | None:
    from pipeline.runtime.telemetry.export import make_exporter

    return make_exporter()
