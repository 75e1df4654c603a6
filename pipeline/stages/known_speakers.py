"""What linking must know of the roster: who is called what, who is a person or a body, and who speaks for which."""

from __future__ import annotations

from pipeline.config.speaker import RosterConfig
from pipeline.language.person_names import person_name
from pipeline.statements import links
from pipeline.statements.people import RosterPerson
from pipeline.statements.same_speaker import KnownSpeakers, bodies_of


def people_of_roster(roster: RosterConfig) -> list[RosterPerson]:
    """The full names of all people of the roster."""
    return [
        RosterPerson(speaker.id, name, speaker.country)
        for speaker in roster.speakers
        if speaker.kind == "person"
        for printed in (*speaker.all_names("en"), *speaker.all_names("ru"))
        if (name := person_name(printed)) is not None and name.is_full
    ]


def known_speakers(roster: RosterConfig) -> KnownSpeakers:
    """Who is a person, who a body, and who speaks for which."""
    bodies = bodies_of(
        ((office.id, office.body) for office in roster.offices),
        ((speaker.id, [term.office for term in speaker.offices]) for speaker in roster.speakers),
    )
    return KnownSpeakers(
        bodies,
        frozenset(speaker.id for speaker in roster.speakers if speaker.kind == "person"),
        frozenset(speaker.id for speaker in roster.speakers if speaker.kind == "body"),
    )


def link_inputs(known: KnownSpeakers) -> dict[str, str]:
    """What links follow from beside the quotes, by name: ``code``, its version, and ``speaker:ID`` of the roster."""
    kinds = dict.fromkeys(known.persons, "person") | dict.fromkeys(known.all_bodies, "body")
    said = {
        f"speaker:{it}": " ".join([kinds.get(it, "-"), *sorted(known.bodies.get(it, ()))])
        for it in kinds.keys() | known.bodies.keys()
    }
    return {**said, "code": links.VERSION}
