"""Traces and metrics reach a collector, one trace for each run; without one nothing is loaded, fails or waits."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from otlp import Collector, collecting, plain
from sqlalchemy import text

from pipeline.config.settings import from_environment
from pipeline.store.engine import open_store

ROOT = Path(__file__).parents[2]
SOURCES = {"kestrel", "mostovaya", "president", "volna-en", "volna-ru"}
WORK = """
import sys, threading
from datetime import UTC, datetime
from pipeline.runtime import telemetry
from pipeline.cli.output import set_up_logs
set_up_logs()
with telemetry.stage_span(sys.argv[1], sys.argv[2]):
    telemetry.add_to_counter("items", 3, stage=sys.argv[2])
now = datetime.now(UTC)
if sys.argv[2] == "alert":
    telemetry.run_ended(sys.argv[1], "daily", started_at=now, ended_at=now, exit_code=1, reason="it is gone")
telemetry.flush()
telemetry.flush()
print("done", sorted(name for name in sys.modules if name.startswith("opentelemetry"))[:1])
"""


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "TRACEPARENT"))}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**bare, **environment},
        text=True,
        capture_output=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Collector, Path]:
    """What a collector was sent by a demo, the newsroom's two days, and the demo's home."""
    home = tmp_path_factory.mktemp("observed") / "home"
    with collecting() as collector:
        code = "from pipeline.cli import main; main()"
        done = python(code, "demo", "--home", str(home), OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "telemetry" not in done.stderr
    return collector, home


def test_each_run_is_one_trace_from_its_start_to_the_crawl_of_each_source(observed: tuple[Collector, Path]) -> None:
    collector, _ = observed
    assert collector.services == {"onrecord"}
    roots = [span for span in collector.spans if span.name == "onrecord demo"]
    assert len(roots) == 2 and len({span.trace_id for span in roots}) == 2
    for root in roots:
        own = [span for span in collector.spans if span.trace_id == root.trace_id]
        assert not root.parent_span_id and plain(root.attributes)["exit_code"] == 0
        stages = {span.name: span for span in own if span.parent_span_id == root.span_id}
        assert set(stages) == {"crawl", "extract", "quote", "link", "alert"}
        crawls = {span.name for span in own if span.parent_span_id == stages["crawl"].span_id}
        assert crawls == {f"crawl {source}" for source in SOURCES}
        assert len(own) == 1 + len(stages) + len(crawls)
        assert {plain(span.attributes)["run"] for span in own} == {plain(root.attributes)["run"]}
        for span in own:
            assert root.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano


def test_metrics_agree_with_the_store(observed: tuple[Collector, Path]) -> None:
    collector, home = observed
    with (
        open_store(replace(from_environment(), home=home, database_url=None)) as engine,
        engine.connect() as connection,
    ):
        outcomes = connection.execute(
            text("SELECT stage, source_id, outcome, count(*) FROM onrecord.outcomes GROUP BY 1, 2, 3")
        )
        for stage, source, outcome, number in outcomes:
            assert collector.total("onrecord.items", stage=stage, source=source, outcome=outcome) == number
        for name, query in {
            "versions": "SELECT count(*) FROM onrecord.versions",
            "statements": "SELECT count(*) FROM onrecord.statements",
            "deliveries": "SELECT count(*) FROM onrecord.outcomes WHERE stage = 'alert'",
            "fetch.duration": "SELECT sum(elapsed_ms) / 1000.0 FROM onrecord.fetches WHERE status IS NOT NULL",
        }.items():
            assert collector.total(f"onrecord.{name}") == pytest.approx(float(connection.scalar(text(query)) or -1)), (
                name
            )
    assert collector.total("onrecord.quotes") > 0 and collector.total("onrecord.published_to_seen") > 0
    measured = {labels["stage"] for name, labels, _ in collector.points if name == "onrecord.stage.duration"}
    assert measured == {"crawl", "extract", "quote", "link", "alert"}


def test_tasks_of_one_run_in_processes_of_their_own_share_a_trace() -> None:
    with collecting() as collector:
        for run, stage in (("r1", "link"), ("r1", "alert"), ("r2", "link")):
            done = python(WORK, run, stage, OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint)
            assert done.returncode == 0 and not done.stderr, done.stderr
    by_run = {}
    for span in collector.spans:
        by_run.setdefault(plain(span.attributes)["run"], []).append(span)
    assert {run: len({span.trace_id for span in spans}) for run, spans in by_run.items()} == {"r1": 1, "r2": 1}
    (root,) = [span for span in collector.spans if span.name == "onrecord daily"]
    assert {span.parent_span_id for span in by_run["r1"] if span is not root} == {root.span_id}
    assert root.trace_id == hashlib.sha256(b"onrecord r1").digest()[:16], "as docs/observability.md says"
    assert root.status.code == 2 and plain(root.attributes)["exit_reason"] == "it is gone"
    assert collector.total("onrecord.items", stage="link") == 6


def test_without_an_endpoint_nothing_of_it_is_loaded() -> None:
    for environment in ({}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}):
        done = python(
            "import pipeline.runs.runner, pipeline.runs.scheduler_tasks\n" + WORK, "r1", "link", **environment
        )
        assert done.stdout == "done []\n" and not done.stderr


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [json.loads(line)["event"] for line in done.stderr.splitlines()]


def test_a_collector_that_is_away_is_told_of_once_and_nothing_else_happens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{probe.getsockname()[1]}"
        done = python(WORK, "r1", "link", OTEL_EXPORTER_OTLP_ENDPOINT=away)
    assert done.returncode == 0 and done.stdout.startswith("done ['opentelemetry'")
    assert said(done) == ["telemetry_not_taken"]


def test_a_collector_that_never_answers_is_not_waited_for() -> None:
    with collecting(hangs=True) as collector:
        done = python(WORK, "r1", "link", OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint)
        assert not collector.patience.is_set(), "the process has ended while its request still hangs"
    assert done.returncode == 0 and collector.asked >= 1
    assert said(done) == ["telemetry_not_taken"]


def test_settings_that_make_no_sense_switch_it_off_and_are_told_of() -> None:
    done = python(
        WORK, "r1", "link", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", OTEL_EXPORTER_OTLP_TIMEOUT="soon"
    )
    assert done.returncode == 0, done.stderr
    assert said(done)[-1] in ("telemetry_off", "telemetry_not_taken")
