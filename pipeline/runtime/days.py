"""Days and times as people give and see them: in the zone of ``ONRECORD_TIMEZONE``, which is always named."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError

_HALF_A_DAY = timedelta(hours=12)


def start_of(text: str, zone: tzinfo = UTC) -> datetime:
    """The first moment of a day given as ``YYYY-MM-DD``, or the moment given in ISO 8601; aware, UTC.

    ``zone``: where that day is, and the zone of a moment that names none. ConfigError if it is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"{text!r} is no date: write 2026-06-15 or 2026-06-15T12:00:00+00:00") from error


def own_day(first_moment: datetime) -> date:
    """The day whose first moment in its publication's zone this is.

    Half a day later it is that day in UTC too, for every zone from UTC-11:59 to UTC+12: the zone need not be known.
    """
    return (first_moment.astimezone(UTC) + _HALF_A_DAY).date()


def first_moment(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone; aware, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def shown_day(published_at: datetime | None, published_on: date | None, zone: tzinfo) -> str:
    """The day of publication as people see it, ``YYYY-MM-DD``; empty where none is known.

    A publication that gives a day without a time (``published_on``) is shown on that day in every zone.
    """
    if published_on is not None:
        return published_on.isoformat()
    return published_at.astimezone(zone).date().isoformat() if published_at else ""


def shown_moment(moment: datetime, zone: tzinfo) -> str:
    """``2026-06-15 14:30 MSK``: a moment in a zone, named by its abbreviation, or by its offset where it has none."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """``MSK``, ``UTC`` or ``UTC+04:00``: the name of the zone that an aware time is in."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"


def zone_called(name: str) -> ZoneInfo:
    """The zone of that name in the IANA database; ConfigError if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise ConfigError(f"{name!r} is no time zone: write a name such as Europe/Moscow or UTC") from error
