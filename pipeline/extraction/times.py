"""Raw times of a page or an entry -> moments by the source's zone rule; what cannot be is refused with its reason."""

from __future__ import annotations

from datetime import datetime

from pipeline.config.source import Dates, Source
from pipeline.dates import address_day, impossible, read_time
from pipeline.records import DAY_ONLY


def read_moment(what: str, raw: str, source: Source | None, now: datetime | None, flags: list[str]) -> datetime | None:
    """The moment of a raw time, or None with a flag that says why: ``what-refused:unreadable``, ``:in-future`` ...

    ``what``: ``date`` or ``modified``. A published time without a clock is flagged ``day-only``.
    """
    if not raw:
        return None
    rule = source.dates if source else Dates()
    when = read_time(raw, zone=rule.zone, ignore_offset=rule.ignore_offset)
    reason = impossible(when, now) if when else "unreadable"
    if when is None or reason:
        flags.append(f"{what}-refused:{reason}")
        return None
    if when.day_only and what == "date":
        flags.append(DAY_ONLY)
    return when.moment


def moment_of_address(url: str, source: Source | None, now: datetime | None, flags: list[str]) -> datetime | None:
    """The first moment of the day that an address carries, flagged as such; None if it carries none that can be."""
    day = address_day(url)
    when = read_time(day, zone=source.dates.zone if source else "UTC") if day else None
    if when is None or impossible(when, now):
        return None
    flags += [DAY_ONLY, "date-from-address"]
    return when.moment
