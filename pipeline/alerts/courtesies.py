"""Recognise courtesies such as ``Colleagues, the last question.``, which are no news and raise no alert."""

from __future__ import annotations

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.normalise import folded_words

_LONGEST = 12


def is_courtesy(text: str) -> bool:
    """Whether a short text contains only words of greeting, thanks and moderation."""
    said = folded_words(text)
    return 0 < len(said) <= _LONGEST and all(word in EVERY_LANGUAGE.courtesies for word in said)
