"""Whom a description (epithet) means, such as ``the aide`` or ``his spokesman``: the nearest that it fits."""

from __future__ import annotations

from collections.abc import Set

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.speakers.discourse import NEAREST, Discourse, Mention, fits_gender, is_nation, is_plural
from pipeline.quotes.speakers.offices import find_introduced, held_once
from pipeline.quotes.speakers.organisations import organisation_meant
from pipeline.quotes.speakers.pronouns import newest_subject, pronoun
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.speakers.unnamed import is_somebody_new, source_before, unnamed_before
from pipeline.quotes.text.tokens import Token

_CLOSEST = 12
_NEAR = 500
"""Somebody named so many characters before an epithet may be meant by it."""
_HELD_BY_MANY = frozenset(("president", "minister", "head"))
"""Classes of offices that several people of one article may hold."""
_SERVED = frozenset(("president", "minister", "governor", "mayor"))
"""Classes of offices that have aides and spokesmen."""
_ANYBODY = frozenset(("person", "anyone"))
"""Classes that are no offices."""
_LONGEST_INTERLOCUTOR = 2
_PRIVATE = frozenset(("person", "anyone", "expert", "lawyer", "manager", "activist", "reporter", "artist"))
"""Classes of people who hold no public office, of whom a text may name several."""
_ALSO = {
    "minister": frozenset(("diplomat", "head", "president")), "spokesman": frozenset(("diplomat", "head")),
    "president": frozenset(("head",)), "head": frozenset(("governor", "mayor", "lawmaker", "president", "minister")),
    "governor": frozenset(("head",)), "mayor": frozenset(("head",)), "lawmaker": frozenset(("head",)),
    "aide": frozenset(("diplomat",)),
}  # fmt: skip
"""Epithets of one class that news also use for another (``the top diplomat`` is a minister)."""


def titled(discourse: Discourse, mention: Mention) -> Entity | None:
    """Somebody whom the article introduced with these words (``aide Yury Ushakov`` ... ``the aide``)."""
    if mention.kind in ("body", "source") or discourse.is_indefinite(mention.words):
        return None
    if _names_its_owner(discourse, mention.words) or stem(mention.words[0].low) in discourse.pack.documents:
        return None
    at, gender = mention.span[0], mention.known_gender
    near = [newest_subject(discourse, at, gender), *discourse.people_before(at)]
    people = [e for e in near if e and not e.is_organisation and (gender is None or e.gender in (None, gender))]
    found = find_introduced(discourse, mention.words, people)
    if found is None:
        return _only_one(discourse, mention)
    if not discourse.entities.timeless:
        return _sure_of(discourse, mention, found)
    held = held_once(discourse, mention, found, people)
    return _sure_of(discourse, mention, found) if held is found else held


def _sure_of(discourse: Discourse, mention: Mention, found: Entity) -> Entity | None:
    """``found``, unless the words fit somebody else named near them too: then whom the headline is about, or nobody."""
    at, kind = mention.span[0], mention.kind
    if kind in _PRIVATE or kind is None or any(is_nation(word) for word in mention.words):
        return found
    if kind not in _HELD_BY_MANY and found in (newest_subject(discourse, at, mention.known_gender), discourse.focus):
        return found
    near = [s for s in discourse.entities.sightings_between(at - _NEAR, at) if not discourse.is_quoted(s.start)]
    others = {id(s.entity): s.entity for s in near if s.entity is not found and not s.entity.is_organisation}
    wanted = {stem(word.low) for word in mention.words if len(word.low) > 3}
    shared = len(wanted & (discourse.titles_of(found) | found.about))
    rivals = [
        one
        for one in others.values()
        if find_introduced(discourse, mention.words, [one]) is not None
        and len(wanted & (discourse.titles_of(one) | one.about)) >= shared
    ]
    if not rivals:
        return found
    headline = discourse.entities.headline
    if any(one is headline for one in [found, *rivals]):
        return headline
    mention.how = SpeakerRule.AS_WRITTEN
    return discourse.as_written(mention.words)


def _only_one(discourse: Discourse, mention: Mention) -> Entity | None:
    """The only person that the article has named so far, where nothing else shows whom an epithet means."""
    kind, words = mention.kind, mention.words
    if kind is None or kind in _PRIVATE or any(word.capital for word in words[1:]) or mention.gender == "p":
        return None
    only = _only_named(discourse, mention)
    if only is None:
        return None
    if not _kinds(discourse, only) and any(discourse.pack.class_of(it) in _ANYBODY for it in discourse.titles_of(only)):
        return None
    nations = {stem(word.low) for word in words} & NATIONS
    if nations and _abroad(discourse, only, nations):
        return None
    return None if _serves_such(discourse, only, kind) else only


def _only_named(discourse: Discourse, mention: Mention) -> Entity | None:
    """The only person named so far, if the roster does not know them and the verb shows no other gender."""
    before = discourse.entities.sightings_before(mention.span[0], NEAREST)
    named = {id(s.entity): s.entity for s in before if not s.entity.is_organisation}
    only = next(iter(named.values())) if len(named) == 1 else None
    return only if only is not None and only.id is None and fits_gender(only, mention.known_gender) else None


def _serves_such(discourse: Discourse, entity: Entity, kind: str) -> bool:
    """Whether an entity is introduced as somebody's aide or spokesman, so that ``the governor`` is another."""
    return kind in _SERVED | {"head"} and bool(_kinds(discourse, entity) & {"spokesman", "aide"})


def _names_its_owner(discourse: Discourse, words: list[Token]) -> bool:
    """``my father``, ``the Pentagon's adviser``, ``King``: no title on its own, but whose, or a surname."""
    pack = discourse.pack
    if any(word.low in pack.possessives for word in words):
        return True
    if any(word.capital and word.text.endswith(("'s", "’s")) and not is_nation(word) for word in words):
        return True
    return len(words) == 1 and words[0].capital and pack.title_stands_last


def epithet(discourse: Discourse, mention: Mention) -> Entity | None:
    """The nearest organisation or person of the class that the head of the words names."""
    words, pack, kind = mention.words, discourse.pack, mention.kind
    brief = len(words) <= _LONGEST_INTERLOCUTOR and words[0].low in pack.interlocutors
    if kind == "source" and brief and discourse.spoken and not discourse.spoken[-1].is_organisation:
        return discourse.spoken[-1]
    if kind == "source" and brief and not discourse.spoken and mention.gender != "p":
        return _only_named(discourse, mention)
    if kind == "source":
        return source_before(discourse, mention)
    if kind is None or discourse.is_indefinite(words):
        return None
    if kind == "body":
        return organisation_meant(discourse, mention)
    if mention.gender == "p" or is_plural(words):
        return None
    head = next((i for i, word in enumerate(words) if i and word.low in pack.prepositions), len(words))
    if any(word.capital and not _qualifies(discourse, word) for word in words[1:head]):
        return None
    if len(words[0].text) > 1 and words[0].text.isupper() and not is_nation(words[0]):
        return None
    owned = _owned(discourse, mention)
    if owned is not None or kind in _PRIVATE and _described(discourse, words):
        return owned
    return _of_class(discourse, mention, kind)


def _described(discourse: Discourse, words: list[Token]) -> bool:
    """``a worker of the Kremlin administration``: words that distinguish somebody, not only say what he is."""
    small = discourse.pack.prepositions | discourse.pack.possessives
    return sum(len(word.low) > 3 and word.low not in small for word in words) > 2


def _of_class(discourse: Discourse, mention: Mention, kind: str) -> Entity | None:
    """Of those named before the one with a title of this class, else the only one of whom it may be said."""
    at, gender = mention.span[0], discourse.pack.gender_of_title(mention.words) or mention.gender
    gender = gender if gender in ("m", "f") else None
    newest = newest_subject(discourse, at, gender)
    people = [newest] if newest is not None else []
    people += [
        *reversed(discourse.spoken),
        *(s.entity for s in reversed(discourse.entities.sightings_before(at, NEAREST))),
    ]
    people = [e for e in people if fits_gender(e, gender)]
    people = [e for e in people if e.named or kind in _PRIVATE]
    people = [e for e in people if kind not in _SERVED or not _serves_such(discourse, e, kind)]
    nations = {stem(word.low) for word in mention.words} & NATIONS
    ranks = {stem(word.low) for word in mention.words[:-1] if word.low in discourse.pack.ranks}
    known = [e for e in people[:_CLOSEST] if not (nations and _abroad(discourse, e, nations))]
    known = [e for e in known if ranks <= discourse.titles_of(e) | e.about]
    own = [e for e in known if kind in _own_kinds(discourse, e)]
    if fitting := own or [e for e in known if kind in _kinds(discourse, e)]:
        return _best_fitting(discourse, mention, fitting, newest)
    if (before := unnamed_before(discourse, mention)) is not None or is_somebody_new(discourse, mention):
        return before
    just_now = [e for e in (newest, discourse.focus) if e is not None and e.named and any(e is one for one in known)]
    plain = not any(word.low in discourse.pack.prepositions for word in mention.words)
    if kind in _PRIVATE and plain and just_now and _is_person(discourse, mention, just_now[0]):
        return just_now[0] if just_now[0].id is None or kind == "anyone" else None
    return _only_one_near(discourse, mention, known)


def _best_fitting(
    discourse: Discourse, mention: Mention, fitting: list[Entity], newest: Entity | None
) -> Entity | None:
    """The nearest of those whom words fit; of several named near them, whom most of the words fit, or who acts last."""
    near = [e for e in _named_near(discourse, mention) if any(e is one for one in fitting)]
    last = newest or discourse.focus
    if not near and last is not None and last.named and last.id is None and not _kinds(discourse, last):
        return fitting[0] if fitting[0] is last else None
    if len(near) < 2:
        return fitting[0]
    wanted = {stem(word.low) for word in mention.words}
    shared = [len(wanted & (discourse.titles_of(e) | e.about)) for e in near]
    if shared.count(max(shared)) == 1:
        return near[shared.index(max(shared))]
    return fitting[0] if fitting[0] is last else None


def _named_near(discourse: Discourse, mention: Mention) -> list[Entity]:
    """The people named shortly before a description, outside of what was said."""
    at = mention.span[0]
    near = [s for s in discourse.entities.sightings_between(at - _NEAR, at) if not discourse.is_quoted(s.start)]
    return list({id(s.entity): s.entity for s in near if not (s.entity.is_organisation or s.modifier)}.values())


def _only_one_near(discourse: Discourse, mention: Mention, known: list[Entity]) -> Entity | None:
    """Of the people named near a description the only one whom it may fit, if the article shows that it is a person."""
    near, kind = _named_near(discourse, mention), mention.kind
    titled = [e for e in near if _kinds(discourse, e)]
    if kind == "anyone" and len(titled) == 1 and discourse.pack.gender_of_title(mention.words) is None:
        near = titled
    elif kind in _PRIVATE:
        near = [e for e in near if fits_gender(e, mention.known_gender)]
    else:
        near = [e for e in near if e not in titled and not any(map(discourse.pack.class_of, discourse.titles_of(e)))]
    if len(near) != 1 or near[0].id is not None or not any(near[0] is e for e in known):
        return None
    return near[0] if _is_person(discourse, mention, near[0]) else None


def _is_person(discourse: Discourse, mention: Mention, entity: Entity) -> bool:
    """Whether somebody has spoken or begun a sentence as its subject, as no place or thing does."""
    before = discourse.entities.sightings_before(mention.span[0], NEAREST)
    begun = any(s.entity is entity and (s.subject or s.first and mention.kind in _PRIVATE) for s in before)
    return begun or id(entity) in discourse.spoken_at


def _abroad(discourse: Discourse, entity: Entity, nations: Set[str]) -> bool:
    """Whether the article introduces an entity with a nation, and none of these."""
    known_nations = (discourse.titles_of(entity) | entity.about) & NATIONS
    return bool(known_nations) and not known_nations & nations


def _qualifies(discourse: Discourse, word: Token) -> bool:
    """Whether a capitalised word in an epithet says of whom or where, and is not the name of somebody new."""
    pack, entities = discourse.pack, discourse.entities
    if pack.is_title(word.low) or is_nation(word) or pack.is_acronym(word.text):
        return True
    ids = entities.roster_ids(pack.bare_words([word.text]))
    return bool(ids) and all(entities.roster.kind(one) == "body" for one in ids)


def _kinds(discourse: Discourse, entity: Entity) -> set[str]:
    """The classes of an entity's titles, widened to those that news use for them."""
    kinds = _own_kinds(discourse, entity)
    return kinds.union(*(_ALSO.get(kind, frozenset()) for kind in kinds))


def _own_kinds(discourse: Discourse, entity: Entity) -> set[str]:
    """The classes of an entity's titles."""
    known_words = discourse.titles_of(entity) | entity.about
    found = {discourse.pack.class_of(word) for word in known_words}
    found |= {"diplomat"} if known_words & EVERY_LANGUAGE.diplomacy else set()
    found |= {"minister"} if any(_is_ministry(word) for word in known_words) else set()
    found -= {"president"} if known_words & discourse.pack.contenders else set()
    return {kind for kind in found if kind and kind not in ("body", "source", "person", "anyone")}


def _owned(discourse: Discourse, mention: Mention) -> Entity | None:
    """``His spokesman``, ``Kadyrov's aide``: by the owner's office, else nobody; None if nobody owns the title."""
    first, entities, pack = mention.words[0], discourse.entities, discourse.pack
    if first.low in pack.possessives:
        owner = Mention([first], mention.span, pack)
        meant = pronoun(discourse, owner)
        mention.how = owner.how
        names = meant.name.split() if meant else []
    elif first.capital and first.text.endswith(("'s", "’s")) and not is_nation(first):
        names = pack.bare_words([first.text])
    else:
        return None
    title = pack.bare_words([word.text for word in mention.words[1:]])
    holders = entities.roster.office_holders([*title, *names[-1:]], entities.day) if names else None
    if holders is not None and len(holders.ids) == 1 and not entities.timeless:
        mention.how = mention.how if holders.dated else SpeakerRule.UNDATED
        return entities.by_id(next(iter(holders.ids)))
    return discourse.as_written(mention.words) or Entity("")


def _is_ministry(word: str) -> bool:
    return any(word.startswith(it) and len(word) > len(it) + 1 for it in EVERY_LANGUAGE.ministry_beginnings)
