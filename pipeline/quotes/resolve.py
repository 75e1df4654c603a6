"""From the words beside a quote to the speaker: names, offices by date, epithets, pronouns.

The rules run in the order of ``RULES``; the first that answers wins. What none can tell stays unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from pipeline.nations import NATIONS, PLACES
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.people import Entity, People
from pipeline.quotes.text import Sentence, Token, tokens
from pipeline.records import Span
from pipeline.spelling import stem

_LINKS = frozenset(("of", "in", "at", "for", "from", "on", "with", "close"))
_CHIEFS = frozenset(("president", "президент", "minister", "министр"))
_SERVANTS = frozenset(
    stem(word)
    for word in "spokesman spokeswoman spokesperson press aide adviser advisor "
    "пресс-секретарь помощник советник".split()
)
_SENTENCE_START = re.compile(r"(?:[.!?…][»”\"’')]*\s+|\n\s*)")
_SENTENCES_BACK = 3
_LONGEST_SUBJECT = 120
_CLOSEST = 12
_LONGEST_INTERLOCUTOR = 2
_ALSO = {
    "minister": frozenset(("diplomat", "head", "president")), "spokesman": frozenset(("diplomat", "head")),
    "president": frozenset(("head",)), "head": frozenset(("governor", "lawmaker", "president", "minister")),
    "governor": frozenset(("head",)), "lawmaker": frozenset(("head",)), "aide": frozenset(("diplomat",)),
}  # fmt: skip
"""Epithets of one class that news also use for another (``the top diplomat`` is a minister)."""
_NEXT = 40
_NEAREST = 150
"""Names farther away than so many others do not matter; the bound keeps the cost linear."""


@dataclass(slots=True)
class Resolved:
    """Who said it: the entity (None if unknown) and the rule that knew."""

    entity: Entity | None
    rule: str


class Resolver:
    """Resolves the mentions of one article in text order, remembering who spoke."""

    def __init__(self, people: People, quoted: list[Span]) -> None:
        self.people, self.pack = people, people.pack
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self.focus: Entity | None = None
        self.focus_at = 0
        self.body_at = 0
        self._how = ""
        self._gender: str | None = None
        self.spoken: list[Entity] = []
        self._turns: Counter[int] = Counter()
        self._usual: Entity | None = None

    def mention(self, span: Span, gender: str | None = None) -> Resolved:
        """The entity that the words ``text[span]`` mean at their place; ``gender`` is what the verb tells of it."""
        words = _words(self.people.text, span)
        self._how, self._gender = "", gender
        for rule in (
            self._pronoun,
            self._body,
            self._name,
            self._office,
            self._titled,
            self._short,
            self._epithet,
            self._document,
        ):
            answer = rule(words, span)
            if answer is not None:
                return Resolved(answer if answer.name else None, self._how or rule.__name__.strip("_"))
        return Resolved(self._as_written(words), "as-written")

    def quoted(self, at: int) -> bool:
        """Whether offset ``at`` lies inside what somebody said."""
        i = bisect_right(self._quoted_starts, at) - 1
        return i >= 0 and at < self._quoted[i][1]

    def usual(self) -> Entity | None:
        """Who speaks most so far; of equals, who spoke last."""
        return self._usual or self.focus

    def label(self, span: Span) -> Resolved:
        """The entity that the label of a transcript turn names; nobody for a label such as ``Question``."""
        if self.people.text[span[0] : span[1]].lower() in self.pack.turn_words:
            return Resolved(None, "label")
        resolved = self.mention(span)
        if resolved.entity is not None and resolved.entity.id is None:
            self.people.settle(resolved.entity, self.people.text[span[0] : span[1]])
        return resolved

    def said(self, entity: Entity | None, at: int) -> None:
        """Remembers that ``entity`` spoke at offset ``at``."""
        self.focus_at = at
        if entity is not None:
            self.focus = entity
            self.body_at = at if entity.body else self.body_at
            self._count(entity)
            if entity in self.spoken:
                self.spoken.remove(entity)
            self.spoken.append(entity)

    def _count(self, entity: Entity) -> None:
        if not entity.body:
            self._turns[id(entity)] += 1
            if self._usual is None or self._turns[id(entity)] >= self._turns[id(self._usual)]:
                self._usual = entity

    def _pronoun(self, words: list[Token], span: Span) -> Entity | None:
        pronoun = words[-1].low.partition("'")[0]
        if len(words) > 2 or pronoun not in self.pack.pronouns:
            return None
        gender = self.pack.pronouns[pronoun]
        if gender == "p":
            several = [entity for entity in self.spoken if entity.plural or entity.body]
            return several[-1] if several and several[-1] is self.focus else Entity("")
        if gender in ("i", "y"):
            return Entity("")
        if gender != "n" and (newer := self._newest_subject(span[0], gender)) is not None:
            return newer
        near = "\n" not in self.people.text[self.focus_at : span[0]]
        if self.focus is not None and _fits(self.focus, gender) and (self.focus.named or near or gender == "n"):
            return self.focus
        for entity in [*(e for e in reversed(self.spoken) if e.named), *reversed(self.spoken)]:
            if _fits(entity, gender):
                return entity
        named = [s.entity for s in self.people.before(span[0], _NEAREST) if not self.quoted(s.start)]
        before = [entity for entity in named if _fits(entity, gender)]
        return before[-1] if before else self._first_later(gender)

    def _newest_subject(self, at: int, gender: str | None) -> Entity | None:
        """Who the sentences since the last speaker are about: by name or by office at the start of one."""
        between = self.people.between(self.focus_at, at)
        named = [s for s in between if s.subject and _fits(s.entity, gender) and not self.quoted(s.start)]
        firsts = [s for s in between if s.first and _fits(s.entity, gender) and not self.quoted(s.start)]
        newest = named[-1] if named else firsts[-1] if firsts else None
        for start, end in reversed(self._sentences(self.focus_at, at)):
            if newest is not None and newest.start >= start:
                break
            entity = self._leading(start, end)
            if entity is not None and _fits(entity, gender):
                return entity
        return newest.entity if newest else None

    def _sentences(self, start: int, end: int) -> list[Span]:
        """The last sentences that begin between two offsets outside of what was said."""
        starts = [match.end() for match in _SENTENCE_START.finditer(self.people.text, start, end)]
        return [(one, min(end, one + _LONGEST_SUBJECT)) for one in starts[-_SENTENCES_BACK:] if not self.quoted(one)]

    def _leading(self, start: int, end: int) -> Entity | None:
        """The person whom the first noun phrase of a sentence means by a title, if it begins with one."""
        line_end = self.people.text.find("\n", start, end)
        listed = tokens(self.people.text, Sentence(start, end if line_end < 0 else line_end, []))
        found = self.pack.subject_of(listed) if listed and listed[0].kind != "q" else None
        if found is None or found[0] > 1 or self.pack.name_in(listed[found[0] : found[1]]) is not None:
            return None
        words = [token for token in listed[found[0] : found[1]] if token.kind == "w"]
        if words and self._indefinite(words) and self.pack.head_class(words) not in (None, "body"):
            return self._as_written(words)
        if not words or self.pack.head_class(words) in (None, "body", "source"):
            return None
        span = (words[0].start, words[-1].end)
        how = self._how
        entity = self._office(words, span) or self._introduced(words, self._people_before(span[0]))
        self._how = how
        return entity

    def _first_later(self, gender: str) -> Entity | None:
        """A text that begins in the middle: the first person it names as the subject of a sentence."""
        self._how = "later"
        first = self.people.sightings[:_NEAREST]
        fitting = [s for s in first if _fits(s.entity, gender) and not self.quoted(s.start)]
        named = next((s.entity for s in fitting if s.subject), fitting[0].entity if fitting else None)
        return named if named is not None else Entity("")

    def _name(self, words: list[Token], span: Span) -> Entity | None:
        found = self.pack.name_in(words)
        if found is None:
            return None
        name = [word.text for word in words[found[0] : found[1]]]
        bare = self.pack.bare(name)
        common = found == (0, 1) and self.people.is_common(words[0].text)
        entity = self.people.entity(bare, create=not common)
        if entity is None:
            return None
        marked = self.people.text[words[found[0]].start - 1 : words[found[0]].start] in '"«“„'
        if entity is not None and entity.id is None and marked and words[found[0]].start:
            entity.body = True
        if entity is not None and len(name) == 1:
            entity = self._nearest_namesake(entity, span[0])
        if entity is not None and self._gender and not _fits(entity, self._gender) and not entity.body:
            entity = self.people.namesake(entity, self._gender) or entity
        if entity is not None and not entity.body:
            entity.titles.update(stem(word.low) for word in words[: found[0]] if self.pack.is_title(word.low))
        return entity

    def _nearest_namesake(self, entity: Entity, at: int) -> Entity:
        """Of several with one surname the one who spoke last, else who was named last."""
        namesakes = self.people.namesakes(entity)
        if len(namesakes) < 2:
            return entity
        for other in reversed(self.spoken):
            if other in namesakes:
                return other
        named = [s.entity for s in self.people.before(at, _NEAREST) if s.entity in namesakes]
        return named[-1] if named else entity

    def _body(self, words: list[Token], _span: Span) -> Entity | None:
        """A body of the roster, by the whole of its name, or up to a preposition (``the ministry in Moscow``)."""
        if self.pack.head_class(words) not in ("body", "source", None):
            return None
        kept = [word for word in words if word.low not in ("the", "a", "an")]
        ends = [len(kept), *(i for i, word in enumerate(kept) if i and word.low in self.pack.prepositions)]
        for end in ends:
            ids = self.people.ids(self.pack.bare([word.text for word in kept[:end]]))
            bodies = [one for one in ids if self.people.roster.kind(one) == "body"]
            if len(bodies) == 1:
                return self.people.by_id(bodies[0])
        return None

    def _document(self, words: list[Token], span: Span) -> Entity | None:
        """A statement, a website, a press service speaks for the body it names, else for who spoke last."""
        if stem(words[0].low) not in self.pack.documents and stem(words[-1].low) not in self.pack.documents:
            return None
        for at in range(1, len(words)):
            for end in range(len(words), at, -1):
                if words[at].capital:
                    ids = self.people.ids(self.pack.bare([word.text for word in words[at:end]]))
                    if len(ids) == 1:
                        return self.people.by_id(next(iter(ids)))
        if any(word.capital for word in words[1:]):
            return self._body_called({stem(word.low) for word in words[1:] if word.capital}, span)
        if self.focus is None:
            named = [s.entity for s in self.people.before(span[0], _NEAREST) if s.subject]
            return named[-1] if named else None
        return self.focus

    def _office(self, words: list[Token], _span: Span) -> Entity | None:
        title = self.pack.bare([word.text for word in words])
        holders = self.people.roster.titled(title, self.people.day)
        if holders is None:
            return None
        present = [entity for entity in self.people.entities.values() if entity.id and entity.id in holders.ids]
        if len(present) == 1:
            return present[0]
        wanted = {stem(word.low) for word in words if self.pack.is_title(word.low) or _nation(word)}
        introduced = [
            entity
            for entity in self.people.entities.values()
            if wanted and wanted <= self.people.introduce(entity).titles
        ]
        if not present and len(introduced) == 1 and not introduced[0].body:
            return introduced[0]
        if len(holders.ids) == 1 and holders.dated:
            return self.people.by_id(next(iter(holders.ids)))
        ever = [entity for entity in self.people.entities.values() if entity.id in holders.ever]
        if len(ever) == 1 and not holders.dated:
            return ever[0]
        if len(holders.ids) != 1:
            return None
        self._how = "undated"
        return self.people.by_id(next(iter(holders.ids)))

    def _titled(self, words: list[Token], span: Span) -> Entity | None:
        """Somebody whom the article introduced with these words (``aide Yury Ushakov`` ... ``the aide``)."""
        if self.pack.head_class(words) in ("body", "source") or self._indefinite(words):
            return None
        newest = self._newest_subject(span[0], self._gender if self._gender in ("m", "f") else None)
        people = [entity for entity in [newest, *self._people_before(span[0])] if entity and self._may_be(entity)]
        return self._introduced(words, people)

    def _people_before(self, at: int) -> list[Entity]:
        return [entity for entity in self._recent(at) if not entity.body]

    def _introduced(self, words: list[Token], people: list[Entity]) -> Entity | None:
        """The first of ``people`` whom the article or the roster gives these words as a title."""
        content = {stem(word.low) for word in words if len(word.low) > 3 and word.low not in self.pack.prepositions}
        wanted = {stem(word.low) for word in words if self.pack.is_title(word.low) or stem(word.low) in NATIONS}
        told = content - NATIONS
        for entity in people if told else ():
            titles, about = self._titles(entity), entity.about
            if all(word in titles or word in about for word in told) and not _serves(content, titles):
                return entity
        if wanted <= NATIONS:
            return None
        return next(
            (
                entity
                for entity in people
                if wanted <= self._titles(entity) and not _serves(wanted, self._titles(entity))
            ),
            None,
        )

    def _short(self, words: list[Token], span: Span) -> Entity | None:
        """``the ministry``, ``the president``: which one, the article's names or its nations make clear."""
        bare = self.pack.bare([word.text for word in words])
        ids = self.people.roster.shortly(bare)
        if ids:
            named = next((e for e in self._recent(span[0]) if e.id in ids), None)
            if named is None and len(bare) == 1:
                named = self._body_called({stem(bare[0])}, span)
            if named is not None:
                return named
            fitting = [one for one in ids if self.people.is_of_main_nation(one)]
            sure = len(fitting) == 1 and any(word.capital for word in words)
            return self.people.by_id(fitting[0]) if sure else None
        if self.people.day is None or self._indefinite(words):
            return None
        held = self.people.roster.shortly_titled(bare, self.people.day)
        nation = self.people.nation(country for _, country in held)
        holders = [holder for holder, country in held if country and country == nation]
        return self.people.by_id(holders[0]) if len(holders) == 1 else None

    def _may_be(self, entity: Entity) -> bool:
        return not entity.body and (self._gender not in ("m", "f") or entity.gender in (None, self._gender))

    def _titles(self, entity: Entity) -> set[str]:
        titles = self.people.introduce(entity).titles
        if entity.id is None:
            return titles
        if entity.office_words is None:
            entity.office_words = self.people.roster.title_words(entity.id, self.people.day)
        return titles | entity.office_words

    def _recent(self, at: int) -> list[Entity]:
        """Entities by salience: who spoke last, then who was named last, then who is named later."""
        named = [sighting.entity for sighting in reversed(self.people.before(at, _NEAREST))]
        later = [sighting.entity for sighting in self.people.after(at, _NEXT)]
        ordered: dict[int, Entity] = {}
        for entity in [*reversed(self.spoken[-_NEAREST:]), *named, *later]:
            ordered.setdefault(id(entity), entity)
        return list(ordered.values())

    def _epithet(self, words: list[Token], span: Span) -> Entity | None:
        kind = self.pack.head_class(words)
        brief = len(words) <= _LONGEST_INTERLOCUTOR and words[0].low in self.pack.interlocutors
        if kind == "source" and brief and self.spoken and not self.spoken[-1].body:
            return self.spoken[-1]
        if kind is None or kind == "source" or self._indefinite(words):
            return None
        if kind == "body":
            return self._body_meant(words, span)
        if self._gender == "p" or _plural(words):
            return None
        head = next((i for i, word in enumerate(words) if i and word.low in self.pack.prepositions), len(words))
        if any(word.capital and not self._qualifies(word) for word in words[1:head]):
            return None
        owner = self._owner(words, span)
        if owner is not None:
            return owner
        gender = self.pack.gender_of_title(words) or self._gender
        newest = self._newest_subject(span[0], gender if gender in ("m", "f") else None)
        people = [newest] if newest is not None else []
        people += [*reversed(self.spoken), *(s.entity for s in reversed(self.people.before(span[0], _NEAREST)))]
        people = [e for e in people if _fits(e, gender if gender in ("m", "f") else None)]
        people = [e for e in people if e.named or kind in ("person", "anyone")]
        known = [(entity, self._kinds(entity)) for entity in people[:_CLOSEST]]
        fitting = [entity for entity, kinds in known if kind in kinds]
        open_to = [entity for entity, kinds in known if not kinds or kind == "anyone"]
        return next(iter([*fitting, *open_to]), None)

    def _qualifies(self, word: Token) -> bool:
        """Whether a capitalised word in an epithet tells of whom or where, and is no name of somebody new."""
        if self.pack.is_title(word.low) or _nation(word) or self.pack.is_acronym(word.text):
            return True
        ids = self.people.ids(self.pack.bare([word.text]))
        return bool(ids) and all(self.people.roster.kind(one) == "body" for one in ids)

    def _kinds(self, entity: Entity) -> set[str]:
        """The classes of an entity's titles, widened to those that news use for them."""
        found = {self.pack.class_of(word) for word in self._titles(entity) | entity.about}
        kinds = {kind for kind in found if kind and kind not in ("body", "source", "person", "anyone")}
        return kinds.union(*(_ALSO.get(kind, frozenset()) for kind in kinds))

    def _body_meant(self, words: list[Token], span: Span) -> Entity | None:
        """``the ministry``, ``the company``: the last body whose name has the word, else the last body of all."""
        heads = {stem(word.low) for word in words if self.pack.class_of(stem(word.low)) == "body"}
        if any(word.capital and i for i, word in enumerate(words)):
            return None
        owned = len(words) > 1 and words[0].low.startswith("пресс")
        called = None if owned else self._body_called(heads, span)
        if called is not None:
            return called
        if owned or not heads - self.pack.specific:
            return None
        for sighting in reversed(self.people.before(span[0], _NEAREST)):
            if sighting.entity.body and not self.quoted(sighting.start) and sighting.start >= self.body_at:
                return sighting.entity
        bodies = [entity for entity in self.spoken if entity.body]
        return bodies[-1] if bodies else None

    def _body_called(self, wanted: set[str], span: Span) -> Entity | None:
        """The last body of the article that has one of these stems in one of its names."""
        for entity in self._recent(span[0]):
            if entity.body:
                known = self.people.roster.name_stems(entity.id) if entity.id else set()
                if wanted & (known | {stem(word) for word in entity.name.lower().split()}):
                    return entity
        return None

    def _indefinite(self, words: list[Token]) -> bool:
        """``An expert``, ``one lawyer``: somebody new."""
        return words[0].low in self.pack.indefinite

    def _owner(self, words: list[Token], span: Span) -> Entity | None:
        """``His spokesman``, ``Kadyrov's aide``: by the owner's office, else nobody; None if nobody owns the title."""
        first = words[0]
        if first.low in self.pack.possessives:
            owner = self._pronoun([first], span)
            names = owner.name.split() if owner else []
        elif first.capital and first.text.endswith(("'s", "’s")) and not _nation(first):
            names = self.pack.bare([first.text])
        else:
            return None
        title = self.pack.bare([word.text for word in words[1:]])
        holders = self.people.roster.titled([*title, *names[-1:]], self.people.day) if names else None
        if holders is not None and len(holders.ids) == 1:
            return self.people.by_id(next(iter(holders.ids)))
        return self._as_written(words)

    def _as_written(self, words: list[Token]) -> Entity | None:
        name = self.pack.written(words)
        if not name:
            return None
        kind = self.pack.head_class(words)
        body = kind == "body" or (kind is None and not any(word.capital for word in words))
        body = (
            body
            or (words[-1].capital and words[-1].low in self.pack.bylines)
            or stem(words[-1].low) in NATIONS
            or stem(words[-1].low) in PLACES
        )
        return self.people.entities.setdefault(
            "as-written " + name.lower(), Entity(name, body=body, plural=_plural(words), named=False)
        )


def _serves(wanted: set[str], titles: set[str]) -> bool:
    """Whether the title asked for is the one whom the entity speaks or works for (a presidential aide's president)."""
    return bool(wanted & _CHIEFS) and not wanted & _SERVANTS and bool(titles & _SERVANTS)


def _plural(words: list[Token]) -> bool:
    """``officials in Kyiv``: several, by the ending of the lower-case word that ends the first phrase."""
    head = next((words[i - 1] for i, word in enumerate(words) if i and word.low in _LINKS), words[-1])
    return head.low.endswith("s") and not head.capital


def _nation(word: Token) -> bool:
    return stem(word.low) in NATIONS


def _fits(entity: Entity, gender: str | None) -> bool:
    if gender == "n":
        return entity.body
    if gender is None:
        return not entity.body and not entity.plural
    return not entity.body and not entity.plural and entity.gender in (None, gender)


def _words(text: str, span: Span) -> list[Token]:
    found = tokens(text, Sentence(span[0], span[1], []))
    return [token for token in found if token.kind == "w"] or found


def resolve(people: People, candidates: list[Candidate]) -> list[Resolved]:
    """Who said each candidate, in the same order."""
    resolver = Resolver(people, [(candidate.start, candidate.end) for candidate in candidates if not candidate.mute])
    out: list[Resolved] = []
    before: Span | None = None
    for candidate in candidates:
        if candidate.mention is not None:
            resolved = (
                resolver.label(candidate.mention)
                if candidate.label
                else resolver.mention(candidate.mention, candidate.gender)
            )
            resolver.said(resolved.entity, candidate.mention[1])
        elif candidate.impersonal:
            body = resolver.spoken[-1] if resolver.spoken and resolver.spoken[-1].body else None
            resolved = Resolved(body, "as-before" if body else "nobody")
        elif candidate.follows and candidate.far:
            resolved = Resolved(resolver.usual(), "as-usual")
        elif candidate.follows and out:
            resolved = Resolved(out[-1].entity, "as-before")
            candidate.mention = before
        else:
            resolved = Resolved(None, "nobody")
        before = candidate.mention
        out.append(resolved)
    _lead(candidates, out)
    return out


def _lead(candidates: list[Candidate], out: list[Resolved]) -> None:
    """Quotes before their attribution take the speaker of the next quote."""
    for i in range(len(candidates) - 2, -1, -1):
        if candidates[i].leads or (candidates[i].follows and out[i].entity is None and i == 0):
            out[i] = Resolved(out[i + 1].entity, "as-after")
