"""### onrecord_reprocess: process archived pages again with the current code

Started by hand. Pages that were first seen from `from` up to `to` (UTC, the second not included), and that the current
version of the code has not read, are extracted, quoted and linked again from the archive. Nothing is crawled and no
alert is sent. What does not change keeps its id. Idempotent: a second run finds nothing to do.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param, chain, dag, task

from dags import steps

DAY = "A UTC day such as 2026-06-15, or a moment such as 2026-06-15T12:00:00+00:00"

FORMATS = [{"format": "date"}, {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$"}]
"""A pattern instead of the format ``date-time``, which is checked only with a library that Airflow does not install."""


@dag(
    dag_id="onrecord_reprocess",
    doc_md=__doc__,
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=48),
    tags=["onrecord", "archive"],
    default_args={**steps.DEFAULTS, "execution_timeout": timedelta(hours=12)},
    params={
        "from": Param(type="string", anyOf=FORMATS, title="From", description=DAY),
        "to": Param(type="string", anyOf=FORMATS, title="To, not included", description=DAY),
    },
)
def onrecord_reprocess() -> None:
    @task
    def begin(params: Any = None) -> str:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.begin_reprocess(params["from"], params["to"])

    run: Any = begin()
    chain(*steps.add_stage_tasks(run, "extract", "quote", "link"), steps.add_report_task(run))


onrecord_reprocess()
