"""Parse and format days and times for people: in the zone of ``ONRECORD_TIMEZONE``, always with the zone's name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from pipeline.errors import InvalidValue

_HALF_A_DAY = timedelta(hours=12)


def start_of(text: str, zone: tzinfo = UTC, *, name: str = "date") -> datetime:
    """The first moment of a day given as ``YYYY-MM-DD``, or the moment given in ISO 8601; aware, UTC.

    ``zone``: the zone of the day, or of a moment without an offset. InvalidValue if the text is neither, with the
    ``name`` of the option or parameter that gives it.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(
            f"{name} {text!r} is no date: write 2026-06-15 or 2026-06-15T12:00:00+00:00", name=name, value=text
        ) from error


def own_day(first_moment: datetime) -> date:
    """The calendar day that begins at this moment in the publication's zone, without knowing the zone.

    Twelve hours later it is the same day in UTC for every zone from UTC-11:59 to UTC+12.
    """
    return (first_moment.astimezone(UTC) + _HALF_A_DAY).date()


def first_moment(day: date, zone: tzinfo) -> datetime:
    """The moment when a day begins in a zone; aware, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def next_time_of_day(after: datetime, hour: int, zone: tzinfo) -> datetime:
    """The first moment after another at which clocks of a zone show a full hour; aware, UTC.

    An hour that a change of the clocks leaves out is the moment of the change.
    """
    today = after.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=n), time(hour), zone).astimezone(UTC) for n in range(3))
    return next(moment for moment in moments if moment > after)


def shown_day(published_at: datetime | None, published_on: date | None, zone: tzinfo) -> str:
    """The day of publication to show, ``YYYY-MM-DD``; empty if it is not known.

    A publication that gives a day without a time (``published_on``) is shown on that day in every zone.
    """
    if published_on is not None:
        return published_on.isoformat()
    return published_at.astimezone(zone).date().isoformat() if published_at else ""


def shown_moment(moment: datetime, zone: tzinfo) -> str:
    """A moment in a zone with the zone's name (see :func:`zone_name`): ``2026-06-15 14:30 MSK``."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """The abbreviation of an aware time's zone, or its offset if there is none: ``MSK``, ``UTC``, ``UTC+04:00``."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"


def zone_called(name: str) -> ZoneInfo:
    """The zone with this name in the IANA database. ConfigError if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise InvalidValue(
            f"{name!r} is no time zone: write a name such as Europe/Moscow or UTC", name="timezone", value=name
        ) from error
