"""Which organisation the words mean: by its name, by its kind (``the ministry``), or by what it publishes."""

from __future__ import annotations

import re

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.spelling import stem
from pipeline.quotes.speakers.discourse import NEAREST, Discourse, Mention, is_nation
from pipeline.quotes.speakers.sightings import Entity
from pipeline.quotes.text.tokens import Token
from pipeline.records import Span

_SHORT = 3
_FARTHEST_LETTER = 1_500
"""Characters within which a document is mentioned before words such as ``the letter`` mean it."""
_ABBREVIATED = range(2, 6)
"""Letters of an abbreviation that an article may introduce."""
_REACH = 100
_NEAR = 20
"""Characters before a name in which a word shows that its bearer sent something."""
_WORD = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")


def body(discourse: Discourse, mention: Mention) -> Entity | None:
    """An organisation of the roster, by the whole of its name, or up to a preposition (``the ministry in Moscow``)."""
    entities, pack = discourse.entities, discourse.pack
    if mention.kind not in ("body", "source", None):
        return None
    if len(mention.words) == 1 and (meant := abbreviated(discourse, mention)) is not None:
        return meant
    kept = [word for word in mention.words if word.low not in EVERY_LANGUAGE.articles]
    ends = [len(kept), *(i for i, word in enumerate(kept) if i and word.low in pack.prepositions)]
    for end in ends:
        if pack.is_local_office(kept[end:]):
            continue
        ids = entities.roster_ids(pack.bare_words([word.text for word in kept[:end]]))
        organisations = [one for one in ids if entities.roster.kind(one) == "body"]
        if len(organisations) == 1:
            return entities.by_id(organisations[0])
    return None


def document(discourse: Discourse, mention: Mention) -> Entity | None:
    """A statement, a website, a press service speaks for the organisation it names, else for who spoke last."""
    entities, pack, words = discourse.entities, discourse.pack, mention.words
    if stem(words[0].low) not in pack.documents and stem(words[-1].low) not in pack.documents:
        return None
    for at in range(1, len(words)):
        for end in range(len(words), at, -1):
            if words[at].capital:
                ids = entities.roster_ids(pack.bare_words([word.text for word in words[at:end]]))
                if len(ids) == 1:
                    return entities.by_id(next(iter(ids)))
    if any(word.capital for word in words[1:]):
        return organisation_called(discourse, {stem(word.low) for word in words[1:] if word.capital}, mention.span)
    if words[0].capital and words[0].text.endswith(("'s", "’s")):
        return None
    written = next((word for word in (words[0], words[-1]) if stem(word.low) in pack.letters), None)
    if written is not None:
        return _writer(discourse, written)
    focus, paper = discourse.focus, stem(words[-1].low) in pack.papers
    if focus is None:
        return None if paper else _sender(discourse, mention)
    return focus if focus.is_organisation or focus.named and not paper else None


def _sender(discourse: Discourse, mention: Mention) -> Entity | None:
    """Who the sentence before a document is about, unless it names somebody else as the sender."""
    text = discourse.entities.text
    near = discourse.entities.sightings_before(mention.span[0], NEAREST)
    senders = discourse.pack.senders
    sent = [s.entity for s in near if any(word in text[max(0, s.start - _NEAR) : s.start] for word in senders)]
    named = [s.entity for s in near if s.subject or s.first]
    return sent[-1] if sent else named[-1] if named else None


def abbreviated(discourse: Discourse, mention: Mention) -> Entity | None:
    """``FT`` in an article that names the Financial Times before: the first name with these initials."""
    entities, pack, short = discourse.entities, discourse.pack, mention.words[0].text
    if not (short.isupper() and short.isalpha() and len(short) in _ABBREVIATED) or entities.roster_ids([short]):
        return None
    if short not in discourse.spelt_out:
        discourse.spelt_out[short] = _spelt_out(discourse, short)
    at, words = discourse.spelt_out[short]
    if not words or at >= mention.span[0]:
        return None
    ids = [one for one in entities.roster_ids(pack.bare_words(words)) if entities.roster.kind(one) == "body"]
    if len(ids) == 1:
        return entities.by_id(ids[0])
    name = pack.organisation_name(words)
    return entities.by_key.setdefault(f"as-written {name.lower()}", Entity(name, is_organisation=True))


def _spelt_out(discourse: Discourse, short: str) -> tuple[int, list[str]]:
    """Where the words stand that an abbreviation in brackets shortens, else the first name with its initials; they."""
    text = discourse.entities.text
    at = text.find(f"({short})")
    words = _WORD.findall(text[max(0, at - _REACH) : at])[-len(short) :] if at > 0 else []
    if _spells(short, words):
        return at, words
    runs = ((match.start(), match.group().split()) for match in discourse.pack.name_run.finditer(text))
    return next(((start, run) for start, run in runs if _spells(short, run)), (0, []))


def _spells(short: str, words: list[str]) -> bool:
    """Whether the words, without an article before them, begin with these letters."""
    initials = "".join(word[0] for word in words).upper()
    return short in (initials, initials[1:] if words and words[0].lower() in EVERY_LANGUAGE.articles else initials)


def _writer(discourse: Discourse, word: Token) -> Entity | None:
    """``X sent a letter. ... The letter said``: who spoke or did something in the sentence that mentions it before."""
    text, entities = discourse.entities.text, discourse.entities
    first = max(0, word.start - _FARTHEST_LETTER)
    before = text.rfind(f" {word.low}", first, word.start - 1)
    if before < 0 or discourse.is_quoted(before):
        return None
    start = max(text.rfind(". ", first, before), text.rfind("\n", first, before), first)
    ends = (text.find(". ", before, word.start), text.find("\n", before, word.start))
    end = min((at for at in ends if at >= 0), default=word.start)
    if discourse.focus is not None and start <= discourse.focus_at:
        return discourse.focus
    named = [s.entity for s in entities.sightings_between(start, min(end, word.start)) if s.subject or s.first]
    return named[0] if named else None


def organisation_meant(discourse: Discourse, mention: Mention) -> Entity | None:
    """``the ministry``, ``the company``: the last organisation with the word in its name, else the last one of all."""
    pack, words, at = discourse.pack, mention.words, mention.span[0]
    heads = {stem(word.low) for word in words if pack.class_of(stem(word.low)) == "body"}
    if any(word.capital and i for i, word in enumerate(words)):
        return None
    owned = len(words) > 1 and words[0].low.startswith(EVERY_LANGUAGE.press_beginnings)
    called = None if owned else organisation_called(discourse, heads, mention.span)
    if called is not None:
        return called
    if owned or not heads - pack.specific or _is_described(discourse, mention):
        return None
    kinds = pack.outlets if heads & pack.outlets else pack.firms if heads & pack.firms else None
    for sighting in reversed(discourse.entities.sightings_before(at, NEAREST)):
        entity = sighting.entity
        fits = entity.is_organisation and (kinds is None or _may_be_of_kind(discourse, entity, kinds))
        if fits and not discourse.is_quoted(sighting.start) and sighting.start >= discourse.organisation_at:
            return entity
    organisations = [
        entity
        for entity in discourse.spoken
        if entity.is_organisation and (kinds is None or _may_be_of_kind(discourse, entity, kinds))
    ]
    return organisations[-1] if organisations else None


def _is_described(discourse: Discourse, mention: Mention) -> bool:
    """``the state emergency service``: words that mean a particular organisation, not only a kind or country."""
    pack = discourse.pack
    return any(
        len(word.low) > _SHORT and pack.class_of(stem(word.low)) != "body" and not is_nation(word)
        and word.low not in pack.generic
        for word in mention.words
    )  # fmt: skip


def _may_be_of_kind(discourse: Discourse, entity: Entity, kinds: frozenset[str]) -> bool:
    """Whether ``the company`` can mean an organisation: one that the roster calls so, or one that it does not know."""
    if entity.id is not None:
        return discourse.entities.roster.is_called(entity.id, kinds)
    return kinds is not discourse.pack.outlets or discourse.pack.may_be_outlet(entity.name.split())


def organisation_called(discourse: Discourse, wanted: set[str], span: Span) -> Entity | None:
    """The last organisation of the article that has one of these stems in one of its names."""
    for entity in discourse.recent_entities(span[0]):
        if entity.is_organisation:
            known = discourse.entities.roster.name_stems(entity.id) if entity.id else set()
            if wanted & (known | {stem(word) for word in entity.name.lower().split()}):
                return entity
    return None
