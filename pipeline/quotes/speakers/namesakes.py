"""Whom a name means: the entity of the article with that name, and which one of several namesakes."""

from __future__ import annotations

import re

from pipeline.language.spelling import stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.language_pack import Indices, Pack
from pipeline.quotes.speakers.discourse import NEAREST, Discourse, Mention, fits_gender
from pipeline.quotes.speakers.introductions import is_genitive, is_mans_genitive
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.text.tokens import Token

_CLOSING = re.compile(r'["»”]')
_UP_TO_MARK = re.compile(r'[^"«»“”.;:\n]+')
_LONGEST = 60
_SHORTEST_SURNAME = 3
_REMEMBERED = 2_500
"""Characters after which whoever spoke is no more likely to be meant by a surname than whoever was named since."""
_NEAR = 250
"""Characters before a name in which somebody else named may be meant by a pronoun after it."""
_BEFORE, _MOST_BEFORE = 40, 3
"""How far back a word that governs the case of those after it is looked for: characters, and words."""
_ARTICLES = frozenset(("a", "an"))


def name(discourse: Discourse, mention: Mention) -> Entity | None:
    """The entity that the name among the words means; it keeps the titles that stand before the name."""
    entities, pack, words = discourse.entities, discourse.pack, mention.words
    found = mention.name
    if found is None:
        return None
    called = [word.text for word in words[found[0] : found[1]]]
    common = found == (0, 1) and entities.opens_sentence(words[0].start) and entities.is_common(words[0].text)
    genitive = discourse.is_genitive(mention.span[0]) or discourse.is_genitive(words[found[0]].start)
    genitive = genitive or found[0] > 0 and stem(words[0].low) in pack.documents
    bent = pack.gender_when_bent(called) if genitive else None
    gender = pack.honorifics.get(words[found[0] - 1].low.rstrip(".")) if found[0] else None
    title = pack.bare_words([word.text for word in words[: found[0]]])
    entity = entities.entity(pack.bare_words(called), create=not common, bent=bent, gender=gender, title=title)
    if entity is None or _is_owner(discourse, words, found, entity):
        return None
    if entity.is_organisation and pack.is_local_office(words[found[1] :]):
        return None
    if found[0] and words[found[0] - 1].low in _ARTICLES and len(called) == 1 and entity.id:
        return Entity("")
    if entity.id and len(called) == 1 and not pack.generations.isdisjoint(word.low for word in words[: found[0]]):
        mention.how = SpeakerRule.AS_WRITTEN
        return discourse.as_written(words)
    at = words[found[0]].start
    if entity.id and found == (0, 1) and _too_short(discourse, called[0], entity):
        mention.how = SpeakerRule.AS_WRITTEN
        return discourse.as_written(words)
    if entity.id is None and at and entities.text[at - 1] in '"«“„':
        entity.is_organisation = True
        entity.name = pack.organisation_name(_in_marks(entities.text, at) or pack.bare_words(called))
    elif (
        entity.id is None and not entity.titles and found == (0, 1) == (0, len(words)) and _is_place(discourse, mention)
    ):
        entity.is_organisation, entity.gender = True, None
        entity.name = pack.organisation_name(pack.bare_words(called))
    if len(called) == 1:
        entity = _nearest(discourse, entity, mention.span[0], gender)
    if len(called) == 1 and not genitive and _is_bent(discourse, mention, called[0], entity):
        mention.how = SpeakerRule.AS_WRITTEN
        return discourse.as_written(words)
    if mention.gender and not fits_gender(entity, mention.gender) and not entity.is_organisation:
        other = entities.namesake(entity, mention.gender)
        single = entity.id and mention.known_gender and len(called) == 1
        if other is None and single and not _governed(discourse, mention):
            mention.how = SpeakerRule.AS_WRITTEN
            return discourse.as_written(words)
        entity = other or entity
    if not entity.is_organisation:
        entity.titles.update(stem(word.low) for word in words[: found[0]] if pack.is_title(word.low))
    return entity


def _is_place(discourse: Discourse, mention: Mention) -> bool:
    """``В Минмосте сообщили``: where several people said it, so that the name is no person's."""
    before = discourse.entities.text[max(0, mention.span[0] - _BEFORE) : mention.span[0]].split()[-1:]
    return mention.gender == "p" and bool(before) and before[0].lower() in discourse.pack.prepositions


def _too_short(discourse: Discourse, called: str, entity: Entity) -> bool:
    """Whether a surname is so short that it may be anything, and the article does not have the full name."""
    letters = called.removesuffix("'s").removesuffix("’s")
    if entity.is_organisation or len(letters) > _SHORTEST_SURNAME:
        return False
    return id(entity) not in discourse.entities.in_full


def _is_owner(discourse: Discourse, words: list[Token], found: Indices, entity: Entity) -> bool:
    """``адвокат Зуева``: whether the name is whose lawyer speaks, as nothing shows that its bearer is a lawyer."""
    at, end = found
    if at == 0:
        return False
    before, pack = words[at - 1], discourse.pack
    genitive = is_genitive(entity, words[end - 1].text, pack) or _never_inflects(pack, entity)
    earlier = [word.low for word in words[: at - 1]] if entity.id else None
    if not pack.is_possessor(before.text, words[at].text, genitive, earlier):
        return False
    if stem(before.low) in discourse.titles_of(entity):
        return False
    return end - at == 1 or entity.id is not None


def _never_inflects(pack: Pack, entity: Entity) -> bool:
    """Whether the name is a woman's of the roster that has one form for all cases."""
    return bool(entity.id) and entity.gender == "f" and not pack.ends_as_feminine(entity.name.split()[-1])


def _is_bent(discourse: Discourse, mention: Mention, called: str, entity: Entity) -> bool:
    """``Глава пресс-службы Зуева сообщил``: a man's surname in the genitive where whoever speaks is no genitive."""
    return is_mans_genitive(entity, called, discourse.pack) and not _governed(discourse, mention)


def _governed(discourse: Discourse, mention: Mention) -> bool:
    """Whether the words for a speaker stand in another case than the subject of their verb."""
    if mention.governed or discourse.is_genitive(mention.span[0]):
        return True
    at, pack = mention.span[0], discourse.pack
    before = [word.lower() for word in discourse.entities.text[max(0, at - _BEFORE) : at].split()[-_MOST_BEFORE:]]
    return bool(before) and (before[-1] in pack.prepositions or not pack.genitive_triggers.isdisjoint(before))


def _in_marks(text: str, at: int) -> list[str]:
    """The words from offset ``at`` to the closing mark, if one is near."""
    closing = _CLOSING.search(text, at, at + _LONGEST)
    return text[at : closing.start()].split() if closing else []


def _nearest(discourse: Discourse, entity: Entity, at: int, gender: str | None) -> Entity:
    """Of several with one surname, and not of another gender, the one who spoke last, else who was named last."""
    namesakes = [one for one in discourse.entities.namesakes(entity) if gender is None or fits_gender(one, gender)]
    if len(namesakes) < 2:
        return entity
    spoken = next((one for one in reversed(discourse.spoken) if one in namesakes), None)
    if spoken is not None and discourse.spoken_at[id(spoken)] < at - _REMEMBERED:
        spoken = None
    named = [s.entity for s in discourse.entities.sightings_before(at, NEAREST) if s.entity in namesakes]
    nearest = spoken or (named[-1] if named else entity)
    shown = _shown_after(discourse, namesakes, at)
    if shown is None or nearest.gender in (None, shown):
        return nearest
    fitting = [one for one in (*namesakes, *named) if one.gender == shown]
    return fitting[-1] if fitting else nearest


def _shown_after(discourse: Discourse, namesakes: list[Entity], at: int) -> str | None:
    """``Zueva said that she ...``: ``m`` or ``f`` as a pronoun shows it that nobody else near can mean."""
    text, pack = discourse.entities.text, discourse.pack
    words = _UP_TO_MARK.match(text, at, at + _LONGEST)
    shown = (pack.pronouns.get(word) for word in words.group().lower().split()) if words else ()
    gender = next((one for one in shown if one in ("m", "f")), None)
    near = discourse.entities.sightings_between(at - _NEAR, at + _LONGEST) if gender else []
    others = [s.entity for s in near if s.entity not in namesakes and not s.entity.is_organisation]
    return None if any(fits_gender(other, gender) for other in others) else gender
