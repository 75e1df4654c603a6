"""What a run of capitalised words can mean, whatever the article: looked up once per run and cached."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.roster import RosterIndex

_MOST_KEPT = 50_000
"""Runs kept per roster and language; a year of news has fewer that come twice."""
_SHORTEST_SUFFIXED = 3
"""Fewest words of a full name with ``Jr.``."""


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name with what the roster and the language know of them."""

    words: tuple[str, ...]
    key: tuple[str, ...]
    """The words in a form in which the same name compares equal."""
    ids: frozenset[str]
    """Whom of the roster it can mean."""
    acronym: bool
    """One word that is an organisation's name."""
    vague: bool = False
    """A common surname, alone or after an initial: of the roster only if the article shows it otherwise."""


@dataclass(frozen=True, slots=True)
class NameRun:
    """A run of capitalised words: its name (None if it has none) and the organisation that the whole run names."""

    name: Name | None
    organisation: str | None


class NameLookup:
    """Looks up runs and names in one roster and language."""

    def __init__(self, roster: RosterIndex, pack: Pack) -> None:
        self._roster, self._pack = roster, pack
        self._runs: dict[str, NameRun] = {}
        self._names: dict[tuple[str, ...], Name] = {}

    def look_up_run(self, text: str) -> NameRun:
        """What the run ``text`` holds."""
        found = self._runs.get(text)
        if found is None:
            if len(self._runs) > _MOST_KEPT:
                self._runs.clear()
            words = self._pack.name_words(text)
            found = self._runs[text] = NameRun(
                self.look_up_name(tuple(words)) if words else None, self._organisation(text)
            )
        return found

    def look_up_name(self, words: tuple[str, ...]) -> Name:
        """What the name ``words`` can mean; there is at least one word."""
        found = self._names.get(words)
        if found is None:
            if len(self._names) > _MOST_KEPT:
                self._names.clear()
            listed = list(words)
            ids = self._roster.ids_of_name(listed)
            found = self._names[words] = Name(
                words,
                self._pack.name_key(self._without_suffix(listed)),
                ids,
                len(words) == 1 and self._pack.is_acronym(words[0]),
                all(len(word.rstrip(".")) == 1 for word in words[:-1])
                and any(map(self._roster.has_common_surname, ids)),
            )
        return found

    def _without_suffix(self, words: list[str]) -> list[str]:
        """A full name without its ``Jr.``, unless that distinguishes its bearer from somebody of the roster."""
        if len(words) < _SHORTEST_SUFFIXED or words[-1].lower().rstrip(".") not in self._pack.name_suffixes:
            return words
        return words if self._roster.ids_of_name(words[:-1]) else words[:-1]

    def _organisation(self, text: str) -> str | None:
        """The organisation whose name is the whole run, or all but its first word."""
        words = self._pack.bare_words(text.split())
        for kept in (words, words[1:]):
            ids = [one for one in self._roster.ids_of_name(kept) if self._roster.kind(one) == "body"] if kept else []
            if len(ids) == 1:
                return ids[0]
        return None


_KEPT: WeakKeyDictionary[RosterIndex, dict[str, NameLookup]] = WeakKeyDictionary()


def name_lookup_of(roster: RosterIndex, pack: Pack) -> NameLookup:
    """The look-up of a roster and language, made once."""
    by_lang = _KEPT.setdefault(roster, {})
    if pack.lang not in by_lang:
        by_lang[pack.lang] = NameLookup(roster, pack)
    return by_lang[pack.lang]


def agree(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether two names with the same last word do not contradict each other in the first."""
    if len(shorter) == 1 or len(longer) == 1:
        return True
    if shorter[0] in EVERY_LANGUAGE.name_links and longer[-len(shorter) :] == shorter:
        return True
    one, other = shorter[0], longer[0]
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def is_initial(name: Name) -> bool:
    """Whether a name has an initial for its given name."""
    return is_initial_key(name.key)


def is_initial_key(key: tuple[str, ...]) -> bool:
    """The same of a name's folded words."""
    return len(key) > 1 and len(key[0]) == 1
