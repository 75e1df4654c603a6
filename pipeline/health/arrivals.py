"""Check whether as many new pages arrive as the source's seasonality lets expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from pipeline.health import chances
from pipeline.health.observation import Kind, Mask, Observation, Symptom
from pipeline.health.seasonality import HOUR, MOST_PAUSE, SPANS, Floats, Seasonality, run_intervals, usable_flags

FALSE_A_MONTH = 0.15
"""False alarms per month that a source may raise about new pages, over all spans together."""
MONTH = 720.0
"""Hours."""
FALLEN = 0.6
"""A shortfall is a symptom only if fewer new pages came than this part of the expected number."""
ENOUGH = 6.0
"""The number of new pages that must be expected before a source can count as recovered."""
RECOVERED = 0.75
SIGNAL = "arrivals"


@dataclass(frozen=True, slots=True)
class Counts:
    """New pages by run, as sums from the newest run backwards: seen, expected, and hours covered."""

    back: Floats
    """Hours before the newest run at which the period of each run begins."""
    seen: Floats
    expected: Floats
    covered: Floats

    def within(self, span: float) -> tuple[float, float, float]:
        """Seen, expected and hours covered in the last ``span`` hours, or up to a tenth more."""
        runs = int(np.searchsorted(self.back, span * 1.1, side="right"))
        if runs == 0:
            return 0.0, 0.0, 0.0
        return float(self.seen[runs - 1]), float(self.expected[runs - 1]), float(self.covered[runs - 1])


def count_arrivals(seen: Sequence[Observation], seasonality: Seasonality, masks: Sequence[Mask]) -> Counts:
    """Cumulative counts of all runs up to the newest. ``seen``: oldest first, two at least."""
    gaps = run_intervals(seen)
    good = usable_flags(seen, gaps, max(seasonality.interval, min(gaps[1:])) * MOST_PAUSE, masks)
    hours = np.array([gap / HOUR for gap in gaps])
    expected = seasonality.expected([it.at for it in seen])
    found = np.array([float(it.new) for it in seen])
    newest_first = [np.where(good, it, 0.0)[1:][::-1] for it in (found, expected, hours)]
    return Counts(np.cumsum(hours[1:][::-1]), *(np.cumsum(it) for it in newest_first))


def shortfall_chance(arrived: float, expected: float, spread: float) -> float:
    """Probability of so few new pages, or fewer (negative binomial with mean ``expected``)."""
    return chances.of_arrivals(arrived, expected, spread)


def arrival_symptoms(seen: Sequence[Observation], seasonality: Seasonality, masks: Sequence[Mask]) -> list[Symptom]:
    """Silence or a shortfall of new pages, over the span in which it is most significant; an empty list if neither."""
    recent = recent_observations(seen, timedelta(hours=SPANS[-1] * 1.2))
    if len(recent) < 2:
        return []
    counts = count_arrivals(recent, seasonality, masks)
    least = seasonality.interval / HOUR * 0.95
    spans = [span for span in SPANS if span >= least]
    worst: tuple[float, Symptom] | None = None
    for span in spans:
        found, expected, covered = counts.within(span)
        if covered < 0.85 * span or found > FALLEN * expected:
            continue
        odds = shortfall_chance(found, expected, seasonality.spreads[span]) / (
            FALSE_A_MONTH / len(spans) * span / MONTH
        )
        if odds < 1 and (worst is None or odds < worst[0]):
            worst = odds, _symptom(seen, found, expected, span)
    return [worst[1]] if worst else []


def _symptom(seen: Sequence[Observation], found: float, expected: float, span: int) -> Symptom:
    last = next((it.at for it in reversed(seen) if it.new), seen[0].at)
    silent = found == 0
    detail = f"{found:.0f} new pages in {span} h, where {expected:.0f} are usual at this time of the week"
    since = last if silent else seen[-1].at - span * HOUR
    return Symptom(Kind.SILENT if silent else Kind.HALF_EMPTY, SIGNAL, since, detail)


def passing_arrivals(seen: Sequence[Observation], seasonality: Seasonality | None) -> set[tuple[Kind, str]]:
    """What has recovered: silence if anything new came, a shortfall if enough new pages came."""
    found: set[tuple[Kind, str]] = set()
    if seen[-1].new:
        found.add((Kind.SILENT, SIGNAL))
    recent = recent_observations(seen, timedelta(hours=SPANS[-1]))
    if seasonality is None or len(recent) < 2:
        return found
    counts = count_arrivals(recent, seasonality, ())
    for span in SPANS:
        had, expected, covered = counts.within(span)
        if covered >= 0.85 * span and expected >= ENOUGH:
            if had >= RECOVERED * expected:
                found.add((Kind.HALF_EMPTY, SIGNAL))
            break
    return found


def recent_observations(seen: Sequence[Observation], span: timedelta) -> Sequence[Observation]:
    """The observations of the last ``span``."""
    first = seen[-1].at - span
    return [it for it in seen[-1000:] if it.at >= first]
