"""### onrecord_daily: one day of news, from the web to the reader

For one calendar day in Moscow: every source's feeds, date sitemaps and archives are read, young articles are read
again for edits, and what came in goes through all stages. Safe to run again: a second run changes nothing.

`airflow backfill create` runs it over days that are gone. What that brings is no news and alerts nobody, and nothing is
judged by it; the same holds for a run by hand over a day that ended more than 36 hours ago.

A dead source does not stop the others. The task `report` judges every source, checks the ledger, and fails when a
source brought nothing, a crawl or a stage did not come to its end, or the ledger does not balance, and says which;
everything else is done by then.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, chain, dag, task

from dags import steps


@dag(
    dag_id="onrecord_daily",
    doc_md=__doc__,
    # By UTC days, so that a backfill's dates are the dates of the days it fetches; a Moscow day has ended by then.
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=20),
    tags=["onrecord", "crawl"],
    default_args=steps.DEFAULTS,
)
def onrecord_daily() -> None:
    @task
    def begin(logical_date: Any = None, dag_run: Any = None) -> str:
        from pipeline.stages import tasks

        day = logical_date.in_timezone(steps.MOSCOW).date()
        return tasks.begin_day(day, backfill=str(dag_run.run_type) == "backfill")

    run: Any = begin()
    chain(steps.crawl(run), *steps.stages(run, "extract", "quote", "link", "alert"), steps.report(run))


onrecord_daily()
