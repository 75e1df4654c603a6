"""The DAGs parse, say what they are, and one pass of the daily DAG does the whole day on a replay."""

from __future__ import annotations

import copy
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
from jinja2 import Environment
from sqlalchemy import Connection, Engine, text

from pipeline import extraction
from pipeline.config.settings import from_environment
from pipeline.config.source import Source
from pipeline.config.sources import load_sources
from pipeline.demo.newsroom import FIRST_DAY
from pipeline.demo.run import end_of_day
from pipeline.errors import ArchiveDamaged, ConfigError, TooManyFailures
from pipeline.operations import maintenance
from pipeline.queries.ledger import ledger_report, url_outcomes
from pipeline.records import Stage
from pipeline.runs import failed_tasks, scheduler_tasks
from pipeline.stages import extract
from pipeline.store.admin import digest
from pipeline.store.crawl import sources
from pipeline.store.engine import open_store
from pipeline.store.runs import run_stages, runs

DAGS = Path(__file__).parents[2] / "dags"
SOURCES = ("kestrel", "mostovaya", "president", "volna-en", "volna-ru")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory, newsroom_warc: Path, newsroom_config: Path) -> Iterator[Any]:
    """All DAGs, known to a scratch Airflow; tasks find the newsroom's replay in the environment."""
    home = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": DAGS,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
            "ONRECORD_HOME": tmp_path_factory.mktemp("home"),
            "ONRECORD_CONFIG": newsroom_config,
            "ONRECORD_REPLAY": newsroom_warc,
            "ONRECORD_AS_OF": end_of_day(FIRST_DAY).isoformat(),
            "ONRECORD_BATCH_ITEMS": "20",
            # more than one, and no more: each takes the time of the start of a crawler
            "ONRECORD_CRAWLS_AT_ONCE": "2",
        }.items():
            patch.setenv(name, str(value))
        patch.delenv("ONRECORD_DATABASE_URL", raising=False)
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
        from airflow.utils.db import initdb

        initdb()
        DagBundlesManager().sync_bundles_to_db()
        found = DagBag(str(DAGS), bundle_name="dags-folder")
        sync_bag_to_db(found, "dags-folder", None)
        yield found


@pytest.fixture(scope="module")
def day(bag: Any) -> Iterator[Any]:
    """One pass of the daily DAG, in the home of the environment, whose server stays up."""
    with open_store(from_environment()):
        yield bag.dags["onrecord_daily"].test()


@pytest.fixture
def one_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    """All sources in one group: a crawler for each takes the time of its start."""
    monkeypatch.setenv("ONRECORD_CRAWLS_AT_ONCE", "1")


def states_of(run: Any) -> dict[tuple[str, int], str]:
    return {(task.task_id, task.map_index): str(task.state) for task in run.get_task_instances()}


def test_every_dag_file_parses_and_says_what_it_is(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == {"onrecord_collect", "onrecord_daily", "onrecord_reprocess", "onrecord_maintenance"}
    for dag in bag.dags.values():
        assert dag.doc_md and dag.tags and dag.catchup is False and dag.max_active_runs == 1
        assert dag.dagrun_timeout is not None
        for task in dag.tasks:
            assert task.owner == "onrecord"
            assert task.execution_timeout is not None and task.execution_timeout < dag.dagrun_timeout
            assert task.retries == 0 or task.retry_exponential_backoff
            assert (task.retries == 0) == (task.task_id in ("report", "prove"))


def test_what_a_task_over_many_sources_is_called_fits_into_airflows_database(bag: Any) -> None:
    from airflow.models.taskinstance import TaskInstance

    room = TaskInstance.__table__.c["rendered_map_index"].type.length
    sources = [f"a-source-with-a-long-name-{number}" for number in range(60)]
    task = SimpleNamespace(sources=sources, op_kwargs={"sources": sources})
    named = [it for it in bag.dags["onrecord_daily"].tasks if it.is_mapped]
    assert {it.task_id for it in named} == {"crawl", "extract", "quote"}
    for it in named:
        name = Environment(autoescape=False).from_string(it.partial_kwargs["map_index_template"]).render(task=task)
        assert name.startswith("a-source-with-a-long-name-0, a-source") and len(name) <= room


def test_no_dag_file_does_work_or_loads_the_pipeline_when_it_is_parsed() -> None:
    """Parsing has to stay cheap: it is done again and again. The names of errors are all that a DAG has to know."""
    code = (
        "import runpy, sys\n"
        "for name in ('collect', 'daily', 'reprocess', 'maintenance'):\n"
        "    runpy.run_module(f'dags.{name}')\n"
        "print(sorted(it for it in sys.modules if it.partition('.')[0] in ('pipeline', 'crawlers', 'scrapy')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=DAGS.parent, capture_output=True, text=True, check=True, timeout=120
    )
    names = ["errors", "quote_rules", "reasons", "records"]
    assert done.stdout.splitlines()[-1] == str(["pipeline", *(f"pipeline.{name}" for name in names)])


def test_a_run_by_hand_without_a_date_takes_the_newest_whole_day_in_moscow() -> None:
    from dags.daily import day_to_cover

    day = datetime(2026, 6, 15, tzinfo=UTC)
    assert day_to_cover(None, day, day + timedelta(days=1)) == date(2026, 6, 15)
    for hours, newest in ((0, 14), (20, 14), (20.99, 14), (21, 15), (23, 15)):
        assert day_to_cover(None, None, day + timedelta(hours=hours)) == date(2026, 6, newest), hours
    assert day_to_cover("2026-05-01", day, day) == date(2026, 5, 1)
    assert day_to_cover("", None, day + timedelta(hours=21)) == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("dag", "conf", "good"),
    [
        ("onrecord_daily", {}, True),
        ("onrecord_daily", {"day": "2026-06-15"}, True),
        ("onrecord_daily", {"day": "yesterday"}, False),
        ("onrecord_daily", {"day": "2026-06-31"}, False),
        ("onrecord_reprocess", {"from": "2026-06-15", "to": "2026-06-16T12:00:00+00:00"}, True),
        ("onrecord_reprocess", {"from": "yesterday", "to": "whenever"}, False),
        ("onrecord_reprocess", {"from": "2026-06-15"}, False),
        ("onrecord_collect", {}, True),
        ("onrecord_collect", {"sources": ["kestrel", "kremlin-ru"]}, True),
        ("onrecord_collect", {"sources": ["kestrell"]}, False),
        ("onrecord_maintenance", {}, True),
    ],
)
def test_a_wrong_parameter_is_refused_before_a_run_begins(bag: Any, dag: str, conf: dict[str, str], good: bool) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = copy.deepcopy(bag.dags[dag].params)
    with nullcontext() if good else pytest.raises(ParamValidationError):
        params.update(conf)
        params.validate()


def test_the_daily_dag_begins_without_a_logical_date(bag: Any) -> None:
    begin = bag.dags["onrecord_daily"].get_task("begin").python_callable
    run_after = datetime.fromisoformat(end_of_day(FIRST_DAY).isoformat()) + timedelta(hours=5)
    run_id = begin(
        logical_date=None, dag_run=SimpleNamespace(run_after=run_after, run_type="manual"), params={"day": None}
    )
    with open_store(from_environment()) as engine, engine.connect() as connection:
        row = runs.run_row(connection, run_id)
    assert row is not None
    assert row["window_start"].astimezone(ZoneInfo("Europe/Moscow")).date() == FIRST_DAY


def test_the_daily_dag_takes_a_day_through_all_stages_and_a_second_pass_changes_nothing(bag: Any, day: Any) -> None:
    with open_store(from_environment()) as engine:
        states = states_of(day)
        assert set(states.values()) == {"success"}, states
        steps = {"begin", "sources", "report", "extract_batches", "quote_batches", *(str(stage) for stage in Stage)}
        assert {name for name, _ in states} == steps
        assert ("extract", 1) in states and ("quote", 1) in states, "more than one batch each"
        with engine.connect() as connection:
            kept = [row for row in url_outcomes(connection, None) if row.outcome == "kept"]
            assert {row.source for row in kept} == set(SOURCES)
            assert not [row for row in ledger_report(connection) if row.balance]
            before = digest.table_digests(connection)
        assert str(bag.dags["onrecord_daily"].test().state) == "success"
        with engine.connect() as connection:
            assert digest.table_digests(connection) == before


def test_sources_that_share_a_host_are_crawled_by_one_task(
    newsroom_config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(newsroom_config, tmp_path, dirs_exist_ok=True)
    moved = tmp_path / "sources" / "volna-ru.yaml"
    other = tmp_path / "sources" / "volna-en.yaml"
    home = re.search(r"^home: (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
    assert home
    moved.write_text(re.sub(r"(?m)^home: .*$", home[0], moved.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("ONRECORD_CONFIG", str(tmp_path))
    monkeypatch.setenv("ONRECORD_CONTACT", "test@example.org")
    monkeypatch.delenv("ONRECORD_REPLAY", raising=False)
    monkeypatch.setenv("ONRECORD_CRAWLS_AT_ONCE", "4")
    groups = sorted(sorted(group) for group in scheduler_tasks.grouped_by_host(switched_on()))
    assert groups == [["kestrel"], ["mostovaya"], ["president"], ["volna-en", "volna-ru"]]


def test_a_run_without_any_source_is_refused_and_not_green(
    bag: Any, nothing_on: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    monkeypatch.setenv("ONRECORD_CONFIG", str(nothing_on))
    with pytest.raises(ConfigError, match="no source is switched on"):
        scheduler_tasks.begin_collect()


def test_where_a_run_cannot_be_opened_one_task_is_red_and_the_others_never_start(
    bag: Any, nothing_on: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    monkeypatch.setenv("ONRECORD_CONFIG", str(nothing_on))
    monkeypatch.setenv("ONRECORD_OPS_MAIL", "ops@example.org")
    with open_store(from_environment()):
        for name, conf in {
            "onrecord_collect": None,
            "onrecord_daily": None,
            "onrecord_reprocess": {"from": "2026-06-16", "to": "2026-06-15"},
        }.items():
            run = bag.dags[name].test(run_conf=conf)
            states = states_of(run)
            assert states.pop(("begin", -1)) == "failed", states
            assert set(states.values()) == {"upstream_failed"}, states
            assert str(run.state) == "failed"
    assert sorted(ops_mails(tmp_path)) == [
        f"onrecord: {name} runs cannot begin" for name in ("collect", "daily", "reprocess")
    ]


def test_more_hosts_than_tasks_are_shared_out_and_those_of_one_host_stay_together(
    bag: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_CRAWLS_AT_ONCE", "2")
    first, second = scheduler_tasks.grouped_by_host(switched_on())
    assert sorted([*first, *second]) == sorted(SOURCES) and abs(len(first) - len(second)) <= 1


def test_collecting_the_same_web_again_changes_nothing(bag: Any, day: Any) -> None:
    with open_store(from_environment()) as engine:
        with engine.connect() as connection:
            before = digest.table_digests(connection)
        assert str(bag.dags["onrecord_collect"].test().state) == "success"
        with engine.connect() as connection:
            assert digest.table_digests(connection) == before


def test_where_no_source_is_due_the_run_ends_green_with_its_first_task(
    bag: Any, day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONRECORD_REPLAY")
    monkeypatch.setenv("ONRECORD_CONTACT", "desk@example.org")
    names = [it.id for it in switched_on()]
    with open_store(from_environment()) as engine:
        with engine.begin() as connection:
            known = runs.latest_run(connection)
            sources.note_crawl(connection, names, datetime.now(UTC))
        run = bag.dags["onrecord_collect"].test()
        states = states_of(run)
        assert states.pop(("begin", -1)) == "success" and set(states.values()) == {"skipped"}, states
        assert str(run.state) == "success"
        with engine.begin() as connection:
            assert runs.latest_run(connection) == known
            sources.note_crawl(connection, names[:1], datetime.now(UTC) - timedelta(hours=2))
            sources.pause_source(connection, names[0], datetime.now(UTC) + timedelta(days=1))
        assert scheduler_tasks.begin_collect() == "", "it is paused"
        named = scheduler_tasks.begin_collect([names[0]])
        assert scheduler_tasks.crawl_groups(named) == [[names[0]]]
        with engine.begin() as connection:
            runs.finish_run(connection, named, exit_code=0, exit_reason="")
            sources.pause_source(connection, names[0], None)


def test_reprocessing_reads_the_archive_again_with_new_code_and_crawls_nothing(
    bag: Any, day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dag = bag.dags["onrecord_reprocess"]
    window = {"from": FIRST_DAY.isoformat(), "to": (FIRST_DAY + timedelta(days=1)).isoformat()}
    with open_store(from_environment()) as engine:
        with engine.connect() as connection:
            before = digest.table_digests(connection)
            asked = fetch_count(connection)
            versions = version_count(connection)
        assert set(states_of(dag.test(run_conf=window)).values()) == {"success"}
        assert noted_in(engine, "extract") == 0, "the code is the same, so nothing waits"
        with engine.connect() as connection:
            assert digest.table_digests(connection) == before
        monkeypatch.setattr(extraction, "VERSION", "newer")
        states = states_of(dag.test(run_conf={"from": "2001-01-01", "to": "2001-01-02"}))
        assert set(states.values()) == {"success"}
        assert noted_in(engine, "extract") == 0, "nothing was first seen in that window"
        assert set(states_of(dag.test(run_conf=window)).values()) == {"success"}
        assert noted_in(engine, "extract") > 0
        assert noted_in(engine, "crawl") is None
        with engine.connect() as connection:
            assert fetch_count(connection) == asked
            assert version_count(connection) == versions, "what reads the same is no new version"


def test_a_window_that_makes_no_sense_fails_with_the_reason_and_is_not_tried_again(bag: Any, caplog: Any) -> None:
    run = bag.dags["onrecord_reprocess"].test(run_conf={"from": "2026-06-16", "to": "2026-06-15"})
    states = {task.task_id: task for task in run.get_task_instances()}
    assert str(states["begin"].state) == "failed" and states["begin"].try_number == 1
    assert str(run.state) == "failed"


def test_maintenance_proves_a_sample_and_fails_when_the_archive_was_damaged(
    bag: Any, day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_environment()
    dag = bag.dags["onrecord_maintenance"]
    monkeypatch.setenv("ONRECORD_OPS_MAIL", "ops@example.org")
    with open_store(settings):
        assert set(states_of(dag.test()).values()) == {"success"}
        whole = {path: path.read_bytes() for path in settings.archive.rglob("*.warc.gz")}
        for path, data in whole.items():
            path.write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
        try:
            assert states_of(dag.test())[("prove", -1)] == "failed"
            assert ops_mails(settings.home) == ["onrecord: the archive is not what was written"]
            with pytest.raises(ArchiveDamaged, match=r"is not what was written: .*\.warc\.gz"):
                maintenance.prove_sample("any")
        finally:
            for path, data in whole.items():
                path.write_bytes(data)
        failed_tasks.note_ended_task("onrecord_maintenance", "prove")
        assert sorted(ops_mails(settings.home)) == [
            "onrecord: over: the archive is not what was written",
            "onrecord: the archive is not what was written",
        ]


def test_a_crawl_that_never_ended_fails_the_run_by_name_and_stops_nothing(bag: Any) -> None:
    """As after a kill or a time-out: one group has left no report."""
    with open_store(from_environment()) as engine:
        run = scheduler_tasks.begin_collect()
        for group in scheduler_tasks.crawl_groups(run):
            if "kestrel" not in group:
                scheduler_tasks.crawl_task(run, group)
        perform(run, "extract", "quote", "link")
        with pytest.raises(TooManyFailures) as failed:
            scheduler_tasks.finish_task(run)
        assert "kestrel: its crawl did not come to its end" in str(failed.value)
        assert "alert: did not come to its end" in str(failed.value)
        with engine.connect() as connection:
            row = runs.run_row(connection, run)
        assert row is not None and row["exit_code"] == 1 and row["exit_reason"] == str(failed.value)


@pytest.mark.usefixtures("one_crawl")
def test_a_backfill_tells_nobody_and_ends_as_a_live_run_does_whichever_comes_first(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for order in (("backfill", "live"), ("live", "backfill")):
        home = tmp_path / "-".join(order)
        monkeypatch.setenv("ONRECORD_HOME", str(home))
        with open_store(from_environment()) as engine:
            for kind in order:
                run = (
                    scheduler_tasks.begin_collect()
                    if kind == "live"
                    else scheduler_tasks.begin_day(FIRST_DAY, backfill=True)
                )
                for group in scheduler_tasks.crawl_groups(run):
                    scheduler_tasks.crawl_task(run, group)
                perform(run, "extract", "quote", "link", "alert")
                assert scheduler_tasks.finish_task(run)["exit_reason"] == "all well"
            with engine.connect() as connection:
                found[order] = digest.table_digests(connection)[digest.ALL]
                states = set(connection.scalars(text("SELECT DISTINCT state FROM onrecord.alerts")))
        mails = list((home / "spool").glob("*.eml")) if (home / "spool").exists() else []
        assert bool(mails) == (order[0] == "live")
        assert states == ({"sent"} if order[0] == "live" else {"suppressed-old"})
    assert len(set(found.values())) == 1, found


def test_a_day_that_ended_long_ago_is_a_backfill_and_yesterday_is_news(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    with open_store(from_environment()) as engine:
        for day, command in ((FIRST_DAY, "daily"), (FIRST_DAY - timedelta(days=3), "backfill")):
            with engine.connect() as connection:
                row = runs.run_row(connection, scheduler_tasks.begin_day(day))
            assert row is not None and row["command"] == command


@pytest.mark.usefixtures("one_crawl")
def test_a_batch_that_was_killed_half_way_is_missed_by_name_and_its_next_try_makes_the_sums_right(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    saved: list[str] = []

    def killed(run: Any, result: Any, recent: Any) -> None:
        if len(saved) == 2:
            raise KeyboardInterrupt
        saved.append(result.job.item)
        save(run, result, recent)

    save = extract.save
    with open_store(from_environment()) as engine:
        run = scheduler_tasks.begin_collect()
        for group in scheduler_tasks.crawl_groups(run):
            scheduler_tasks.crawl_task(run, group)
        first, *others = scheduler_tasks.batches_of("extract", run)
        with monkeypatch.context() as patch:
            patch.setattr(extract, "save", killed)
            with pytest.raises(KeyboardInterrupt):
                scheduler_tasks.batch_task("extract", run, first)
        for batch in others:
            scheduler_tasks.batch_task("extract", run, batch)
        perform(run, "quote", "link", "alert")
        with pytest.raises(TooManyFailures) as failed:
            scheduler_tasks.finish_task(run)
        assert f"extract of {', '.join(first)}: did not come to its end" in str(failed.value)
        scheduler_tasks.batch_task("extract", run, first)
        perform(run, "quote", "link", "alert")
        report = scheduler_tasks.finish_task(run)
        assert report["exit_reason"] == "all well"
        with engine.connect() as connection:
            assert report["versions_new"] == version_count(connection) > 2
            assert report["quotes"] == connection.scalar(text("SELECT count(*) FROM onrecord.quote_spans"))


def test_killing_a_crawl_task_ends_its_child_and_all_that_it_started(bag: Any) -> None:
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(inner.pid, flush=True)\n"
        "time.sleep(600)"
    )
    operator = bag.dags["onrecord_collect"].get_task("crawl").unmap({"sources": ["kestrel"]})
    operator.grace = 1
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout is not None
        inner = psutil.Process(int(child.stdout.readline()))
        operator._remember(child)
        operator.on_kill()
        assert child.wait(10) == -signal.SIGKILL
        assert psutil.wait_procs([inner], timeout=10)[1] == []


def test_no_crawl_begins_after_its_task_was_killed(bag: Any) -> None:
    operator = bag.dags["onrecord_collect"].get_task("crawl").unmap({"sources": ["kestrel", "volna-en"]})
    operator.on_kill()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as child:
        operator._remember(child)
        ended = child.poll()
        child.kill()
    assert ended == -signal.SIGTERM


def test_a_crawl_that_was_stopped_fails_and_its_next_try_brings_the_rest(bag: Any) -> None:
    """As when all of Airflow is stopped while it works: nobody has to clear anything by hand."""
    from dags.operators import CrawlOperator

    def crawl_of(group: list[str]) -> Any:
        return bag.dags["onrecord_collect"].get_task("crawl").unmap({"run": run, "sources": group})

    with open_store(from_environment()):
        run = scheduler_tasks.begin_collect()
        first, *others = scheduler_tasks.crawl_groups(run)
        stopped = crawl_of(first)
        stopped._remember = lambda child: (CrawlOperator._remember(stopped, child), stopped.on_kill())
        with pytest.raises(InterruptedError, match=first[0]):
            stopped.execute({})
        for group in (first, *others):
            assert [brought["failure"] for brought in crawl_of(group).execute({})] == [""] * len(group)
        perform(run, "extract", "quote", "link", "alert")
        assert scheduler_tasks.finish_task(run)["exit_reason"] == "all well"


def ops_mails(home: Path) -> list[str]:
    """The subjects of the e-mails to the ops mailbox that lie in the spool of this home."""
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (home / "spool").rglob("*.eml")]
    return [str(mail["Subject"]) for mail in found if mail["To"] == "ops@example.org"]


def switched_on() -> list[Source]:
    return [it for it in load_sources(from_environment()).values() if it.enabled]


def perform(run: str, *stages: str) -> None:
    """Take a run through stages as its tasks do."""
    for name in stages:
        if name in ("extract", "quote"):
            for batch in scheduler_tasks.batches_of(name, run):
                scheduler_tasks.batch_task(name, run, batch)
        else:
            scheduler_tasks.stage_task(name, run)


def noted_in(engine: Engine, stage: str) -> int | None:
    """How many items went into a stage of the newest run; None if it had no such stage."""
    with engine.connect() as connection:
        passes = run_stages.stage_passes(connection, runs.latest_run(connection) or "")
    return run_stages.summed_items(passes, Stage(stage))


def fetch_count(connection: Connection) -> int:
    return connection.scalar(text("SELECT count(*) FROM onrecord.fetches")) or 0


def version_count(connection: Connection) -> int:
    return connection.scalar(text("SELECT count(*) FROM onrecord.versions")) or 0
