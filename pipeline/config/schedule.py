"""When a source is crawled: every so often, by a cron line, or adaptively by how much comes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

ADAPTIVE = "adaptive"
SHORTEST, LONGEST, UNLEARNT = timedelta(minutes=10), timedelta(minutes=60), timedelta(minutes=30)
"""Interval of an adaptive schedule at least, at most, and before a day of the source is known."""
PAGES = 2.0
"""New pages that are to be expected between two crawls of an adaptive schedule."""
SLACK = timedelta(minutes=2)
"""A crawl may come this much before its time: the runs that crawl do not begin on the second."""
_EVERY = re.compile(r"every (\d{1,4}) (minutes?|hours?|days?)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A parsed ``schedule:``. Without interval and cron line it is adaptive."""

    every: timedelta | None = None
    cron: str = ""


def parse_schedule(text: str) -> Schedule:
    """The schedule that the text of a source file means. ValueError, with what can be written, if it means none."""
    words = " ".join(text.split())
    if words == ADAPTIVE:
        return Schedule()
    if (found := _EVERY.fullmatch(words)) and int(found[1]):
        return Schedule(every=int(found[1]) * timedelta(**{f"{found[2].rstrip('s')}s": 1}))
    from croniter import croniter

    if len(words.split()) == 5 and croniter.is_valid(words):
        return Schedule(cron=words)
    raise ValueError(
        f"{text!r}: write adaptive, `every 10 minutes`, or a cron line of five fields such as `0 7-22 * * *`"
    )


def adaptive_interval(new_per_hour: float | None) -> timedelta:
    """How often a source is crawled from which so many new pages come at this time of day; None: not known yet."""
    if new_per_hour is None:
        return UNLEARNT
    if new_per_hour <= 0:
        return LONGEST
    return min(max(timedelta(hours=PAGES / new_per_hour), SHORTEST), LONGEST)


def is_due(
    schedule: Schedule, crawled_at: datetime | None, now: datetime, *, zone: tzinfo, new_per_hour: float | None
) -> bool:
    """Whether a source that was last crawled then is to be crawled now. ``zone``: that of the cron line."""
    if crawled_at is None:
        return True
    if schedule.cron:
        from croniter import croniter

        following: datetime = croniter(schedule.cron, crawled_at.astimezone(zone)).get_next(datetime)
        return following <= now
    interval = schedule.every or adaptive_interval(new_per_hour)
    return crawled_at + interval <= now + SLACK
