"""The exporter on OpenTelemetry's SDK. It has its own providers, so that the global ones of Airflow are not changed."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExportResult,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

log = structlog.get_logger()

TIMEOUT = 3.0
"""Timeout of one export in seconds, unless ``OTEL_EXPORTER_OTLP_TIMEOUT`` is set."""
EVERY_MILLIS = 10_000
_DELTA: dict[type, AggregationTemporality] = {
    Counter: AggregationTemporality.DELTA,
    Histogram: AggregationTemporality.DELTA,
}
"""Delta temporality: our processes are short-lived, so each sends what it adds, and the collector sums."""
_W3C = TraceContextTextMapPropagator()


def make_exporter() -> Exporter | None:
    """The exporter for the settings in the environment; None, with a line in the log, if they are invalid."""
    quiet = logging.getLogger("opentelemetry")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    try:
        return Exporter()
    except (ValueError, TypeError, OSError, RuntimeError) as error:
        log.warning("telemetry_off", error=str(error)[:300])
        return None


class _Failures:
    """Tracks failed exports; of several failures in a row only the first is logged."""

    def __init__(self) -> None:
        self.away = False

    def note(self, kind: str, *, taken: bool) -> None:
        if not taken and not self.away:
            log.warning("telemetry_not_taken", sent=kind, effect="the run goes on; traces and metrics are lost")
        self.away = not taken


class _Spans(OTLPSpanExporter):
    def __init__(self, failures: _Failures) -> None:
        super().__init__(timeout=_timeout("TRACES"))
        self._failures = failures

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        self._failures.note("spans", taken=result is SpanExportResult.SUCCESS)
        return result


class _Metrics(OTLPMetricExporter):
    def __init__(self, failures: _Failures) -> None:
        chosen = os.environ.get("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")
        super().__init__(timeout=_timeout("METRICS"), preferred_temporality=None if chosen else _DELTA)
        self._failures = failures

    def export(
        self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **more: Any
    ) -> MetricExportResult:
        result = super().export(metrics_data, timeout_millis, **more)
        self._failures.note("metrics", taken=result is MetricExportResult.SUCCESS)
        return result


def _timeout(signal: str) -> float | None:
    named = (f"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
    return None if any(os.environ.get(name) for name in named) else TIMEOUT


class _Ids(RandomIdGenerator):
    """Random ids, except for the root span of a run, whose ids are derived from the run's id."""

    def __init__(self) -> None:
        self.given: ContextVar[SpanContext | None] = ContextVar("given", default=None)

    def generate_trace_id(self) -> int:
        given = self.given.get()
        return given.trace_id if given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        given = self.given.get()
        return given.span_id if given else super().generate_span_id()


class Exporter:
    """Sends the spans and metrics of this process in the background."""

    def __init__(self) -> None:
        self._failures = _Failures()
        self._ids = _Ids()
        resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or "onrecord", **_version()})
        self._tracers = TracerProvider(resource=resource, id_generator=self._ids, shutdown_on_exit=False)
        self._tracers.add_span_processor(BatchSpanProcessor(_Spans(self._failures)))
        reader = PeriodicExportingMetricReader(_Metrics(self._failures), export_interval_millis=EVERY_MILLIS)
        self._meters = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
        self._tracer = self._tracers.get_tracer("onrecord")
        self._meter = self._meters.get_meter("onrecord")
        self._instruments: dict[str, Any] = {}

    @contextmanager
    def span(self, name: str, parent: Context, attributes: Mapping[str, Any]) -> Iterator[None]:
        with self._tracer.start_as_current_span(name, parent, attributes=dict(attributes)):
            yield

    def root_span(
        self,
        name: str,
        run_id: str,
        started_at: datetime,
        ended_at: datetime,
        attributes: Mapping[str, Any],
        *,
        failed: bool,
    ) -> None:
        """Send a span without a parent, with the ids that are derived from the run's id."""
        token = self._ids.given.set(_ids_of(run_id))
        try:
            span = self._tracer.start_span(name, Context(), attributes=dict(attributes), start_time=_nanos(started_at))
        finally:
            self._ids.given.reset(token)
        span.set_status(StatusCode.ERROR if failed else StatusCode.OK)
        span.end(_nanos(ended_at))

    def root(self, run_id: str) -> Context:
        """The context of the run's root span, the parent for spans that have no nearer one."""
        return trace.set_span_in_context(NonRecordingSpan(_ids_of(run_id)), Context())

    def parent(self, traceparent: str) -> Context | None:
        """The parent process's span from the value of ``TRACEPARENT``; None if it is empty or invalid."""
        found = _W3C.extract({"traceparent": traceparent}, Context())
        return found if trace.get_current_span(found).get_span_context().is_valid else None

    def current(self) -> str:
        """The current span in the format of ``TRACEPARENT``; empty if there is none."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent", "")

    def add_to_counter(self, name: str, number: float, labels: Mapping[str, str]) -> None:
        self._instrument(name, self._meter.create_counter).add(number, dict(labels))

    def set_gauge(self, name: str, number: float, labels: Mapping[str, str]) -> None:
        self._instrument(name, self._meter.create_gauge).set(number, dict(labels))

    def record_duration(self, name: str, seconds: float, labels: Mapping[str, str]) -> None:
        self._instrument(name, self._meter.create_histogram, unit="s").record(seconds, dict(labels))

    def _instrument(self, name: str, create: Any, **more: Any) -> Any:
        if name not in self._instruments:
            self._instruments[name] = create(f"onrecord.{name}", **more)
        return self._instruments[name]

    def flush(self, seconds: float) -> None:
        """Send what is left in a thread, waiting at most ``seconds``: the SDK's own waits have no timeout."""
        if self._failures.away:
            return
        thread = threading.Thread(target=self._send, name="telemetry-flush", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self._failures.note("the rest", taken=False)

    def _send(self) -> None:
        self._tracers.force_flush()
        self._meters.force_flush()


def _ids_of(run_id: str) -> SpanContext:
    digest = hashlib.sha256(f"onrecord {run_id}".encode()).digest()
    trace_id, span_id = int.from_bytes(digest[:16], "big") or 1, int.from_bytes(digest[16:24], "big") or 1
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _nanos(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)


def _version() -> dict[str, str]:
    try:
        return {"service.version": version("onrecord")}
    except PackageNotFoundError:
        return {}
