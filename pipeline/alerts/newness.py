"""Whether a statement is news: what was published long ago is not, whenever we found it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

NEWS = timedelta(hours=72)
"""Statements published longer ago come in the daily summary only, marked as older."""
OLD_NEWS = timedelta(days=30)
"""Statements published longer ago raise no alert; nor do those of a backfill or without a date, which may be years
old."""


class Newness(StrEnum):
    """How a reader hears of a statement."""

    AT_ONCE = "at once"
    SUMMARY = "in the daily summary"
    NEVER = "never"


def newness_of(published: datetime | None, now: datetime, *, backfilled: bool = False) -> Newness:
    """How a reader hears of what was published at a moment (None: nobody knows) and is found ``now``."""
    if published is None or backfilled or now - published > OLD_NEWS:
        return Newness.NEVER
    return Newness.SUMMARY if now - published > NEWS else Newness.AT_ONCE
