"""Near-duplicates (deduplication): whether a source has published the same story twice, at two addresses.

Agencies reissue items under a new number, and content systems show one item in several sections. The check is strict,
since losing a story is worse than keeping two. A reused guid proves nothing (feeds reuse them for different stories),
and neither does a title alone ("Telegram of condolence", "Daily briefing"): titles must be nearly the same, and texts
must agree in every number and every name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from pipeline.ids import normalised_words

APART = timedelta(days=2)
"""How far apart in time two publications of one story may be."""
TITLES = 92.0
"""Least likeness of titles, per cent (Indel ratio)."""
TEXTS = 0.95
"""Least likeness of texts, by words (Indel): what a corrected letter or a changed word leaves."""
LEAST_WORDS = 20
"""Fewest words of a text that is compared; shorter ones are too much alike."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Published:
    """What is compared of an article to find duplicates."""

    url: str
    title: str
    at: datetime
    """When it was published; failing that, when it was first seen."""


def like_titles(article: Published, others: list[Published]) -> list[Published]:
    """Those of ``others`` that stand at another address and whose title and time allow them to be the same story."""
    title = normalised_words(article.title)
    if not title:
        return []
    return [
        other
        for other in others
        if other.url != article.url
        and abs(other.at - article.at) <= APART
        and fuzz.ratio(title, normalised_words(other.title), score_cutoff=TITLES) > 0
    ]


def same_text(text: str, other: str) -> bool:
    """Whether two texts are the same story: the same numbers and names, and nearly the same words in their order."""
    words, others = _WORD.findall(text), _WORD.findall(other)
    if min(len(words), len(others)) < LEAST_WORDS or _distinctive_words(words) != _distinctive_words(others):
        return False
    return Indel.normalized_similarity(words, others, score_cutoff=TEXTS) > 0


def _distinctive_words(words: list[str]) -> Counter[str]:
    return Counter(word for word in words if word[0].isdigit() or word[0].isupper())
