"""Parts that the DAGs share: default arguments, and the tasks of a run's stages in their order."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule, task

from dags.operators import CrawlOperator

MOSCOW = pendulum.timezone("Europe/Moscow")
CRAWLS_AT_ONCE = int(os.environ.get("ONRECORD_CRAWLS_AT_ONCE") or 4)
"""Groups of sources that one run crawls concurrently; no two groups share a host."""
COLLECTED, DAY_READ = Asset("onrecord_collected"), Asset("onrecord_day_read")
"""What DAGs of a team's own can wait for: new statements, and those of a whole day."""

UNLESS_NEVER_BEGUN = "all_done_min_one_success"
"""Trigger rule: run however the tasks before it ended, as long as one succeeded. Every task depends on `begin`; if that
fails, none has succeeded and the task does not start (`upstream_failed`). The log of `begin` then has the reason."""

BATCHED = ("extract", "quote")
"""Stages whose batches are independent of each other and run concurrently."""

NAMED = "{{{{ {} | join(', ') | truncate(200, true) }}}}"
"""Label of a mapped task in Airflow's grid: its sources. Airflow's database refuses more than 250 characters."""


def report_failure(context: Any) -> None:
    """Have the failure of a task that is not tried again reach a person."""
    from pipeline.runs.failed_tasks import FailedTask, note_failed_task

    instance, operator = context["ti"], context.get("task")
    known: Any = getattr(operator, "op_kwargs", None) or {}
    batch = known.get("sources") or getattr(operator, "sources", None) or [""]
    run = known.get("run") or getattr(operator, "run", None)
    note_failed_task(
        FailedTask(
            instance.dag_id,
            instance.task_id,
            context.get("exception"),
            run if isinstance(run, str) else None,
            batch[0] if isinstance(batch, list) else "",
            getattr(instance, "log_url", "") or "",
        )
    )


def report_success(context: Any) -> None:
    """Close the incident of a task outside of runs that went wrong before."""
    from pipeline.runs.failed_tasks import note_ended_task

    note_ended_task(context["ti"].dag_id, context["ti"].task_id)


DEFAULTS: dict[str, object] = {
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
    "on_failure_callback": report_failure,
}


def cron_line(setting: str, default: str) -> str:
    """The cron line that an environment variable gives, else the default."""
    return os.environ.get(setting) or default


def known_sources() -> list[str]:
    """Ids of all sources, by the names of their files, for the form in which a run is started by hand."""
    folders = [Path(__file__).parents[1] / "pipeline" / "config" / "sources"]
    if own := os.environ.get("ONRECORD_CONFIG"):
        folders.append(Path(own).expanduser() / "sources")
    return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})


def add_crawl_tasks(run: Any) -> Any:
    """The tasks that crawl every source of the run, in groups that share no host; none if `begin` failed."""

    @task(execution_timeout=timedelta(minutes=5))
    def sources(run: str) -> list[list[str]]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.crawl_groups(run)

    groups: Any = sources(run)
    return CrawlOperator.partial(
        task_id="crawl",
        run=run,
        execution_timeout=timedelta(hours=3),
        max_active_tis_per_dagrun=CRAWLS_AT_ONCE,
        map_index_template=NAMED.format("task.sources"),
    ).expand(sources=groups)


def add_stage_tasks(run: Any, *names: str) -> list[Any]:
    """The tasks of the named stages, in order, for ``chain``; each runs even if the stages before it failed."""
    return [
        task
        for name in names
        for task in (add_batched_stage(name, run) if name in BATCHED else [add_single_stage(name, run)])
    ]


def add_batched_stage(name: str, run: Any) -> list[Any]:
    """Two tasks of one stage: divide its sources into batches, then run the batches concurrently."""

    @task(task_id=f"{name}_batches", trigger_rule=UNLESS_NEVER_BEGUN, execution_timeout=timedelta(minutes=90))
    def share_out(run: str) -> list[list[str]]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.batches_of(name, run)

    @task(task_id=name, trigger_rule=UNLESS_NEVER_BEGUN, map_index_template=NAMED.format("task.op_kwargs['sources']"))
    def work(run: str, sources: list[str]) -> dict[str, object]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.batch_task(name, run, sources)

    batches: Any = share_out(run)
    return [batches, work.partial(run=run).expand(sources=batches)]


def add_single_stage(name: str, run: Any) -> Any:
    """One stage as one task."""

    @task(task_id=name, trigger_rule=UNLESS_NEVER_BEGUN)
    def work(run: str) -> dict[str, object]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.stage_task(name, run)

    return work(run)


def add_report_task(run: Any, *outlets: Asset) -> Any:
    """The last task: end the run, and fail with all reasons if it went wrong. ``outlets``: what is then renewed."""

    @task(
        task_id="report",
        trigger_rule=UNLESS_NEVER_BEGUN,
        retries=0,
        execution_timeout=timedelta(minutes=90),
        outlets=list(outlets),
    )
    def finish(run: str, ti: Any = None) -> dict[str, object]:
        from pipeline.runs import scheduler_tasks

        return scheduler_tasks.finish_task(run, link=getattr(ti, "log_url", "") or "")

    return finish(run)
