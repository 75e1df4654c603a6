"""Whether two quotes can have one speaker: by the roster, by the body a person speaks for, by spellings of a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from pipeline.language.spelling import fold_surname

Sameness = Literal["same", "perhaps", "other"]
"""``perhaps``: one of them is unknown, or it is not known that they are two persons; long equal words decide."""


@dataclass(frozen=True, slots=True)
class KnownSpeakers:
    """What the roster says of those who may speak for each other."""

    bodies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """From a person's id to those of the bodies in whose office the person was."""
    persons: frozenset[str] = frozenset()
    all_bodies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SpeakerOf:
    """Who spoke, as an article says it."""

    id: str | None
    name: str | None


def same_speaker(one: SpeakerOf, other: SpeakerOf, known: KnownSpeakers) -> Sameness:
    """Whether two quotes have one speaker. Symmetrical."""
    if (one.id is None and one.name is None) or (other.id is None and other.name is None):
        return "perhaps"
    if one.id is not None and other.id is not None:
        return _same_ids(one.id, other.id, known)
    if one.name is None or other.name is None:
        return "perhaps"
    return "same" if one_name(one.name, other.name) else "other"


def _same_ids(one: str, other: str, known: KnownSpeakers) -> Sameness:
    if one == other or other in known.bodies.get(one, ()) or one in known.bodies.get(other, ()):
        return "same"
    kinds = {_kind(one, known), _kind(other, known)}
    return "perhaps" if None in kinds else "other"


def _kind(speaker: str, known: KnownSpeakers) -> str | None:
    if speaker in known.persons or speaker.startswith("person:"):
        return "person"
    return "body" if speaker in known.all_bodies else None


def speaker_blocks(speaker: SpeakerOf, known: KnownSpeakers) -> frozenset[str]:
    """Keys of which two quotes of one speaker share at least one."""
    found: set[str] = set()
    if speaker.id is not None:
        found |= {f"id:{speaker.id}", *(f"id:{body}" for body in known.bodies.get(speaker.id, ()))}
    if speaker.name is not None and (words := _name_words(speaker.name)):
        found.add(f"name:{words[-1]}")
    return frozenset(found)


@lru_cache(maxsize=50_000)
def one_name(one: str, other: str) -> bool:
    """Whether two names, as printed, can be those of one person or body: equal surnames, no other given name."""
    mine, yours = _name_words(one), _name_words(other)
    if not mine or not yours or mine[-1] != yours[-1]:
        return False
    shorter, longer = sorted((mine[:-1], yours[:-1]), key=len)
    return _fits(shorter, longer)


def _fits(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether each word of the shorter name is one of the longer, or the initial of one, in their order."""
    at = len(longer)
    for word in reversed(shorter):
        at = max((it for it in range(at) if _same_word(word, longer[it])), default=-1)
        if at < 0:
            return False
    return True


def _same_word(one: str, other: str) -> bool:
    return one == other or ((len(one) == 1 or len(other) == 1) and one[0] == other[0])


@lru_cache(maxsize=50_000)
def _name_words(name: str) -> tuple[str, ...]:
    words = name.replace(".", ". ").split()
    folded = [fold_surname(word) for word in words]
    return tuple(word for word in folded if word)


def bodies_of(
    offices: Iterable[tuple[str, str | None]], terms: Iterable[tuple[str, Iterable[str]]]
) -> dict[str, frozenset[str]]:
    """From persons to bodies: ``offices`` are ids with their body's, ``terms`` persons with ids of their offices."""
    body = {office: it for office, it in offices if it is not None}
    return {person: frozenset(body[it] for it in held if it in body) for person, held in terms}
