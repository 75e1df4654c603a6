"""What a monitor reads: the tallies of all runs that are over, and how things stand now. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select, text

from pipeline.metrics import METRICS, Sample
from pipeline.records import TAKEN_DOWN
from pipeline.store.schema import incidents, tallies
from pipeline.store.tallies import GIVEN_UP

LATELY = timedelta(days=7)
"""What was seen before is not looked at: each run takes up all that waits, so older things only cost time."""
LONGEST = 30_000
"""Milliseconds that one query of a reading may take."""

_LAST_RUNS = text(
    "SELECT c.command, extract(epoch FROM r.finished_at) AS ended, r.exit_code "
    "FROM (SELECT DISTINCT labels ->> 'command' AS command FROM onrecord.tallies "
    "WHERE metric = 'onrecord_runs_total') c "
    "CROSS JOIN LATERAL (SELECT finished_at, exit_code FROM onrecord.runs "
    "WHERE command = c.command AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1) r"
)
_DAYS_READ = text(
    "SELECT extract(epoch FROM max(window_end)) FROM onrecord.runs "
    "WHERE command = 'daily' AND exit_code IN (0, 1) AND started_at > now() - interval '60 days'"
)
_OPEN_RUNS = text(
    "SELECT command, count(*) FROM onrecord.runs "
    "WHERE NOT tallied AND finished_at IS NULL AND started_at > now() - :given_up GROUP BY command"
)
_LAST_NEW = text(
    "SELECT s.id, extract(epoch FROM o.at) FROM unnest(CAST(:sources AS text[])) AS s (id) CROSS JOIN LATERAL ("
    "SELECT at FROM onrecord.observations WHERE source_id = s.id AND new > 0 AND at > now() - interval '30 days' "
    "ORDER BY at DESC LIMIT 1) o"
)

_QUEUES = {
    "extract": (
        "SELECT count(*), min(coalesce(c.returned_at, c.seen_at)) FROM onrecord.captures c "
        "WHERE c.kind IN ('page', 'feed') AND c.source_id = ANY(:sources) AND c.seen_at > now() - :lately "
        "AND NOT EXISTS ("
        "SELECT FROM onrecord.readings r WHERE r.capture_id = c.id AND r.locator = '' AND r.code_version = :extraction "
        "AND r.read_at >= coalesce(c.returned_at, c.seen_at))"
    ),
    "quote": (
        "SELECT count(*), min(v.seen_at) FROM onrecord.versions v JOIN onrecord.articles a ON a.id = v.article_id "
        "WHERE v.quoted_by IS DISTINCT FROM :quotes AND NOT v.flags @> ARRAY[:taken_down] "
        "AND a.source_id = ANY(:sources) AND v.seen_at > now() - :lately"
    ),
    "link": (
        "SELECT count(*), min(q.first_seen_at) FROM onrecord.quotes q WHERE q.first_seen_at > now() - :lately "
        "AND NOT EXISTS ("
        "SELECT FROM onrecord.statement_quotes s WHERE s.quote_id = q.id)"
    ),
    "alert": (
        "SELECT count(*), min(first_seen_at) FROM onrecord.statements "
        "WHERE matched_at IS NULL AND first_seen_at > now() - :lately"
    ),
    "letter": (
        "SELECT count(*), min(a.built_at) FROM onrecord.alerts a JOIN onrecord.watches w ON w.id = a.watch_id "
        "AND w.enabled AND w.subscriber_id = a.subscriber_id WHERE a.state = 'pending'"
    ),
    "ops-letter": "SELECT count(*), min(built_at) FROM onrecord.ops_letters WHERE state = 'pending'",
}


def read(engine: Engine, sources: Sequence[str], *, extraction: str, quotes: str) -> list[Sample]:
    """Everything but ``onrecord_up`` and ``onrecord_reading_seconds``, as of one moment.

    ``sources``: those that are switched on; what waits of others waits for nobody. The versions of extraction and
    quote engine say what counts as read. sqlalchemy.exc.DBAPIError if the store cannot be read, or not in time.
    """
    known = {"sources": list(sources), "extraction": extraction, "quotes": quotes}
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text(f"SET LOCAL statement_timeout = {LONGEST}"))
        return [
            *_tallied(connection),
            *_waiting(connection, known),
            *_incidents(connection),
            *(Sample("onrecord_source_enabled", {"source": source}, 1) for source in sources),
            *_last_new(connection, known),
            *_runs(connection),
        ]


def _tallied(connection: Connection) -> Iterator[Sample]:
    """What is counted when runs end. Counters without labels are there from the beginning, so that rates are right."""
    found = connection.execute(select(tallies.c.metric, tallies.c.labels, tallies.c.value))
    samples = [Sample(row.metric, dict(row.labels), row.value) for row in found]
    yield from samples
    known = {sample.name for sample in samples}
    for metric in METRICS:
        if metric.kind == "counter" and not metric.labels and metric.name not in known:
            yield Sample(metric.name, {}, 0)


def _waiting(connection: Connection, known: dict[str, Any]) -> Iterator[Sample]:
    now = connection.scalar(select(func.now()))
    for queue, query in _QUEUES.items():
        wanted = {
            name: value
            for name, value in {**known, "taken_down": TAKEN_DOWN, "lately": LATELY}.items()
            if f":{name}" in query
        }
        number, oldest = connection.execute(text(query), wanted).one()
        yield Sample("onrecord_waiting", {"queue": queue}, number)
        seconds = max((now - oldest).total_seconds(), 0) if oldest and now else 0
        yield Sample("onrecord_waiting_seconds", {"queue": queue}, seconds)


def _incidents(connection: Connection) -> Iterator[Sample]:
    query = select(incidents.c.source_id, incidents.c.kind).where(incidents.c.closed_at.is_(None))
    for source, kind in connection.execute(query):
        yield Sample("onrecord_incident_open", {"source": source, "kind": kind}, 1)


def _last_new(connection: Connection, known: dict[str, Any]) -> Iterator[Sample]:
    for source, at in connection.execute(_LAST_NEW, {"sources": known["sources"]}):
        yield Sample("onrecord_source_new_timestamp_seconds", {"source": source}, float(at))


def _runs(connection: Connection) -> Iterator[Sample]:
    rows: Iterable[RowMapping] = connection.execute(_LAST_RUNS).mappings()
    for row in rows:
        yield Sample("onrecord_last_run_timestamp_seconds", {"command": row["command"]}, float(row["ended"]))
        yield Sample("onrecord_last_run_exit_code", {"command": row["command"]}, row["exit_code"])
    for command, number in connection.execute(_OPEN_RUNS, {"given_up": GIVEN_UP}):
        yield Sample("onrecord_runs_open", {"command": command}, number)
    until = connection.scalar(_DAYS_READ)
    if until is not None:
        yield Sample("onrecord_days_read_timestamp_seconds", {}, float(until))
