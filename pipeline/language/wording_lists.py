"""The form of a language's word lists for linking; the lists stand in ``en/wording.py`` and ``ru/wording.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words of one language in lower case, in any form unless a field says otherwise."""

    contractions: tuple[tuple[str, str], ...] = ()
    """Regular expressions for shortened spellings, and the full words."""
    expansions: Mapping[str, str] = field(default_factory=dict)
    """From an abbreviation or alternative spelling, as folded, to one usual form, which may be several words."""
    empty: frozenset[str] = frozenset()
    """Words that say nothing of what is spoken about: articles, pronouns, auxiliary verbs, particles."""
    formula_words: frozenset[str] = frozenset()
    """Words of which formulas of press conferences are made; they weigh little."""
    formulas: tuple[str, ...] = ()
    """Beginnings of stock sentences, as regular expressions: officials say them anew every few days."""
    negations: frozenset[str] = frozenset()
    """Words that negate their clause, folded and in all their forms."""
    denials: tuple[str, ...] = ()
    """Regular expressions for saying that what follows or precedes is not so, or is only claimed by others."""
    that: frozenset[str] = frozenset()
    """Words that open the clause which another one denies or reports."""
    not_that: frozenset[str] = frozenset()
    """Words after which one of ``that`` opens another kind of clause, folded."""
    affirmations: frozenset[str] = frozenset()
    """Words by which a speaker asserts the clause that follows with ``that``, folded and in all their forms."""
    negating_prefixes: tuple[str, ...] = ()
    """What makes a word its contrary."""
    conditions: tuple[str, ...] = ()
    """Regular expressions for the opening of a clause that says when or on which condition."""
    corrections: frozenset[str] = frozenset()
    """Words that set a second figure against a first (``now``, ``but``), folded."""
    joints: frozenset[str] = frozenset()
    """Words that open another clause without a comma."""
    clause_joints: frozenset[str] = frozenset()
    """Words that, after a comma, may join a clause which could stand as a sentence."""
    strong_joints: frozenset[str] = frozenset()
    """Those that do so without a comma."""
    subordinators: frozenset[str] = frozenset()
    """Words that open a clause which could not."""
    relatives: frozenset[str] = frozenset()
    """Those that do so behind a preposition too, in all their forms."""
    prepositions: frozenset[str] = frozenset()
    """Prepositions that a relative clause may begin with."""
    awaiting: frozenset[str] = frozenset()
    """Words that, at the end of a clause, need the one that follows: "независимо от того, чей это мост"."""
    open_after_joint: frozenset[str] = frozenset()
    """Those of them that may follow a joint: "but if they ask, we will come"."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Number words by their dictionary form or, where a language inflects little, as written."""
    multipliers: Mapping[str, float] = field(default_factory=dict)
    """Words that multiply the number before them."""
    percent: str = ""
    """The word for the sign."""
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    relative_days: tuple[str, ...] = ()
    """Yesterday, today, tomorrow."""
    places: tuple[tuple[str, ...], ...] = ()
    """Groups of names that stand for one power: a country, its capital, the seat of its government."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that reporters and translators exchange."""
    opposites: tuple[tuple[str, ...], ...] = ()
    """Pairs of words that turn a sentence into its contrary."""


@dataclass(frozen=True, slots=True)
class LanguageOfWords:
    """The word lists of a language with what its morphology says; words are folded."""

    lists: WordLists
    stem_of: Callable[[str], str]
    may_be_name: Callable[[str], bool]
    is_noun: Callable[[str], bool]
    has_predicate: Callable[[Sequence[str], bool], bool]
    has_subject: Callable[[Sequence[str], bool], bool]


def word_groups(listed: str) -> tuple[tuple[str, ...], ...]:
    """Groups of words, separated by semicolons: how lists of synonyms and opposites are written."""
    return tuple(tuple(group.split()) for group in listed.split(";"))
