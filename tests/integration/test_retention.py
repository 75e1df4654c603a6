"""Old ledgers become sums: every count stays, every quote is proved as before, a second pass finds nothing to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update

from pipeline import cli
from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, FIRST_DAY, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.operations import maintenance, verification
from pipeline.queries.ledger import ALL_RUNS, ledger_report, url_outcomes
from pipeline.runs import runner
from pipeline.store import schema
from pipeline.store.admin import digest, retention
from pipeline.store.engine import open_store
from tests.conftest import Cluster

OLD = timedelta(days=100)


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, template: str
) -> tuple[Settings, tuple[str, str, str]]:
    """An installation that has read the newsroom's days, to be copied, and the ids of its three runs."""
    made = replace(settings_for(from_environment(), tmp_path_factory.mktemp("read") / "home"), smtp_url=None)
    made = replace(made, database_url=cluster.create(template))
    with open_store(made) as engine:
        first, second, newest = read_days(made, engine)
    return made, (first, second, newest)


@pytest.fixture
def runs(read: tuple[Settings, tuple[str, str, str]]) -> tuple[str, str, str]:
    return read[1]


@pytest.fixture
def home(
    read: tuple[Settings, tuple[str, str, str]], tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A copy of one's own, which the environment names as well."""
    made, _ = read
    assert made.database_url is not None
    copied = cluster.copy(made.database_url)
    monkeypatch.setenv("ONRECORD_HOME", str(shutil.copytree(made.home, tmp_path / "home")))
    monkeypatch.setenv("ONRECORD_DATABASE_URL", copied)
    yield replace(made, home=tmp_path / "home", database_url=copied)
    cluster.drop(copied)


@pytest.fixture
def engine(home: Settings) -> Iterator[Engine]:
    with open_store(home) as found:
        yield found


def read_days(settings: Settings, engine: Engine) -> list[str]:
    """The newsroom's days read by three runs, of which the first two are old; their ids."""
    found = []
    with Newsroom(FIRST_DAY).serve() as served:
        for day in (DAYS[0], DAYS[0], DAYS[1]):
            served.day = day
            sources = ["kestrel", "volna-ru"]
            plan = runner.RunPlan("demo", source_ids=sources, now=end_of_day(day), proxy=served.proxy_url)
            with runner.open_run(settings, plan) as run:
                runner.perform_run(run)
                found.append(run.id)
    with engine.begin() as connection:
        own = update(schema.runs).where(schema.runs.c.id.in_(found[:2]))
        connection.execute(own.values(started_at=schema.runs.c.started_at - OLD))
    return found


def said(engine: Engine, settings: Settings, newest: str) -> dict[str, Any]:
    """Everything that must not change."""
    with engine.connect() as connection:
        return {
            "digest": digest.table_digests(connection),
            "proved": verification.verify_stored(connection, settings.archive),
            "newest": ledger_report(connection, newest),
            "default": ledger_report(connection),
            "all": ledger_report(connection, ALL_RUNS),
            "urls": {row.url for row in url_outcomes(connection, ALL_RUNS)},
            "health": connection.execute(text("SELECT * FROM analyst.source_health ORDER BY source_id")).all(),
            "outcomes": total(connection, schema.outcomes, schema.outcome_days),
            "fetches": total(connection, schema.fetches, schema.fetch_days),
        }


def total(connection: Any, rows: Any, days: Any) -> int:
    """Rows that are there, and those that were summed up."""
    there = connection.scalar(select(func.count()).select_from(rows))
    return int(there) + int(connection.scalar(select(func.coalesce(func.sum(days.c["items"]), 0))))


def test_nothing_that_is_counted_or_proved_changes_and_a_second_pass_finds_nothing(
    home: Settings, engine: Engine, runs: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, newest = runs
    before = said(engine, home, newest)
    assert not before["proved"].problems and not [row for row in before["all"] if row.balance]
    removed = maintenance.forget_old_ledgers()
    assert removed["runs"] == 2 and removed["outcomes"] > 100 and removed["fetches"] > 10
    assert said(engine, home, newest) == before
    assert not +retention.sum_up_ledgers(engine, datetime.now(UTC) - timedelta(days=30))
    with engine.connect() as connection:
        assert ledger_report(connection, first) == ledger_report(connection, second) == []
        held = select(func.count()).select_from(schema.fetches).where(schema.fetches.c.run_id == first)
        carrying = held.where(schema.fetches.c.capture_id.is_not(None))
        assert connection.scalar(held) == connection.scalar(carrying) > 0
    capsys.readouterr()
    assert cli.run_command_line(["report", "--run", first]) == 0
    assert "summed up by day" in capsys.readouterr().err


def test_the_newest_run_of_a_source_is_kept_however_old(engine: Engine) -> None:
    removed = retention.sum_up_ledgers(engine, datetime.now(UTC) + timedelta(days=1))
    assert removed["runs"] == 2
    with engine.connect() as connection:
        assert ledger_report(connection)


def test_a_journal_that_is_loaded_late_is_summed_up_as_well(
    home: Settings, engine: Engine, runs: tuple[str, str, str]
) -> None:
    first, _, newest = runs
    maintenance.forget_old_ledgers()
    before = said(engine, home, newest)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO onrecord.outcomes (run_id, stage, source_id, item, outcome, reason) "
                "VALUES (:run, 'link', 'kestrel', 'late', 'kept', 'founding')"
            ),
            {"run": first},
        )
    assert maintenance.forget_old_ledgers()["outcomes"] == 1
    assert said(engine, home, newest)["outcomes"] == before["outcomes"] + 1
