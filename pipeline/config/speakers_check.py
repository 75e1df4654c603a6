"""Find contradictions in a roster, for ``onrecord speakers check`` and the tests of the shipped roster."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from pipeline.config.speaker import Office, RosterConfig, Speaker, Term
from pipeline.language.spelling import fold_name

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile(r"[\u0400-\u04FF]")
_MIXED = re.compile(r"[A-Za-z\u00c0-\u024f][\u0400-\u04FF]|[\u0400-\u04FF][A-Za-z\u00c0-\u024f]")


def find_roster_clashes(roster: RosterConfig) -> list[str]:
    """One message per contradiction, with the ids concerned; empty if there are none.

    Found are: duplicate ids, unknown offices and organisations, terms that end before they start, two holders of one
    office at the same time (unless it is ``plural``), a term before its holder's birth or after his death, one name or
    title for two (unless ``ambiguous`` lists it; spellings that the engine takes for one name count as one), a name or
    title that is missing in one language or written in the other's script.
    """
    return [
        *_double_ids(roster),
        *_unknown_ids(roster),
        *_backward_terms(roster),
        *_terms_outside_life(roster),
        *_two_holders(roster),
        *_shared_names(roster),
        *_wrong_scripts(roster),
    ]


def _double_ids(roster: RosterConfig) -> Iterator[str]:
    for what, items in (("office", roster.offices), ("speaker", roster.speakers)):
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                yield f"{what} {item.id}: stands twice"
            seen.add(item.id)


def _unknown_ids(roster: RosterConfig) -> Iterator[str]:
    offices = {office.id for office in roster.offices}
    bodies = {speaker.id for speaker in roster.speakers if speaker.kind == "body"}
    for office in roster.offices:
        if office.body is not None and office.body not in bodies:
            yield f"office {office.id}: its body {office.body} is not in the roster"
    for speaker in roster.speakers:
        for term in speaker.offices:
            if term.office not in offices:
                yield f"speaker {speaker.id}: the office {term.office} is not in the roster"


def _backward_terms(roster: RosterConfig) -> Iterator[str]:
    for speaker in roster.speakers:
        for term in speaker.offices:
            if term.start and term.end and term.start.first > term.end.last:
                yield f"speaker {speaker.id}: {term.office} ends on {term.end.last} before it starts"


def _terms_outside_life(roster: RosterConfig) -> Iterator[str]:
    for speaker in roster.speakers:
        for term in speaker.offices:
            if speaker.born and term.start and term.start.last < speaker.born.first:
                yield f"speaker {speaker.id}: {term.office} starts before birth"
            if speaker.died and (term.end is None or term.end.first > speaker.died.last):
                yield f"speaker {speaker.id}: {term.office} goes on after death on {speaker.died.last}"


def _two_holders(roster: RosterConfig) -> Iterator[str]:
    plural = {office.id for office in roster.offices if office.plural}
    held: dict[str, list[tuple[Speaker, Term]]] = defaultdict(list)
    for speaker in roster.speakers:
        for term in speaker.offices:
            held[term.office].append((speaker, term))
    for office, terms in held.items():
        for (one, first), (other, second) in combinations(terms, 2):
            if one.id == other.id or office not in plural:
                overlap = certain_overlap(first, second)
                if overlap:
                    yield f"office {office}: held by {one.id} and {other.id} from {overlap[0]} to {overlap[1]}"


def certain_overlap(first_term: Term, second_term: Term) -> tuple[date, date] | None:
    """The first and last day that both terms certainly cover, or None.

    A date known to the month or year only counts as its last day for a start and as its first day for an end. Both
    terms may include the day of the hand-over.
    """
    start = max(term.start.last if term.start else date.min for term in (first_term, second_term))
    end = min(term.end.first if term.end else date.max for term in (first_term, second_term))
    return (start, end) if end - start > timedelta(days=0) else None


def _shared_names(roster: RosterConfig) -> Iterator[str]:
    for lang in ("en", "ru"):
        ambiguous = getattr(roster.ambiguous, lang)
        bodies = ((one.id, one.all_names(lang)) for one in roster.speakers if one.kind == "body")
        people = ((one.id, one.all_names(lang)) for one in roster.speakers if one.kind == "person")
        titles = ((office.id, getattr(office, lang)) for office in roster.offices)
        yield from _shared("name", bodies, ambiguous, _plain)
        yield from _shared("name", people, ambiguous, _spelt_alike)
        yield from _shared("title", titles, ambiguous, _plain)


def _shared(
    what: str, named: Iterable[tuple[str, tuple[str, ...]]], ambiguous: Iterable[str], form: Callable[[str], str]
) -> Iterator[str]:
    allowed = set(map(form, ambiguous))
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for owner, names in named:
        for name in names:
            owners[form(name)].setdefault(owner, name)
    for one_form, found in owners.items():
        if len(found) > 1 and one_form not in allowed:
            shown = next(iter(found.values()))
            yield f"{what} {shown!r}: means {' and '.join(found)}; keep it for one or list it under ambiguous"


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("\u0451", "\u0435").split())


def _spelt_alike(name: str) -> str:
    """A person's full name in the form in which the engine compares it: Sergei and Sergey are one."""
    words = name.split()
    return " ".join(map(fold_name, words)) if len(words) > 1 else _plain(name)


def _wrong_scripts(roster: RosterConfig) -> Iterator[str]:
    for speaker in roster.speakers:
        for lang in ("en", "ru"):
            yield from _wrong_script(f"speaker {speaker.id}", lang, speaker.all_names(lang))
    for office in roster.offices:
        yield from _wrong_script(f"office {office.id}", "en", office.en + office.short.en)
        yield from _wrong_script(f"office {office.id}", "ru", office.ru + office.short.ru)
        yield from _missing_script(office)


def _missing_script(office: Office) -> Iterator[str]:
    for lang in ("en", "ru"):
        if not getattr(office, lang):
            yield f"office {office.id}: has no words in {lang}"


def _wrong_script(owner: str, lang: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if _MIXED.search(name):
            yield f"{owner}: {name!r} mixes Latin and Cyrillic letters in one word"
        elif lang == "en" and (_CYRILLIC.search(name) or not _LATIN.search(name)):
            yield f"{owner}: {name!r} is listed as English but is not in Latin letters"
        elif lang == "ru" and not _CYRILLIC.search(name):
            yield f"{owner}: {name!r} is listed as Russian but is not in Cyrillic letters"
