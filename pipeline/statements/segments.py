"""Cuts quotes into segments: sentence-sized pieces, the unit of which statements are made. Pure and versioned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline import ids
from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.records import Span, StoredQuote
from pipeline.statements.clauses import clause_bounds
from pipeline.statements.normal_form import NormalForm, normal_form

VERSION = "2"
"""Raised whenever the same quote may be cut in another way, or its segments get other ids."""

_END = re.compile(r"[.!?…。！？]+[)\]»”\"'’]*\s+|\n+|\s*<\s*(?:\.{2,3}|…)\s*>\s*|\s*[(\[]\s*(?:\.{2,3}|…)\s*[)\]]\s*")
_ELISION = re.compile("…|\\.{3}|\\.\\.")
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_OPENS = re.compile(r"[«“„\"'‘(\[—–-]*\s*")
_FEWEST_BEFORE_ELISION = 4
"""Words on both sides of an ellipsis within a sentence from which on it joins two segments."""
_FEWEST = 2
"""Words with content below which a piece is no segment of its own, if it has a neighbour."""
LEAST_OF_CLAUSE = 6.0
"""Weight without names below which a clause stays with its neighbour: nobody could tell whose words it is."""


@dataclass(frozen=True, slots=True)
class LinkableQuote:
    """A quote with what linking needs to know of the article around it."""

    quote: StoredQuote
    start: int = 0
    """Where it begins in its article's text."""
    turn: bool = False
    """Whether it is a turn of a transcript or interview, which the article gives in full."""
    version: str = ""
    """Which version of the article it stands in; equal for quotes of one version."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-sized piece of a quote. Its id follows from the quote's id and its own words."""

    id: str
    of: LinkableQuote
    start: int
    """In the quote's text, in code points."""
    end: int
    form: NormalForm

    @property
    def text(self) -> str:
        return self.of.quote.text[self.start : self.end]

    @property
    def at(self) -> datetime | None:
        return self.of.quote.published_at

    @property
    def order(self) -> tuple[bool, datetime, str]:
        """Dated segments in the order of their articles, then the others in that in which they were seen."""
        quote = self.of.quote
        return quote.published_at is None, quote.published_at or quote.seen_at, self.id


def cut_quotes(quotes: Iterable[LinkableQuote]) -> list[Segment]:
    """The segments of all quotes, in order of their ids."""
    forms: dict[tuple[str, str, str], NormalForm] = {}

    def form_of(text: str, lang: str, type_: str) -> NormalForm:
        key = (text, lang, type_)
        if key not in forms:
            forms[key] = normal_form(text, lang, spoken=type_ != "indirect")
        return forms[key]

    return sorted((one for quote in quotes for one in segments_of(quote, form_of)), key=lambda one: one.id)


def segments_of(linkable: LinkableQuote, form_of: Callable[[str, str, str], NormalForm]) -> Iterator[Segment]:
    """The segments of one quote in their order; one that has no words has one segment."""
    quote, seen = linkable.quote, Counter[str]()
    sentences = _joined(quote, _pieces(quote.text), form_of)
    for start, end in (clause for sentence in sentences for clause in _clauses(quote, sentence, form_of)):
        form = form_of(quote.text[start:end], quote.lang, quote.type)
        words = " ".join(form.words)
        seen[words] += 1
        yield Segment(ids.content_digest("segment", quote.id, words, str(seen[words])), linkable, start, end, form)


def _pieces(text: str) -> list[Span]:
    """The sentences of a text, without the space around them."""
    bounds, start = [], 0
    for found in _END.finditer(text):
        if _ends_here(text, start, found):
            bounds.append((start, found.end()))
            start = found.end()
    bounds.append((start, len(text)))
    return [trimmed for piece in bounds if (trimmed := _trimmed(text, piece)) is not None]


def _ends_here(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a mark that may end a sentence does."""
    before, after = text[start : found.start()], text[found.end() :]
    if not before.strip() or not after.strip() or "\n" in found[0]:
        return bool(before.strip() and after.strip())
    if any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]")):
        return False
    opening = _OPENS.match(after)
    following = after[opening.end() :] if opening else after
    if _ELISION.search(found[0]) and not following[:1].isupper():
        return len(before.split()) >= _FEWEST_BEFORE_ELISION and len(after.split()) >= _FEWEST_BEFORE_ELISION
    if not (following[:1].isupper() or following[:1].isdigit()):
        return False
    last = _LAST_WORD.search(before) if found[0].startswith(".") else None
    if last is None:
        return True
    word = last[1]
    initial = len(word) == 1 and word.isupper()
    return not initial and not (
        word.lower() in EVERY_LANGUAGE.abbreviations and following.split()[0] not in EVERY_LANGUAGE.sentence_openers
    )


def _clauses(quote: StoredQuote, sentence: Span, form_of: Callable[[str, str, str], NormalForm]) -> list[Span]:
    """The sentence, or its clauses if each of them says enough to be recognised elsewhere."""
    found: list[Span] = []
    begun = sentence[0]
    for start, end in clause_bounds(quote.text, sentence, quote.lang):
        if found and not (
            _says_enough(quote, (begun, found[-1][1]), form_of) and _says_enough(quote, (start, sentence[1]), form_of)
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        begun = found[-1][0]
    return found


def _says_enough(quote: StoredQuote, clause: Span, form_of: Callable[[str, str, str], NormalForm]) -> bool:
    form = form_of(quote.text[slice(*clause)], quote.lang, quote.type)
    return form.substance >= LEAST_OF_CLAUSE and len(form.weights) >= _FEWEST


def _trimmed(text: str, piece: Span) -> Span | None:
    words = text[slice(*piece)]
    bare = words.strip()
    if not any(letter.isalnum() for letter in bare):
        return None
    start = piece[0] + words.index(bare)
    return start, start + len(bare)


def _joined(quote: StoredQuote, pieces: list[Span], form_of: Callable[[str, str, str], NormalForm]) -> list[Span]:
    """The pieces, those of next to no words with the one before them (the first: after it)."""
    if not pieces:
        return [(0, len(quote.text))]
    found: list[Span] = []
    waiting: int | None = None
    for start, end in pieces:
        little = len(form_of(quote.text[start:end], quote.lang, quote.type).weights) < _FEWEST
        if little and found:
            found[-1] = (found[-1][0], end)
        elif little and waiting is None:
            waiting = start
        elif not little:
            found.append((start if waiting is None else waiting, end))
            waiting = None
    return found or [(pieces[0][0], pieces[-1][1])]
