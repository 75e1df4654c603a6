"""The baseline of a source: all that is learned from the observations of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from pipeline.health.documents import Answers, learn_answers
from pipeline.health.observation import Mask, Observation
from pipeline.health.ratios import UsualShare, learn_shares, usual_length
from pipeline.health.seasonality import Seasonality, learn_seasonality, run_intervals, usual_interval

MEMORY = timedelta(days=70)
"""Age of the oldest observations that are used for learning."""
DAYS_OF_SEASONALITY = 14.0
"""Minimum days of data before seasonality is used: two of each weekday."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a source usually behaves; fields without enough data are None or empty."""

    seasonality: Seasonality | None = None
    shares: Mapping[str, UsualShare] = field(default_factory=dict)
    length: int | None = None
    """A text is short if it has fewer characters than this power of two."""
    answers: Answers = field(default_factory=Answers)
    interval: timedelta = timedelta(0)


def learn_baseline(seen: Sequence[Observation], masks: Sequence[Mask], *, zone: str, country: str) -> Baseline:
    """Learn the baseline of a source from its observations, oldest first, by runs of one sort.

    ``masks``: periods of known trouble, which are left out. ``zone``: time zone of the source; ``country``: whose
    public holidays it keeps.
    """
    if not seen:
        return Baseline()
    days = (seen[-1].at - seen[0].at) / timedelta(days=1)
    interval = usual_interval(run_intervals(seen))
    seasonality = learn_seasonality(seen, masks, ZoneInfo(zone), country)
    cut = usual_length(seen, masks)
    return Baseline(
        seasonality if seasonality is not None and seasonality.days >= DAYS_OF_SEASONALITY else None,
        learn_shares(seen, masks, cut, days),
        cut,
        learn_answers(seen, interval, days),
        interval,
    )
