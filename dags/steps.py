"""What the DAGs share: their defaults, and the stages one after the other over one run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule, task

from dags.operators import CrawlOperator

MOSCOW = pendulum.timezone("Europe/Moscow")
CRAWLS_AT_ONCE = 4
"""Groups of sources that one run crawls side by side; each group is hosts of its own."""

UNLESS_NEVER_BEGUN = "all_done_min_one_success"
"""However the tasks before it ended; but where `begin`, on which each task stands, failed, none succeeded: the task
does not start then (`upstream_failed`), and the one that is red has the reason in its log."""

BATCHED = ("extract", "quote")
"""Stages whose batches need not know of each other."""

NAMED = "{{{{ {} | join(', ') | truncate(200, true) }}}}"
"""What the grid calls a mapped task: its sources. Airflow's database has room for 250 characters and refuses more."""

DEFAULTS: dict[str, Any] = {
    "owner": "onrecord",
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(
                exception="pipeline.errors.ConfigError",
                action=RetryAction.FAIL,
                reason="configuration does not mend itself",
            )
        ]
    ),
    "execution_timeout": timedelta(hours=2),
}


def add_crawl_tasks(run: Any) -> Any:
    """Every source of the run, in groups that share no host; none where the run was never opened."""

    @task(execution_timeout=timedelta(minutes=5))
    def sources() -> list[list[str]]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.crawl_groups()

    groups: Any = sources()
    run >> groups
    return CrawlOperator.partial(
        task_id="crawl",
        run=run,
        execution_timeout=timedelta(hours=3),
        max_active_tis_per_dagrun=CRAWLS_AT_ONCE,
        map_index_template=NAMED.format("task.sources"),
    ).expand(sources=groups)


def add_stage_tasks(run: Any, *names: str) -> list[Any]:
    """The stages over what waits for them, for ``chain``, however those before ended, if the run was opened."""
    return [
        task
        for name in names
        for task in (add_batched_stage(name, run) if name in BATCHED else [add_single_stage(name, run)])
    ]


def add_batched_stage(name: str, run: Any) -> list[Any]:
    """One stage in batches of sources, side by side."""

    @task(task_id=f"{name}_batches", trigger_rule=UNLESS_NEVER_BEGUN, execution_timeout=timedelta(minutes=90))
    def share_out(run: str) -> list[list[str]]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.batches_of(name, run)

    @task(task_id=name, trigger_rule=UNLESS_NEVER_BEGUN, map_index_template=NAMED.format("task.op_kwargs['sources']"))
    def work(run: str, sources: list[str]) -> dict[str, Any]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.batch_task(name, run, sources)

    batches: Any = share_out(run)
    return [batches, work.partial(run=run).expand(sources=batches)]


def add_single_stage(name: str, run: Any) -> Any:
    """One stage as one task."""

    @task(task_id=name, trigger_rule=UNLESS_NEVER_BEGUN)
    def work(run: str) -> dict[str, Any]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.stage_task(name, run)

    return work(run)


def add_report_task(run: Any) -> Any:
    """The run's end: its reasons, all in one place, if it did not go well."""

    @task(task_id="report", trigger_rule=UNLESS_NEVER_BEGUN, retries=0, execution_timeout=timedelta(minutes=90))
    def finish(run: str) -> dict[str, Any]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.finish_task(run)

    return finish(run)
