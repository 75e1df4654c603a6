"""What changed between two versions of an article, quote by quote. We say "present, then absent", never "deleted"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from pipeline import ids

Kind = Literal["added", "removed", "reworded", "reattributed"]

SAME_ENOUGH = 70.0
"""Likeness (Indel ratio, per cent) from which on two quotes are one that was reworded."""
PART_WORDS = 5
"""From this many words on, a quote that stands wholly in another one is that quote cut or extended."""
PART_ENOUGH = 95.0


@dataclass(frozen=True, slots=True)
class ComparedWording:
    """The words and the speaker of a quote in one version."""

    words: str
    """Normalised."""
    speaker: str | None
    """Id of the roster, else the name as printed, else None."""


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """One quote changed. ``other_id`` is the new wording of a reworded one."""

    kind: Kind
    quote_id: str
    other_id: str | None = None


def compare_quotes(before: Mapping[str, ComparedWording], after: Mapping[str, ComparedWording]) -> list[QuoteChange]:
    """What became of the quotes of one version in the next one, by quote id; in order of the ids."""
    removed = sorted(before.keys() - after.keys())
    added = sorted(after.keys() - before.keys())
    pairs = _reworded({name: before[name].words for name in removed}, {name: after[name].words for name in added})
    renamed = set(pairs.values())
    found = [QuoteChange("reworded", old, new) for old, new in pairs.items()]
    found += [QuoteChange("removed", name) for name in removed if name not in pairs]
    found += [QuoteChange("added", name) for name in added if name not in renamed]
    found += [
        QuoteChange("reattributed", name)
        for name in sorted(before.keys() & after.keys())
        if before[name].speaker != after[name].speaker
    ]
    return sorted(found, key=lambda change: (change.quote_id, change.kind))


def edit_id(from_version: str, to_version: str, change: QuoteChange) -> str:
    """Id of an edit; it follows from the content, as all ids do."""
    return ids.content_digest("edit", from_version, to_version, change.kind, change.quote_id, change.other_id or "")


def _reworded(removed: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Removed quotes and the added ones that are their new wording; the most alike are paired first."""
    alike = [(_likeness(old, new), old_id, new_id) for old_id, old in removed.items() for new_id, new in added.items()]
    pairs: dict[str, str] = {}
    for likeness, old_id, new_id in sorted(alike, key=lambda it: (-it[0], it[1], it[2])):
        if likeness >= SAME_ENOUGH and old_id not in pairs and new_id not in pairs.values():
            pairs[old_id] = new_id
    return pairs


def _likeness(old: str, new: str) -> float:
    shorter = min(old.split(), new.split(), key=len)
    if len(shorter) >= PART_WORDS and fuzz.partial_ratio(old, new) >= PART_ENOUGH:
        return 100.0
    return float(fuzz.ratio(old, new))
