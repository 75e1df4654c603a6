"""`onrecord ops metrics`: a Prometheus exporter. It reads the database only, since runs are short-lived processes."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from pipeline.cli import output
from pipeline.cli.options import Config, refuse_beside
from pipeline.cli.up import stop_on_signals
from pipeline.config.settings import from_environment
from pipeline.config.sources import load_sources
from pipeline.errors import ConfigError, PortUnusable
from pipeline.runtime.metrics_catalogue import METRICS, Metric, MetricSample, by_metric, metrics_table

if TYPE_CHECKING:
    from prometheus_client.registry import CollectorRegistry
    from prometheus_client.samples import Sample as Shown
    from sqlalchemy import Engine

    from pipeline.config.settings import Settings

log = structlog.get_logger()

HOST, PORT = "127.0.0.1", 9464
KEPT = 10.0
"""Seconds for which a reading is cached."""
SHARE = 10
"""A reading is also cached for at least this many times the time that it took."""

Read = Callable[[], list[MetricSample]]


def metrics(
    port: Annotated[
        int | None, typer.Option(help="Port to listen on.", min=1, max=65535, show_default=str(PORT))
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 in a container.", show_default=HOST)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Print the metrics and end.")] = False,
    describe: Annotated[bool, typer.Option("--describe", help="Print a table of the metrics and end.")] = False,
    config: Config = None,
) -> int:
    """Serve Prometheus metrics at /metrics until Ctrl-C or SIGTERM. Only reads the database."""
    from pipeline.store.engine import open_store

    if describe:
        refuse_beside("--describe", {"--port": port, "--host": host, "--once": once, "--config": config})
        output.print_line(metrics_table())
        return 0
    if once:
        refuse_beside("--once", {"--port": port, "--host": host})
    settings = from_environment(config_dir=config)
    load_sources(settings)  # a mistake in the configuration is refused now, and shown as onrecord_up 0 later
    with open_store(settings) as engine:
        registry = registry_of(Readings(store_reader(engine, settings)))
        if once:
            from prometheus_client import generate_latest

            output.print_line(generate_latest(registry).decode().rstrip())
            return 0
        with stop_on_signals(), serve_metrics(registry, host or HOST, port or PORT):
            try:
                signal.pause()
            except KeyboardInterrupt:
                output.print_line("stopping")
    return 0


def store_reader(engine: Engine, settings: Settings) -> Read:
    """A function that reads the metrics from the database, for the sources in the current configuration."""
    from pipeline import extraction, quotes
    from pipeline.queries.metrics import metric_samples

    def read() -> list[MetricSample]:
        enabled = [source.id for source in load_sources(settings).values() if source.enabled]
        return metric_samples(engine, enabled, extraction=extraction.VERSION, engine=quotes.VERSION)

    return read


@contextmanager
def serve_metrics(registry: CollectorRegistry, host: str, port: int) -> Iterator[None]:
    """Serve /metrics for the duration of the block. ConfigError if the port cannot be used."""
    from prometheus_client import start_http_server

    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise PortUnusable(
            f"port {port} of {host} cannot be used ({error.strerror}); choose another: --port N", host=host, port=port
        ) from error
    output.print_line(f"metrics at http://{host}:{port}/metrics; Ctrl-C stops it")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Readings:
    """Cached readings of the database, so that many frequent scrapes cost no more than one."""

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._shown: list[MetricSample] = []
        self._until = float("-inf")

    def now(self) -> list[MetricSample]:
        """The newest reading. If the database cannot be read, ``onrecord_up`` is 0 and its metrics are missing."""
        from sqlalchemy.exc import DBAPIError

        with self._lock:
            began = self._clock()
            if began < self._until:
                return self._shown
            try:
                found = [*self._read(), MetricSample("onrecord_up", {}, 1)]
            except (DBAPIError, ConfigError) as error:
                log.warning("metrics_not_read", error=" ".join(str(error).split())[:500])
                found = [MetricSample("onrecord_up", {}, 0)]
            took = self._clock() - began
            self._shown = [*found, MetricSample("onrecord_reading_seconds", {}, took)]
            self._until = began + max(KEPT, took * SHARE)
            return self._shown


def registry_of(readings: Readings) -> CollectorRegistry:
    """A registry of prometheus_client that collects from the readings."""
    from prometheus_client.metrics_core import Metric as Family
    from prometheus_client.registry import Collector, CollectorRegistry

    class Store(Collector):
        def collect(self) -> Iterator[Family]:
            found = by_metric(readings.now())
            for metric in METRICS:
                family = Family(metric.name.removesuffix("_total"), metric.meaning, metric.kind)
                family.samples = list(shown_samples(metric, found[metric.name]))
                if family.samples:
                    yield family

    registry = CollectorRegistry()
    registry.register(Store())
    return registry


def shown_samples(metric: Metric, samples: list[MetricSample]) -> Iterator[Shown]:
    """A metric's samples sorted by labels; a histogram's with all buckets and with its ``_count``."""
    from prometheus_client.samples import Sample as Shown

    if metric.kind != "histogram":
        for sample in sorted(samples, key=lambda it: sorted(it.labels.items())):
            yield Shown(sample.name, sample.labels, sample.value)
        return
    series: dict[tuple[tuple[str, str], ...], dict[str, float]] = {}
    for sample in samples:
        own = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        series.setdefault(own, {})[sample.labels.get("le", "sum")] = sample.value
    for own, parts in sorted(series.items()):
        labels = dict(own)
        for edge in (*map(str, metric.buckets), "+Inf"):
            yield Shown(f"{metric.name}_bucket", {**labels, "le": edge}, parts.get(edge, 0))
        yield Shown(f"{metric.name}_count", labels, parts.get("+Inf", 0))
        yield Shown(f"{metric.name}_sum", labels, parts.get("sum", 0))
