"""How many new pages a source brings, by weekday and hour, and how far it strays from that.

The rate of an hour is the level of its kind of day (Monday to Sunday, or a day off) times the shape of the day, learned
apart for working days and days of rest; newer weeks weigh more. What comes in a span of time is taken to be negative
binomial around that rate: news comes in clusters, so counts stray further than Poisson's. How much further is learned
for each length of span (moments of the counts that fell short, so that a surge of news does not make us deaf).
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
"""Days after which what was seen weighs half."""
SPANS = (1, 3, 6, 12, 24, 72, 168, 336)
"""Hours over which new pages are counted."""
DAY_OFF = 7
"""Row of the rates for days off; 0 to 6 are Monday to Sunday."""
QUIET = 0.4
"""What a day off is taken to bring, as a share of a Sunday, until days off have been seen."""
MOST_PAUSE = 1.5
"""A run's count is taken to stand for no more than this many usual intervals: feeds forget."""
SPREAD_BEFORE = 0.15
"""Spread (variance beyond Poisson's, over the mean squared) taken for granted, worth SPREAD_WORTH spans."""
SPREAD_WORTH = 4.0
SPREAD_MARGIN = 1.5
"""What was learned from the same counts it is measured on is too small."""
SURGE = 1.5
"""A day that brings more than so many times what is expected is counted as if it brought just that: big news is no
rhythm, and would make ordinary days look poor and us deaf to poor ones."""
SURGE_PASSES = 4
ARRIVALS = frozenset({Kind.SILENT, Kind.HALF_EMPTY, Kind.BLOCKED, Kind.FEED_MOVED})
"""Incidents while which new pages do not show the source's rhythm."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seasonality:
    """What was learned. ``rates``: new pages an hour, 8 kinds of day by 24 hours of the source's own clock."""

    zone: ZoneInfo
    country: str
    rates: Floats
    spreads: Mapping[int, float]
    interval: timedelta
    """Usual time between runs."""
    days: float
    """How much time it was learned from."""

    def at_hours(self, start: datetime, number: int) -> Floats:
        """New pages expected in each of ``number`` hours from ``start``."""
        kinds, hours = kinds_of_hours(start, number, self.zone, self.country)
        return self.rates[kinds, hours]

    def expected(self, ends: Sequence[datetime]) -> Floats:
        """New pages expected between each moment and the one before; the first is 0."""
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
    """Row of the rates and hour of the day for each hour from ``start``, by the zone's clock at ``start``."""
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
    """Time before each observation since the one before; the first has none and is given zero."""
    return [timedelta(0)] + [later.at - earlier.at for earlier, later in pairwise(seen)]


def usual_interval(gaps: Sequence[timedelta]) -> timedelta:
    """The usual time between runs."""
    found = [gap.total_seconds() for gap in gaps if gap > timedelta(0)]
    return timedelta(seconds=float(np.median(found))) if found else timedelta(0)


def usable_flags(
    seen: Sequence[Observation], gaps: Sequence[timedelta], most: timedelta, masks: Sequence[Mask]
) -> npt.NDArray[np.bool_]:
    """Which observations show the rhythm: not after a pause of ours, not while something was wrong."""
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
    """The rhythm of a source; None if it cannot be told yet. ``seen``: oldest first."""
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
    """Level of each kind of day times the shape of its class."""
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
    """How the day goes: a factor for each hour, one on average, each hour leaning a little on its neighbours.

    ``before``: the shape taken for granted, worth so many hours of each.
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
    """The counts, those of days far above what is expected cut down to SURGE times that."""
    days = np.arange(len(counts)) // 24
    had, meant = np.bincount(days, counts), np.bincount(days, expected)
    most = SURGE * np.maximum(meant, 3.0)
    cut: Floats = np.minimum(1.0, most / np.maximum(had, 1e-9))
    found: Floats = counts * cut[days]
    return found


def _spread(span: int, counts: Floats, cover: Floats, expected: Floats) -> float:
    """Variance beyond Poisson's over the mean squared, of counts over ``span`` hours that fell short."""
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
