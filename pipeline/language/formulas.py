"""Short answers, greetings and set phrases that say nothing by themselves: stored and found, but no news."""

from __future__ import annotations

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.normalise import folded_words

_LONGEST_COURTESY = 12
"""Words of ``Colleagues, the last question.`` and its like."""


def is_courtesy(text: str) -> bool:
    """Whether a short text contains only words of greeting, thanks and moderation."""
    said = folded_words(text)
    return 0 < len(said) <= _LONGEST_COURTESY and all(word in EVERY_LANGUAGE.courtesies for word in said)


def is_formula(text: str) -> bool:
    """Whether a text is a courtesy or nothing but a set phrase (``No comment``, ``Да``)."""
    return " ".join(folded_words(text)) in EVERY_LANGUAGE.formulas or is_courtesy(text)
