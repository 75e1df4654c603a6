"""### onrecord_daily: one day of news, from the web to the reader

For one calendar day in Moscow: every source's feeds, date sitemaps and archives are read, young articles are read
again for edits, and what came in goes through all stages. Safe to run again: a second run changes nothing.

A dead source does not stop the others. The last task fails when a source brought nothing or the ledger does not
balance, and says which; everything else is done by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pendulum
from airflow.sdk import CronDataIntervalTimetable, dag, task

from dags.operators import CrawlOperator

MOSCOW = pendulum.timezone("Europe/Moscow")


@dag(
    dag_id="onrecord_daily",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=MOSCOW),
    start_date=datetime(2026, 1, 1, tzinfo=MOSCOW),
    catchup=False,
    max_active_runs=1,
    tags=["onrecord"],
    default_args={
        "owner": "onrecord",
        "retries": 2,
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": True,
        "execution_timeout": timedelta(hours=2),
    },
)
def onrecord_daily() -> None:
    @task
    def begin(logical_date: Any = None) -> str:
        from pipeline.stages import tasks

        return tasks.begin_day(logical_date.in_timezone(MOSCOW).date())

    @task
    def sources() -> list[str]:
        from pipeline.stages import tasks

        return tasks.source_ids()

    def stage(name: str) -> Any:
        @task(task_id=name, trigger_rule="all_done")
        def work(run: str) -> dict[str, Any]:
            from pipeline.stages import tasks

            return tasks.stage_task(name, run)

        return work

    @task(trigger_rule="all_done", retries=0)
    def report(run: str) -> dict[str, Any]:
        from pipeline.stages import tasks

        return tasks.finish_task(run)

    run: Any = begin()
    crawl = CrawlOperator.partial(task_id="crawl", run=run).expand(source=sources())
    extract, quote, link, alert = (stage(name)(run) for name in ("extract", "quote", "link", "alert"))
    crawl >> extract >> quote >> link >> alert >> report(run)


onrecord_daily()
