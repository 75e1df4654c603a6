"""The roster as an index for the quote engine (entity linking): which speakers can these words mean?

Built from the data of ``pipeline.config.speakers``. Names match in any case form of Russian and in any usual Latin
spelling of a Russian name; office words match by the day they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pipeline.language.every_language import EVERY_LANGUAGE, LEXICONS
from pipeline.language.nations import NATIONS
from pipeline.language.normalise import fold_word
from pipeline.language.ru.name_forms import case_forms
from pipeline.language.spelling import fold_name, fold_surname, is_cyrillic, stem, stems, without_marks

_LONGEST_ACRONYM = 4


class TermData(Protocol):
    """One person's time in one office."""

    @property
    def office(self) -> str: ...
    @property
    def end(self) -> object | None: ...
    def covers(self, day: date, /) -> bool: ...


class WordsData(Protocol):
    """Words in both languages."""

    @property
    def en(self) -> Sequence[str]: ...
    @property
    def ru(self) -> Sequence[str]: ...


class OfficeData(WordsData, Protocol):
    """An office: its id and the words that mean it."""

    @property
    def id(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def plural(self) -> bool: ...
    @property
    def short(self) -> WordsData: ...


class SpeakerData(Protocol):
    """A person or organisation of the roster."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def gender(self) -> str | None: ...
    @property
    def en(self) -> str: ...
    @property
    def ru(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def common(self) -> bool: ...
    @property
    def short(self) -> WordsData: ...
    @property
    def offices(self) -> Sequence[TermData]: ...
    def all_names(self, lang: str, /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Holders:
    """Who held an office: ``ids`` on the day asked for; where no day was given (``dated`` False) who holds it now."""

    ids: frozenset[str]
    ever: frozenset[str]
    dated: bool
    shared: bool = False
    """Others who are not in the roster may hold it too."""


class RosterIndex:
    """All speakers and offices, indexed by every form of their names and titles."""

    def __init__(self, speakers: Iterable[SpeakerData], offices: Iterable[OfficeData]) -> None:
        self._speakers = {speaker.id: speaker for speaker in speakers}
        self._full: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._capitals: dict[tuple[str, ...], set[str]] = defaultdict(set)
        """Names of one word in capitals (``ФОМ``), which the same letters in lower case (``Фома``) do not mean."""
        self._last: dict[str, set[str]] = defaultdict(set)
        self._first: dict[str, set[str]] = defaultdict(set)
        self._lasts: dict[str, set[str]] = defaultdict(set)
        """The case forms of each person's Russian surnames."""
        self._titles: dict[frozenset[str], set[str]] = defaultdict(set)
        self._titles_of: dict[str, list[tuple[TermData, frozenset[str]]]] = defaultdict(list)
        self._name_stems: dict[str, set[str]] = defaultdict(set)
        self._short: dict[frozenset[str], set[str]] = defaultdict(set)
        self._short_titles: dict[frozenset[str], set[str]] = defaultdict(set)
        self._plural: set[str] = set()
        self._office_countries: dict[str, str | None] = {}
        self._office_words: dict[str, set[str]] = defaultdict(set)
        self._terms: dict[str, list[tuple[str, TermData]]] = defaultdict(list)
        self._holders: dict[str, list[tuple[str, TermData]]] = defaultdict(list)
        for speaker in self._speakers.values():
            self._index(speaker)
        for office in offices:
            self._index_office(office)

    def _index(self, speaker: SpeakerData) -> None:
        for lang in ("en", "ru"):
            for name in speaker.all_names(lang):
                self._name_stems[speaker.id].update(stem(word) for word in name.split())
                words = [
                    word for word in name.split() if word.casefold() not in EVERY_LANGUAGE.empty_words
                ] or name.split()
                full = self._capitals if len(words) == 1 and words[0].isupper() else self._full
                full[tuple(stem(word) for word in words)].add(speaker.id)
                full[_folded(words)].add(speaker.id)
                plain = len(words) == len(name.split()) and all(word[0].isupper() for word in words)
                if speaker.kind == "person" and plain:
                    self._index_person(speaker, words, lang)
        for phrase in (*speaker.short.en, *speaker.short.ru) if speaker.kind == "body" else ():
            self._short[stems(phrase.strip("«»").split())].add(speaker.id)
        for term in speaker.offices:
            self._holders[term.office].append((speaker.id, term))
            self._terms[speaker.id].append((term.office, term))

    def _index_person(self, speaker: SpeakerData, words: list[str], lang: str) -> None:
        if lang == "en":
            if len(words[-1]) > 1:
                self._last[fold_surname(words[-1])].add(speaker.id)
            self._first[speaker.id].update(fold_name(word) for word in words[:-1])
            return
        for form in case_forms(words[-1], speaker.gender) if len(words[-1]) > 1 else ():
            self._last[form].add(speaker.id)
            self._lasts[speaker.id].add(form)
        for word in words[:-1]:
            self._first[speaker.id].update(case_forms(word, speaker.gender))

    def _index_office(self, office: OfficeData) -> None:
        self._office_countries[office.id] = office.country
        self._plural |= {office.id} if office.plural else set()
        for phrase in (*office.short.en, *office.short.ru):
            self._short_titles[stems(phrase.split())].add(office.id)
        for phrase in (*office.en, *office.ru):
            words = phrase.split()
            self._titles[stems(words)].add(office.id)
            for holder, term in self._holders[office.id]:
                self._titles_of[holder].append((term, stems(words)))
            self._office_words[office.id] |= stems(words)

    def __contains__(self, speaker_id: str) -> bool:
        return speaker_id in self._speakers

    def name_of(self, speaker_id: str, lang: str) -> str:
        """The roster's name in ``lang`` (``ru``, else English); KeyError for an unknown id."""
        speaker = self._speakers[speaker_id]
        return speaker.ru if lang == "ru" else speaker.en

    def kind(self, speaker_id: str) -> str:
        """``person`` or ``body``."""
        return self._speakers[speaker_id].kind

    def ids_of_short_name(self, words: Sequence[str]) -> frozenset[str]:
        """Ids of the organisations that these words can mean once an article has made it clear (``the ministry``)."""
        return frozenset(self._short.get(stems(words), ()))

    def is_called(self, speaker_id: str, words: Set[str]) -> bool:
        """Whether an article can mean the organisation by one of these stems alone (``company``)."""
        return any(speaker_id in self._short.get(frozenset((word,)), ()) for word in words)

    def holders_of_short_title(self, words: Sequence[str], day: date) -> list[tuple[str, str | None]]:
        """Who held on ``day`` the offices that these words mean in context (``the president``), with countries."""
        offices = self._short_titles.get(stems(words), ())
        return [
            (holder, self._office_countries[office])
            for office in sorted(offices)
            for holder, term in self._holders[office]
            if term.covers(day)
        ]

    def is_in_office(self, speaker_id: str, day: date) -> bool:
        """Whether a speaker held some office on ``day``."""
        return any(term.covers(day) for _, term in self._terms[speaker_id])

    def bearer_in_office(self, ids: Set[str], title: Sequence[str], day: date) -> str | None:
        """Who of several ``ids`` with one name is meant by it after a title that only one of them had on ``day``."""
        holders = self.office_holders(title, day)
        meant = ids & (holders.ids if holders else {one for one, _ in self.holders_of_short_title(title, day)})
        return next(iter(meant)) if len(meant) == 1 else None

    def is_short_title(self, words: Sequence[str]) -> bool:
        """Whether these words mean some office once an article has made clear which (``the president``)."""
        return stems(words) in self._short_titles

    def country(self, speaker_id: str) -> str | None:
        """The ISO 3166 code of a speaker's country, ``XX`` for what is international, None if the roster has none."""
        return self._speakers[speaker_id].country

    def name_stems(self, speaker_id: str) -> set[str]:
        """The stems of the words of all names of a speaker, in both languages."""
        return self._name_stems[speaker_id]

    def has_common_surname(self, speaker_id: str) -> bool:
        """Whether a speaker's surname alone may be anybody's."""
        return self._speakers[speaker_id].common

    def gender(self, speaker_id: str) -> str | None:
        """``m`` or ``f``; None for organisations."""
        return self._speakers[speaker_id].gender

    def title_words(self, speaker_id: str, day: date | None = None) -> set[str]:
        """The stems of all words of all titles the speaker held on ``day``, or ever if there is none."""
        words: set[str] = set()
        for office, term in self._terms[speaker_id]:
            if day is None or term.covers(day):
                words |= self._office_words[office]
        return words

    def ids_of_name(self, words: Sequence[str]) -> frozenset[str]:
        """Ids of all whom these words can name: in full, by surname, or by first name or initial and surname."""
        kept = [word for word in words if word.casefold() not in EVERY_LANGUAGE.empty_words] or list(words)
        if not kept:
            return frozenset()
        acronym = any(len(word) <= _LONGEST_ACRONYM and (word.isupper() or len(kept) == 1) for word in kept)
        stemmed, folded = tuple(map(stem, kept)), _folded(kept)
        full = self._spelt_alike(stemmed, kept) or (None if acronym else self._spelt_alike(folded, kept))
        if len(kept) == 1 and kept[0][:2].isupper():
            full = full or self._capitals.get(stemmed) or (None if acronym else self._capitals.get(folded))
        russian = is_cyrillic(kept[-1][:1])
        if full:
            return frozenset(one for one in full if not russian or self._is_form(one, kept[-1]))
        shape = fold_word if russian else fold_name
        found = self._last.get(fold_word(kept[-1]) if russian else fold_surname(kept[-1]), set())
        if len(kept) == 1 or not found:
            return frozenset(found)
        given = shape(kept[-2].rstrip("."))
        return frozenset(one for one in found if self._agrees(one, given))

    def _spelt_alike(self, key: tuple[str, ...], words: Sequence[str]) -> set[str] | None:
        """Whom a name means in another spelling; ``Elise`` is none of one word for an organisation (``Élysée``)."""
        found = self._full.get(key)
        if not found or len(words) > 1:
            return found
        plain = without_marks(stem(words[0]))
        return {
            one for one in found
            if self.kind(one) == "person" or any(plain == without_marks(name) for name in self._name_stems[one])
        }  # fmt: skip

    def _is_form(self, speaker_id: str, word: str) -> bool:
        """Whether a Russian word is a case form of a surname of that person: ``Зуев`` is none of ``Зуй``."""
        lasts = self._lasts[speaker_id]
        return not lasts or fold_word(word) in lasts

    def _agrees(self, speaker_id: str, given: str) -> bool:
        firsts = self._first[speaker_id]
        return given in firsts or (len(given) == 1 and any(first.startswith(given) for first in firsts))

    def _offices_of(self, words: Sequence[str], day: date | None) -> set[str]:
        """The offices these words mean: as they stand, with a person's office for the name, or a nation's head."""
        wanted = stems(words)
        if wanted in self._titles:
            return self._titles[wanted]
        for i in range(len(words), 0, -1):
            for holder in self.ids_of_name(words[i - 1 : i]):
                rest = stems(words[: i - 1]) - {fold_name(given) for given in self._first[holder]}
                rest = frozenset(word for word in rest if word not in self._first[holder])
                for term, title in self._titles_of[holder]:
                    if rest and (day is None or term.covers(day)) and rest | title in self._titles:
                        return self._titles[rest | title]
        if len(wanted) == 2 and wanted & NATIONS and wanted & EVERY_LANGUAGE.leaders:
            nation = wanted & NATIONS
            presidents = (self._titles.get(nation | lexicon.presidents) for lexicon in LEXICONS)
            return next((offices for offices in presidents if offices), set())
        return set()

    def office_holders(self, words: Sequence[str], day: date | None) -> Holders | None:
        """Who is meant by the words of an office on ``day``; None if no office has these words."""
        offices = self._offices_of(words, day)
        if not offices:
            return None
        terms = [pair for office in sorted(offices) for pair in self._holders[office]]
        ever = frozenset(holder for holder, _ in terms)
        shared = not self._plural.isdisjoint(offices)
        ids = (holder for holder, term in terms if (term.end is None if day is None else term.covers(day)))
        return Holders(frozenset(ids), ever, day is not None, shared)


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return (*map(fold_name, words[:-1]), fold_surname(words[-1]))
