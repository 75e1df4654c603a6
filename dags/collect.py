"""### onrecord_collect: what is new, every 10 minutes at the sources that are due

Feeds of the big agencies list the articles of one to three hours, so a source's feeds and listings are read every 10 to
60 minutes, by how much comes from it (`schedule:` in its file; `onrecord sources pause`). If none is due, the run ends
with its first task. New articles, and young ones that are due for a recrawl, go through all stages, and matching
watches send their alerts.

Started by hand it takes the sources named by the parameter `sources`, due or not, else those that are due.

A dead source does not stop the others. The task `report` fails when a source brought nothing, a crawl or a stage did
not finish, or the ledger does not balance, and says which; it runs last, so everything else is done by then.
Idempotent, and safe to run at the same time as the other DAGs: runs that need the same source wait for each other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, chain, dag, task

from dags import steps


@dag(
    dag_id="onrecord_collect",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(steps.cron_line("ONRECORD_COLLECT_CRON", "*/10 * * * *"), timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    tags=["onrecord", "crawl"],
    default_args=steps.DEFAULTS,
    params={
        "sources": Param(
            [],
            type="array",
            items={"type": "string", "enum": steps.known_sources()},
            examples=steps.known_sources(),
            title="Sources",
            description="Only these sources, now; none: those that are due",
        ),
    },
)
def onrecord_collect() -> None:
    @task.short_circuit
    def begin(params: Any = None) -> str:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.begin_collect(params["sources"])

    run: Any = begin()
    chain(
        steps.add_crawl_tasks(run),
        *steps.add_stage_tasks(run, "extract", "quote", "link", "alert"),
        steps.add_report_task(run, steps.COLLECTED),
    )


onrecord_collect()
