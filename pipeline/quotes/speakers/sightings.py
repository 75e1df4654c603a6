"""Where an article names its people, and what each place shows: whom a sentence is about, and who is only an owner."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quotes.language_pack import Pack

OWNING = ("'s", "’s")
_BEFORE = 30
_MOST_TITLES = 3
"""So many words can stand between a name and the name of whoever serves its bearer."""
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_NEXT_WORD = re.compile(r"(?:[’']s?)? ([a-z]+)")


@dataclass(slots=True)
class Entity:
    """A person or organisation in the article."""

    name: str
    id: str | None = None
    gender: str | None = None
    is_organisation: bool = False
    titles: set[str] = field(default_factory=set)
    about: set[str] = field(default_factory=set)
    """Stems of the words with which the article introduces the entity: before the name and right after it."""
    plural: bool = False
    named: bool = True
    """By a name, not by words such as ``a source``."""
    fresh: bool = False
    """Brought in by words for somebody new (``one analyst``)."""
    key: tuple[str, ...] = ()
    """The name's words in a form in which the same name compares equal."""
    office_words: set[str] | None = None
    """Stems of the titles that the roster gives the entity on the article's day, once they were asked for."""
    offices: list[str] = field(default_factory=list)
    """As printed."""
    person: str | None = None
    """The id of somebody whom only the news name."""


@dataclass(slots=True)
class Sighting:
    """One place where an entity is named."""

    start: int
    end: int
    entity: Entity
    subject: bool
    """At the start of a sentence or paragraph: probably what the sentence is about."""
    first: bool = False
    """The first name of its sentence, with no preposition before it: perhaps what the sentence is about."""
    modifier: bool = False
    """It only describes the word beside it (``Zuev supporters``, ``anti-Zuev``): no pronoun means it."""


TitlesOf = Callable[[Entity], set[str] | None]
"""Stems of the titles that the roster gives an entity; None if it does not know it."""


def mark_sightings(text: str, sightings: list[Sighting], pack: Pack, titles_of: TitlesOf) -> None:
    """Mark the first names of sentences, and unmark those that a sentence is not about. ``sightings`` are in order."""
    _mark_first(text, sightings, pack)
    if pack.title_stands_last:
        _unmark_modifiers(text, sightings, pack)
        _unmark_others(text, sightings, pack)
    _unmark_owners(text, sightings, pack, titles_of)


def _mark_first(text: str, sightings: list[Sighting], pack: Pack) -> None:
    at = searched = 0
    fronted = -1
    for sighting in sightings:
        if sighting.start >= at or fronted >= 0 and _is_after_fronted(text, fronted, sighting):
            before = text[max(0, sighting.start - 20) : sighting.start].split()
            lead = pack.lead_words(text[sighting.start : sighting.end])
            fronted = bool(lead) and lead[0].lower() in EVERY_LANGUAGE.of_whom
            sighting.first = not fronted and (not before or before[-1].lower() not in pack.prepositions)
            owner = sighting.first and text.endswith(OWNING, sighting.start, sighting.end)
            fronted = -1 if sighting.first and not owner else sighting.end
        # up to there the end of the sentence is known already: no stretch of the text is searched twice
        if sighting.end > searched:
            end = _SENTENCE_END.search(text, sighting.end)
            searched, at = (end.start(), max(at, end.end())) if end else (len(text), len(text))


def _unmark_modifiers(text: str, sightings: list[Sighting], pack: Pack) -> None:
    """``Zuev spokesman Ivan Somov left``: the second name is what the sentence is about, not the first."""
    for one, following in pairwise(sightings):
        between = text[one.end : following.start]
        words = between.split()
        if 0 < len(words) <= _MOST_TITLES and between[0] == " " and all(_heads(word, pack) for word in words):
            following.subject |= one.subject
            following.first |= one.first
            one.subject = one.first = False


def _heads(word: str, pack: Pack) -> bool:
    return pack.is_title(word) or word in pack.headed


def _unmark_others(text: str, sightings: list[Sighting], pack: Pack) -> None:
    """``Zuev supporters left``, ``Without naming Zuev``: a name in them is not what the sentence is about."""
    headed, verbs, takes_object = pack.headed, pack.addressee_verbs, pack.takes_object
    for sighting in sightings:
        start, before = sighting.start, text[max(0, sighting.start - 2) : sighting.start]
        after = _NEXT_WORD.match(text, sighting.end)
        if before[-1:] in ("-", "‑") or after is not None and after[1] in headed:
            sighting.modifier = True
            sighting.subject = sighting.first = False
        # most names that begin a sentence have no word right before them, which these two characters show
        elif (sighting.subject or sighting.first) and before[-1:] == " " and before[:1].islower():
            word = text[max(0, start - _BEFORE) : start - 1].rpartition(" ")[2]
            owner = text.endswith(OWNING, start, sighting.end)
            if word.islower() and not owner and word not in verbs and takes_object(word):
                sighting.subject = sighting.first = False


def _unmark_owners(text: str, sightings: list[Sighting], pack: Pack, titles_of: TitlesOf) -> None:
    """``Zuev's deputy left``, ``the wife of Zuev``: a name that only says whose somebody is."""
    for sighting in sightings:
        if _owns_person(text, sighting, pack, titles_of):
            sighting.modifier = True
            sighting.subject = sighting.first = False


def _owns_person(text: str, sighting: Sighting, pack: Pack, titles_of: TitlesOf) -> bool:
    start, end, entity = sighting.start, sighting.end, sighting.entity
    before = text[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    after = text[end : end + _BEFORE].partition("\n")[0]
    run = text[start:end].split()
    owner = pack.owner_of([*before.split(), *pack.lead_words(text[start:end])], run[-1], after.split())
    if owner is None or entity.is_organisation:
        return False
    bent = entity.gender == "m" and run[-1] != entity.name.split()[-1]
    titles = titles_of(entity)
    return owner == "" or bent and titles is not None and owner not in titles


def _is_after_fronted(text: str, fronted: int, sighting: Sighting) -> bool:
    """Whether a comma parts somebody from the name that ends at offset ``fronted`` and only opens the sentence."""
    if sighting.entity.is_organisation:
        return False
    return text.startswith(", ", fronted) or text.startswith(", ", max(0, sighting.start - 2))
