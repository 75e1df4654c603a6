"""Which words of a text a query matched: what a page marks in a hit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.language.analyser import AnalysedWord, analyse_text
from pipeline.language.normalise import WORD_CHARACTERS
from pipeline.language.query import Acronym, AnyForm, Phrase, SearchQuery, Term

_inner = "['\u2019\u2018\u02bc\u00ad\u0300-\u036f\u200b-\u200f\u2010\u2011-]"
_written = re.compile(f"[{WORD_CHARACTERS}]+(?:{_inner}+[{WORD_CHARACTERS}]+)*")


def matching_spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """The words of the text that the query asks for, as half-open spans of code points, in order.

    Each word is looked at both as a sentence's first and as one within it, so a name may be marked where only the
    common noun was asked for: this says where to look, not whether the text matches.
    """
    terms = {term for group in query.alternatives for term in group.wanted}
    words = [(found.span(), _readings(found[0])) for found in _written.finditer(text)] if terms else []
    marked: set[tuple[int, int]] = set()
    for term in terms:
        if isinstance(term, Phrase):
            marked.update(_phrase_spans(term, words))
        else:
            marked.update(span for span, tokens in words if _has(term, tokens))
    return _joined(sorted(marked))


def _readings(word: str) -> list[AnalysedWord]:
    """The tokens of a word, as the first of a sentence and as one within it."""
    return [*analyse_text(word), *analyse_text(f"a {word}")[1:]]


def _has(term: Term, tokens: Sequence[AnalysedWord]) -> bool:
    if isinstance(term, AnyForm):
        return any(not term.lemmas.isdisjoint(token.lemmas) for token in tokens)
    return isinstance(term, Acronym) and any(term.name in token.acronyms for token in tokens)


def _phrase_spans(
    phrase: Phrase, words: Sequence[tuple[tuple[int, int], list[AnalysedWord]]]
) -> Iterator[tuple[int, int]]:
    """The spans from the first to the last word wherever the forms stand in a row."""
    flat = [(span, token.form) for span, tokens in words for token in tokens[: len(tokens) // 2]]
    size = len(phrase.forms)
    for at in range(len(flat) - size + 1):
        if tuple(form for _, form in flat[at : at + size]) == phrase.forms:
            yield flat[at][0][0], flat[at + size - 1][0][1]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with overlapping ones made one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
