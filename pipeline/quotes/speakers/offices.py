"""Whom a title means: by office and date, by how the article introduced somebody, by the nation that it names."""

from __future__ import annotations

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.roster import Holders
from pipeline.quotes.speakers.discourse import Discourse, Mention, is_nation
from pipeline.quotes.speakers.entities import ArticleEntities
from pipeline.quotes.speakers.home_country import names_nothing
from pipeline.quotes.speakers.organisations import organisation_called
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.text.tokens import Token

_CHIEFS = frozenset(map(stem, EVERY_LANGUAGE.chiefs))
_UNNAMED = frozenset(map(stem, EVERY_LANGUAGE.state_titles))
"""Titles whose holder news may leave unnamed."""
_OF_STATE = _UNNAMED | frozenset(map(stem, EVERY_LANGUAGE.heads))
"""Words of the titles that may mean the president or premier of the country whose news it is."""
_SERVANTS = frozenset(map(stem, EVERY_LANGUAGE.staff))
_FORMER = frozenset(map(stem, EVERY_LANGUAGE.former))
"""Words before a name that say that its title is of another time."""


def office(discourse: Discourse, mention: Mention) -> Entity | None:
    """Who holds the office on the day of the article, or held it if the article names no other holder."""
    entities, words = discourse.entities, mention.words
    holders = entities.roster.office_holders(discourse.pack.bare_words([word.text for word in words]), entities.day)
    if holders is None:
        return None
    if entities.day is None:
        return _without_day(discourse, mention, holders)
    present = [entity for entity in entities.by_key.values() if entity.id and entity.id in holders.ids]
    if len(present) == 1:
        return present[0]
    wanted = {stem(word.low) for word in words if discourse.pack.is_title(word.low) or is_nation(word)}
    known = entities.by_key.values() if wanted else ()
    named_so = [entity for entity in known if wanted <= entities.introduce(entity).titles]
    if not present and len(named_so) == 1 and not named_so[0].is_organisation:
        return named_so[0]
    return _only_holder(entities, holders)


def _only_holder(entities: ArticleEntities, holders: Holders) -> Entity | None:
    """The holder of an office that one person holds at a time."""
    return entities.by_id(next(iter(holders.ids))) if len(holders.ids) == 1 and not holders.shared else None


def _without_day(discourse: Discourse, mention: Mention, holders: Holders) -> Entity | None:
    """Whom the text names for the office; if it names nobody who ever held it, today's holder if that is wanted."""
    entities = discourse.entities
    named = _named_as_holder(discourse, mention, holders)
    if entities.timeless:
        return named or _nobody(discourse, mention)
    ever = [entity for entity in entities.by_key.values() if entity.id in holders.ever]
    if len(ever) == 1 and ever[0].id in holders.ids and not _called_otherwise(discourse, mention, ever[0]):
        mention.how = None
        return ever[0]
    return named or (_nobody(discourse, mention) if ever else _only_holder(entities, holders))


def _called_otherwise(discourse: Discourse, mention: Mention, entity: Entity) -> bool:
    """Whether the text gives an entity only titles of another class (a premier where a president is asked for)."""
    pack = discourse.pack
    given_classes = {pack.class_of(title) for title in discourse.entities.introduce(entity).titles} - {None}
    asked = {pack.class_of(word.low) for word in mention.words} - {None}
    return bool(given_classes and asked) and given_classes.isdisjoint(asked)


def _named_as_holder(discourse: Discourse, mention: Mention, holders: Holders) -> Entity | None:
    """Whom a text without a day names for an office: the one it gives the title, else the one who ever held it."""
    entities, mention.how = discourse.entities, SpeakerRule.UNDATED
    wanted = {stem(word.low) for word in mention.words if discourse.pack.is_title(word.low) or is_nation(word)}
    known = [
        entity for entity in entities.by_key.values() if not entity.is_organisation and not _former(discourse, entity)
    ]
    named_so = [entity for entity in known if wanted and wanted <= entities.introduce(entity).titles]
    if not named_so:
        ever = [entity for entity in known if entity.id in holders.ever]
        named_so = ever if all(entity.titles <= wanted | NATIONS for entity in ever) else []
    return named_so[0] if len(named_so) == 1 else None


def _nobody(discourse: Discourse, mention: Mention) -> Entity:
    """An entity outside the roster, as it is not known who held the office when the words were said."""
    mention.how = SpeakerRule.AS_WRITTEN
    return discourse.as_written(mention.words) or Entity("")


def _former(discourse: Discourse, entity: Entity) -> bool:
    return not _FORMER.isdisjoint(discourse.entities.introduce(entity).about)


def held_once(discourse: Discourse, mention: Mention, entity: Entity, people: list[Entity]) -> Entity | None:
    """``found``, whom words of an office fit in a text without a day, unless they fit another of ``people`` as well.

    Whom the text itself gives the title comes before those who the roster says had it at some time.
    """
    wanted = {stem(word.low) for word in mention.words if discourse.pack.is_title(word.low)}
    called = {id(one): one for one in people if wanted <= discourse.entities.introduce(one).titles}
    if not wanted or id(entity) in called:
        return entity
    mention.how = SpeakerRule.UNDATED
    if len(called) == 1:
        return next(iter(called.values()))
    others = [
        one for one in people if one is not entity and find_introduced(discourse, mention.words, [one]) is not None
    ]
    return _nobody(discourse, mention) if others or _former(discourse, entity) else entity


def find_introduced(discourse: Discourse, words: list[Token], people: list[Entity]) -> Entity | None:
    """The first of ``people`` whom the article or the roster gives these words as a title."""
    pack = discourse.pack
    last = words[-1]
    long = [word for word in words if len(word.low) > 3 or word is last and pack.class_of(word.low) is None]
    content = {stem(word.low) for word in long if word.low not in pack.prepositions}
    wanted = {stem(word.low) for word in words if pack.is_title(word.low) or stem(word.low) in NATIONS}
    content_words, nations = content - NATIONS, content & NATIONS
    marked = {stem(word.low) for i, word in enumerate(words) if word.capital and (i or word.text.isupper())} - wanted
    people = [entity for entity in people if marked <= _known_of(discourse, entity)] if marked else people
    if content.isdisjoint(pack.contenders):
        people = [one for one in people if one.id or pack.contenders.isdisjoint(discourse.titles_of(one))]
    for entity in people if content_words else ():
        titles, about = discourse.titles_of(entity), entity.about
        if not all(word in titles or word in about for word in content_words) or _serves(content, titles):
            continue
        if not nations or not (titles | about) & NATIONS or nations & (titles | about):
            return entity
    if wanted <= NATIONS or pack.title_stands_last and not _heads_title(discourse, words):
        return None
    for entity in people:
        titles = discourse.titles_of(entity)
        if wanted <= titles and not _serves(wanted, titles):
            return entity
    return None


def _heads_title(discourse: Discourse, words: list[Token]) -> bool:
    """Whether the head of the words is a title and no thing (``state law``)."""
    pack = discourse.pack
    head = next((words[i - 1] for i, word in enumerate(words) if i and word.low in pack.prepositions), words[-1])
    return pack.is_title(head.low) or pack.class_of(head.low) is not None


def _known_of(discourse: Discourse, entity: Entity) -> set[str]:
    """The stems of all words that the article or the roster has for an entity."""
    return discourse.titles_of(entity) | entity.about | {stem(word) for word in entity.name.lower().split()}


def _serves(wanted: set[str], titles: set[str]) -> bool:
    """Whether the title asked for is the one whom the entity speaks or works for (a presidential aide's president)."""
    return bool(wanted & _CHIEFS) and not wanted & _SERVANTS and bool(titles & _SERVANTS)


def short(discourse: Discourse, mention: Mention) -> Entity | None:
    """``the ministry``, ``the president``: which one, the article's names or its nations make clear."""
    entities = discourse.entities
    bare = discourse.pack.bare_words([word.text for word in mention.words])
    if ids := entities.roster.ids_of_short_name(bare):
        named = next((e for e in discourse.recent_entities(mention.span[0]) if e.id in ids), None)
        if len(bare) == 1 and not bare[0][0].isupper():
            named = organisation_called(discourse, {stem(bare[0])}, mention.span) or named
        elif named is None and len(bare) == 1:
            named = organisation_called(discourse, {stem(bare[0])}, mention.span)
        if named is not None:
            return named
        fitting = [one for one in ids if entities.is_of_main_nation(one)]
        sure = len(fitting) == 1 and any(word.capital for word in mention.words)
        return entities.by_id(fitting[0]) if sure else None
    if discourse.is_indefinite(mention.words):
        return None
    if entities.timeless and entities.roster.is_short_title(bare):
        return _nobody(discourse, mention)
    if entities.day is None:
        return None
    held = entities.roster.holders_of_short_title(bare, entities.day)
    nation = entities.main_nation(country for _, country in held)
    if nation is None and {stem(word) for word in bare} <= _OF_STATE and names_nothing(entities):
        nation = discourse.pack.home_country
    holders = [holder for holder, country in held if country and country == nation]
    if len(holders) != 1:
        return None
    chief = bool({stem(word.low) for word in mention.words} & _UNNAMED)
    return entities.by_id(holders[0]) if chief or holders[0] in entities.by_key else None
