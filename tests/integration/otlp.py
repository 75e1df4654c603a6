"""A collector of our own on loopback: takes OTLP over HTTP and keeps what it is sent, or takes it and never answers."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality


def plain(attributes: Any) -> dict[str, Any]:
    """Attributes as Python has them."""
    return {it.key: getattr(it.value, it.value.WhichOneof("value")) for it in attributes}


class Collector:
    """``spans`` and ``points`` as they came. ``patience``: set it to let requests that hang go on."""

    def __init__(self, *, hangs: bool) -> None:
        self.spans: list[Any] = []
        self.points: list[tuple[str, dict[str, Any], Any]] = []
        self.services: set[str] = set()
        self.asked = 0
        self.patience = threading.Event()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None: ...

            def do_POST(self) -> None:
                collector.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hangs:
                    collector.patience.wait()
                    return
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.keep(self.path, body)
                self.send_response(200)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def keep(self, path: str, body: bytes) -> None:
        if path == "/v1/traces":
            for part in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.services.add(plain(part.resource.attributes)["service.name"])
                self.spans += [span for scope in part.scope_spans for span in scope.spans]
        elif path == "/v1/metrics":
            for part in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for metric in (metric for scope in part.scope_metrics for metric in scope.metrics):
                    self.keep_metric(metric)

    def keep_metric(self, metric: Any) -> None:
        kind = metric.WhichOneof("data")
        found = getattr(metric, kind)
        if kind != "gauge":
            assert found.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
        for point in found.data_points:
            value = point.sum if kind == "histogram" else getattr(point, point.WhichOneof("value"))
            self.points.append((metric.name, plain(point.attributes), value))

    def total(self, name: str, **labels: Any) -> float:
        """The sum of a metric over all points that have these labels."""
        return sum(value for it, own, value in self.points if it == name and labels.items() <= own.items())


@contextmanager
def collecting(*, hangs: bool = False) -> Iterator[Collector]:
    collector = Collector(hangs=hangs)
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.patience.set()
        collector.server.shutdown()
        collector.server.server_close()
        thread.join()
