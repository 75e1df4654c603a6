"""The two days of the sample newsroom, in Moscow time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
FIRST_DAY = date(2026, 6, 15)
SECOND_DAY = date(2026, 6, 16)
DAYS = (FIRST_DAY, SECOND_DAY)


def moscow_time(clock: datetime | str) -> datetime:
    """A Moscow wall clock time from YAML (a datetime or a text with or without seconds), with the zone attached."""
    value = datetime.fromisoformat(clock) if isinstance(clock, str) else clock
    return value.replace(tzinfo=MOSCOW)
