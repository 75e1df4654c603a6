"""### onrecord_daily: one day of news, from the web to the reader

For one calendar day in Moscow: every source's feeds, date sitemaps and archives are read, young articles are read
again for edits, and what came in goes through all stages. Safe to run again: a second run changes nothing.

A dead source does not stop the others. The task `report` judges every source, checks the ledger, and fails when a
source brought nothing, a crawl or a stage did not come to its end, or the ledger does not balance, and says which;
everything else is done by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, chain, dag, task

from dags import steps


@dag(
    dag_id="onrecord_daily",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=steps.MOSCOW),
    start_date=datetime(2026, 1, 1, tzinfo=steps.MOSCOW),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=20),
    tags=["onrecord", "crawl"],
    default_args=steps.DEFAULTS,
)
def onrecord_daily() -> None:
    @task
    def begin(logical_date: Any = None) -> str:
        from pipeline.stages import tasks

        return tasks.begin_day(logical_date.in_timezone(steps.MOSCOW).date())

    run: Any = begin()
    chain(steps.crawl(run), *steps.stages(run, "extract", "quote", "link", "alert"), steps.report(run))


onrecord_daily()
