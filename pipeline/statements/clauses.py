"""Where a sentence joins two things said, each of which could stand as a sentence of its own. Pure.

One outlet prints "The truce holds, but the mines remain", another makes two sentences of it: both must be cut alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.language.normalise import fold_word, visible_text
from pipeline.language.wording import Wording, wording_of
from pipeline.records import Span

_BREAK = re.compile(r"(?P<mark>[,;])\s+(?:[–—-]\s+)?|\s+")
_INNER = re.compile(r"[,;:]\s|\s[–—-]\s")
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))
_FEWEST_WORDS = 2
_BEFORE_RELATIVE = 3
"""Words of a clause among which the preposition of its relative word stands: "in which", "one of whom"."""
_COPULA = re.compile(r"\w\s+[–—]\s+\w")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,]*|%")


def clause_bounds(text: str, sentence: Span, lang: str) -> list[Span]:
    """The clauses of a sentence, in their order, without the words that join them; one if nothing parts it."""
    wording = wording_of(lang)
    start, end = sentence
    bounds, begun = [], start
    for left_end, right_start in _breaks(text, sentence, wording):
        left, right = text[begun:left_end], text[right_start:end]
        joined = len(text[left_end:right_start].strip(" ,;")) > 0
        if _stands_alone(left, wording, joined=joined) and not _one_count(left, right, wording):
            bounds.append((begun, left_end))
            begun = right_start
    return [*bounds, (begun, end)]


def _breaks(text: str, sentence: Span, wording: Wording) -> Iterator[Span]:
    """The ends of what may be one clause with the starts of the next, behind the word that joins the two."""
    lists = wording.lists
    for found in _BREAK.finditer(text, *sentence):
        mark, begins, end = found["mark"], found.end(), sentence[1]
        word = _WORD.match(text, begins, end)
        joined = word is not None and fold_word(word[0]) in (lists.clause_joints if mark else lists.strong_joints)
        if not joined and mark is None:
            continue
        if joined and word is not None:
            begins = word.end()
            while begins < end and (text[begins].isspace() or text[begins] in ",:"):
                begins += 1
        inner = _INNER.search(text, begins, end)
        clause = _words(text[begins : inner.start() if inner else end])
        if _is_clause(clause, wording, joined=joined, parted=mark == ";"):
            yield found.start(), begins


def _words(text: str) -> list[str]:
    return [fold_word(word) for word in _WORD.findall(visible_text(text))]


def _is_clause(words: list[str], wording: Wording, *, joined: bool, parted: bool) -> bool:
    """Whether what follows a break is asserted for itself, with a subject and a predicate."""
    if len(words) < _FEWEST_WORDS:
        return False
    if words[0] in wording.lists.subordinators:
        return joined and words[0] in wording.lists.open_after_joint
    if _is_relative(words, wording):
        return False
    return (parted or wording.has_subject(words, joined)) and wording.has_predicate(words, True)


def _is_relative(words: list[str], wording: Wording) -> bool:
    """Whether words begin as a clause of the noun before them does: "in which", "some of whom", "в чьей смете"."""
    pairs = pairwise(words[: _BEFORE_RELATIVE + 1])
    return any(one in wording.lists.prepositions and two in wording.lists.relatives for one, two in pairs)


def _stands_alone(left: str, wording: Wording, *, joined: bool) -> bool:
    """Whether what precedes a break is a whole clause, and neither a condition of what follows nor parted from it."""
    words = _words(left)
    if (
        len(words) < _FEWEST_WORDS
        or words[-1] in wording.lists.awaiting
        or not (_COPULA.search(left) or wording.has_predicate(words, False))
    ):
        return False
    inner = left.lstrip("«“„\"'‘ ")
    if any(inner.count(opening) > inner.count(closing) for opening, closing in _PAIRS):
        return False
    *before, last = _INNER.split(left)
    opening = _words(last) or [""]
    subordinate = opening[0] in wording.lists.subordinators - wording.lists.that
    subordinate = subordinate or wording.conditions.match(" ".join(opening)) is not None
    return not subordinate or (joined and bool(before))


def _one_count(left: str, right: str, wording: Wording) -> bool:
    """Whether the right side only corrects the figure of the left: "sixty per cent, and today already eighty"."""
    mine, yours = _words(left), _words(right)
    counted = [any(word[0].isdigit() or word in wording.numbers for word in words) for words in (mine, yours)]
    return all(counted) and not wording.lists.corrections.isdisjoint([*mine, *yours])
