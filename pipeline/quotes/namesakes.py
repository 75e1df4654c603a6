"""Whom a name means: the entity of the article that bears it, and which one of several namesakes."""

from __future__ import annotations

from pipeline.quotes.discourse import NEAREST, Discourse, Mention, fits
from pipeline.quotes.people import Entity
from pipeline.spelling import stem


def name(discourse: Discourse, mention: Mention) -> Entity | None:
    """The entity that the name among the words means; it keeps the titles that stand before the name."""
    people, pack, words = discourse.people, discourse.pack, mention.words
    found = pack.name_in(words)
    if found is None:
        return None
    called = [word.text for word in words[found[0] : found[1]]]
    common = found == (0, 1) and people.is_common(words[0].text)
    entity = people.entity(pack.bare(called), create=not common)
    if entity is None:
        return None
    at = words[found[0]].start
    if entity.id is None and at and people.text[at - 1] in '"«“„':
        entity.body = True
    if len(called) == 1:
        entity = _nearest(discourse, entity, mention.span[0])
    if mention.gender and not fits(entity, mention.gender) and not entity.body:
        entity = people.namesake(entity, mention.gender) or entity
    if not entity.body:
        entity.titles.update(stem(word.low) for word in words[: found[0]] if pack.is_title(word.low))
    return entity


def _nearest(discourse: Discourse, entity: Entity, at: int) -> Entity:
    """Of several with one surname the one who spoke last, else who was named last."""
    namesakes = discourse.people.namesakes(entity)
    if len(namesakes) < 2:
        return entity
    for other in reversed(discourse.spoken):
        if other in namesakes:
            return other
    named = [s.entity for s in discourse.people.before(at, NEAREST) if s.entity in namesakes]
    return named[-1] if named else entity
