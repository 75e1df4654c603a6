"""The named entities of an article: every capitalised name, in full where the article gives it in full."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pipeline.language.every_language import EVERY_LANGUAGE, one_of
from pipeline.language.nations import NATIONS, PLACES
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.roster import RosterIndex
from pipeline.quotes.speakers.abbreviations import introduced_abbreviations
from pipeline.quotes.speakers.introductions import read_around
from pipeline.quotes.speakers.name_lookup import Name, agree, is_initial, is_initial_key, name_lookup_of
from pipeline.quotes.speakers.sightings import OWNING, Entity, Sighting, mark_sightings
from pipeline.quotes.text.tokens import Sentence, sentence_tokens

_WORD = re.compile(r"[^\W\d_]+")
_BEFORE = 30
_INTRODUCTIONS = 6
"""Mentions of a name that are searched for words that introduce it: news introduce people at the first mentions."""
_SMALL = re.compile(r"\b[a-z\u0430-\u044f\u0451]+")
_AGED = re.compile(rf", [1-9]\d(?:,| {one_of(EVERY_LANGUAGE.years)}\b)")
"""How old somebody is, right behind his name."""
_WHICH = re.compile(r",? which\b")


class ArticleEntities:
    """The entities of one article and where they are named."""

    def __init__(
        self,
        text: str,
        title: str | None,
        roster: RosterIndex,
        pack: Pack,
        *,
        day: date | None,
        as_of_today: bool = False,
    ) -> None:
        self.text, self.title, self.roster, self.pack, self.day = text, title, roster, pack, day
        self.timeless = day is None and not as_of_today
        """Nobody holds an office by date."""
        self._lookup = name_lookup_of(roster, pack)
        self._nations: Counter[str] | None = None
        self.names_nothing: bool | None = None
        """Whether text and headline name nothing, once that was asked for."""
        self.in_full: set[int] = set()
        """The entities that the text or its headline names by more than one word, by the id of the object."""
        self._unread: dict[int, list[tuple[str, re.Match[str]]]] = {}
        self.by_key: dict[str, Entity] = {}
        self.by_last: dict[str, list[Entity]] = {}
        self.sightings: list[Sighting] = []
        self._small = frozenset(_SMALL.findall(text))
        self._abbreviations = introduced_abbreviations(text, pack)
        self._read(text, keep=True)
        if title:
            self._read(title, keep=False)
        self.headline = self._subject_of(title) if title else None
        for words in pack.out_of_order(text):
            name = self._lookup.look_up_name(tuple(words))
            if any(is_initial_key(one.key) and agree(name.key, one.key) for one in self.by_last.get(name.key[-1], ())):
                self._entity(name, create=False)
        self._starts = [sighting.start for sighting in self.sightings]

    def _read(self, text: str, *, keep: bool) -> None:
        single: list[tuple[re.Match[str], Name, bool]] = []
        matches = list(self.pack.name_run.finditer(text))
        joined = self._joined(text, matches, keep) if self.pack.joints else set()
        for i, match in enumerate(matches):
            if i in joined:
                continue
            run = self._lookup.look_up_run(match.group())
            if run.name is None and run.organisation is None:
                continue
            opening = _opens(text, match.start())
            name = self._known(run.name) if opening and run.name else run.name
            name = self._unplaced(text, match.start(), name) if name else None
            if name and len(name.words) > 1:
                self._sight(text, match, name, keep, opening)
            elif name:
                single.append((match, name, opening))
            elif run.organisation is not None and keep:
                self.sightings.append(Sighting(match.start(), match.end(), self._of_roster(run.organisation), opening))
        for match, name, opening in single:
            aged = keep and _AGED.match(text, match.end()) is not None and not self.is_common(name.words[0])
            if aged and not (name.ids or name.acronym):
                self._entity(name, create=True)
            if name.ids or name.acronym or name.key[-1] in self.by_last:
                self._sight(text, match, name, keep, opening)
        self.sightings.sort(key=lambda sighting: sighting.start)
        if keep:
            mark_sightings(text, self.sightings, self.pack, self._titles_of)

    def _joined(self, text: str, matches: list[re.Match[str]], keep: bool) -> set[int]:
        """Finds organisations named in two runs (``Bank of Russia``, ``Citizens for Bridges``); the runs' indices."""
        taken: set[int] = set()
        for i in range(len(matches) - 1):
            first, second = matches[i], matches[i + 1]
            if text[first.end() : second.start()] not in self.pack.joints or i in taken:
                continue
            words = self.pack.bare_words(text[first.start() : second.end()].split())
            ids = [one for one in self.roster.ids_of_name(words) if self.roster.kind(one) == "body"]
            if len(ids) == 1:
                entity = self._of_roster(ids[0])
            elif self.pack.is_organisation_name(first.group().split()) and not self.pack.is_title(
                first.group().split()[-1].lower()
            ):
                name = " ".join(words)
                entity = self.by_key.get(name) or self._keep(
                    Entity(name, is_organisation=True), words[-1].lower(), name
                )
            else:
                continue
            taken |= {i, i + 1}
            if keep:
                self.sightings.append(Sighting(first.start(), second.end(), entity, _opens(text, first.start())))
        return taken

    def _known(self, name: Name) -> Name | None:
        """The name from the first word that the article does not also write in lower case."""
        start = 0
        while start < len(name.words) and name.words[start].lower() in self._small:
            start += 1
        if start == 0:
            return name
        return self._lookup.look_up_name(name.words[start:]) if start < len(name.words) else None

    def _unplaced(self, text: str, at: int, name: Name) -> Name:
        """The name without the place before it (``ambassador to Hanoi Ivan Somov``)."""
        if not self.pack.place_prepositions:
            return name
        before = text[max(0, at - _BEFORE) : at].split()[-2:]
        if (
            len(before) < 2
            or before[1] not in self.pack.place_prepositions
            or not self.pack.is_title(before[0].lower())
        ):
            return name
        return self._lookup.look_up_name(tuple(self.pack.after_place(list(name.words))[1]))

    def _sight(self, text: str, match: re.Match[str], name: Name, keep: bool, opening: bool) -> None:
        gender = self._addressed(text, match)
        entity = self._entity(name, create=len(name.words) > 1, gender=gender)
        if entity is None and name.acronym:
            entity = self._acronym(name.words[0])
        if entity is None:
            return
        if not entity.is_organisation:
            entity.gender = entity.gender or gender
        if len(unread := self._unread.setdefault(id(entity), [])) < _INTRODUCTIONS:
            unread.append((text, match))
        if entity.id is None and len(name.words) > 1 and _WHICH.match(text, match.end()):
            entity.is_organisation = True
        called = match.group()
        if " " in called:
            self.in_full.add(id(entity))
        if keep:
            fronted = (self.pack.lead_words(called) or [""])[0].lower() in EVERY_LANGUAGE.of_whom
            subject = opening and not called.endswith(OWNING) and not fronted
            self.sightings.append(Sighting(match.start(), match.end(), entity, subject))

    def _addressed(self, text: str, match: re.Match[str]) -> str | None:
        """``m`` or ``f`` as the word of address before a name shows it (``Mr. Clinton``)."""
        before = self.pack.lead_words(match.group()) or text[max(0, match.start() - _BEFORE) : match.start()].split()
        return self.pack.honorifics.get(before[-1].lower().rstrip(".")) if before else None

    def _subject_of(self, title: str) -> Entity | None:
        """The person whom a headline begins with as its subject."""
        listed = sentence_tokens(title, Sentence(0, len(title), []))
        found = self.pack.subject_of(listed) if listed else None
        words = [token for token in listed[found[0] : found[1]] if token.kind == "w"] if found else []
        named = self.pack.name_in(words) if words else None
        called = [token.text for token in words[named[0] : named[1]]] if named else []
        return self.entity(self.pack.bare_words(called), create=False) if called else None

    def introduce(self, entity: Entity) -> Entity:
        """The entity with ``titles`` and ``about`` filled from the words around its names, when first asked for."""
        for text, match in self._unread.pop(id(entity), ()):
            read_around(text, match, entity, self.pack)
        return entity

    def _titles_of(self, entity: Entity) -> set[str] | None:
        """Stems of the titles that the roster gives an entity on the article's day; None if it does not know it."""
        return self.roster.title_words(entity.id, self.day) if entity.id else None

    def roster_ids(self, words: list[str]) -> frozenset[str]:
        """Whom of the roster these words can name."""
        return self._lookup.look_up_name(tuple(words)).ids if words else frozenset()

    def entity(
        self,
        words: list[str],
        *,
        create: bool = True,
        bent: str | None = None,
        gender: str | None = None,
        title: Sequence[str] = (),
    ) -> Entity | None:
        """The entity these name words mean: of the roster, else of the article; None if unknown and not to be made.

        ``bent`` is the gender that the case of the words shows if they stand in the genitive, ``gender`` the one that
        a word of address before them shows: nobody of another gender is meant. Of several with the name, ``title``
        before it means the one who has it on the article's day.
        """
        name = self._lookup.look_up_name(tuple(words))
        if title and self.day and (name.vague or len(name.ids) > 1):
            meant = self.roster.bearer_in_office(name.ids, title, self.day)
            name = replace(name, ids=frozenset((meant,)), vague=False) if meant else name
        return self._entity(name, create=create, bent=bent, gender=gender)

    def _entity(self, name: Name, *, create: bool, bent: str | None = None, gender: str | None = None) -> Entity | None:
        if len(name.words) == 1 and not name.ids and name.words[0] in self._abbreviations:
            return self._spelled_out(self._abbreviations[name.words[0]])
        fuller = None
        if gender is not None and name.ids:
            name = replace(name, ids=frozenset(one for one in name.ids if self.roster.gender(one) in (None, gender)))
        for entity in self.by_last.get(name.key[-1], ()):
            if gender is not None and entity.gender not in (None, gender):
                continue
            if agree(name.key, entity.key) and (fuller is None or len(entity.name.split()) > len(fuller.name.split())):
                fuller = entity
        if len(name.words) == 1 and fuller is not None and fuller.id is None and not fuller.is_organisation:
            return fuller
        if is_initial(name) and (meant := self._in_full(name)) is not None:
            return meant
        if len(name.ids) == 1 and (not name.vague or self._is_official(name)):
            return self._of_roster(next(iter(name.ids)))
        if name.ids:
            seen = [entity for entity in self.by_key.values() if entity.id in name.ids]
            if len(seen) == 1:
                return seen[0]
        if fuller is not None:
            return self._improved(fuller, name)
        if not create:
            return None
        words = list(name.words)
        is_organisation = (
            self.pack.is_organisation_name(words) or words[-1].lower() in self.pack.bylines or stem(words[-1]) in PLACES
        )
        known = None if is_organisation else gender or bent or self.pack.gender_of(words)
        shown = self.pack.nominative_name(words, bent)
        if is_organisation and words == [shown]:
            shown = self.pack.organisation_name(words)
        return self._keep(
            Entity(shown, gender=known, is_organisation=is_organisation, key=name.key),
            name.key[-1],
            " ".join(name.key),
        )

    def _is_official(self, name: Name) -> bool:
        """Whether a name with an initial is that of somebody who held an office on the article's day."""
        return len(name.words) > 1 and self.day is not None and self.roster.is_in_office(next(iter(name.ids)), self.day)

    def _in_full(self, name: Name) -> Entity | None:
        """Whom an initial and a surname mean: the one whose full name the article has; nobody if it has two."""
        agreeing = [
            one for one in self.by_last.get(name.key[-1], ()) if not one.is_organisation and agree(name.key, one.key)
        ]
        full = [one for one in agreeing if len(one.key) > 1 and len(one.key[0]) > 1]
        if len(full) > 1 and not name.ids:
            return self.by_key.get(" ".join(name.words)) or self._keep(
                Entity("".join(name.words), key=name.key), name.key[-1], " ".join(name.words)
            )
        return full[0] if len(full) == 1 else None

    def _improved(self, entity: Entity, name: Name) -> Entity:
        """The entity under a better name, if this one has a given name for its initial or stands in the nominative."""
        if entity.id is not None or entity.is_organisation or len(name.words) < 2 or is_initial(name):
            return entity
        words = list(name.words)
        initial = len(entity.key) == 1 or len(entity.key[0]) == 1
        if initial or (len(entity.key) == len(name.key) and self.pack.is_nominative(words)):
            entity.name = self.pack.nominative_name(words, None)
            entity.key = name.key
            entity.gender = entity.gender or self.pack.gender_of(words)
        return entity

    def opens_sentence(self, at: int) -> bool:
        """Whether offset ``at`` begins a sentence, so that its capital shows nothing."""
        return _opens(self.text, at)

    def is_common(self, word: str) -> bool:
        """Whether a capitalised word is a common noun here: in lower case elsewhere, or so in the dictionary."""
        return word.lower() in self._small or self.pack.is_common(word)

    def _acronym(self, word: str) -> Entity:
        """The organisation that a word names on its own: of the roster if it can mean only one there."""
        wanted = stem(word)
        for entity in self.by_key.values():
            if entity.is_organisation and entity.id and wanted in self.roster.name_stems(entity.id):
                return entity
        ids = self.roster.ids_of_short_name([word])
        if len(ids) == 1 and self.is_of_main_nation(next(iter(ids))):
            return self._of_roster(next(iter(ids)))
        return self.by_key.get(word) or self._keep(Entity(word, is_organisation=True), word.lower(), word)

    def _spelled_out(self, full: list[str]) -> Entity | None:
        """The organisation whose full name the text gives beside its abbreviation."""
        entity = self.by_key.get(" ".join(full)) or self._entity(self._lookup.look_up_name(tuple(full)), create=True)
        if entity is not None:
            entity.is_organisation = True
        return entity

    def is_of_main_nation(self, speaker_id: str) -> bool:
        """Whether the article speaks of the speaker's country more than of any other."""
        return self.main_nation(NATIONS) == self.roster.country(speaker_id)

    def main_nation(self, countries: Iterable[str | None]) -> str | None:
        """Which of the countries the article speaks of most; None if it speaks of none, or of two as often."""
        if self._nations is None:
            self._nations = Counter(code for word in _WORD.findall(self.text) if (code := stem(word)) in NATIONS)
        wanted = frozenset(countries)
        counted = sorted(((count, code) for code, count in self._nations.items() if code in wanted), reverse=True)
        if not counted or (len(counted) > 1 and counted[0][0] == counted[1][0]):
            return None
        return counted[0][1]

    def namesakes(self, entity: Entity) -> list[Entity]:
        """The people of the article with the entity's surname."""
        last = entity.key[-1]
        return [one for one in self.by_last.get(last, []) if not one.is_organisation]

    def namesake(self, entity: Entity, gender: str) -> Entity | None:
        """Another entity of the article with the same surname and the other gender."""
        last = self.pack.name_key(entity.name.split())[-1]
        return next((one for one in self.by_last.get(last, []) if one is not entity and one.gender == gender), None)

    def belies(self, entity: Entity, label: str) -> bool:
        """Whether a label in the nominative shows a surname of the other gender (``И.Орлова`` is no Игорь Орлов)."""
        last, own = self.pack.name_words(label)[-1:], entity.name.split()[-1]
        if not last or entity.is_organisation:
            return False
        if own == self.pack.feminine_surname(last[0]):
            given, bent = entity.name.split()[0], self.pack.nominative_name(entity.name.split(), "m").split()[0]
            return self.pack.ends_as_feminine(given) and bent == given
        return last[0] == self.pack.feminine_surname(own) and entity.gender == "m"

    def settle_gender(self, entity: Entity, label: str) -> None:
        """Changes the name to the gender that a label in the nominative shows (``И.Орлов``, not ``Инна Орлова``)."""
        words, last = entity.name.split(), self.pack.name_words(label)[-1:]
        if last and words[-1] != last[0] and words[-1].startswith(last[0]):
            entity.name = self.pack.nominative_name(words, "m")

    def _of_roster(self, speaker_id: str) -> Entity:
        entity = self.by_key.get(speaker_id)
        if entity is None:
            name = self.roster.name_of(speaker_id, self.pack.lang)
            entity = Entity(name, speaker_id, self.roster.gender(speaker_id), self.roster.kind(speaker_id) == "body")
            self._keep(entity, self.pack.name_key(name.split())[-1], speaker_id)
        return entity

    def _keep(self, entity: Entity, last: str, key: str) -> Entity:
        entity.key = entity.key or self._lookup.look_up_name(tuple(entity.name.split())).key
        self.by_key[key] = entity
        self.by_last.setdefault(last, []).append(entity)
        return entity

    def by_id(self, speaker_id: str) -> Entity:
        """The entity of a roster id, made if the article did not name it."""
        return self._of_roster(speaker_id)

    def sightings_before(self, at: int, most: int) -> list[Sighting]:
        """The last ``most`` sightings that begin before ``at``."""
        end = bisect_left(self._starts, at)
        return self.sightings[max(0, end - most) : end]

    def sightings_after(self, at: int, most: int) -> list[Sighting]:
        """The first ``most`` sightings that begin at ``at`` or later."""
        start = bisect_left(self._starts, at)
        return self.sightings[start : start + most]

    def sightings_between(self, start: int, end: int) -> list[Sighting]:
        """The sightings that begin in ``[start, end)``."""
        return self.sightings[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _opens(text: str, at: int) -> bool:
    """Whether offset ``at`` begins a sentence."""
    before = text[max(0, at - 4) : at].rstrip(' \u00a0"“«')
    return before[-1:] in (".", "\n", "!", "?", "")
