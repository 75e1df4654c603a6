"""Watch for a daily run that does not end, and e-mail the ops mailbox.

Airflow's deadline alerts would fit, but in 3.3 they are experimental: a DAG that has one cannot be tested with
``airflow dags test``, and without a triggerer no alert is sent. Instead, any other run checks it in the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from pipeline.config.settings import Settings
from pipeline.monitoring import installation
from pipeline.stages.context import MOSCOW
from pipeline.store.runs import runs
from pipeline.store.runs.installation_incidents import InstallationKind, Trouble

DAY = timedelta(days=1)


def note_overdue_run(connection: Connection, settings: Settings, now: datetime) -> None:
    """Open an incident for the newest Moscow day whose run is late; close those of days that were read meanwhile."""
    day = overdue_day(connection, now, settings.late_hours)
    if day is not None:
        detail = (
            f"The daily run of {day:%-d %B %Y} was due at 3:00 in Moscow on the day after. {settings.late_hours:g} "
            "hours later it has not ended: it may hang, wait for another run, or never have started."
        )
        installation.tell(
            connection, settings, [Trouble(InstallationKind.DAILY_LATE, f"{day:%-d %B %Y}", detail)], now=now
        )
    ended = runs.newest_window_end(connection, "daily", ended=True)
    over = [
        it
        for it in installation.open_ones(connection, InstallationKind.DAILY_LATE)
        if ended is not None and ended >= end_of_day(datetime.strptime(it.subject, "%d %B %Y").date())
    ]
    installation.heal(connection, settings, over, now=now)


def overdue_day(connection: Connection, now: datetime, hours: float) -> date | None:
    """The overdue day; None if its run has ended.

    Also None if no daily run was opened for that day or the day before: then the e-mail was sent already, or daily runs
    are not used; and as long as the installation, or the run that is at work on the day, is younger than so many hours.
    A day's run is due at midnight UTC, three hours after the day has ended in Moscow.
    """
    due = datetime.combine((now - timedelta(hours=hours)).astimezone(UTC).date(), time(), UTC)
    day = (due - DAY).date()
    end = end_of_day(day)
    begun = runs.newest_window_end(connection, "daily")
    ended = runs.newest_window_end(connection, "daily", ended=True)
    if begun is None or begun < end - DAY or (ended is not None and ended >= end):
        return None
    young = now - timedelta(hours=hours)
    first, current = runs.first_start(connection), runs.newest_start(connection, "daily", window_end=end)
    if first is None or first > young or (current is not None and current > young):
        return None
    return day


def end_of_day(day: date) -> datetime:
    """The end of a calendar day in Moscow."""
    return datetime.combine(day + DAY, time(), MOSCOW)
