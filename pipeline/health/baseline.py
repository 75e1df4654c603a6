"""All that is learned of a source from what its runs have brought."""

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
"""How far back a source's observations are learned from."""
DAYS_OF_SEASONALITY = 14.0
"""Days a rhythm must be learned from before new pages are held against it: two of each weekday."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a source usually behaves; what is missing cannot be told yet."""

    seasonality: Seasonality | None = None
    shares: Mapping[str, UsualShare] = field(default_factory=dict)
    length: int | None = None
    """Power of two of characters from which a text is not short."""
    answers: Answers = field(default_factory=Answers)
    interval: timedelta = timedelta(0)


def learn_baseline(seen: Sequence[Observation], masks: Sequence[Mask], *, zone: str, country: str) -> Baseline:
    """The habits of a source from what was seen of it, oldest first, by runs of one sort.

    ``masks``: times of known trouble. ``zone``: by whose clock it works; ``country``: whose days off it keeps.
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
