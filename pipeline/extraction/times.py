"""Raw times of a page or an entry -> moments by the source's zone rule; what cannot be is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.config.source import Dates, Source
from pipeline.parsing.dates import ParsedTime, address_day, implausible_reason, read_time
from pipeline.records import DAY_ONLY

FROM_LIST, FROM_SIGHT, FROM_ADDRESS = "date-from-feed", "date-as-shown", "date-from-address"
"""Flags: where a time of publication comes from if the page does not state it for machines."""
_NEAR = timedelta(days=1)
"""Times of one publication written in different zones are no farther apart."""


class StatedTime(NamedTuple):
    """A time and the words it was read from."""

    when: ParsedTime
    raw: str


@dataclass(frozen=True, slots=True)
class Clock:
    """How to read the times of one page: by its source's rule, and never later than ``now``, when it was seen."""

    source: Source | None
    now: datetime | None

    def read(self, raw: str) -> tuple[ParsedTime | None, str]:
        """The time, or None and why: ``unreadable`` or the like. One a little ahead of ``now`` becomes ``now``."""
        rule = self.source.dates if self.source else Dates()
        when = read_time(raw, zone=rule.zone, ignore_offset=rule.ignore_offset)
        if when is None:
            return None, "unreadable"
        reason = implausible_reason(when, self.now)
        if reason:
            return None, reason
        ahead = self.now is not None and when.moment > self.now and not when.day_only
        return (ParsedTime(self.now) if ahead and self.now is not None else when), ""

    def first(self, raws: Iterable[str]) -> StatedTime | None:
        """The first of these that is a time; if it has no hour, the first that has one of the same day."""
        parsed_times = [StatedTime(when, raw) for raw in raws if raw and (when := self.read(raw)[0]) is not None]
        found = next(iter(parsed_times), None)
        if found is None or not found.when.day_only:
            return found
        return next((one for one in parsed_times if self.refines(one, found)), found)

    def refines(self, candidate: StatedTime | None, other: StatedTime) -> bool:
        """Whether ``candidate`` has an hour and is of the same day as ``other``."""
        return candidate is not None and not candidate.when.day_only and self.day(candidate) == self.day(other)

    def day(self, parsed: StatedTime) -> date:
        """The day in the source's zone."""
        return parsed.when.moment.astimezone(ZoneInfo(self.source.dates.zone if self.source else "UTC")).date()

    def near(self, parsed: StatedTime, other: StatedTime) -> bool:
        """Whether both can be times of one publication."""
        return abs(self.day(parsed) - self.day(other)) <= _NEAR


def read_moment(what: str, raw: str, source: Source | None, now: datetime | None, flags: list[str]) -> datetime | None:
    """The moment of a raw time, or None with a flag that says why: ``what-refused:unreadable``, ``:in-future`` ...

    ``what``: ``date`` or ``modified``. A time of publication without a time of day is flagged ``day-only``.
    """
    if not raw:
        return None
    when, reason = Clock(source, now).read(raw)
    if when is None:
        flags.append(f"{what}-refused:{reason}")
        return None
    if when.day_only and what == "date":
        flags.append(DAY_ONLY)
    return when.moment


def published_time(
    stated: Iterable[str], shown: Callable[[], str], listed: str, url: str, clock: Clock, flags: list[str]
) -> tuple[datetime | None, str]:
    """When a page was published, and the words that say so; None and the first words if none can be believed.

    What the page states for machines comes first; then the date it is ``shown`` with, looked for only where the former
    has no hour; the time of the feed or news sitemap that ``listed`` it; the day in its address. An hour of the same
    day beats the day alone, and what a page merely shows, or a feed says (of an update, perhaps), gives way to another
    day in the list or the address.
    """
    raws = [raw for raw in stated if raw]
    own, feed = clock.first(raws), clock.first([listed])
    shown_raw = shown() if own is None or own.when.day_only else ""
    seen = clock.first([shown_raw])
    place = clock.first([address_day(url)])
    if own is None and raws:
        flags.append(f"date-refused:{clock.read(raws[0])[1]}")
    found, flag = _best(own, seen, feed, place, clock)
    if found is None:
        return None, next(iter([*raws, shown_raw, listed]), "")
    flags += [*([DAY_ONLY] if found.when.day_only else []), *([flag] if flag else [])]
    return found.when.moment, next(iter(raws), "") if flag == FROM_ADDRESS else found.raw


def _best(
    own: StatedTime | None, seen: StatedTime | None, feed: StatedTime | None, place: StatedTime | None, clock: Clock
) -> tuple[StatedTime | None, str]:
    """The time to believe, and the flag that says where it is from."""
    if own is not None:
        if own.when.day_only and seen is not None and clock.refines(seen, own):
            return seen, FROM_SIGHT
        if own.when.day_only and feed is not None and clock.refines(feed, own):
            return feed, FROM_LIST
        return own, ""
    if place is not None:
        seen = seen if seen is not None and clock.near(seen, place) else None
        feed = feed if feed is not None and clock.near(feed, place) else None
    if seen is not None and feed is not None and (seen.when.day_only or not clock.near(seen, feed)):
        return feed, FROM_LIST
    if seen is not None:
        return seen, FROM_SIGHT
    if feed is not None:
        return feed, FROM_LIST
    return place, FROM_ADDRESS if place is not None else ""
