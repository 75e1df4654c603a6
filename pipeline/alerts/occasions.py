"""Which statements were made on one occasion (a briefing, an interview) and so share an e-mail and its thread. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

SPAN = timedelta(days=1)
"""Statements published further apart were made on different occasions, whatever articles they share."""


@dataclass(frozen=True, slots=True)
class OccasionKey:
    """What of a statement says on which occasion it was made."""

    speaker: str
    """Id, else the name as printed; empty if nobody knows."""
    at: datetime
    """First publication, else when it was first seen."""
    articles: frozenset[str]
    """Ids of the articles that report it."""


def group_occasions(keys: Sequence[OccasionKey]) -> list[list[int]]:
    """The places of the statements in the sequence, one list for each occasion, in order of time.

    Two statements share an occasion if one speaker made them, an article reports both, and they were published within
    :data:`SPAN`; so do all that are connected by such pairs.
    """
    leader = list(range(len(keys)))

    def found(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for places in _that_share_an_article(keys):
        for one, other in pairwise(places):
            if keys[other].at - keys[one].at <= SPAN:
                leader[found(other)] = found(one)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in _in_order(range(len(keys)), keys):
        groups[found(place)].append(place)
    return list(groups.values())


def _that_share_an_article(keys: Sequence[OccasionKey]) -> Iterable[list[int]]:
    shared: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        for article in key.articles:
            shared[key.speaker, article].append(place)
    return [_in_order(places, keys) for places in shared.values()]


def _in_order(places: Collection[int], keys: Sequence[OccasionKey]) -> list[int]:
    return sorted(places, key=lambda place: (keys[place].at, place))
