"""Watch for a daily run that does not end, and e-mail the ops mailbox.

Airflow's deadline alerts would fit, but in 3.3 they are experimental: a DAG that has one cannot be tested with
``airflow dags test``, and without a triggerer no alert is sent. Instead, any other run checks it in the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection

from pipeline.alerts import ops_health
from pipeline.stages.context import MOSCOW
from pipeline.store.alerts import ops_mail
from pipeline.store.alerts.ops_mail import OpsEmail
from pipeline.store.runs import runs

log = structlog.get_logger()

DAY = timedelta(days=1)


def write_overdue_email(connection: Connection, now: datetime, hours: float) -> None:
    """Queue one e-mail on the newest Moscow day whose run was due ``hours`` ago or longer and has not ended."""
    day = overdue_day(connection, now, hours)
    if day is None:
        return
    subject, text = ops_health.overdue_run_email(day, hours)
    if ops_mail.add_ops_email(connection, OpsEmail(f"late.{day}", subject, text, now)):
        log.error("daily_run_late", day=day.isoformat(), hours=hours)


def overdue_day(connection: Connection, now: datetime, hours: float) -> date | None:
    """The overdue day; None if its run has ended.

    Also None if no daily run was opened for that day or the day before: then the e-mail was sent already, or daily runs
    are not used. A day's run is due at midnight UTC, three hours after the day has ended in Moscow.
    """
    due = datetime.combine((now - timedelta(hours=hours)).astimezone(UTC).date(), time(), UTC)
    day = (due - DAY).date()
    end = datetime.combine(day + DAY, time(), MOSCOW)
    begun = runs.newest_window_end(connection, "daily")
    ended = runs.newest_window_end(connection, "daily", ended=True)
    if begun is None or begun < end - DAY or (ended is not None and ended >= end):
        return None
    return day
