"""Public holidays and other days on which publications rest."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE = timedelta(days=1)
CHRISTMAS = (12, 25)


@lru_cache(maxsize=64)
def days_off(country: str, year: int) -> frozenset[date]:
    """Days off of a country (ISO 3166-1) in a year; none if the country is unknown.

    Its public holidays, with days moved by decree (from the library ``holidays``), a working day between two days off,
    and the weekends that adjoin them. Where Christmas is kept, the days until New Year too.
    """
    public = {day for near in (year - 1, year, year + 1) for day in _public(country, near)}
    if any((day.month, day.day) == CHRISTMAS for day in public):
        public |= {date(end, 12, 24) + n * ONE for end in (year - 1, year) for n in range(8)}
    public |= {
        day + ONE
        for day in public
        if not _free(day + ONE, public) and _free(day + 2 * ONE, public) and _free(day - ONE, public)
    }
    blocks = set(public)
    for step in (ONE, -ONE):
        for day in public:
            beside = day + step
            while beside.weekday() >= 5:
                blocks.add(beside)
                beside += step
    return frozenset(day for day in blocks if day.year == year)


def _public(country: str, year: int) -> set[date]:
    """Holidays of the whole country, and those of at least half of its regions."""
    try:
        whole = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return set()
    parts = type(whole).subdivisions
    kept = Counter(day for part in parts for day in holidays.country_holidays(country, subdiv=part, years=year))
    return set(whole) | {day for day, number in kept.items() if 2 * number >= len(parts)}


def _free(day: date, public: set[date]) -> bool:
    return day in public or day.weekday() >= 5


def is_day_off(country: str, day: date) -> bool:
    """Whether the day is a day off in the country, for another reason than a plain weekend."""
    return day in days_off(country, day.year)
