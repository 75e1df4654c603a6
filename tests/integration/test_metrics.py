"""What a monitor reads agrees with the store, never goes back, and costs no more for being asked often."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from monitored import STORY, Values, entry, finished, read, served, values_of
from newsdesk import SOURCE, opened
from sqlalchemy import Engine, create_engine, text

from pipeline.cli.metrics import KEPT, SHARE, Readings
from pipeline.crawling.summary import CrawlSummary
from pipeline.records import Outcome, Stage
from pipeline.runtime.metrics_catalogue import METRICS, MetricSample, metrics_table
from pipeline.stage_result import StageResult
from pipeline.store import migrate
from pipeline.store.engine import sqlalchemy_url
from pipeline.store.runs import ledger, metric_totals, run_stages, run_state, runs

ROOT = Path(__file__).parents[2]


def at(values: Values, name: str, **labels: str) -> float:
    return values[name, frozenset(labels.items())]


def test_a_run_is_counted_once_when_it_ends_and_counts_never_go_back(engine: Engine) -> None:
    before = read(engine)
    assert at(before, "onrecord_versions_total") == 0 and at(before, "onrecord_up") == 1
    new, bad = entry("a", Outcome.KEPT, "new"), entry("b", Outcome.ERROR, "http-403")
    first = finished(engine, new, bad)
    assert at(read(engine), "onrecord_outcomes_total", source=SOURCE.id, stage="crawl", outcome="kept") == 1
    finished(engine, new, entry("c", Outcome.KEPT, "edited"), code=1)
    last = read(engine)
    assert at(last, "onrecord_outcomes_total", source=SOURCE.id, stage="crawl", outcome="kept") == 3
    assert at(last, "onrecord_reasons_total", stage="crawl", outcome="error", reason="http-403") == 1
    assert at(last, "onrecord_runs_total", command="test", exit_code="1") == 1
    assert at(last, "onrecord_last_run_exit_code", command="test") == 1
    assert at(last, "onrecord_run_seconds_count", command="test") == 2
    with engine.begin() as connection:
        runs.finish_run(connection, first, exit_code=0, exit_reason="once more")
        connection.execute(text("DELETE FROM onrecord.outcomes"))
    again = read(engine)
    totals = {name: value for name, value in last.items() if name[0].endswith(("_total", "_count", "_bucket"))}
    assert {name: again[name] for name in totals} == totals


def test_a_killed_run_is_counted_when_nobody_can_be_at_work_on_it_any_more(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        ledger.record_outcomes(connection, run, [entry("a", Outcome.KEPT, "new")])
    finished(engine)
    values = read(engine)
    assert at(values, "onrecord_runs_open", command="test") == 1
    assert ("onrecord_runs_total", frozenset({("command", "test"), ("exit_code", "killed")})) not in values
    with engine.begin() as connection:
        long_ago = {"at": datetime.now(UTC) - metric_totals.GIVEN_UP - timedelta(minutes=1), "id": run}
        connection.execute(text("UPDATE onrecord.runs SET started_at = :at WHERE id = :id"), long_ago)
    finished(engine)
    values = read(engine)
    assert at(values, "onrecord_runs_total", command="test", exit_code="killed") == 1
    assert at(values, "onrecord_outcomes_total", source=SOURCE.id, stage="crawl", outcome="kept") == 1
    assert not [name for name in values if name[0] == "onrecord_runs_open"]


def test_what_the_ledger_does_not_balance_and_what_stages_noted_is_counted(engine: Engine) -> None:
    run = opened(engine)
    with engine.begin() as connection:
        ledger.record_outcomes(connection, run, [entry("v", Outcome.KEPT, "quoted", Stage.QUOTE)])
        for batch, items in (("a", 2), ("b", 1)):
            run_stages.save_items(connection, run, Stage.QUOTE, batch, items)
        run_stages.end_pass(connection, run, Stage.QUOTE, "a", StageResult(quotes=4))
        run_stages.end_pass(connection, run, Stage.QUOTE, "b", StageResult(quotes=3))
        run_stages.save_items(connection, run, Stage.LINK, "", 0)
        run_stages.end_pass(connection, run, Stage.LINK, "", StageResult(statements=5))
        run_state.save_crawl_summary(connection, run, CrawlSummary(SOURCE.id, failure="it is gone"))
        runs.finish_run(connection, run, exit_code=1, exit_reason="")
    values = read(engine)
    assert at(values, "onrecord_unbalanced_items_total", stage="quote") == 2
    assert ("onrecord_unbalanced_items_total", frozenset({("stage", "link")})) not in values
    assert at(values, "onrecord_quotes_total") == 7 and at(values, "onrecord_statements_total") == 5
    assert at(values, "onrecord_crawls_total", source=SOURCE.id, result="failed") == 1


@pytest.mark.parametrize("live", [True, False])
def test_queues_delays_incidents_and_bytes_are_told(engine: Engine, live: bool) -> None:
    clock = datetime.now(UTC) - timedelta(days=0 if live else 200)
    run = opened(engine, clock=clock)
    with engine.begin() as connection:
        connection.exec_driver_sql(STORY.format(run=run))
        ledger.record_outcomes(connection, run, [entry("l", Outcome.KEPT, "sent", Stage.ALERT)])
        runs.finish_run(connection, run, exit_code=0, exit_reason="")
    values = read(engine)
    for minutes, queue in enumerate(("letter", "alert", "link", "quote", "extract"), 1):
        assert at(values, "onrecord_waiting", queue=queue) == 1, queue
        assert minutes * 60 <= at(values, "onrecord_waiting_seconds", queue=queue) < minutes * 60 + 60
    assert at(values, "onrecord_waiting", queue="ops-letter") == 1
    assert at(values, "onrecord_incident_open", source="gazette", kind="silent") == 1
    assert at(values, "onrecord_installation_incidents", kind="not-opened") == 1
    assert at(values, "onrecord_archived_bytes_total") == 1234
    assert (
        abs(at(values, "onrecord_source_new_timestamp_seconds", source="gazette") - datetime.now(UTC).timestamp()) < 60
    )
    if live:
        assert at(values, "onrecord_published_to_seen_seconds_bucket", le="900") == 0
        assert at(values, "onrecord_published_to_seen_seconds_bucket", le="1800") == 1
        assert at(values, "onrecord_published_to_seen_seconds_sum") == 1200
        assert at(values, "onrecord_seen_to_told_seconds_sum") == 720
    else:
        assert not [name for name, _ in values if name.startswith(("onrecord_published", "onrecord_seen"))]
    others = read(engine, "elsewhere")
    assert at(others, "onrecord_waiting", queue="extract") == 0, "nobody reads what sources that are off have left"


def test_the_newest_day_read_is_that_of_daily_runs_that_ended(engine: Engine) -> None:
    assert ("onrecord_days_read_timestamp_seconds", frozenset()) not in read(engine)
    end = datetime(2026, 6, 15, 21, tzinfo=UTC)
    run = finished(engine)
    with engine.begin() as connection:
        statement = text("UPDATE onrecord.runs SET command = 'daily', window_end = :end WHERE id = :id")
        connection.execute(statement, {"end": end, "id": run})
    assert at(read(engine), "onrecord_days_read_timestamp_seconds") == end.timestamp()


def test_runs_that_end_at_once_are_all_counted(database_url: str, engine: Engine) -> None:
    names = [opened(engine) for _ in range(8)]
    with engine.begin() as connection:
        for run in names:
            ledger.record_outcomes(connection, run, [entry(str(n), Outcome.KEPT, f"r{n}") for n in range(20)])
    code = (
        "import sys; from sqlalchemy import create_engine; from pipeline.store.runs import runs\n"
        "engine = create_engine(sys.argv[1])\n"
        "for run in sys.argv[2:]:\n"
        "    with engine.begin() as connection: runs.finish_run(connection, run, exit_code=0, exit_reason='')\n"
    )
    url = sqlalchemy_url(database_url).render_as_string(hide_password=False)
    children = [subprocess.Popen([sys.executable, "-c", code, url, *names[part::2]], cwd=ROOT) for part in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    assert at(read(engine), "onrecord_outcomes_total", source=SOURCE.id, stage="crawl", outcome="kept") == 160


def test_the_runs_of_before_are_counted_with_the_first_that_ends(engine: Engine) -> None:
    migrate.downgrade_database(engine, "0004")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO onrecord.runs (id, command, clock, started_at, finished_at, exit_code)"
                " VALUES ('old', 'run', now(), now(), now(), 0)"
            )
        )
    migrate.upgrade_database(engine)
    finished(engine)
    assert at(read(engine), "onrecord_runs_total", command="run", exit_code="0") == 1


def test_a_reading_is_shown_for_a_while_and_longer_if_it_was_dear(engine: Engine) -> None:
    now, cost, asked = [0.0], [0.5], []

    def dear() -> list[MetricSample]:
        asked.append(now[0])
        now[0] += cost[0]
        return []

    readings = Readings(dear, lambda: now[0])
    for moment in (0.0, KEPT - 0.1, KEPT):
        now[0] = moment
        readings.now()
    assert asked == [0.0, KEPT]
    cost[0] = 3.0
    for moment in (30.0, 30 + 3 * SHARE - 0.1, 30 + 3 * SHARE):
        now[0] = moment
        readings.now()
    assert asked[2:] == [30.0, 30 + 3 * SHARE]


def test_a_store_that_is_away_is_told_and_nothing_else() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = create_engine(sqlalchemy_url(f"postgresql://u:p@127.0.0.1:{probe.getsockname()[1]}/x"))
        values = read(away)
    assert {name for name, _ in values} == {"onrecord_up", "onrecord_reading_seconds"}
    assert at(values, "onrecord_up") == 0


def test_the_command_serves_what_is_in_the_store_on_loopback_until_it_is_stopped(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    finished(engine, entry("a", Outcome.KEPT, "new"))
    with served(database_url, tmp_path) as (address, _):
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=30) as answer:
            values = values_of(answer.read().decode())
    assert at(values, "onrecord_outcomes_total", source=SOURCE.id, stage="crawl", outcome="kept") == 1
    assert at(values, "onrecord_source_enabled", source="bbc") == 1


def test_every_metric_that_is_counted_is_in_the_list_and_on_the_page() -> None:
    counted = {*metric_totals._COUNTERS, *metric_totals._MEASURED}
    assert counted == {metric.name for metric in METRICS if not metric.live}
    assert metrics_table() in (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
