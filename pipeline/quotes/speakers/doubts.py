"""What makes it doubtful whose words a quote is: features of an attribution from which its confidence is computed."""

from __future__ import annotations

import re

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quote_rules import Doubt, SpeakerRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.speakers.discourse import Discourse
from pipeline.quotes.speakers.sightings import Entity
from pipeline.records import Span

_FAR = 4
"""Words between verb and speaker from which on an attribution counts as ``far``."""
_NEAR = 250
_AROUND = 60
_WORD = re.compile(r"\w+")
_BY_OFFICE = frozenset(
    (SpeakerRule.TITLED, SpeakerRule.EPITHET, SpeakerRule.SHORT, SpeakerRule.OFFICE, SpeakerRule.UNDATED)
)
_BY_CONTEXT = _BY_OFFICE | {
    SpeakerRule.PRONOUN, SpeakerRule.AS_BEFORE, SpeakerRule.AS_USUAL, SpeakerRule.LATER,
}  # fmt: skip
_CLAIMS = re.compile(rf"\b(?:{'|'.join(EVERY_LANGUAGE.claims)})")
"""Beginnings of words in lower case."""


def find_doubts(
    discourse: Discourse, candidate: Candidate, rule: SpeakerRule, entity: Entity | None
) -> tuple[Doubt, ...]:
    """What is doubtful about one attribution."""
    if entity is None or candidate.label:
        return ()
    seen = {
        Doubt.FAR: _far(discourse.entities.text, candidate),
        Doubt.RIVALS: rule in _BY_CONTEXT and _rivals(discourse, candidate, entity),
        Doubt.CLAIM: _claim(discourse.entities.text, candidate),
        Doubt.SINGLE: rule is SpeakerRule.NAME
        and entity.id is None
        and " " not in entity.name
        and not entity.is_organisation,
        Doubt.BARE: rule in _BY_OFFICE and not _capitals(discourse.entities.text, candidate.mention),
    }
    return tuple(name for name, shown in seen.items() if shown)


def _far(text: str, candidate: Candidate) -> bool:
    """Whether many words stand between the verb and the words for who speaks."""
    if candidate.mention is None or candidate.cue is None:
        return False
    (first, last), (start, end) = candidate.mention, candidate.cue
    between = text[last:start] if last <= start else text[end:first] if end <= first else ""
    return len(_WORD.findall(between[: 2 * _NEAR])) >= _FAR


def _rivals(discourse: Discourse, candidate: Candidate, entity: Entity) -> bool:
    """Whether somebody else is named shortly before a description that contains no name."""
    at = candidate.mention[0] if candidate.mention else candidate.start
    near = discourse.entities.sightings_between(at - _NEAR, at)
    return any(
        s.entity is not entity
        and s.entity.is_organisation == entity.is_organisation
        and not discourse.is_quoted(s.start)
        for s in near
    )


def _claim(text: str, candidate: Candidate) -> bool:
    """Whether a word for what others said or asked stands beside the attribution, outside of the quote."""
    if candidate.cue is None:
        return False
    start, end = candidate.cue
    before = text[max(0, start - _AROUND) : start] if candidate.end > start else text[candidate.end : start]
    after = text[end : min(end + _AROUND, candidate.start if candidate.start > end else end + _AROUND)]
    return _CLAIMS.search(f"{before}\n{after}".lower()) is not None


def _capitals(text: str, mention: Span | None) -> bool:
    """Whether the words for the speaker name whom or what he speaks for or heads (``the Kremlin spokesman``)."""
    words = text[mention[0] : mention[1]].split()[1:] if mention else []
    return any(word[:1].isupper() for word in words)
