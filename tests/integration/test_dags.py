"""The DAGs parse, say what they are, and one pass of the daily DAG does the whole day on a replay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.settings import SHIPPED, from_environment
from pipeline.demo import end_of_day, settings_for
from pipeline.newsroom import CONFIG, FIRST_DAY, Newsroom
from pipeline.records import Stage
from pipeline.stages import whole
from pipeline.store import digest, ledger
from pipeline.store.engine import connect

DAGS = Path(__file__).parents[2] / "dags"
SOURCES = ("kestrel", "mostovaya", "president", "volna-en", "volna-ru")


@pytest.fixture(scope="module")
def newsroom_warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample newsroom's first day, crawled into an archive of our own and put into one WARC file."""
    home = tmp_path_factory.mktemp("crawled")
    settings = replace(settings_for(from_environment(), home), config_dir=CONFIG)
    with Newsroom(FIRST_DAY).serve() as served:
        plan = whole.Plan("demo", source_ids=SOURCES, now=end_of_day(FIRST_DAY), proxy=served.proxy_url)
        with whole.opened(settings, plan) as run:
            whole.perform_stage(run, Stage.CRAWL)
            whole.close(run)
    joined = home / "newsroom.warc.gz"
    with joined.open("wb") as out:
        for part in sorted(settings.archive.rglob("*.warc.gz")):
            with part.open("rb") as file:
                shutil.copyfileobj(file, out)
    return joined


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's configuration, with the shipped sources switched off: they are not in the replay."""
    folder = tmp_path_factory.mktemp("config")
    shutil.copytree(CONFIG, folder, dirs_exist_ok=True)
    for path in (SHIPPED / "sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        (folder / "sources" / path.name).write_text(text + "\nenabled: false\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory, newsroom_warc: Path, config: Path) -> Iterator[Any]:
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
            "ONRECORD_CONFIG": config,
            "ONRECORD_REPLAY": newsroom_warc,
            "ONRECORD_AS_OF": end_of_day(FIRST_DAY).isoformat(),
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


def test_every_dag_file_parses_and_says_what_it_is(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == {"onrecord_daily"}
    for dag in bag.dags.values():
        assert dag.doc_md and dag.tags and dag.catchup is False and dag.max_active_runs == 1
        for task in dag.tasks:
            assert task.owner == "onrecord"
            assert task.execution_timeout is not None


def test_the_daily_dag_takes_a_day_through_all_stages_and_a_second_pass_changes_nothing(bag: Any) -> None:
    dag = bag.dags["onrecord_daily"]
    with connect(from_environment()) as engine:
        first = dag.test()
        states = {(task.task_id, task.map_index): str(task.state) for task in first.get_task_instances()}
        assert set(states.values()) == {"success"}, states
        assert {name for name, _ in states} == {"begin", "sources", "crawl", "report", *(str(stage) for stage in Stage)}
        assert sum(name == "crawl" for name, _ in states) == len(SOURCES)
        with engine.connect() as connection:
            kept = [row for row in ledger.url_outcomes(connection, None) if row["outcome"] == "kept"]
            assert {row["source"] for row in kept} == set(SOURCES)
            assert not [row for row in ledger.report(connection) if row["balance"]]
            before = digest.digest(connection)
        assert str(dag.test().state) == "success"
        with engine.connect() as connection:
            assert digest.digest(connection) == before
