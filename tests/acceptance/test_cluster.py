"""A day through Airflow while others read it too and the scheduler is killed: nothing is lost and nothing doubled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cluster import Cluster, serving
from program import onrecord
from recorded import (
    COLLECT,
    DAILY,
    DAY,
    ENDS_WITHIN,
    MIDNIGHT,
    World,
    crawlers_of,
    crawls,
    databases,
    days,
    digest_of,
    scratch,
    world,
)

__all__ = ["databases", "world"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


def test_three_runs_of_one_day_at_once_leave_what_one_leaves(world: World, tmp_path: Path) -> None:
    environment = {**world.environment, "ONRECORD_HOME": str(tmp_path)}
    assert days(environment, 3) == [world.reason] * 3
    assert digest_of(**environment) == world.digest
    verified = onrecord("verify", "--all", **environment)
    assert verified.returncode == 0, verified.stdout


def test_a_killed_scheduler_and_a_backfill_beside_a_live_run(
    world: World, databases: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    store = {**world.environment, **databases, "ONRECORD_HOME": str(home)}
    with serving(scratch(tmp_path, world, databases, ONRECORD_HOME=str(home))) as airflow:
        airflow.start_core()
        airflow.unpause(DAILY)
        run = airflow.trigger(DAILY, MIDNIGHT)
        scheduler = airflow.part("scheduler")
        airflow.wait("a crawl", lambda: crawls(scheduler), ENDS_WITHIN)
        scheduler.kill()
        scheduler.start()
        assert airflow.ended(DAILY, run, ENDS_WITHIN) == world.state
        assert any(it["try_number"] > 1 for it in airflow.tasks(DAILY, run)), "something was killed and tried again"
        assert digest_of(**store) == world.digest
        three = [DAY - timedelta(days=before) for before in (2, 1, 0)]
        calm = {**world.environment, "ONRECORD_HOME": str(tmp_path / "calm")}
        days(calm, 1, *three)
        undisturbed = digest_of(**calm)
        window = ("--from-date", three[0].isoformat(), "--to-date", DAY.isoformat())
        airflow.unpause(COLLECT)
        for behaviour in ("none", "completed"):
            beside = airflow.trigger(COLLECT, None)
            made = onrecord(
                *("airflow", "backfill", "create", "--dag-id", DAILY, *window),
                *("--reprocess-behavior", behaviour, "--max-active-runs", "2"),
                **airflow.environment,
            )
            assert made.returncode == 0, made.stderr[-2000:]
            airflow.wait("the end of the backfill", airflow.no_backfill, ENDS_WITHIN)
            assert set(filled(airflow).values()) == {"success"}
            assert airflow.ended(COLLECT, beside, ENDS_WITHIN) == "success"
            assert digest_of(**store) == undisturbed
        mark_failed_while_it_hangs(airflow)
        days_filled = {it["logical_date"][:10] for it in airflow.runs(DAILY)}
        assert len(days_filled) == 3, days_filled


def mark_failed_while_it_hangs(airflow: Cluster) -> None:
    """A person gives up on a crawl that hangs: its crawler is gone, and the run ends red and says which sources."""
    run = airflow.trigger(COLLECT, None)
    scheduler = airflow.part("scheduler")
    (crawler, *_) = airflow.wait("a crawl", lambda: crawlers_of(scheduler), ENDS_WITHIN)
    crawler.suspend()
    tasks = airflow.wait("a crawl task", lambda: airflow.running(COLLECT, run, "crawl"), ENDS_WITHIN)
    for task in tasks:
        place = f"/api/v2/dags/{COLLECT}/dagRuns/{run}/taskInstances/crawl/{task['map_index']}"
        airflow.ask(place, {"new_state": "failed"}, "PATCH")
    airflow.wait("the end of the crawler", lambda: not crawler.is_running() or crawler.status() == "zombie", 120)
    assert airflow.ended(COLLECT, run, ENDS_WITHIN) == "failed"


def filled(airflow: Cluster) -> dict[str, str]:
    """The states of the runs that a backfill made or took up again."""
    return {it["dag_run_id"]: it["state"] for it in airflow.runs(DAILY) if it["run_type"] == "backfill"}
