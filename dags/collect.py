"""### onrecord_collect: what is new, every 30 minutes

Feeds of the big agencies hold one to three hours, so every source's feeds and listings are read twice an hour; what is
new, and young articles whose turn it is, go through all stages, and whoever watches is told.

A dead source does not stop the others. The task `report` fails when a source brought nothing, a crawl or a stage did
not come to its end, or the ledger does not balance, and says which; everything else is done by then. Safe to run
again, and beside the other DAGs: runs wait for each other where they would touch the same source.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, chain, dag, task

from dags import steps


@dag(
    dag_id="onrecord_collect",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/30 * * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    tags=["onrecord", "crawl"],
    default_args=steps.DEFAULTS,
)
def onrecord_collect() -> None:
    @task
    def begin() -> str:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.begin_collect()

    run: Any = begin()
    chain(
        steps.add_crawl_tasks(run),
        *steps.add_stage_tasks(run, "extract", "quote", "link", "alert"),
        steps.add_report_task(run),
    )


onrecord_collect()
