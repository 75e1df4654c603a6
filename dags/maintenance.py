"""### onrecord_maintenance: integrity checks, retention and cleaning, every night

* `prove`: a sample of versions with all their quotes is read again from the archive and compared, and a sample of
  archive files is hashed; a different sample every night. Fails and names everything that is not as it was written.
* `retention`: ledgers of runs older than `ONRECORD_LEDGER_KEEP_DAYS` are aggregated by day, fetches that brought
  nothing are deleted. Articles, quotes, captures and what proves them are kept for ever.
* `vacuum`: VACUUM removes dead rows from the product's tables and ANALYZE renews their statistics.
* `logs`: task logs older than `ONRECORD_AIRFLOW_KEEP_DAYS` are deleted from this machine, with their folders.
* `spool`: e-mails in the spool older than `ONRECORD_SPOOL_KEEP_DAYS` are deleted.
* `metadata`: Airflow deletes what its own database has of runs older than `ONRECORD_AIRFLOW_KEEP_DAYS`.

No other maintenance is needed: no table is partitioned, and archive files that have been copied to remote storage
are deleted here after `ONRECORD_ARCHIVE_KEEP_DAYS` at the end of each crawl.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, chain, dag, task

from dags import steps


@dag(
    dag_id="onrecord_maintenance",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(steps.cron_line("ONRECORD_MAINTENANCE_CRON", "30 5 * * *"), timezone=steps.MOSCOW),
    start_date=datetime(2026, 1, 1, tzinfo=steps.MOSCOW),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    tags=["onrecord", "archive"],
    default_args={**steps.DEFAULTS, "on_success_callback": steps.report_success},
)
def onrecord_maintenance() -> None:
    @task(retries=0)
    def prove(run_id: Any = None) -> dict[str, int]:
        from pipeline.operations import maintenance

        return maintenance.prove_sample(run_id)

    @task
    def retention() -> dict[str, int]:
        from pipeline.operations import maintenance

        return maintenance.forget_old_ledgers()

    @task(trigger_rule="all_done")
    def vacuum() -> dict[str, int]:
        from pipeline.operations import maintenance

        return maintenance.vacuum_database()

    @task
    def logs() -> dict[str, int]:
        from pathlib import Path

        from airflow.sdk.configuration import conf

        from pipeline.operations import maintenance

        return maintenance.remove_old_logs(Path(conf.get("logging", "base_log_folder")))

    @task
    def spool() -> dict[str, int]:
        from pipeline.operations import maintenance

        return maintenance.remove_old_emails()

    @task
    def metadata() -> dict[str, int]:
        from pipeline.operations import maintenance

        return maintenance.clean_airflow_metadata()

    prove()
    chain(retention(), vacuum())
    logs()
    spool()
    metadata()


onrecord_maintenance()
