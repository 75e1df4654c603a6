"""Somebody unnamed of whom a text speaks again: ``a doctor ... the doctor``, ``a source close to X ... the source``."""

from __future__ import annotations

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.spelling import stem
from pipeline.quotes.speakers.discourse import Discourse, Mention, is_plural
from pipeline.quotes.speakers.sightings import OWNING, Entity

_INTRODUCED = 800
"""Characters before words such as ``the woman`` in which ``a woman`` is who they mean."""
_MARKS = ".,;:!?\"'“”’()"


def source_before(discourse: Discourse, mention: Mention) -> Entity | None:
    """``an official close to the bank ... the official``: the only unnamed source that has spoken, if it fits."""
    pack = discourse.pack
    words = [word for word in mention.words if word.low not in EVERY_LANGUAGE.articles]
    outlet = len(words) > 1 and (stem(words[1].low) in pack.outlets or pack.class_of(words[1].low) == "body")
    if discourse.is_indefinite(mention.words) or len(words) > 1 + outlet or any(word.capital for word in words[1:]):
        return None
    if mention.gender == "p" or is_plural(words):
        return None
    head = stem(words[0].low)
    unnamed = [one for one in discourse.spoken if not (one.named or one.plural or one.is_organisation)]
    fitting = [one for one in unnamed if head in {stem(word.strip(_MARKS)) for word in one.name.split()}]
    return fitting[0] if len(fitting) == 1 and len(fitting[0].name.split()) > 1 else None


def unnamed_before(discourse: Discourse, mention: Mention) -> Entity | None:
    """``A doctor on the scene said ... the doctor``: the last who spoke without a name and with the same noun."""
    head = mention.words[-1].low
    for entity in reversed(discourse.spoken):
        words = entity.name.lower().split()
        if not entity.named and not entity.plural and head in words and EVERY_LANGUAGE.joins.isdisjoint(words):
            return entity
    return None


def is_somebody_new(discourse: Discourse, mention: Mention) -> bool:
    """``a woman ... the woman``: whether words near before bring in somebody unnamed with the same noun."""
    text, at = discourse.entities.text, mention.span[0]
    words = text[max(0, at - _INTRODUCED) : at].lower().split()
    head = mention.words[-1].low
    return any(
        word.strip(_MARKS) == head
        and (not discourse.pack.indefinite.isdisjoint(words[max(0, i - 4) : i]) or _owned(words[i - 1 : i]))
        for i, word in enumerate(words)
    )


def _owned(before: list[str]) -> bool:
    """``Zuev's (aide)``: whether the word before says whose somebody is."""
    return bool(before) and before[0].endswith(OWNING)
