"""Words that mean several people at once: two names with one verb, ``officials``, ``half of the voters``."""

from __future__ import annotations

import re

from pipeline.language.every_language import EVERY_LANGUAGE, one_of
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.language_pack import Indices, Pack
from pipeline.quotes.speakers.discourse import Discourse, Mention, is_plural
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.text.tokens import Token

_JOINS = EVERY_LANGUAGE.joins
_SHARE = re.compile(rf"\d+|{one_of(EVERY_LANGUAGE.quantities)}")
_NO_PLURAL = EVERY_LANGUAGE.singular_endings


def several(discourse: Discourse, mention: Mention) -> Entity | None:
    """An entity named by the words themselves, if they mean several people; None if they may mean a single one."""
    words, pack = mention.words, discourse.pack
    if not _are_several(discourse, mention):
        return None
    mention.how = SpeakerRule.AS_WRITTEN
    named = None if names_two_people(discourse, words) else mention.name
    if named is not None and any(pack.is_finite(word) for word in words[named[1] :]):
        return Entity("")
    return discourse.as_written(words) or Entity("")


def _are_several(discourse: Discourse, mention: Mention) -> bool:
    words, pack = mention.words, discourse.pack
    if names_two_people(discourse, words):
        return True
    if pack.plurals_in_s and len(words) > 1 and _of_class_before_preposition(words, pack):
        return True
    kind = mention.kind
    if kind in ("body", "source") or mention.name is not None and not _of_class(words, pack):
        return False
    if _SHARE.fullmatch(words[0].low) and len(words) > 1 or mention.gender == "p" and kind is not None:
        return True
    return pack.plurals_in_s and (is_plural(words) or _of_class(words, pack))


def _of_class_before_preposition(words: list[Token], pack: Pack) -> bool:
    """``aides to X and Y``: whether the words up to a preposition mean several people."""
    for i in range(1, len(words)):
        if words[i].low in pack.prepositions:
            return _of_class(words[:i], pack)
    return False


def names_two_people(discourse: Discourse, words: list[Token]) -> bool:
    """Whether two known people are named with ``and`` between them."""
    at = next((i for i, word in enumerate(words) if word.low in _JOINS and 0 < i < len(words) - 1), None)
    if at is None:
        return False
    pack = discourse.pack
    sides = ((words[:at], pack.name_in(words[:at])), (words[at + 1 :], pack.name_in(words[at + 1 :])))
    return all(found is not None and _is_person(discourse, side, found) for side, found in sides)


def _is_person(discourse: Discourse, words: list[Token], found: Indices) -> bool:
    called = [word.text for word in words[found[0] : found[1]]]
    entity = discourse.entities.entity(discourse.pack.bare_words(called), create=False)
    return entity is not None and not entity.is_organisation


def _of_class(words: list[Token], pack: Pack) -> bool:
    """``Analysts``, ``Senior officials``: a plural of a word for people at the end, capitalised or not."""
    last = words[-1].low
    if not last.endswith("s") or last.endswith(_NO_PLURAL):
        return False
    return pack.class_of(last[:-1]) not in (None, "body", "source")
