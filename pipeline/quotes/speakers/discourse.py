"""What is known of an article up to a place: who has spoken, who spoke last, and who was named near it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATIONS, PLACES
from pipeline.language.spelling import stem
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.language_pack import Indices, Pack
from pipeline.quotes.speakers.entities import ArticleEntities
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.text.tokens import Sentence, Token, sentence_tokens
from pipeline.records import Span

NEAREST = 150
"""Names farther away than so many others do not matter; the bound keeps the cost linear."""
_NEXT = 40
_BESIDE = 25
"""Characters behind the words for a speaker within which a name is no later one."""
_GOVERNED = 60
"""How far back a word that governs the case of those after it is looked for, in characters."""
_MARKS = '"«»“”„'
_MANY = 4
_LINKS = EVERY_LANGUAGE.relations


@dataclass
class Mention:
    """The words for a speaker at one place, and the gender that the verb beside them shows."""

    words: list[Token]
    span: Span
    pack: Pack
    gender: str | None = None
    governed: bool = False
    """It stands behind the word for a claim, in the case that this asks for."""
    how: SpeakerRule | None = None
    """The name to store for the rule that answered, where it differs from the rule's own."""

    @property
    def known_gender(self) -> str | None:
        """``m`` or ``f`` if the verb shows it of one person."""
        return self.gender if self.gender in ("m", "f") else None

    @cached_property
    def name(self) -> Indices | None:
        """Where among the words somebody's own name stands."""
        return self.pack.name_in(self.words)

    @cached_property
    def kind(self) -> str | None:
        """The class of the head of the words, as for an epithet."""
        return self.pack.head_class(self.words)


class Discourse:
    """One article read in text order: its people, what is quoted, and who spoke up to the current place."""

    def __init__(self, entities: ArticleEntities, quoted: list[Span]) -> None:
        self.entities, self.pack = entities, entities.pack
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self.focus: Entity | None = None
        self.focus_at = 0
        self.focus_known = False
        """Whether it is known who spoke last."""
        self.organisation_at = 0
        self.spoken: list[Entity] = []
        """The last ``NEAREST`` who have spoken, whoever did so last at the end."""
        self.spoken_at: dict[int, int] = {}
        """Where each of those who have spoken did so last, by the id of the object."""
        self.spelt_out: dict[str, tuple[int, list[str]]] = {}
        """Where the article gives the words of an abbreviation, and which, once they were asked for."""
        self._turns: Counter[int] = Counter()
        self._usual: Entity | None = None

    def mention(self, span: Span, gender: str | None = None) -> Mention:
        """The words ``text[span]``, without marks if there are any words among them."""
        found = sentence_tokens(self.entities.text, Sentence(span[0], span[1], []))
        return Mention([token for token in found if token.kind == "w"] or found, span, self.pack, gender)

    def is_quoted(self, at: int) -> bool:
        """Whether offset ``at`` lies inside what somebody said."""
        i = bisect_right(self._quoted_starts, at) - 1
        return i >= 0 and at < self._quoted[i][1]

    def usual_speaker(self) -> Entity | None:
        """Who speaks most so far; of equals, who spoke last."""
        return self._usual or self.focus

    def dominant_speaker(self) -> Entity | None:
        """Who speaks most so far, if he also spoke last, or has four turns or more and two thirds of all; else None."""
        usual = self.usual_speaker()
        turns = self._turns[id(usual)]
        return usual if usual is self.focus or (turns >= _MANY and 3 * turns >= 2 * self._turns.total()) else None

    def record_speaker(self, entity: Entity | None, at: int) -> None:
        """Remembers that ``entity`` spoke at offset ``at``."""
        self.focus_at, self.focus_known = at, entity is not None
        if entity is not None:
            self.focus = entity
            self.spoken_at[id(entity)] = at
            self.organisation_at = at if entity.is_organisation else self.organisation_at
            self._count(entity)
            if not self.spoken or self.spoken[-1] is not entity:
                self.spoken = [*[one for one in self.spoken if one is not entity][1 - NEAREST :], entity]

    def _count(self, entity: Entity) -> None:
        if not entity.is_organisation:
            self._turns[id(entity)] += 1
            if self._usual is None or self._turns[id(entity)] >= self._turns[id(self._usual)]:
                self._usual = entity

    def recent_entities(self, at: int, *, later: bool = True) -> list[Entity]:
        """Entities by salience: who spoke last, then who was named last, then, if wanted, who is named later."""
        named = [sighting.entity for sighting in reversed(self.entities.sightings_before(at, NEAREST))]
        after = [sighting.entity for sighting in self.entities.sightings_after(at, _NEXT)] if later else []
        ordered: dict[int, Entity] = {}
        for entity in [*reversed(self.spoken), *named, *after]:
            ordered.setdefault(id(entity), entity)
        return list(ordered.values())

    def people_before(self, at: int) -> list[Entity]:
        """The people who spoke or were named before, whoever did so last first; and who is named right behind."""
        beside = [sighting.entity for sighting in self.entities.sightings_between(at, at + _BESIDE)]
        return [one for one in [*self.recent_entities(at, later=False), *beside] if not one.is_organisation]

    def titles_of(self, entity: Entity) -> set[str]:
        """Stems of the titles that the article or the roster gives an entity."""
        titles = self.entities.introduce(entity).titles
        if entity.id is None:
            return titles
        if entity.office_words is None:
            entity.office_words = self.entities.roster.title_words(entity.id, self.entities.day)
        return titles | entity.office_words

    def is_indefinite(self, words: list[Token]) -> bool:
        """``An expert``, ``one lawyer``: somebody new."""
        return words[0].low in self.pack.indefinite

    def is_genitive(self, at: int) -> bool:
        """Whether the words at offset ``at`` stand in the genitive, as the word before them or an outlet shows."""
        triggers = self.pack.genitive_triggers
        before = self.entities.text[max(0, at - _GOVERNED) : at].split() if triggers else []
        if " ".join(before[-2:]).lower() in triggers or before and stem(before[-1]) in self.pack.documents:
            return True
        while before and before[-1].lower() not in triggers and _is_of_outlet(self.pack, before[-1]):
            before.pop()
        return bool(before) and before[-1].lower() in triggers

    def as_written(self, words: list[Token]) -> Entity | None:
        """Somebody known by nothing but these words; None if they name nobody."""
        name = self.pack.display_name(words)
        if not name:
            return None
        if name.lower() == " ".join(word.low for word in words) and self.is_genitive(words[0].start):
            name = self.pack.upright_name(name)
        kind = self.pack.head_class(words)
        plain = kind is None and not any(word.capital for word in words) and not is_plural(words)
        is_organisation = kind == "body" or plain
        is_organisation = (
            is_organisation
            or (words[-1].capital and words[-1].low in self.pack.bylines)
            or stem(words[-1].low) in NATIONS
            or stem(words[-1].low) in PLACES
        )
        return self.entities.by_key.setdefault(
            "as-written " + name.lower(),
            Entity(
                name,
                is_organisation=is_organisation,
                plural=is_plural(words),
                named=False,
                fresh=self.is_indefinite(words),
            ),
        )

    def with_relation(self, source: Entity, mention: Mention) -> Entity:
        """An unnamed source with what the text adds of how near he is to whom (``источник, близкий к банку``)."""
        relation = self.pack.relation_of(self.entities.text, mention.span[1], source.name)
        if not relation:
            return source
        name = f"{source.name}, {relation}"
        entity = Entity(name, is_organisation=source.is_organisation, plural=source.plural, named=False)
        return self.entities.by_key.setdefault("as-written " + name.lower(), entity)


def _is_of_outlet(pack: Pack, word: str) -> bool:
    """Whether a word between a verb that quotes and whom it quotes can be a part of an outlet's name."""
    bare = word.strip(_MARKS)
    named = bare != word or word.isascii() and word[:1].isupper()
    return named or bare.lower() in pack.bylines or pack.class_of(bare.lower()) == "body" or stem(bare) in pack.outlets


def is_plural(words: list[Token]) -> bool:
    """``officials in Kyiv``: several, by the ending of the lower-case word that ends the first phrase."""
    head = next((words[i - 1] for i, word in enumerate(words) if i and word.low in _LINKS), words[-1])
    return head.low.endswith("s") and not head.low.endswith(("'s", "’s")) and not head.capital


def is_nation(word: Token) -> bool:
    """Whether a word means a nation (``Russian``)."""
    return stem(word.low) in NATIONS


def fits_gender(entity: Entity, gender: str | None) -> bool:
    """Whether a pronoun of this gender can mean the entity: ``n`` an organisation, ``m``, ``f`` and None one person."""
    if gender == "n":
        return entity.is_organisation
    if gender is None:
        return not entity.is_organisation and not entity.plural
    return not entity.is_organisation and not entity.plural and entity.gender in (None, gender)
