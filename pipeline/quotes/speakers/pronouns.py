"""Whom a pronoun means (coreference, anaphora): the person or organisation that the text is about at its place."""

from __future__ import annotations

import re

from pipeline.language.every_language import EVERY_LANGUAGE, one_of
from pipeline.quote_rules import SpeakerRule
from pipeline.quotes.speakers.discourse import NEAREST, Discourse, Mention, fits_gender
from pipeline.quotes.speakers.entities import ArticleEntities
from pipeline.quotes.speakers.offices import find_introduced, office
from pipeline.quotes.speakers.sightings import Entity, Sighting
from pipeline.quotes.text.tokens import Sentence, is_abbreviation, sentence_tokens
from pipeline.records import Span

_SENTENCE_START = re.compile(r"(?:[.!?…][»”\"’')]*\s+|\n\s*)")
_CONTRACTED = re.compile(rf" {one_of(EVERY_LANGUAGE.contracted)}\b")
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE, _MOST_BEFORE = 40, 3
"""Where the verb is looked for that has whom somebody asks right of it: characters, and words."""
_SENTENCES_BACK = 3
_NEAR = 600
"""Characters before ``it`` in which the organisation that it means is looked for."""
_LONGEST_SUBJECT = 120


def pronoun(discourse: Discourse, mention: Mention) -> Entity | None:
    """Whom ``he``, ``she``, ``it`` or ``they`` means; an entity without a name where it cannot be known."""
    word = mention.words[-1].low.partition("'")[0]
    if len(mention.words) > 2 or word not in discourse.pack.pronouns:
        return None
    gender = discourse.pack.pronouns[word]
    if gender == "p":
        several = [entity for entity in discourse.spoken if entity.plural or entity.is_organisation]
        return several[-1] if several and several[-1] is discourse.focus else Entity("")
    if gender in ("i", "y"):
        return Entity("")
    at = mention.span[0]
    if gender != "n" and (newer := newest_subject(discourse, _before_condition(discourse, at), gender)) is not None:
        return newer
    if gender == "n" and not _organisation_near(discourse, at):
        return Entity("")
    if gender != "n" and (brought_up := _newcomer(discourse, at, gender)) is not None:
        return brought_up
    known = _spoke_last(discourse, at, gender) or _named_last(discourse, at, gender)
    return known or _first_later(discourse, mention, gender)


def _before_condition(discourse: Discourse, at: int) -> int:
    """``at``, or where its sentence begins if that opens with a condition (``If Zuev wins, he said, ...``)."""
    text, since = discourse.entities.text, max(discourse.focus_at, at - _NEAR)
    near = text[since:at].lower() if discourse.focus_known else ""
    start = _last_start(text, since, at) if any(word in near for word in discourse.pack.conditions) else None
    first = _WORD.match(text, start) if start is not None else None
    return start if start is not None and first and first.group().lower() in discourse.pack.conditions else at


def _newcomer(discourse: Discourse, at: int, gender: str) -> Entity | None:
    """Whom the sentence before introduces, if it mentions neither the last speaker nor anybody by a pronoun.

    An entity without a name if it introduces several people, or somebody of unknown gender.
    """
    entities = discourse.entities
    last = _spoke_last(discourse, at, gender)
    span = _sentence_before(discourse, at)
    if last is None or span is None or discourse.focus_at > span[0] or discourse.is_quoted(span[0]):
        return None
    since = entities.sightings_between(span[0], at)
    brought_up = {
        id(s.entity): s.entity
        for s in since
        if fits_gender(s.entity, gender) and not (s.modifier or discourse.is_quoted(s.start))
    }
    brought_up.pop(id(last), None)
    mentions_last = any(s.entity is last and not _owns(entities, s) for s in since)
    if not brought_up or mentions_last or _has_pronoun(discourse, span, gender):
        return None
    one = next(iter(brought_up.values()))
    return one if len(brought_up) == 1 and (one.id or one.gender) else Entity("")


def _owns(entities: ArticleEntities, sighting: Sighting) -> bool:
    """``Zuev's plan``, not ``Zuev's been there``: whether a name is only a possessor."""
    possessive = entities.text.endswith(("'s", "’s", "s'", "s’"), sighting.start, sighting.end)
    return possessive and _CONTRACTED.match(entities.text, sighting.end) is None


def _has_pronoun(discourse: Discourse, span: Span, gender: str) -> bool:
    pack, words = discourse.pack, _WORD.findall(discourse.entities.text[slice(*span)].lower())
    return any(pack.pronouns.get(word) == gender for word in words)


def _sentence_before(discourse: Discourse, at: int) -> Span | None:
    """The sentence before the one that holds offset ``at``; None if that is the first."""
    text, first = discourse.entities.text, max(0, at - _NEAR)
    starts = _starts(text, first, at)
    if len(starts) < 2 and first:
        return None
    starts = [*([] if first else [0]), *starts]
    return (starts[-2], starts[-1]) if len(starts) > 1 else None


def _starts(text: str, start: int, end: int) -> list[int]:
    """Where sentences begin between two offsets, not after an abbreviation."""
    found = _SENTENCE_START.finditer(text, start, end)
    return [match.end() for match in found if not is_abbreviation(text, match.start(), start)]


def _last_start(text: str, start: int, end: int) -> int | None:
    """The last of the offsets that :func:`_starts` gives; None if it gives none."""
    found = reversed(list(_SENTENCE_START.finditer(text, start, end)))
    return next((match.end() for match in found if not is_abbreviation(text, match.start(), start)), None)


def _organisation_near(discourse: Discourse, at: int) -> bool:
    """Whether an organisation spoke or was named so shortly before that ``it`` can mean it."""
    if discourse.focus is not None and discourse.focus.is_organisation and at - discourse.focus_at < _NEAR:
        return True
    return any(
        s.entity.is_organisation and not discourse.is_quoted(s.start)
        for s in discourse.entities.sightings_between(at - _NEAR, at)
    )


def _spoke_last(discourse: Discourse, at: int, gender: str) -> Entity | None:
    focus = discourse.focus
    near = "\n" not in discourse.entities.text[discourse.focus_at : at]
    near = near or focus is not None and focus.fresh and _next_paragraph(discourse, at)
    if focus is not None and fits_gender(focus, gender) and (focus.named or near or gender == "n"):
        return focus
    spoken = discourse.spoken
    for entity in [*(e for e in reversed(spoken) if e.named), *reversed(spoken)]:
        if fits_gender(entity, gender):
            return entity
    return None


def _next_paragraph(discourse: Discourse, at: int) -> bool:
    """Whether offset ``at`` lies in the paragraph after that of whoever spoke last, and nobody is named between."""
    lines = [line for line in discourse.entities.text[discourse.focus_at : at].split("\n") if line.strip()]
    named = discourse.entities.sightings_between(discourse.focus_at, at)
    return len(lines) == 2 and all(discourse.is_quoted(one.start) for one in named)


def _named_last(discourse: Discourse, at: int, gender: str) -> Entity | None:
    named = [
        s.entity
        for s in discourse.entities.sightings_before(at, NEAREST)
        if not (s.modifier or discourse.is_quoted(s.start))
    ]
    before = [entity for entity in named if fits_gender(entity, gender)]
    return before[-1] if before else None


def _first_later(discourse: Discourse, mention: Mention, gender: str) -> Entity:
    """A text that begins in the middle: the first person it names as the subject of a sentence."""
    mention.how = SpeakerRule.LATER
    first = discourse.entities.sightings[:NEAREST]
    fitting = [s for s in first if fits_gender(s.entity, gender) and not (s.modifier or discourse.is_quoted(s.start))]
    named = next((s.entity for s in fitting if s.subject), fitting[0].entity if fitting else None)
    return named if named is not None else Entity("")


def newest_subject(discourse: Discourse, at: int, gender: str | None) -> Entity | None:
    """Who the sentences since the last speaker are about: by name or by office at the start of one."""
    since = discourse.entities.sightings_between(discourse.focus_at, at)
    since = [s for s in since if fits_gender(s.entity, gender) and not discourse.is_quoted(s.start)]
    newest, first = next((s for s in reversed(since) if s.subject), None), _last_first(discourse, since, at)
    if newest is None or first is not None and first.start > newest.end and _after_fronted(discourse, first):
        newest = first
    for start, end in reversed(_sentences(discourse, discourse.focus_at, at)):
        if newest is not None and newest.start >= start:
            break
        entity = _leading(discourse, start, end)
        if entity is not None and fits_gender(entity, gender):
            return entity
    return newest.entity if newest else None


def _after_fronted(discourse: Discourse, sighting: Sighting) -> bool:
    """``At the fair, the baker Zuev said``: whether a name begins the main clause, right of a comma."""
    text = discourse.entities.text
    if text.endswith(("'s", "’s"), sighting.start, sighting.end):
        return False
    start = max(0, sighting.start - _BEFORE)
    comma = text.rfind(", ", start, sighting.start)
    between = text[comma + 2 : sighting.start].split() if comma >= 0 else []
    return comma >= 0 and all(word.isalpha() and word.lower() not in discourse.pack.pronouns for word in between)


def _last_first(discourse: Discourse, since: list[Sighting], at: int) -> Sighting | None:
    """The last of them that is the first name of its sentence, and probably its subject."""
    firsts = [s for s in reversed(since) if s.first]
    begun = _after_speaker(discourse, at) if firsts else at
    newer = (s for s in firsts if s.start >= begun or _is_asked(discourse, s))
    return next((s for s in newer if not _has_pronoun_for_subject(discourse, s.start)), None)


def _after_speaker(discourse: Discourse, at: int) -> int:
    """Where the sentence ends that names the last speaker: who else stands in it is no newer subject."""
    if not discourse.focus_known:
        return discourse.focus_at
    ended = _SENTENCE_START.search(discourse.entities.text, discourse.focus_at, at)
    return ended.end() if ended is not None else at


def _has_pronoun_for_subject(discourse: Discourse, at: int) -> bool:
    """``He met Zuev``: whether the sentence of a name begins with a pronoun, so that the name is no subject."""
    text, pack = discourse.entities.text, discourse.pack
    first = _WORD.match(text, _last_start(text, max(0, at - _NEAR), at) or 0)
    word = first.group().lower() if first is not None else ""
    return pack.pronouns.get(word) in ("m", "f") and word not in pack.possessives


def _is_asked(discourse: Discourse, sighting: Sighting) -> bool:
    """``The reporter asked spokesman Zuev``: whether a name near the last speaker is the person whom he addresses."""
    start = max(discourse.focus_at, sighting.start - _BEFORE)
    before = discourse.entities.text[start : sighting.start].lower().split()[-_MOST_BEFORE:]
    return sighting.start - discourse.focus_at < _BEFORE and not discourse.pack.addressee_verbs.isdisjoint(before)


def _sentences(discourse: Discourse, start: int, end: int) -> list[Span]:
    """The last sentences that begin between two offsets outside of what was said."""
    starts = [match.end() for match in _SENTENCE_START.finditer(discourse.entities.text, start, end)]
    last = starts[-_SENTENCES_BACK:]
    return [(one, min(end, one + _LONGEST_SUBJECT)) for one in last if not discourse.is_quoted(one)]


def _leading(discourse: Discourse, start: int, end: int) -> Entity | None:
    """The person whom the first noun phrase of a sentence means by a title, if it begins with one."""
    text, pack = discourse.entities.text, discourse.pack
    line_end = text.find("\n", start, end)
    listed = sentence_tokens(text, Sentence(start, end if line_end < 0 else line_end, []))
    found = pack.subject_of(listed) if listed and listed[0].kind != "q" else None
    if found is None or found[0] > 1 or pack.name_in(listed[found[0] : found[1]]) is not None:
        return None
    words = [token for token in listed[found[0] : found[1]] if token.kind == "w"]
    if words and discourse.is_indefinite(words) and pack.head_class(words) not in (None, "body"):
        return discourse.as_written(words)
    if not words or pack.head_class(words) in (None, "body", "source"):
        return None
    title = Mention(words, (words[0].start, words[-1].end), pack)
    return office(discourse, title) or find_introduced(discourse, words, discourse.people_before(title.span[0]))
