"""Ratios: which share of a source's pages usually answers, can be read, and has title, date and so on.

Shares are modelled as beta-binomial, since bad pages come in clusters (a day of photo pages, an hour of 403).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.health import chances
from pipeline.health.observation import Kind, Mask, Observation, Share

KINDS = {
    "answered": Kind.BLOCKED,
    "fetched": Kind.HALF_EMPTY,
    "text": Kind.LAYOUT,
    "on-beat": Kind.LAYOUT,
    "title": Kind.LAYOUT,
    "date": Kind.LAYOUT,
    "selectors": Kind.LAYOUT,
    "length": Kind.LAYOUT,
}
SHARE_DESCRIPTIONS = {
    "answered": "of the pages asked for were not refused",
    "fetched": "of the pages asked for came",
    "text": "of the pages read held a story",
    "on-beat": "of the stories were on the beat",
    "title": "of the articles had a title",
    "date": "of the articles had a date",
    "selectors": "of the articles were found by the source's selectors",
    "length": "of the texts were of the usual length",
}
LEARNED_FROM = 20
"""Pages that a share must be learned from before it is used."""
ALIKE = 1 / 31
"""Prior for the correlation of pages within one day, worth ALIKE_DAYS days of data."""
ALIKE_DAYS = 20.0
MOST_ALIKE, LEAST_ALIKE = 0.25, 1 / 200
SHORT = 0.10
"""The share of a source's texts that counts as short."""
FALLEN = {"on-beat": 0.2}
FALLEN_ELSE = 0.75
"""A share is reported only if it fell to less than this part of the usual. ``on-beat`` has a lower limit, since it
depends on the news."""


@dataclass(frozen=True, slots=True)
class UsualShare:
    """The usual share, as parameters of a beta distribution, and the number of pages per month."""

    good: float
    bad: float
    monthly: float

    @property
    def share(self) -> float:
        """The mean of the distribution."""
        return self.good / (self.good + self.bad)

    def chance(self, observed: Share) -> float:
        """Probability of so few good pages, or fewer, if all is as usual."""
        return chances.of_clustered(*observed, self.good, self.bad)


def share_of(observation: Observation, name: str, length: int | None) -> Share:
    """A share of one observation, (0, 0) if it has none. ``length``: power of two below which a text is short."""
    if name != "length":
        return observation.shares.get(name, (0, 0))
    return (0, 0) if length is None else (sum(observation.lengths[length:]), sum(observation.lengths))


def learn_shares(
    seen: Sequence[Observation], masks: Sequence[Mask], length: int | None, days: float
) -> dict[str, UsualShare]:
    """Learn each share that has enough data, by name. ``days``: the time the observations cover."""
    found = {}
    for name, kind in KINDS.items():
        own = [mask for mask in masks if mask.kind is kind]
        usual = _usual(list(_daily(seen, name, length, own)), days)
        if usual is not None:
            found[name] = usual
    return found


def _daily(seen: Sequence[Observation], name: str, length: int | None, masks: Sequence[Mask]) -> Iterator[Share]:
    days: dict[object, list[int]] = {}
    for it in seen:
        good, of = share_of(it, name, length)
        if of and not any(mask.start < it.at <= mask.end for mask in masks):
            day = days.setdefault(it.at.date(), [0, 0])
            day[0] += good
            day[1] += of
    for good, of in days.values():
        yield good, of


def _usual(daily: Sequence[Share], days: float) -> UsualShare | None:
    """Method of moments: the within-day correlation follows from how much the days' shares vary beyond chance."""
    of = np.array([day[1] for day in daily], dtype=float)
    if of.sum() < LEARNED_FROM:
        return None
    good = np.array([day[0] for day in daily], dtype=float)
    share = (good.sum() + 0.5) / (of.sum() + 1.0)
    many, pairs = int((of > 1).sum()), float((of * (of - 1)).sum())
    alone = share * (1 - share)
    alike = float(((good - of * share) ** 2 - of * alone).sum() / (alone * pairs)) if pairs else 0.0
    alike = (many * alike + ALIKE_DAYS * ALIKE) / (many + ALIKE_DAYS)
    weight = 1 / min(max(alike, LEAST_ALIKE), MOST_ALIKE) - 1
    return UsualShare(share * weight, (1 - share) * weight, float(of.sum()) / max(days, 1.0) * 30)


def usual_length(seen: Sequence[Observation], masks: Sequence[Mask]) -> int | None:
    """The power of two of characters below which a text is short for the source; None without enough data."""
    masks = [mask for mask in masks if mask.kind is Kind.LAYOUT]
    rows = [it.lengths for it in seen if it.lengths and not any(mask.start < it.at <= mask.end for mask in masks)]
    if sum(map(sum, rows)) < LEARNED_FROM:
        return None
    total = np.zeros(max(map(len, rows)))
    for row in rows:
        total[: len(row)] += row
    below = np.cumsum(total) / total.sum()
    return int(np.searchsorted(below, SHORT, side="right"))
