"""What looks wrong in a roster without contradicting it, for ``onrecord speakers check --notes``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher

from pipeline.config.speaker import RosterConfig, Speaker
from pipeline.language.spelling import fold_name

_TRANSLITERATED = frozenset(("RU", "BY"))
"""Countries whose people have Russian names, which news in English transliterates; other names come by other ways."""
_ALIKE = 0.9
"""How far the letters of two spellings of one word agree at least."""


def find_roster_notes(roster: RosterConfig, gap_days: int) -> list[str]:
    """One line for each gap of more than ``gap_days`` days in an office that one person holds at a time, and for each
    Russian name whose Latin letters are no transliteration of the Cyrillic ones. Neither need be a mistake.
    """
    return [*_gaps(roster, gap_days), *_unlike_spellings(roster)]


def _gaps(roster: RosterConfig, gap_days: int) -> Iterator[str]:
    held: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for speaker in roster.speakers:
        for term in speaker.offices:
            start = term.start.first if term.start else date.min
            held[term.office].append((start, term.end.last if term.end else date.max))
    for office in roster.offices:
        if office.plural or not (terms := sorted(held[office.id])):
            continue
        last = terms[0][1]
        for start, end in terms:
            if last < start and (start - last).days - 1 > gap_days:
                first, until = last + timedelta(days=1), start - timedelta(days=1)
                yield f"office {office.id}: held by nobody from {first} to {until}"
            last = max(last, end)


def _unlike_spellings(roster: RosterConfig) -> Iterator[str]:
    for speaker in roster.speakers:
        if speaker.kind == "person" and speaker.country in _TRANSLITERATED and not _is_transliterated(speaker):
            yield f"speaker {speaker.id}: {speaker.en!r} is no transliteration of {speaker.ru!r}"


def _is_transliterated(speaker: Speaker) -> bool:
    latin, cyrillic = _words(speaker.en), _words(speaker.ru)
    return len(latin) == len(cyrillic) and all(map(_is_alike, latin, cyrillic))


def _words(name: str) -> list[str]:
    # the letter yo is often written as ye in Cyrillic, and never in Latin
    return [fold_name(word).replace("io", "e") for word in name.replace("-", " ").split()]


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
