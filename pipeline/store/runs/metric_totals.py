"""Totals over all finished runs: the counters and histograms of the Prometheus metrics.

Counting the ledger for each scrape would take longer with every run, and a counter must never decrease, which it would
when rows are removed or rewritten. So each run is counted once, when it ends, and added to the totals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, TextClause, text

from pipeline.runtime.metrics_catalogue import METRICS
from pipeline.stage_result import StageResult

GIVEN_UP = timedelta(days=3)
"""A run that is still open after this time was killed; longer than any run of a DAG may take."""

_DUE = text(
    "UPDATE onrecord.runs SET tallied = true WHERE NOT tallied AND "
    "(id = :run OR finished_at IS NOT NULL OR started_at < clock_timestamp() - :given_up) RETURNING id"
)
_ADD = (
    "INSERT INTO onrecord.tallies (metric, labels, value) "
    # In the same order for everybody, so that two runs that end at once never deadlock.
    "SELECT :metric, labels, value FROM ({}) counted (labels, value) WHERE value > 0 ORDER BY labels "
    "ON CONFLICT (metric, labels) DO UPDATE SET value = tallies.value + excluded.value"
)

_COUNTERS = {
    "onrecord_outcomes_total": (
        "SELECT jsonb_build_object('source', source_id, 'stage', stage, 'outcome', outcome), count(*) "
        "FROM onrecord.outcomes WHERE run_id = ANY(:runs) GROUP BY source_id, stage, outcome"
    ),
    "onrecord_reasons_total": (
        "SELECT jsonb_build_object('stage', stage, 'outcome', outcome, 'reason', reason), count(*) "
        "FROM onrecord.outcomes WHERE run_id = ANY(:runs) GROUP BY stage, outcome, reason"
    ),
    "onrecord_runs_total": (
        "SELECT jsonb_build_object('command', command, 'exit_code', coalesce(exit_code::text, 'killed')), count(*) "
        "FROM onrecord.runs WHERE id = ANY(:runs) GROUP BY command, exit_code"
    ),
    "onrecord_crawls_total": (
        "SELECT jsonb_build_object('source', source_id, 'result', CASE WHEN failure > '' THEN 'failed' ELSE 'ok' END), "
        "count(*) FROM onrecord.run_sources WHERE run_id = ANY(:runs) GROUP BY 1"
    ),
    "onrecord_archived_bytes_total": (
        "SELECT '{}'::jsonb, sum(size) FROM onrecord.warc_files WHERE run_id = ANY(:runs)"
    ),
    "onrecord_unbalanced_items_total": (
        "SELECT jsonb_build_object('stage', stage), sum(abs(went_in - came_out)) FROM ("
        "SELECT stage, went_in, (SELECT count(*) FROM onrecord.outcomes o "
        "WHERE o.run_id = entered.run_id AND o.stage = entered.stage) AS came_out FROM ("
        "SELECT run_id, stage, sum(items) AS went_in FROM onrecord.run_stages "
        "WHERE run_id = ANY(:runs) AND items IS NOT NULL GROUP BY 1, 2) entered) balance GROUP BY stage"
    ),
}

_COUNTERS |= {
    f"onrecord_{count.metadata['total']}_total": (
        f"SELECT '{{}}'::jsonb, sum({count.name}) FROM onrecord.run_stages WHERE run_id = ANY(:runs)"  # noqa: S608
    )
    for count in fields(StageResult)
    if count.metadata["total"]
}

_LIVE = (
    "SELECT id FROM onrecord.runs WHERE id = ANY(:runs) AND abs(extract(epoch FROM clock - started_at)) < 3600 "
    "AND (window_end IS NULL OR clock - window_end < interval '36 hours')"
)
"""Runs that count for delays: not replays and backfills."""

_MEASURED = {
    "onrecord_published_to_seen_seconds": (
        "SELECT '{}'::jsonb AS labels, greatest(extract(epoch FROM v.seen_at - v.published_at), 0) AS seconds "
        "FROM onrecord.versions v JOIN live ON live.id = v.run_id WHERE v.n = 1 AND v.published_at IS NOT NULL"
    ),
    "onrecord_seen_to_told_seconds": (
        "SELECT '{}'::jsonb AS labels, greatest(extract(epoch FROM d.finished_at - s.first_seen_at), 0) AS seconds "
        "FROM onrecord.outcomes o JOIN live ON live.id = o.run_id JOIN onrecord.alerts a ON a.id = o.item "
        "JOIN onrecord.deliveries d ON d.alert_id = a.id AND d.result = 'sent' "
        "JOIN onrecord.statements s ON s.id = a.statement_id "
        "WHERE o.stage = 'alert' AND o.outcome = 'kept'"
    ),
    "onrecord_fetch_seconds": (
        "SELECT '{}'::jsonb AS labels, elapsed_ms / 1000.0 AS seconds "
        "FROM onrecord.fetches WHERE run_id = ANY(:runs) AND status IS NOT NULL"
    ),
    "onrecord_run_seconds": (
        "SELECT jsonb_build_object('command', command) AS labels, extract(epoch FROM finished_at - started_at) "
        "AS seconds FROM onrecord.runs WHERE id = ANY(:runs) AND finished_at IS NOT NULL"
    ),
}

_BUCKETS = (
    "WITH live AS ({}), measured AS ({}) "
    "SELECT labels || jsonb_build_object('le', le), count(*) FILTER (WHERE seconds <= edge) "
    "FROM measured, unnest(CAST(:edges AS double precision[]), CAST(:names AS text[])) AS edges (edge, le) "
    "GROUP BY labels, le"
)
_SUM = "WITH live AS ({}), measured AS ({}) SELECT labels, sum(seconds) FROM measured GROUP BY labels"


def update_metric_totals(connection: Connection, run_id: str) -> list[str]:
    """Add a run to the totals, and any others that ended and are not counted yet; the runs that were counted.

    Each run is counted once; later changes of its rows do not matter.
    """
    due = list(connection.scalars(_DUE, {"run": run_id, "given_up": GIVEN_UP}))
    if due:
        for metric, query, more in _additions():
            connection.execute(query, {"metric": metric, "runs": due, **more})
    return due


def _additions() -> Iterator[tuple[str, TextClause, dict[str, Any]]]:
    for metric, query in _COUNTERS.items():
        yield metric, text(_ADD.format(query)), {}
    buckets = {it.name: it.buckets for it in METRICS}
    for metric, query in _MEASURED.items():
        edges = {"edges": [*map(float, buckets[metric]), float("inf")], "names": [*map(str, buckets[metric]), "+Inf"]}
        yield f"{metric}_bucket", text(_ADD.format(_BUCKETS.format(_LIVE, query))), edges
        yield f"{metric}_sum", text(_ADD.format(_SUM.format(_LIVE, query))), {}
