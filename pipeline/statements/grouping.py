"""Which quotes report the same utterance (clustering). Pure: groups and their ids follow from the set of quotes alone.

Two quotes report one utterance when the same speaker says the same words in both, wholly or as a part, and they
appeared close together in time; where the day of the words is not known, only if they are many and the same. Order of
arrival, batches and machines do not matter: :func:`group_quotes` sees a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pipeline import ids
from pipeline.records import LinkedQuote, Statement, StoredQuote

SPAN = timedelta(hours=72)
"""A report later than this after the first one is another utterance: officials repeat their phrases every few days."""

SHORT_WORDS, SHORT_CHARACTERS = 4, 20
"""Quotes below either ("No", "we are ready") are anybody's words: they join only in one article or on one day."""

LONG_WORDS = 8
"""From this length on, the same words in two articles are one utterance even if an article names no speaker."""

PART_WORDS = 3
"""The fewest words that count as a part of a longer quote in the same article."""

WHOLE_WORDS, WHOLE_SHARE = 250, 0.1
"""A sentence is not the speech it comes from: a longer whole needs a part of at least this share of it."""

_GRAM = SHORT_WORDS


@dataclass(frozen=True, slots=True)
class _ComparedQuote:
    """What linking compares of a quote."""

    id: str
    article: str
    known: str | None
    """Key of the speaker that the article names; None if it names none."""
    at: datetime | None
    """When it was published; None if the day of its words is not known."""
    seen: datetime
    words: str
    length: int

    @property
    def order(self) -> tuple[bool, datetime, str]:
        """Dated quotes in their order, then the others in that in which they were seen."""
        return self.at is None, self.at or self.seen, self.id

    @property
    def short(self) -> bool:
        return self.length < SHORT_WORDS or len(self.words) < SHORT_CHARACTERS


def speaker_key(quote: StoredQuote) -> str | None:
    """Who spoke, as linking compares it: the roster id, else the name as the article has it, else None."""
    if quote.speaker_id:
        return f"id:{quote.speaker_id}"
    return f"name:{quote.speaker_name}" if quote.speaker_name else None


def group_quotes(quotes: Iterable[StoredQuote]) -> list[Statement]:
    """All statements that the quotes report, in order of their ids; every quote is in exactly one."""
    found: list[Statement] = []
    for said in _by_stance(quotes):
        speakers = _speakers(said)
        for component in _components(said, _strict(said, speakers)):
            found.extend(_statement(members) for members in _cut(component, speakers))
    return sorted(found, key=lambda statement: statement.id)


def affected_quote_ids(quotes: Iterable[StoredQuote], seeds: Iterable[str]) -> set[str]:
    """Ids of those of ``quotes`` whose grouping the seeds can change, the seeds included.

    Calling :func:`group_quotes` on the result gives these quotes the same statements as calling it on all quotes.
    """
    wanted = set(seeds)
    reached: set[str] = set()
    for said in _by_stance(quotes):
        for component in _components(said, _loose(said)):
            members = {one.id for one in component}
            if members & wanted:
                reached |= members
    return reached


def _by_stance(quotes: Iterable[StoredQuote]) -> list[list[_ComparedQuote]]:
    """The quotes of each stance: a denial is never one statement with an assertion of the same words."""
    found: dict[str, list[_ComparedQuote]] = defaultdict(list)
    for quote in quotes:
        found[quote.stance].append(_said(quote))
    return list(found.values())


def _said(quote: StoredQuote) -> _ComparedQuote:
    words = ids.normalised_words(quote.text)
    key, length = speaker_key(quote), len(words.split())
    return _ComparedQuote(quote.id, quote.article_id, key, quote.published_at, quote.seen_at, words, length)


def _contains(whole: _ComparedQuote, part: _ComparedQuote) -> bool:
    return part.length < whole.length and f" {part.words} " in f" {whole.words} "


def _near(one: _ComparedQuote, other: _ComparedQuote) -> bool:
    """Whether their days, as far as they have one, allow both to be one utterance."""
    return one.at is None or other.at is None or abs(one.at - other.at) <= SPAN


_Pair = tuple[_ComparedQuote, _ComparedQuote]
_Owner = Callable[[_ComparedQuote], str | None]


def _classes(said: Iterable[_ComparedQuote], key: Callable[[_ComparedQuote], object]) -> list[list[_ComparedQuote]]:
    """The quotes with one key each, in order of time."""
    found: dict[object, list[_ComparedQuote]] = defaultdict(list)
    for one in sorted(said, key=lambda one: one.order):
        found[key(one)].append(one)
    return list(found.values())


def _strict(said: Sequence[_ComparedQuote], speakers: Mapping[str, str | None]) -> Iterator[_Pair]:
    """Enough pairs to connect all quotes of one utterance, and no others."""
    yield from _exact(said, lambda one: speakers[one.id])
    yield from _parts_across(said)
    yield from ((part, whole) for part, whole in _parts_in_article(said) if speakers[part.id] == speakers[whole.id])


def _loose(said: Sequence[_ComparedQuote]) -> Iterator[_Pair]:
    """Enough pairs to connect all quotes that can decide on one another, whoever the speakers are."""
    yield from _exact(said, lambda _: None)
    yield from _parts_across(said)
    yield from _parts_in_article(said)


def _exact(said: Sequence[_ComparedQuote], owner: _Owner) -> Iterator[_Pair]:
    """Neighbours in time among the quotes with the same words and owner that may be one utterance."""
    for own in _classes(said, lambda one: (one.words, owner(one), one.article)):
        yield from pairwise(own)
    for own in _classes((one for one in said if one.length >= LONG_WORDS), lambda one: (one.words, owner(one))):
        yield from (pair for pair in pairwise(own) if pair[1].at is not None and _near(*pair))
        yield from ((own[0], one) for one in own[1:] if one.at is None)
    few = (one for one in said if one.length < LONG_WORDS and one.known is not None and one.at is not None)
    for own in _classes(few, lambda one: (one.words, one.known)):
        yield from ((one, other) for one, other in pairwise(own) if _same_occasion(one, other))


def _same_occasion(one: _ComparedQuote, other: _ComparedQuote) -> bool:
    if one.at is None or other.at is None:
        return False
    return one.at.date() == other.at.date() if one.short else _near(one, other)


def _parts_in_article(said: Iterable[_ComparedQuote]) -> Iterator[_Pair]:
    """Pairs (part, whole) within one article."""
    for members in _classes(said, lambda one: one.article):
        for part in members:
            if part.length >= PART_WORDS:
                yield from ((part, whole) for whole in members if _contains(whole, part))


def _parts_across(said: Iterable[_ComparedQuote]) -> Iterator[_Pair]:
    """Pairs (part, whole) of any articles that name the same speaker and have a day, near in time."""
    dated = (one for one in said if one.known is not None and one.at is not None)
    for members in _classes(dated, lambda one: one.known):
        texts = {own[0].words: own for own in _classes(members, lambda one: one.words)}
        grams = _grams(texts)
        for parts in texts.values():
            yield from _wholes(parts, texts, grams)


def _grams(texts: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    """Which texts have four given words in a row: a part can only lie where its own first four stand."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in texts:
        words = text.split()
        for gram in {tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1)}:
            found[gram].append(text)
    return found


def _wholes(
    parts: Sequence[_ComparedQuote],
    texts: Mapping[str, list[_ComparedQuote]],
    grams: Mapping[tuple[str, ...], list[str]],
) -> Iterator[_Pair]:
    """Pairs of each of ``parts``, which have the same words, with the longer quotes that hold them."""
    part = parts[0]
    if part.short:
        return
    for text in grams.get(tuple(part.words.split()[:_GRAM]), ()):
        whole = texts[text][0]
        if not _contains(whole, part):
            continue
        if whole.length > WHOLE_WORDS and part.length < WHOLE_SHARE * whole.length:
            continue
        yield from ((one, other) for one in parts for other in texts[text] if _near(one, other))


def _speakers(said: Sequence[_ComparedQuote]) -> dict[str, str | None]:
    """The speaker of each quote, by quote id: a quote without a speaker gets the one who says the same elsewhere.

    Elsewhere is the same article, or any article near in time if the words are long. If there are two such speakers,
    it gets none.
    """
    hints: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_same_words(said), *_parts_in_article(said)):
        for unknown, known in ((one, other), (other, one)):
            if unknown.known is None and known.known is not None:
                hints[unknown.id].add(known.known)
    found = {one.id: one.known for one in said}
    return found | {quote: next(iter(keys)) for quote, keys in hints.items() if len(keys) == 1}


def _same_words(said: Iterable[_ComparedQuote]) -> Iterator[_Pair]:
    """Pairs (unknown, known) with the same words, in one article or long and near in time."""
    for members in _classes(said, lambda one: one.words):
        known = [one for one in members if one.known is not None]
        for one in members:
            if one.known is None:
                long = one.length >= LONG_WORDS
                yield from ((one, o) for o in known if one.article == o.article or (long and _near(one, o)))


def _components(said: Sequence[_ComparedQuote], pairs: Iterable[_Pair]) -> list[list[_ComparedQuote]]:
    """The quotes that pairs connect, directly or through others."""
    parent = {one.id: one.id for one in said}

    def root(quote: str) -> str:
        while parent[quote] != quote:
            parent[quote] = parent[parent[quote]]
            quote = parent[quote]
        return quote

    for one, other in pairs:
        parent[root(one.id)] = root(other.id)
    return _classes(said, lambda one: root(one.id))


def _cut(component: Sequence[_ComparedQuote], speakers: Mapping[str, str | None]) -> Iterator[list[_ComparedQuote]]:
    """The utterances of a component: each holds the quotes within SPAN of its first report that are still connected."""
    rest = sorted(component, key=lambda one: one.order)
    while rest:
        first = rest[0]
        near = [one for one in rest if _near(first, one)]
        if len(near) < len(rest):
            near = next(own for own in _components(near, _strict(near, speakers)) if first in own)
        yield near
        taken = {one.id for one in near}
        rest = [one for one in rest if one.id not in taken]


def _statement(members: Sequence[_ComparedQuote]) -> Statement:
    ordered = sorted(members, key=lambda one: one.order)
    founding = ordered[0]
    linked = [LinkedQuote(founding.id, "founding", 1.0)]
    linked += [_linked(one, ordered) for one in ordered[1:]]
    return Statement(ids.statement_id(founding.id), founding.id, tuple(linked))


def _linked(one: _ComparedQuote, members: Sequence[_ComparedQuote]) -> LinkedQuote:
    """``score``: the share of the words that the quote has in common with the founding one, else the nearest one."""
    founding = members[0]
    if one.words == founding.words:
        return LinkedQuote(one.id, "exact", 1.0)
    share = _share(one, founding) or max(_share(one, other) for other in members if other is not one)
    return LinkedQuote(one.id, "truncated", round(share, 4))


def _share(one: _ComparedQuote, other: _ComparedQuote) -> float:
    part, whole = (one, other) if one.length < other.length else (other, one)
    if part.words == whole.words:
        return 1.0
    return part.length / whole.length if _contains(whole, part) else 0.0
