"""A store that has something of everything that is monitored, and `onrecord ops metrics` on it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsdesk import SOURCE, opened
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families as parsed
from sqlalchemy import Engine, text

from pipeline.cli.metrics import Readings, registry_of
from pipeline.crawling.summary import CrawlSummary
from pipeline.queries import metrics
from pipeline.records import LedgerEntry, Outcome, Stage
from pipeline.stage_result import StageResult
from pipeline.store.runs import ledger, run_stages, run_state, runs

ROOT = Path(__file__).parents[2]

Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


def values_of(exposed: str) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parsed(exposed)
        for sample in family.samples
    }


def read(engine: Engine, *sources: str) -> Values:
    found = Readings(lambda: metrics.metric_samples(engine, sources or [SOURCE.id], extraction="e1", engine="q1"))
    return values_of(generate_latest(registry_of(found)).decode())


def entry(item: str, outcome: Outcome, reason: str, stage: Stage = Stage.CRAWL) -> LedgerEntry:
    return LedgerEntry(stage, item, SOURCE.id, outcome, reason)


def finished(engine: Engine, *entries: LedgerEntry, code: int = 0, clock: datetime | None = None) -> str:
    run = opened(engine, clock=clock or datetime.now(UTC))
    with engine.begin() as connection:
        ledger.record_outcomes(connection, run, entries)
        runs.finish_run(connection, run, exit_code=code, exit_reason="")
    return run


STORY = """
INSERT INTO onrecord.articles (id, url, source_id, first_seen_at, last_seen_at, link_due)
  VALUES ('a', 'https://gazette.example/a', 'gazette', now(), now(), now());
INSERT INTO onrecord.warc_files (id, size, state, run_id) VALUES ('w', 1234, 'closed', '{run}');
INSERT INTO onrecord.captures
  (id, url, requested_url, source_id, kind, warc_id, warc_offset, warc_length, seen_at, run_id)
  VALUES ('c', 'u', 'u', 'gazette', 'page', 'w', 0, 1, now() - interval '5 minutes', '{run}');
INSERT INTO onrecord.versions (id, article_id, n, capture_id, origin, seen_at, published_at, run_id)
  VALUES ('v', 'a', 1, 'c', 'page', now() - interval '4 minutes', now() - interval '24 minutes', '{run}');
INSERT INTO onrecord.quotes (id, article_id, words_sha256, occurrence, text, type, span_rule, first_seen_at)
  VALUES ('q', 'a', 'x', 1, 'x', 'direct', 'alone', now() - interval '3 minutes');
INSERT INTO onrecord.quote_spans (quote_id, version_id, start, "end", type, span_rule)
  VALUES ('q', 'v', 0, 1, 'direct', 'alone');
INSERT INTO onrecord.statements (id, founding_quote_id, founding_segment_id, text, type, first_seen_at)
  VALUES ('s', 'q', 'g', 'x', 'direct', now() - interval '2 minutes');
INSERT INTO onrecord.subscribers VALUES ('r', 'r@example.org');
INSERT INTO onrecord.watches (id, definition, subscriber_id, since) VALUES ('t', '{{}}', 'r', now());
INSERT INTO onrecord.alerts (id, watch_id, subscriber_id, statement_id, kind, channel, state, built_at)
  VALUES ('l', 't', 'r', 's', 'alert', 'email', 'pending', now() - interval '1 minutes');
INSERT INTO onrecord.deliveries (alert_id, attempt, started_at, finished_at, result)
  VALUES ('l', 1, now(), now() + interval '10 minutes', 'sent');
INSERT INTO onrecord.ops_letters (id, built_at) VALUES ('o', now());
INSERT INTO onrecord.incidents (id, source_id, kind, since, opened_at, updated_at)
  VALUES ('i', 'gazette', 'silent', now(), now(), now());
INSERT INTO onrecord.installation_incidents (id, kind, subject, opened_at, updated_at)
  VALUES ('n', 'not-opened', 'collect', now(), now());
INSERT INTO onrecord.observations (run_id, source_id, at, documents, discovered, new, shares)
  VALUES ('{run}', 'gazette', now(), '{{}}', 1, 1, '{{}}');
"""


def something_of_everything(engine: Engine) -> None:
    """A run that failed, one that is at work, the daily one of yesterday, and all that waits."""
    now = datetime.now(UTC)
    run = opened(engine, clock=now)
    with engine.begin() as connection:
        connection.exec_driver_sql(STORY.format(run=run))
        bug = LedgerEntry(Stage.EXTRACT, "x", SOURCE.id, Outcome.ERROR, "bug")
        ledger.record_outcomes(connection, run, [entry("l", Outcome.KEPT, "sent", Stage.ALERT), bug])
        run_stages.save_items(connection, run, Stage.QUOTE, "", 3)
        run_stages.end_pass(connection, run, Stage.QUOTE, "", StageResult(quotes=7))
        run_state.save_crawl_summary(connection, run, CrawlSummary(SOURCE.id, failure="it is gone"))
        fetch = text(
            "INSERT INTO onrecord.fetches (run_id, source_id, url, kind, status, outcome, seen_at, elapsed_ms)"
            " VALUES (:run, 'gazette', 'u', 'page', 200, 'kept', now(), 70)"
        )
        connection.execute(fetch, {"run": run})
        day = text("UPDATE onrecord.runs SET command = 'daily', window_end = :end WHERE id = :run")
        connection.execute(day, {"run": run, "end": now - timedelta(hours=1)})
        runs.finish_run(connection, run, exit_code=1, exit_reason="it is gone")
    opened(engine, clock=now)


@contextmanager
def served(database_url: str, home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`onrecord ops metrics` on a free port, with our source beside the shipped ones, and its address."""
    (home / "sources").mkdir()
    (home / "sources" / f"{SOURCE.id}.yaml").write_text(SOURCE.model_dump_json(exclude_defaults=True), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"ONRECORD_DATABASE_URL": database_url, "ONRECORD_HOME": str(home), "ONRECORD_CONFIG": str(home)}
    code = "from pipeline.cli import main; main()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, "metrics", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **own},
        text=True,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        try:
            line = child.stdout.readline()
            found = re.search(r"http://\S+/metrics", line)
            assert found, line
            yield found[0], child
        finally:
            child.send_signal(signal.SIGTERM)
            assert child.wait(30) == 0
