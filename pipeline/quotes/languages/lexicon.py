"""How packs write their word lists: in one string, separated by spaces."""

from __future__ import annotations


def word_set(listed: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(listed.split())
