"""From the words beside a quote to its speaker: names, offices by date, descriptions, pronouns.

The rules run in the order of ``RULES``; the first that gives an entity decides. If none does, the speaker is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.language.person_names import person_id
from pipeline.quote_rules import Doubt, SpanRule, SpeakerRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.speakers.descriptions import epithet, titled
from pipeline.quotes.speakers.discourse import Discourse, Mention
from pipeline.quotes.speakers.doubts import find_doubts
from pipeline.quotes.speakers.entities import ArticleEntities
from pipeline.quotes.speakers.namesakes import name
from pipeline.quotes.speakers.offices import office, short
from pipeline.quotes.speakers.organisations import body, document
from pipeline.quotes.speakers.pronouns import pronoun
from pipeline.quotes.speakers.several import several
from pipeline.quotes.speakers.sightings import Entity, Sighting
from pipeline.records import Span

_DONE = re.compile(r"[ \u00a0](?:[—–-] )?(?:[A-Z\u0410-\u042f\u0401][\w’'-]*[ \u00a0]){1,3}[a-z\u0430-\u044f\u0451]+")
_TWO_INITIALS = re.compile(r"[A-Z\u0410-\u042f\u0401]\.-[A-Z\u0410-\u042f\u0401]\.")
"""Those of a double given name (``A.-J. Zuev``)."""
_REACH = 80
_PARAGRAPH = 2_000
"""How far back the start of a quote's paragraph is looked for."""
RULES: dict[SpeakerRule, Callable[[Discourse, Mention], Entity | None]] = {
    SpeakerRule.PRONOUN: pronoun,
    SpeakerRule.SEVERAL: several,
    SpeakerRule.BODY: body,
    SpeakerRule.NAME: name,
    SpeakerRule.OFFICE: office,
    SpeakerRule.TITLED: titled,
    SpeakerRule.SHORT: short,
    SpeakerRule.EPITHET: epithet,
    SpeakerRule.DOCUMENT: document,
}
"""Each returns an entity (without a name if it finds that this cannot be known), or None: the next rule is tried."""


@dataclass(slots=True)
class Resolved:
    """Who said it: the entity (None if unknown) and the rule that found it."""

    entity: Entity | None
    rule: SpeakerRule
    claimant: Entity | None = None
    """Who made the claim that is denied or commented on."""
    doubts: tuple[Doubt, ...] = ()
    """What makes the attribution doubtful."""
    span: Span | None = None
    """The words that name whom the text interviews."""


def resolve_speakers(entities: ArticleEntities, candidates: list[Candidate]) -> list[Resolved]:
    """Who said each candidate, in the order of ``candidates``."""
    discourse = Discourse(
        entities, [(candidate.start, candidate.end) for candidate in candidates if not candidate.speaker_only]
    )
    out: list[Resolved] = []
    before: Span | None = None
    last: Resolved | None = None
    broken_at = -1
    asked = _interviewed(discourse, candidates)
    for candidate in candidates:
        if candidate.introduced_before is not None:
            resolved = asked
            candidate.mention = asked.span
            discourse.record_speaker(resolved.entity, candidate.end)
        elif candidate.mention is not None:
            if candidate.label:
                resolved = _labelled(discourse, candidate.mention)
            else:
                resolved = _mentioned(discourse, candidate.mention, candidate.gender, governed=candidate.claimed)
            if not candidate.aside:
                discourse.record_speaker(resolved.entity, candidate.mention[1])
        elif candidate.impersonal:
            spoken = discourse.spoken[-1] if discourse.spoken and discourse.spoken[-1].is_organisation else None
            resolved = Resolved(spoken, SpeakerRule.AS_BEFORE if spoken else SpeakerRule.NOBODY)
        elif candidate.same_as_previous and _said_by_another(discourse, candidate):
            resolved, broken_at = Resolved(None, SpeakerRule.NOBODY), candidate.end
        elif candidate.far and _goes_on_for_another(discourse, broken_at, candidate.start):
            resolved = Resolved(None, SpeakerRule.NOBODY)
        elif candidate.same_as_previous and candidate.far:
            resolved = Resolved(discourse.dominant_speaker(), SpeakerRule.AS_USUAL)
        elif candidate.same_as_previous and last is not None:
            resolved = Resolved(last.entity, SpeakerRule.AS_BEFORE)
            candidate.mention = before
        else:
            resolved = Resolved(None, SpeakerRule.NOBODY)
        if candidate.claimant is not None:
            claimed = resolved if candidate.claimed else _mentioned(discourse, candidate.claimant, governed=True)
            resolved = _with_claimant(discourse, candidate, resolved, claimed.entity)
        resolved.doubts = find_doubts(discourse, candidate, resolved.rule, resolved.entity)
        unsaid = resolved.rule is SpeakerRule.NOBODY and candidate.rule.rule is SpanRule.ALONE
        answer = unsaid and not candidate.same_as_previous
        if not (candidate.aside or answer and not candidate.same_as_next):
            before, last = candidate.mention, resolved
        out.append(resolved)
    _lead(discourse, candidates, out)
    name_people(entities, [entity for one in out for entity in (one.entity, one.claimant)])
    return out


def name_people(entities: ArticleEntities, meant: Iterable[Entity | None]) -> None:
    """Sets id and offices of the people in ``meant`` whom the roster does not know.

    Nobody is a person by a surname or an initial alone.
    """
    for entity in {id(one): one for one in meant if one is not None and one.id is None and one.named}.values():
        entities.introduce(entity)
        if not entity.is_organisation and not entity.plural:
            entity.person = person_id(entity.name)


def _interviewed(discourse: Discourse, candidates: list[Candidate]) -> Resolved:
    """Whom the text interviews, if its turns do not say who speaks."""
    begin = next((one.introduced_before for one in candidates if one.introduced_before is not None), None)
    sighting = _interviewee(discourse, begin) if begin is not None else None
    if sighting is None:
        return Resolved(None, SpeakerRule.NOBODY)
    return Resolved(sighting.entity, SpeakerRule.INTERVIEWEE, span=(sighting.start, sighting.end))


def _interviewee(discourse: Discourse, first_turn: int) -> Sighting | None:
    """Where the words before offset ``first_turn`` name the person who answers; None if they leave it open.

    Of several people whom they name, it is the one whom the headline names too.
    """
    named: dict[int, Sighting] = {}
    for sighting in discourse.entities.sightings_between(0, first_turn):
        if _is_person(sighting.entity):
            named.setdefault(id(sighting.entity), sighting)
    if len(named) > 1:
        headline = _last_names(discourse, discourse.entities.title or "")
        named = {key: one for key, one in named.items() if one.entity.key[-1] in headline}
    return next(iter(named.values())) if len(named) == 1 else None


def _is_person(entity: Entity) -> bool:
    if entity.is_organisation or not entity.key or entity.plural:
        return False
    return entity.id is not None or len(entity.name.split()) > 1


def _last_names(discourse: Discourse, title: str) -> set[str]:
    pack = discourse.pack
    words = (word.strip(".,:;!?«»“”\"'’()") for word in title.split())
    return {key[-1] for word in words if word[:1].isupper() and (key := pack.name_key([word]))}


def _said_by_another(discourse: Discourse, candidate: Candidate) -> bool:
    """``“Is it true?” Wells put in``: words in marks of their own, after which somebody does something."""
    text, end = discourse.entities.text, candidate.end
    if candidate.rule.rule is not SpanRule.ALONE or _DONE.match(text, end, end + _REACH) is None:
        return False
    return text[max(0, end - 2) : end].rstrip("\"»”'’")[-1:] in ("?", "!", ",")


def _goes_on_for_another(discourse: Discourse, start: int, end: int) -> bool:
    """``“Is it true?” Wells put in, coming nearer. “Is it?”``: the usual speaker is not named between."""
    if start < 0 or "\n" in discourse.entities.text[start:end]:
        return False
    usual = discourse.dominant_speaker()
    return all(sighting.entity is not usual for sighting in discourse.entities.sightings_between(start, end))


def _mentioned(discourse: Discourse, span: Span, gender: str | None = None, *, governed: bool = False) -> Resolved:
    """The entity that the words ``text[span]`` mean at their place; ``gender`` is what the verb shows of it."""
    mention = discourse.mention(span, gender)
    if sender := discourse.pack.sender_of(mention.words):
        mention = discourse.mention((sender[0].start, sender[-1].end), gender)
    mention.governed = governed
    if (spoken_for := _press_service_of(discourse, mention)) is not None:
        return spoken_for
    unnamed = len(mention.words) > 1 and discourse.pack.is_unnamed_speaker(mention.words, gender)
    for rule, meant_by in RULES.items():
        answer = meant_by(discourse, mention) if not (unnamed and rule is SpeakerRule.NAME) else None
        if answer is not None and not (unnamed and _stands_in(discourse, mention, answer)):
            return Resolved(answer if answer.name else None, mention.how or rule)
    written = discourse.as_written(mention.words)
    if written is not None and mention.kind == "source":
        written = discourse.with_relation(written, mention)
    return Resolved(written, SpeakerRule.AS_WRITTEN)


def _press_service_of(discourse: Discourse, mention: Mention) -> Resolved | None:
    """``в пресс-службе Минсельхоза``: the organisation of the roster for which a press service speaks."""
    owner = discourse.pack.press_owner(mention.words)
    if not owner:
        return None
    whose = discourse.mention((owner[0].start, owner[-1].end))
    for rule in (SpeakerRule.BODY, SpeakerRule.SHORT):
        answer = RULES[rule](discourse, whose)
        if answer is not None and answer.is_organisation and answer.id:
            return Resolved(answer, rule)
    return None


def _with_claimant(discourse: Discourse, candidate: Candidate, resolved: Resolved, claimant: Entity | None) -> Resolved:
    """Who denies or made a claim, with the claimant; nobody denies what he claims himself."""
    if claimant is None:
        return resolved
    if candidate.mention is not None and not candidate.claimed and resolved.entity is claimant:
        resolved = Resolved(discourse.as_written(discourse.mention(candidate.mention).words), SpeakerRule.AS_WRITTEN)
    resolved.claimant = claimant
    return resolved


def _stands_in(discourse: Discourse, mention: Mention, entity: Entity) -> bool:
    """Whether the words hold the entity's own surname."""
    keys = [discourse.pack.name_key(discourse.pack.bare_words([word.text])) for word in mention.words if word.capital]
    return bool(entity.key) and any(key[-1] == entity.key[-1] for key in keys)


def _labelled(discourse: Discourse, span: Span) -> Resolved:
    """The entity that the label of a transcript turn names; nobody for a label such as ``Question``."""
    label = discourse.entities.text[span[0] : span[1]]
    if label.lower() in discourse.pack.turn_words:
        return Resolved(None, SpeakerRule.LABEL)
    resolved = _mentioned(discourse, span)
    if resolved.entity is not None and resolved.entity.id is None:
        resolved = _titled_label(discourse, label) or resolved
    if resolved.entity is not None and _TWO_INITIALS.match(label) and "." in resolved.entity.name:
        return Resolved(Entity(label), SpeakerRule.AS_WRITTEN)
    if resolved.entity is not None and discourse.entities.belies(resolved.entity, label):
        return Resolved(Entity(label), SpeakerRule.AS_WRITTEN)
    if resolved.entity is not None and resolved.entity.id is None:
        discourse.entities.settle_gender(resolved.entity, label)
    return resolved


def _titled_label(discourse: Discourse, label: str) -> Resolved | None:
    """``Director of the Lake Plant Ivan Somov:``: the name behind the place, or the title alone if none is there."""
    pack, words = discourse.pack, label.split()
    placed = (i for i in range(1, len(words)) if words[i] in pack.place_prepositions)
    at = next((i for i in placed if pack.is_title(words[i - 1].lower())), None)
    if at is None:
        return None
    place, name = pack.after_place([word for word in words[at + 1 :] if word[:1].isupper()])
    if not place:
        return Resolved(Entity(label, named=False), SpeakerRule.AS_WRITTEN)
    return Resolved(discourse.entities.entity(pack.bare_words(name)), SpeakerRule.NAME)


def _lead(discourse: Discourse, candidates: list[Candidate], out: list[Resolved]) -> None:
    """Quotes before their attribution take the speaker of the next quote, if their paragraph names nobody else."""
    for i in range(len(candidates) - 2, -1, -1):
        if candidates[i].same_as_next or (candidates[i].same_as_previous and out[i].entity is None and i == 0):
            after = out[i + 1].entity
            opening_entity = _opens_paragraph(discourse, candidates[i].start)
            out[i] = (
                Resolved(None, SpeakerRule.NOBODY)
                if opening_entity not in (None, after)
                else Resolved(after, SpeakerRule.AS_AFTER)
            )


def _opens_paragraph(discourse: Discourse, at: int) -> Entity | None:
    """The person with whose name the paragraph begins that holds offset ``at``."""
    entities = discourse.entities
    start = entities.text.rfind("\n", max(0, at - _PARAGRAPH), at) + 1
    subjects = (s for s in entities.sightings_between(start, at) if s.subject and not discourse.is_quoted(s.start))
    first = next(subjects, None)
    return first.entity if first is not None and not first.entity.is_organisation else None
