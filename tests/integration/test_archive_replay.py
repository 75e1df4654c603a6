"""Our own archive stands for the web: what was crawled live comes out of a replay byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.queries.articles import newest_versions
from pipeline.queries.ledger import url_outcomes
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.stages.context import Replay
from pipeline.store.admin import digest
from pipeline.store.engine import open_store
from tests.conftest import Cluster

SOURCES = ["kestrel", "president", "volna-en", "volna-ru", "mostovaya"]
STAGES = (Stage.CRAWL, Stage.EXTRACT)


State = tuple[dict[str, str], dict[str, str], dict[str, tuple[str, str]]]


def state(settings: Settings, run: str) -> State:
    """Digests of all tables, texts of all articles, outcomes of the run's addresses."""
    with open_store(settings) as engine, engine.connect() as connection:
        texts = {row.url: row.text for row in newest_versions(connection)}
        outcomes = {row.url: (row.outcome, row.reason) for row in url_outcomes(connection, run)}
        return digest.table_digests(connection), texts, outcomes


def test_both_days_of_the_newsroom_replay_to_the_same_store(tmp_path: Path, cluster: Cluster, template: str) -> None:
    live, again = (
        replace(settings_for(from_environment(), tmp_path / name), smtp_url=None, database_url=cluster.create(template))
        for name in ("live", "again")
    )
    states: list[tuple[datetime, State]] = []
    with Newsroom(DAYS[0]).serve() as served:
        for day in DAYS:
            served.day = day
            plan = runner.RunPlan("demo", source_ids=SOURCES, now=end_of_day(day), proxy=served.proxy_url)
            with runner.open_run(live, plan) as run:
                runner.perform_run(run, stages=STAGES)
            states.append((end_of_day(day), state(live, run.id)))
    assert len(states[1][1][1]) > len(states[0][1][1]) > 10
    for moment, wanted in states:
        plan = runner.RunPlan("run", source_ids=SOURCES, replay=Replay.of(live.archive, moment.isoformat()))
        with runner.open_run(again, plan) as run:
            report = runner.perform_run(run, stages=STAGES)
        assert report.failures == []
        assert state(again, run.id) == wanted
