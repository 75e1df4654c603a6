"""Whether new pages come as the source's rhythm says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from pipeline.health import chances
from pipeline.health.observation import Kind, Mask, Observation, Symptom
from pipeline.health.seasonality import HOUR, MOST_PAUSE, SPANS, Floats, Seasonality, run_intervals, usable_flags

FALSE_A_MONTH = 0.15
"""False alarms a source may give for its new pages in a month, all spans together."""
MONTH = 720.0
"""Hours."""
FALLEN = 0.6
"""New pages must be fewer than this part of what was expected: less is no half-empty source."""
ENOUGH = 6.0
"""New pages to be expected before a source is called well again."""
RECOVERED = 0.75
SIGNAL = "arrivals"


@dataclass(frozen=True, slots=True)
class Counts:
    """New pages by run, newest first and summed up from there: seen, expected, and hours that they stand for."""

    back: Floats
    """Hours before now at which each run's share of time begins."""
    seen: Floats
    expected: Floats
    covered: Floats

    def within(self, span: float) -> tuple[float, float, float]:
        """Seen, expected and hours covered in the runs of the last ``span`` hours; a run may reach over by a tenth."""
        runs = int(np.searchsorted(self.back, span * 1.1, side="right"))
        if runs == 0:
            return 0.0, 0.0, 0.0
        return float(self.seen[runs - 1]), float(self.expected[runs - 1]), float(self.covered[runs - 1])


def count_arrivals(seen: Sequence[Observation], seasonality: Seasonality, masks: Sequence[Mask]) -> Counts:
    """The counts of the runs before the newest one, itself included. ``seen``: oldest first, two at least."""
    gaps = run_intervals(seen)
    good = usable_flags(seen, gaps, max(seasonality.interval, min(gaps[1:])) * MOST_PAUSE, masks)
    hours = np.array([gap / HOUR for gap in gaps])
    expected = seasonality.expected([it.at for it in seen])
    found = np.array([float(it.new) for it in seen])
    newest_first = [np.where(good, it, 0.0)[1:][::-1] for it in (found, expected, hours)]
    return Counts(np.cumsum(hours[1:][::-1]), *(np.cumsum(it) for it in newest_first))


def shortfall_chance(arrived: float, expected: float, spread: float) -> float:
    """The chance of so few new pages or fewer (negative binomial with mean ``expected``)."""
    return chances.of_arrivals(arrived, expected, spread)


def arrival_symptoms(seen: Sequence[Observation], seasonality: Seasonality, masks: Sequence[Mask]) -> list[Symptom]:
    """Silence or a shortfall that the rhythm does not explain: the span of time in which it is clearest."""
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
    """What can be called well again: silence when anything new came, a shortfall when enough did."""
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
