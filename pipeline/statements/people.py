"""Who is one person across articles. Pure: the ids follow from the set of mentions alone, in whatever order.

People of one full name are one person unless what the articles say of them shows that they are not: another father's
name, another country, another family of office, the head of another thing. Then each has an id of their own, and who
may be either is nobody. An initial and a surname mean somebody only if exactly one person fits, and the article shows
that it means that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline import ids
from pipeline.language.offices import OfficeEvidence, office_evidence
from pipeline.language.person_names import PersonName, person_name

_SUFFIX = 6
"""Hex digits that distinguish people of one name."""


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Somebody who is quoted in one article under one name, outside the roster."""

    article: str
    name: str
    """As printed, in full or with an initial."""
    offices: tuple[str, ...] = ()
    """As printed, in order."""
    at: str = ""
    """When the article was published, in a form that sorts; the earliest mention founds the id of a namesake."""
    words: frozenset[str] = frozenset()
    """For a name with an initial: stems of the words of the article, romanised."""

    @property
    def key(self) -> tuple[str, str]:
        """Article and name: what distinguishes mentions."""
        return self.article, self.name


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One full name of somebody of the roster."""

    id: str
    name: PersonName
    country: str | None = None


@dataclass(frozen=True, slots=True)
class _Profile:
    mention: PersonMention
    name: PersonName
    evidence: tuple[OfficeEvidence, ...]

    @property
    def shows(self) -> tuple[str, tuple[OfficeEvidence, ...]]:
        """What tells the person from another of that name."""
        return self.name.father, self.evidence


def identify_people(
    mentions: Iterable[PersonMention], roster: Iterable[RosterPerson] = ()
) -> dict[tuple[str, str], str | None]:
    """The id of the person behind each mention, by article and name; None if it cannot be told.

    ``mentions``: all mentions of the surnames concerned; ``roster``: all people of the roster with these surnames.
    """
    namesakes: dict[str, dict[str, RosterPerson]] = defaultdict(dict)
    for known in roster:
        namesakes[known.name.id][known.id] = known
    profiles = [
        _Profile(one, name, tuple(map(office_evidence, sorted(set(one.offices)))))
        for one in sorted(set(mentions), key=lambda it: (it.at, it.article, it.name))
        if (name := person_name(one.name)) is not None
    ]
    found: dict[tuple[str, str], str | None] = {}
    people: dict[str, list[_Profile]] = {}
    for name_id, alike in _by_name(profiles).items():
        for person, members in _apart(name_id, alike).items():
            meant = _known_as(person, members, list(namesakes[name_id].values()))
            found |= {one.mention.key: meant for one in members}
            if person:
                people[person] = members
    others = [known.name for name_id, known_ones in namesakes.items() for known in known_ones.values()]
    for profile in profiles:
        if not profile.name.is_full:
            fitting = _only_fitting(profile.name, people, others)
            fits = bool(fitting) and _shows(profile, fitting)
            found[profile.mention.key] = found[fitting[0].mention.key] if fits else None
    return found


def _by_name(profiles: Iterable[_Profile]) -> dict[str, list[_Profile]]:
    found: dict[str, list[_Profile]] = defaultdict(list)
    for profile in profiles:
        if profile.name.is_full:
            found[profile.name.id].append(profile)
    return found


def _apart(name_id: str, alike: Sequence[_Profile]) -> dict[str | None, list[_Profile]]:
    """The people of one full name with their mentions; under None the mentions that may be of several.

    Two mentions are of one person if they contradict the same others: who contradicts nobody may be anybody.
    """
    shown = {one.shows: one for one in alike}
    against = {
        what: frozenset(other for other, another in shown.items() if _contradict(one, another))
        for what, one in shown.items()
    }
    if not any(against.values()):
        return {name_id: list(alike)}
    parted: dict[frozenset[object], list[_Profile]] = defaultdict(list)
    for one in alike:
        parted[against[one.shows]].append(one)
    found: dict[str | None, list[_Profile]] = {}
    for others, members in parted.items():
        founding = members[0].mention
        found[f"{name_id}.{ids.content_digest(founding.article)[:_SUFFIX]}" if others else None] = members
    return found


def _contradict(one: _Profile, other: _Profile) -> bool:
    """Whether two mentions of one name are of two people."""
    if one.name.father and other.name.father:
        short, long = sorted((one.name.father, other.name.father), key=len)
        return not long.startswith(short)
    if not one.evidence or not other.evidence:
        return False
    return all(mine.contradicts(theirs) for mine in one.evidence for theirs in other.evidence)


def _known_as(person: str | None, members: Sequence[_Profile], namesakes: Sequence[RosterPerson]) -> str | None:
    """The id of a person: that of the roster, if one there has the name and the news give no other country.

    If several have it, nobody's.
    """
    if person is None or len(namesakes) > 1:
        return None
    countries = {code for one in members for evidence in one.evidence for code in evidence.countries}
    for known in namesakes:
        if not countries or known.country is None or known.country in countries:
            return known.id
    return person


def _only_fitting(
    short: PersonName, people: Mapping[str, Sequence[_Profile]], roster: Iterable[PersonName]
) -> Sequence[_Profile]:
    """The mentions of the only person for whose name an initial and a surname can be short; none if there are two."""
    fitting = [members for members in people.values() if short.may_be(members[0].name)]
    names = {one.id for one in roster if short.may_be(one)}
    if len(fitting) != 1 or names - {fitting[0][0].name.id}:
        return ()
    return fitting[0]


def _shows(short: _Profile, members: Sequence[_Profile]) -> bool:
    """Whether an article that has only an initial speaks of the office of the person with these mentions."""
    offices = {evidence for one in members for evidence in one.evidence}
    if any(short.evidence):
        return any(mine.shares(theirs) for mine in short.evidence for theirs in offices)
    return any(not office.of.isdisjoint(short.mention.words) for office in offices)
