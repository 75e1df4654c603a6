"""### onrecord_maintenance: keep it sound, every night

* `prove`: a sample of versions with all their quotes is read again from the archive and compared, and a sample of
  archive files is hashed; another sample every night. Fails and names what is not as it was written.
* `retention`: ledgers of runs older than `ONRECORD_LEDGER_KEEP_DAYS` (30) are summed up by day, fetches that brought
  nothing removed. Articles, quotes, captures and what proves them are kept for ever.
* `vacuum`: dead rows are cleared from the product's tables and their statistics renewed.
* `logs`: task logs that are 30 days old are removed from this machine.

Nothing else needs looking after: no table is partitioned, and archive files that have been copied to other storage
leave this machine after `ONRECORD_ARCHIVE_KEEP_DAYS` at the end of each crawl.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, chain, dag, task

from dags import steps

LOG_DAYS = 30


@dag(
    dag_id="onrecord_maintenance",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 5 * * *", timezone=steps.MOSCOW),
    start_date=datetime(2026, 1, 1, tzinfo=steps.MOSCOW),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    tags=["onrecord", "archive"],
    default_args=steps.DEFAULTS,
)
def onrecord_maintenance() -> None:
    @task(retries=0)
    def prove(run_id: Any = None) -> dict[str, Any]:
        from pipeline.operations import maintenance

        return maintenance.prove_sample(run_id)

    @task
    def retention() -> dict[str, Any]:
        from pipeline.operations import maintenance

        return maintenance.forget_old_ledgers()

    @task(trigger_rule="all_done")
    def vacuum() -> dict[str, Any]:
        from pipeline.operations import maintenance

        return maintenance.vacuum_database()

    @task
    def logs() -> dict[str, Any]:
        from pathlib import Path

        from airflow.sdk.configuration import conf

        from pipeline.operations import maintenance

        return maintenance.remove_old_logs(Path(conf.get("logging", "base_log_folder")), days=LOG_DAYS)

    prove()
    chain(retention(), vacuum())
    logs()


onrecord_maintenance()
