"""Seasonality: how many new pages a source publishes by weekday and hour, and how much that varies.

The rate of an hour is the level of its kind of day (Monday to Sunday, or a day off) times the profile of the day,
learned separately for working days and days of rest, with more weight on recent weeks. Counts are modelled as negative
binomial around that rate, since news comes in clusters and varies more than a Poisson process. The extra variance is
learned for each length of span, from counts below the expectation only, so that a surge of news does not hide a
shortfall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from pipeline.health.calendar import is_day_off
from pipeline.health.observation import Kind, Mask, Observation

HOUR = timedelta(hours=1)
HALF_LIFE = 21.0
"""Half-life of an observation's weight, in days."""
SPANS = (1, 3, 6, 12, 24, 72, 168, 336)
"""Spans of hours over which new pages are counted."""
DAY_OFF = 7
"""Row of the rates for days off; 0 to 6 are Monday to Sunday."""
QUIET = 0.4
"""Prior for the rate of a day off, as a share of a Sunday's."""
MOST_PAUSE = 1.5
"""A run after a longer pause than this many usual intervals is not used: feeds drop old entries."""
SPREAD_BEFORE = 0.15
"""Prior for the spread (variance beyond Poisson's, divided by the squared mean), worth SPREAD_WORTH spans of data."""
SPREAD_WORTH = 4.0
SPREAD_MARGIN = 1.5
"""Correction factor: a spread measured on the counts that the rates were learned from is too small."""
SURGE = 1.5
"""A day's count is capped at this many times the expectation: big news is not seasonal, and would make ordinary days
look like a shortfall and hide real ones."""
SURGE_PASSES = 4
ARRIVALS = frozenset({Kind.SILENT, Kind.HALF_EMPTY, Kind.BLOCKED, Kind.FEED_MOVED})
"""Incidents during which new pages do not show the source's seasonality."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seasonality:
    """Learned seasonality. ``rates``: new pages an hour, for 8 kinds of day and 24 hours in the source's time zone."""

    zone: ZoneInfo
    country: str
    rates: Floats
    spreads: Mapping[int, float]
    interval: timedelta
    """Usual time between runs."""
    days: float
    """Days of data it was learned from."""

    def at_hours(self, start: datetime, number: int) -> Floats:
        """Expected new pages in each of ``number`` hours from ``start``."""
        kinds, hours = kinds_of_hours(start, number, self.zone, self.country)
        return self.rates[kinds, hours]

    def expected(self, ends: Sequence[datetime]) -> Floats:
        """Expected new pages between each moment and the one before; the first is 0."""
        start = ends[0].astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        positions = np.array([(end - start) / HOUR for end in ends])
        number = int(positions[-1]) + 2
        sums = np.concatenate([[0.0], np.cumsum(self.at_hours(start, number))])
        found: Floats = np.diff(np.interp(positions, np.arange(number + 1), sums), prepend=0.0)
        found[0] = 0.0
        return found


def kinds_of_hours(
    start: datetime, number: int, zone: ZoneInfo, country: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each hour from ``start``: row of the rates, and hour of the day, with the zone's UTC offset at ``start``."""
    local = start.astimezone(zone)
    first = local.toordinal() * 24 + local.hour
    absolute = np.arange(first, first + number)
    days, hours = absolute // 24, absolute % 24
    kinds = (days - 1) % 7
    for day in range(int(days[0]), int(days[-1]) + 1):
        if is_day_off(country, date.fromordinal(day)):
            kinds[days == day] = DAY_OFF
    return kinds, hours


def run_intervals(seen: Sequence[Observation]) -> list[timedelta]:
    """Time between each observation and the one before; zero for the first."""
    return [timedelta(0)] + [later.at - earlier.at for earlier, later in pairwise(seen)]


def usual_interval(gaps: Sequence[timedelta]) -> timedelta:
    """The median time between runs; zero if there is none."""
    found = [gap.total_seconds() for gap in gaps if gap > timedelta(0)]
    return timedelta(seconds=float(np.median(found))) if found else timedelta(0)


def usable_flags(
    seen: Sequence[Observation], gaps: Sequence[timedelta], most: timedelta, masks: Sequence[Mask]
) -> npt.NDArray[np.bool_]:
    """Which observations can be used to learn seasonality: not after a pause of our runs, not during an incident."""
    masked = [mask for mask in masks if mask.kind in ARRIVALS]
    return np.array(
        [
            timedelta(0) < gap <= most
            and bool(it.documents)
            and not it.unreadable
            and not any(mask.start < it.at <= mask.end for mask in masked)
            for it, gap in zip(seen, gaps, strict=True)
        ]
    )


def learn_seasonality(
    seen: Sequence[Observation], masks: Sequence[Mask], zone: ZoneInfo, country: str
) -> Seasonality | None:
    """Learn the seasonality of a source; None without enough data. ``seen``: oldest first."""
    gaps = run_intervals(seen)
    interval = usual_interval(gaps)
    good = usable_flags(seen, gaps, interval * MOST_PAUSE, masks) if seen else np.array([], dtype=bool)
    if good.sum() < 5:
        return None
    start = seen[0].at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    positions = np.array([(it.at - start) / HOUR for it in seen])
    number = int(positions[-1]) + 1
    edges = np.arange(number + 1)

    def by_hour(amounts: Floats) -> Floats:
        found: Floats = np.diff(np.interp(edges, positions, np.cumsum(np.where(good, amounts, 0.0)), left=0.0))
        return found

    cover = by_hour(np.array([gap / HOUR for gap in gaps]))
    counts = by_hour(np.array([float(it.new) for it in seen]))
    kinds, hours = kinds_of_hours(start, number, zone, country)
    weights = 0.5 ** ((number - np.arange(number)) / 24 / HALF_LIFE)
    rates = _rates(kinds, hours, counts * weights, cover * weights)
    for _ in range(SURGE_PASSES):
        counts = _without_surges(counts, rates[kinds, hours] * cover)
        rates = _rates(kinds, hours, counts * weights, cover * weights)
    spreads = {span: _spread(span, counts, cover, rates[kinds, hours] * cover) for span in SPANS}
    return Seasonality(zone, country, rates, spreads, interval, float(cover.sum()) / 24)


def _rates(kinds: npt.NDArray[np.int64], hours: npt.NDArray[np.int64], counts: Floats, cover: Floats) -> Floats:
    """Rates: the level of each kind of day times the profile of its class of days."""
    rest = kinds >= 5
    common = _shape(hours, counts, cover, np.ones(24), 0.2)
    shapes = {
        flag: _shape(hours[rest == flag], counts[rest == flag], cover[rest == flag], common, 2.0)
        for flag in (False, True)
    }
    shaped = cover * np.where(rest, shapes[True][hours], shapes[False][hours])
    overall = counts.sum() / max(shaped.sum(), 1e-9)
    levels = np.zeros(8)
    for flag in (False, True):
        group = rest == flag
        level = (counts[group].sum() + overall * 12) / (shaped[group].sum() + 12)
        for kind in range(5, 7) if flag else range(5):
            own = kinds == kind
            levels[kind] = (counts[own].sum() + level * 24) / (shaped[own].sum() + 24)
    sunday, own = min(levels[5], levels[6]), kinds == DAY_OFF
    seen = (counts[own].sum() + QUIET * sunday * 48) / (shaped[own].sum() + 48)
    levels[DAY_OFF] = min(seen, sunday)
    return np.vstack([levels[kind] * shapes[kind >= 5] for kind in range(8)])


BEFORE, AFTER = (np.arange(24) - 1) % 24, (np.arange(24) + 1) % 24


def _shape(hours: npt.NDArray[np.int64], counts: Floats, cover: Floats, before: Floats, worth: float) -> Floats:
    """The profile of a day: a factor for each hour, with mean 1, smoothed over neighbouring hours.

    ``before``: prior profile, worth so many hours of data for each hour of the day.
    """
    held = np.bincount(hours, counts, 24)
    exposed = np.bincount(hours, cover, 24)
    mean = held.sum() / max(exposed.sum(), 1e-9)
    if mean <= 0:
        return before
    held, exposed = (0.1 * it[BEFORE] + 0.8 * it + 0.1 * it[AFTER] for it in (held, exposed))
    shape = (held / mean + before * worth) / (exposed + worth)
    even: Floats = shape / shape.mean()
    return even


def _without_surges(counts: Floats, expected: Floats) -> Floats:
    """The counts, with days above SURGE times the expectation scaled down to it."""
    days = np.arange(len(counts)) // 24
    had, meant = np.bincount(days, counts), np.bincount(days, expected)
    most = SURGE * np.maximum(meant, 3.0)
    cut: Floats = np.minimum(1.0, most / np.maximum(had, 1e-9))
    found: Floats = counts * cut[days]
    return found


def _spread(span: int, counts: Floats, cover: Floats, expected: Floats) -> float:
    """Variance beyond Poisson's, divided by the squared mean, of counts over ``span`` hours below the expectation."""
    seen, meant, covered = (
        np.convolve(it, np.ones(span), "valid") if len(it) >= span else np.array([]) for it in (counts, expected, cover)
    )
    short = (covered >= 0.85 * span) & (meant >= 0.5) & (seen < meant)
    number = short.sum() / span
    learned = 0.0
    if short.any():
        strayed = (seen[short] - meant[short]) ** 2 - meant[short]
        learned = max(0.0, float(strayed.sum() / (meant[short] ** 2).sum())) * SPREAD_MARGIN
    return float((number * learned + SPREAD_WORTH * SPREAD_BEFORE) / (number + SPREAD_WORTH))
