"""### onrecord_daily: one calendar day of news, through all stages

For one calendar day in Moscow: every source's feeds, date sitemaps and archives are read, young articles are fetched
again for edits, and the results go through all stages. Idempotent: a second run changes nothing.

Started by hand it takes the day named by the parameter `day`, else that of the logical date, else the newest day that
has ended in Moscow.

`airflow backfill create` runs it over past days. A backfill sends no alerts and does not count for the health of the
sources; the same holds for a run by hand over a day that ended more than 36 hours ago.

A dead source does not stop the others. The task `report` evaluates every source's health, checks the ledger, and fails
when a source brought nothing, a crawl or a stage did not finish, or the ledger does not balance, and says which; it
runs last, so everything else is done by then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, Param, chain, dag, task

from dags import steps


def day_to_cover(day: str | None, logical_date: datetime | None, run_after: datetime) -> date:
    """The calendar day in Moscow that a run is to cover. ``logical_date`` is None for a run by hand without one."""
    if day:
        return date.fromisoformat(day)
    if logical_date is not None:
        return moscow_date(logical_date)
    return moscow_date(run_after) - timedelta(days=1)


def moscow_date(moment: datetime) -> date:
    """The calendar day in Moscow at this moment."""
    return moment.astimezone(steps.MOSCOW).date()


@dag(
    dag_id="onrecord_daily",
    doc_md=__doc__,
    # By UTC days, so that a backfill's dates are the dates of the days it fetches; a Moscow day has ended by then.
    schedule=CronDataIntervalTimetable(steps.cron_line("ONRECORD_DAILY_CRON", "0 0 * * *"), timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=20),
    tags=["onrecord", "crawl"],
    default_args=steps.DEFAULTS,
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day",
            description="A calendar day in Moscow, such as 2026-06-15; empty: that of the logical date, else yesterday",
        ),
    },
)
def onrecord_daily() -> None:
    @task
    def begin(logical_date: Any = None, dag_run: Any = None, params: Any = None) -> str:
        from pipeline.runs import scheduler_tasks

        day = day_to_cover(params["day"], logical_date, dag_run.run_after)
        return scheduler_tasks.begin_day(day, backfill=str(dag_run.run_type) == "backfill")

    run: Any = begin()
    chain(
        steps.add_crawl_tasks(run),
        *steps.add_stage_tasks(run, "extract", "quote", "link", "alert"),
        steps.add_report_task(run, steps.DAY_READ),
    )


onrecord_daily()
