"""What becomes of a scheduler's task that failed for good: the report of its run names it, or an incident is opened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Engine

from pipeline.config.settings import Settings, usable_settings
from pipeline.errors import ArchiveDamaged, OnrecordError, TooManyFailures
from pipeline.monitoring import emails, installation, storeless
from pipeline.records import Stage
from pipeline.store.alerts import ops_mail
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.engine import open_store
from pipeline.store.runs import installation_incidents, run_state, runs
from pipeline.store.runs.installation_incidents import InstallationKind, Trouble

log = structlog.get_logger()

OPENS, CLOSES = "begin", "report"
PREFIX = "onrecord_"
LONGEST_DETAIL = 5000


@dataclass(frozen=True, slots=True)
class FailedTask:
    """A task that will not be tried again. ``run``: our run's id, None if it was never opened or has none."""

    dag: str
    task: str
    error: Any
    run: str | None = None
    batch: str = ""
    link: str = ""

    @property
    def reason(self) -> str:
        """Why it failed: an error of ours in its own words, others with their type."""
        if isinstance(self.error, OnrecordError):
            return str(self.error)[:LONGEST_DETAIL]
        if isinstance(self.error, BaseException):
            return f"{type(self.error).__name__}: {self.error}"[:LONGEST_DETAIL]
        return str(self.error or "it was killed, or ended without a word")[:LONGEST_DETAIL]


def note_failed_task(failed: FailedTask) -> None:
    """Have the failure reported once: by the report of the run if that is still to come, else by an incident.

    What the report itself found is reported by :func:`pipeline.runs.runner.close_run`.
    """
    settings = usable_settings()
    if failed.task == CLOSES and isinstance(failed.error, TooManyFailures):
        return
    stages = {str(stage): stage for stage in Stage}
    stage = stages.get(failed.task.removesuffix("_batches"))
    if failed.run is not None and stage is not None:
        with suppress(OnrecordError), open_store(settings) as engine, engine.begin() as connection:
            run_state.save_fault(connection, failed.run, stage, failed.batch, failed.reason[:500])
        return
    installation.report_trouble(settings, trouble_of(failed))


def trouble_of(failed: FailedTask) -> Trouble:
    """The trouble that a failed task is, if no run's report tells it."""
    name = failed.dag.removeprefix(PREFIX)
    if failed.task == OPENS:
        return Trouble(InstallationKind.NOT_OPENED, name, failed.reason, failed.link)
    if isinstance(failed.error, ArchiveDamaged):
        return Trouble(
            InstallationKind.ARCHIVE_DAMAGED, "archive", failed.reason, failed.link, tuple(failed.error.items)
        )
    return Trouble(InstallationKind.TASK_FAILED, f"{name}.{failed.task}", failed.reason, failed.link)


def note_ended_task(dag: str, task: str) -> None:
    """Close the incident of a task outside of runs that has succeeded now."""
    settings = usable_settings()
    installation.end_trouble(settings, InstallationKind.TASK_FAILED, f"{dag.removeprefix(PREFIX)}.{task}")
    if task == "prove":
        installation.end_trouble(settings, InstallationKind.ARCHIVE_DAMAGED, "archive")


def note_beginning(engine: Engine, settings: Settings, command: str) -> None:
    """What can be said when a scheduled run can begin: what kept others from it is over, and which never ended."""
    now = datetime.now(UTC)
    dag = "daily" if command == runs.BACKFILL else command
    with engine.begin() as connection:
        standing = installation.open_ones(connection, InstallationKind.NOT_OPENED, InstallationKind.TASK_FAILED)
        ended = [it for it in standing if it.subject in (dag, f"{dag}.sources")]
        installation.heal(connection, settings, ended, now=now)
        for name, subject, text in storeless.end_without_store(settings, now):
            ops_mail.add_ops_email(connection, OpsEmail(name, subject, text, now))
        lately = installation_incidents.installation_incidents_since(connection, now - runs.LATELY)
        notified = {it.subject for it in lately}
        for run_id, started_at in runs.never_ended(connection, command):
            subject = f"{command}.{CLOSES} of {run_id}"
            if subject in notified:
                continue
            detail = (
                f"The run {run_id} of {started_at:%Y-%m-%d %H:%M} UTC has no end: its last task was killed, or ran out "
                "of time. What it left undone is done by the run that begins now."
            )
            trouble = Trouble(InstallationKind.TASK_FAILED, subject, detail)
            installation.tell(connection, settings, [trouble], now=now)
    emails.deliver_ops_emails(engine, settings, now=now)
