"""The one query language of searches and watches, and the matcher of watches.

Words are found in any form. ``"In quotation marks"``: exactly these forms, one after the other. Capitals (two or more,
no lower-case letter): only where the text has the acronym. ``-word``: not where the text has the word. ``or`` between
alternatives; without it all words must be there. A word that stands twice counts once. ``analyst.search_query`` in the
database reads a query in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.errors import SearchTooLong
from pipeline.language.analyser import AnalysedWord
from pipeline.language.morphology import query_lemmas
from pipeline.language.normalise import fold_word, is_acronym, visible_text, written_words

_ITEM = re.compile('(-?)(?:"([^"]*)"?|([^ \t\r\n"]+))')
QUOTATION_MARKS = "\u201c\u201d\u201e\u00ab\u00bb"
_Part = TypeVar("_Part")
_marks = str.maketrans(QUOTATION_MARKS, '"' * len(QUOTATION_MARKS))

MOST_CHARACTERS, MOST_WORDS = 2_000, 200
"""How long a query may be; ``analyst.search_query`` has the same limits."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Forms that must follow each other exactly."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyForm:
    """A word in any form: one of these lemmas must be there."""

    lemmas: frozenset[str]


@dataclass(frozen=True, slots=True)
class Acronym:
    """A word that must be written as an acronym."""

    name: str


Term = Phrase | AnyForm | Acronym
TextKey = str | Phrase | Acronym
"""What a text can be looked up by: a lemma, a form (a phrase of one), an acronym."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must be in a text, and what must not."""

    wanted: tuple[Term, ...]
    unwanted: tuple[tuple[Term, ...], ...] = ()
    """Of each of these at least one term must be missing."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Alternatives, of which one is enough. Without any it matches nothing."""

    alternatives: tuple[AllOf, ...]

    def wants_words(self) -> bool:
        """Whether each alternative names something that must be there."""
        return bool(self.alternatives) and all(group.wanted for group in self.alternatives)


def parse_query(words: str) -> SearchQuery:
    """Read a query; what has no word in it asks for nothing. SearchTooLong if there are too many words or characters.

    Whatever else is typed is understood.
    """
    if len(words) > MOST_CHARACTERS:
        raise SearchTooLong(
            f"the search has {len(words)} characters, and at most {MOST_CHARACTERS} are taken: leave words out"
        )
    groups: list[tuple[list[Term], list[tuple[Term, ...]]]] = [([], [])]
    number = 0
    for minus, quoted, bare in (found.groups() for found in _ITEM.finditer(visible_text(words).translate(_marks))):
        if bare is not None and not minus and fold_word(bare) == "or":
            groups.append(([], []))
            continue
        written = [word for word, _ in written_words(quoted if bare is None else bare)]
        number += len(written)
        terms = _phrase(written) if bare is None else _distinct(map(_term, written))
        wanted, unwanted = groups[-1]
        if minus and terms:
            unwanted.append(terms)
        elif terms:
            wanted.extend(terms)
    if number > MOST_WORDS:
        raise SearchTooLong(f"the search has {number} words, and at most {MOST_WORDS} are taken: leave some out")
    alternatives = (AllOf(_distinct(wanted), _distinct(unwanted)) for wanted, unwanted in groups if wanted or unwanted)
    return SearchQuery(_distinct(alternatives))


def _distinct(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    return tuple(dict.fromkeys(parts))


def _phrase(written: Iterable[str]) -> tuple[Term, ...]:
    forms = [fold_word(part) for word in written for part in word.split("-")]
    return (Phrase(tuple(forms)),) if forms else ()


def _term(word: str) -> Term:
    return Acronym(fold_word(word).replace("-", "")) if is_acronym(word) else AnyForm(query_lemmas(word))


class AnalysedText:
    """A text prepared for being matched against many queries."""

    def __init__(self, tokens: Sequence[AnalysedWord]) -> None:
        self.keys: set[TextKey] = set()
        self._forms = [token.form for token in tokens]
        for token in tokens:
            self.keys.update(token.lemmas, map(Acronym, token.acronyms), [Phrase((token.form,))])

    def contains(self, term: Term) -> bool:
        """Whether a term is in the text."""
        if isinstance(term, AnyForm):
            return not self.keys.isdisjoint(term.lemmas)
        if isinstance(term, Acronym) or len(term.forms) == 1:
            return term in self.keys
        size = len(term.forms)
        first = term.forms[0]
        return any(
            form == first and tuple(self._forms[at : at + size]) == term.forms for at, form in enumerate(self._forms)
        )

    def contains_all(self, group: AllOf) -> bool:
        """Whether all that is wanted is in the text, and nothing that is not."""
        return all(map(self.contains, group.wanted)) and not any(
            all(map(self.contains, terms)) for terms in group.unwanted
        )

    def matches(self, query: SearchQuery) -> bool:
        """Whether the text is a hit of the query."""
        return any(map(self.contains_all, query.alternatives))


def index_keys(group: AllOf) -> Collection[TextKey]:
    """The keys of which a text that matches the group has at least one; empty if any text can match."""
    if not group.wanted:
        return ()
    first = group.wanted[0]
    if isinstance(first, AnyForm):
        return first.lemmas
    return (first,) if isinstance(first, Acronym) else (Phrase(first.forms[:1]),)
