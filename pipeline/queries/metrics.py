"""Values of the Prometheus metrics, read from the database: totals of finished runs, queues, incidents. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, select, text

from pipeline.runtime.metrics_catalogue import METRICS, MetricSample
from pipeline.store.articles.quotes import is_unquoted
from pipeline.store.crawl.captures import is_unread, last_news
from pipeline.store.runs.metric_totals import GIVEN_UP
from pipeline.store.schema import (
    alerts,
    articles,
    captures,
    incidents,
    installation_incidents,
    ops_letters,
    quotes,
    statements,
    tallies,
    versions,
    watches,
)
from pipeline.store.statements.linkable_quotes import is_unlinked

LATELY = timedelta(days=7)
"""Queues count only items seen in this time: every run takes up all waiting items, so older ones only slow the
query."""
LONGEST = 30_000
"""Timeout in milliseconds for each query of a scrape."""

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


def metric_samples(store: Engine, sources: Sequence[str], *, extraction: str, engine: str) -> list[MetricSample]:
    """All metrics except ``onrecord_up`` and ``onrecord_reading_seconds``, from one snapshot of the database.

    ``sources``: ids of the enabled sources; items of others are not counted as waiting. ``extraction`` and ``engine``
    are the code versions that decide what is processed already. Raises ``sqlalchemy.exc.DBAPIError`` if the store
    cannot be read, or not in time.
    """
    with store.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text(f"SET LOCAL statement_timeout = {LONGEST}"))
        return [
            *_tallied(connection),
            *_waiting(connection, sources, extraction=extraction, engine=engine),
            *_incidents(connection),
            *(MetricSample("onrecord_source_enabled", {"source": source}, 1) for source in sources),
            *_last_new(connection, sources),
            *_runs(connection),
        ]


def _tallied(connection: Connection) -> Iterator[MetricSample]:
    """The totals that are added up when runs end. Counters without labels start at 0, so that rates are right."""
    found = connection.execute(select(tallies.c.metric, tallies.c.labels, tallies.c.value))
    samples = [MetricSample(row.metric, dict(row.labels), row.value) for row in found]
    yield from samples
    known = {sample.name for sample in samples}
    for metric in METRICS:
        if metric.kind == "counter" and not metric.labels and metric.name not in known:
            yield MetricSample(metric.name, {}, 0)


def _waiting(connection: Connection, sources: Sequence[str], *, extraction: str, engine: str) -> Iterator[MetricSample]:
    now = connection.scalar(select(func.now()))
    for queue, query in _queues(sources, extraction, engine).items():
        number, oldest = connection.execute(query).one()
        yield MetricSample("onrecord_waiting", {"queue": queue}, number)
        seconds = max((now - oldest).total_seconds(), 0) if oldest and now else 0
        yield MetricSample("onrecord_waiting_seconds", {"queue": queue}, seconds)


def _queues(sources: Sequence[str], extraction: str, engine: str) -> dict[str, Select[int, Any]]:
    """Queries for the number of items that wait, and the time of the oldest, for each stage and for e-mails to send."""
    since = func.now() - LATELY
    return {
        "extract": _number_and_oldest(last_news).where(
            is_unread(extraction), captures.c.source_id.in_(sources), captures.c.seen_at > since
        ),
        "quote": _number_and_oldest(versions.c.seen_at)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(is_unquoted(engine), articles.c.source_id.in_(sources), versions.c.seen_at > since),
        "link": _number_and_oldest(quotes.c.first_seen_at)
        .join(articles, articles.c.id == quotes.c.article_id)
        .where(is_unlinked(), quotes.c.first_seen_at > since),
        "alert": _number_and_oldest(statements.c.first_seen_at).where(
            statements.c.matched_at.is_(None), statements.c.first_seen_at > since
        ),
        "letter": _number_and_oldest(alerts.c.built_at)
        .join(watches, watches.c.id == alerts.c.watch_id)
        .where(alerts.c.state == "pending", watches.c.enabled, watches.c.subscriber_id == alerts.c.subscriber_id),
        "ops-letter": _number_and_oldest(ops_letters.c.built_at).where(ops_letters.c.state == "pending"),
    }


def _number_and_oldest(since: ColumnElement[Any]) -> Select[int, Any]:
    return select(func.count(), func.min(since))


def _incidents(connection: Connection) -> Iterator[MetricSample]:
    query = select(incidents.c.source_id, incidents.c.kind).where(incidents.c.closed_at.is_(None))
    for source, kind in connection.execute(query):
        yield MetricSample("onrecord_incident_open", {"source": source, "kind": kind}, 1)
    own = installation_incidents.c
    counted = select(own.kind, func.count()).where(own.closed_at.is_(None)).group_by(own.kind)
    for kind, number in connection.execute(counted):
        yield MetricSample("onrecord_installation_incidents", {"kind": kind}, number)


def _last_new(connection: Connection, sources: Sequence[str]) -> Iterator[MetricSample]:
    for source, at in connection.execute(_LAST_NEW, {"sources": list(sources)}):
        yield MetricSample("onrecord_source_new_timestamp_seconds", {"source": source}, float(at))


def _runs(connection: Connection) -> Iterator[MetricSample]:
    rows: Iterable[RowMapping] = connection.execute(_LAST_RUNS).mappings()
    for row in rows:
        yield MetricSample("onrecord_last_run_timestamp_seconds", {"command": row["command"]}, float(row["ended"]))
        yield MetricSample("onrecord_last_run_exit_code", {"command": row["command"]}, row["exit_code"])
    for command, number in connection.execute(_OPEN_RUNS, {"given_up": GIVEN_UP}):
        yield MetricSample("onrecord_runs_open", {"command": command}, number)
    until = connection.scalar(_DAYS_READ)
    if until is not None:
        yield MetricSample("onrecord_days_read_timestamp_seconds", {}, float(until))
