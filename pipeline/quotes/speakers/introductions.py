"""The words with which an article introduces somebody: the titles before a name, and what it adds right after it."""

from __future__ import annotations

import re
from typing import Protocol

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Pack
from pipeline.quotes.text.tokens import Sentence, Token, sentence_tokens

_REACH = 60
_MOST = 6
_LONGEST_OFFICE = 120
_JOINS = EVERY_LANGUAGE.joins
_WORD = re.compile(r"[^\W\d_]+")
_APPOSITION = re.compile(r",? ?(?:\([^)\n]{1,30}\))?, (?P<words>[^.,;:\n\"«“”]{3,100})(?=[,.;:—\n])")
_INITIALS = re.compile(r"([A-Z])(?<!\w.)\.([A-Z])\.")
_CLAUSE_BREAK = re.compile(r"[.,;:!?\n()]")
_BREAK = re.compile(r"[.,;:!?\n\"«»“”()]")


class Introduced(Protocol):
    """Whoever is introduced: an entity of an article."""

    name: str
    id: str | None
    gender: str | None
    is_organisation: bool
    titles: set[str]
    about: set[str]
    offices: list[str]


def read_around(text: str, match: re.Match[str], entity: Introduced, pack: Pack) -> None:
    """Adds to ``titles``, ``about`` and ``offices`` of an entity what stands around one of its names in ``text``."""
    before = _BREAK.split(_INITIALS.sub(_without_dots, text[max(0, match.start() - _REACH) : match.start()]))[
        -1
    ].split()
    verb = next((i for i in range(len(before) - 1, -1, -1) if before[i].lower() in pack.addressee_verbs), -1)
    before, lead = before[verb + 1 :], pack.lead_words(match.group())
    if pack.is_addressed([*before, *lead], match.group().split()[-1]):
        return
    introduced = introducing_words([*before, *lead], match.group().split()[len(lead) :], pack, entity)
    if entity.id is None:
        _add_office_before(text, match, entity, pack)
    for word in introduced:
        if pack.is_title(word.lower()) or stem(word) in NATIONS:
            entity.titles.add(stem(word))
        first, _, second = word.partition("-")
        if second and pack.is_title(first.lower()):
            entity.titles.add(stem(first))
            entity.about.add(stem(second))
        if first.lower() in EVERY_LANGUAGE.compound_titles and second:
            entity.titles.add(stem(second))
        if len(word) > 3 and word.lower() not in pack.prepositions:
            entity.about.add(stem(word))
    after = _APPOSITION.match(text, match.end(), match.end() + 2 * _REACH)
    if after is None or entity.is_organisation or not pack.triggers.isdisjoint(after.group().lower().split()):
        return
    entity.about.update(stem(word) for word in _WORD.findall(after.group()) if len(word) > 3)
    kind = pack.head_class(_as_tokens(after.group("words")))
    if entity.id is None and kind == "body":
        entity.is_organisation = True
    elif kind is not None:
        _add_office(entity, after.group("words"))


def _add_office_before(text: str, match: re.Match[str], entity: Introduced, pack: Pack) -> None:
    """Adds the title before a name, with a name in quotation marks that belongs to it (``coach of «X»``)."""
    start = max(0, match.start() - _REACH)
    cut = start > 0 and not text[start - 1].isspace()
    stretch = _CLAUSE_BREAK.split(_INITIALS.sub(_without_dots, text[start : match.start()]))
    before = [word.strip('"«»“”') for word in stretch[-1].split()[int(cut and len(stretch) == 1) :]]
    lead = pack.lead_words(match.group())
    verb = next((i for i in range(len(before) - 1, -1, -1) if before[i].lower() in pack.addressee_verbs), -1)
    words = [word for word in (*before[verb + 1 :], *lead) if word]
    office = introducing_words(words, match.group().split()[len(lead) :], pack, entity)[::-1]
    named = [pack.is_title(word.lower()) or pack.class_of(stem(word)) is not None for word in office]
    if any(named):
        first = 0 if pack.title_stands_last else named.index(True)
        _add_office(entity, " ".join(office[first:]))


def _add_office(entity: Introduced, words: str) -> None:
    office = " ".join(words.split()).strip("«»“”\"' —–-")
    if office and office not in entity.offices:
        entity.offices.append(office[:_LONGEST_OFFICE])


def _without_dots(initials: re.Match[str]) -> str:
    return f"{initials[1]}{initials[2]}"


def is_mans_genitive(entity: Introduced, surname: str, pack: Pack) -> bool:
    """Whether a surname that could be a woman's is the genitive of a man's, as the entity is a man (``Зуева``)."""
    return entity.gender == "m" and surname == pack.feminine_surname(entity.name.split()[-1])


def is_genitive(entity: Introduced, surname: str, pack: Pack) -> bool:
    """Whether the roster or the article shows that a surname can be a genitive: it is no nominative of the entity's."""
    womans = entity.id is not None and entity.gender == "f" and surname != entity.name.split()[-1]
    return womans or is_mans_genitive(entity, surname, pack)


def introducing_words(before: list[str], name: list[str], pack: Pack, entity: Introduced) -> list[str]:
    """Of the words before a name those that belong to it: back to a verb, a preposition that governs it, its owner."""
    kept: list[str] = []
    nearer_is_head = False
    for i, word in reversed(list(enumerate(before[-_MOST:]))):
        low = word.lower()
        if low in _JOINS and kept and i and _is_name(before[-_MOST:][i - 1], pack):
            break
        head = pack.is_title(low) or pack.class_of(stem(low)) is not None or stem(word) in NATIONS
        if low in pack.prepositions:
            if not kept or not pack.title_stands_last and _is_governed(kept[-1], name, pack):
                break
        elif not head and not word[:1].isupper():
            if pack.is_finite(_as_tokens(word)[0]) or low in pack.pronouns or low in pack.possessives:
                break
            if pack.title_stands_last and not nearer_is_head and not _is_of_title(before[-_MOST:][:i], pack):
                break
        kept.append(word)
        nearer_is_head = head or low in pack.prepositions or (nearer_is_head and not head)
    earlier = kept[1:] if entity.id else None
    if not kept or not name or not pack.is_possessor(kept[0], name[0], True, earlier):
        return kept
    return [] if pack.is_possessor(kept[0], name[0], is_genitive(entity, name[-1], pack), earlier) else kept


def _is_governed(title: str, name: list[str], pack: Pack) -> bool:
    """``(на встрече с) министром Зуевым``: a title right of a preposition, in the case of the name behind it."""
    kind = pack.class_of(stem(title))
    return kind not in (None, "body") and len(name) > 1 and pack.nominative_name(name, None) != " ".join(name)


def _is_of_title(before: list[str], pack: Pack) -> bool:
    """``head of the Tula``: whether the words before a noun are a title and what it is the title of."""
    of = next((i for i in range(len(before) - 1, 0, -1) if before[i].lower() in pack.prepositions), 0)
    return of > 0 and pack.class_of(before[of - 1].lower()) not in (None, "body", "person", "anyone")


def _is_name(word: str, pack: Pack) -> bool:
    return word[:1].isupper() and not word.isupper() and stem(word) not in NATIONS and not pack.is_title(word.lower())


def _as_tokens(words: str) -> list[Token]:
    return [token for token in sentence_tokens(words, Sentence(0, len(words), [])) if token.kind == "w"] or [
        Token(0, 0, "", "", "p")
    ]
