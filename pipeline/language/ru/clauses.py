"""Russian clauses, as far as their words show that they could stand as a sentence; all words are folded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.language.lexicon import word_set
from pipeline.language.ru.morphology import dictionary

_SUBJECTS = word_set("я мы ты вы он она оно они это никто ничто кто-то все всё каждый никакой")
_NO_VERBS = word_set("есть нет пора нельзя можно нужно надо")


@lru_cache(maxsize=50_000)
def _is_predicate(word: str) -> bool:
    """Whether a word makes a clause of the words around it: a finite verb or a short form."""
    if word in _NO_VERBS:
        return True
    return any(
        it.tag.POS in ("VERB", "PRTS", "ADJS", "PRED") and "impr" not in it.tag for it in dictionary().parse(word)
    )


@lru_cache(maxsize=50_000)
def _may_be_subject(word: str) -> bool:
    return word in _SUBJECTS or any(
        it.tag.POS in ("NOUN", "NPRO", "NUMR") and it.tag.case == "nomn" for it in dictionary().parse(word)
    )


def has_predicate(words: Sequence[str], surely: bool) -> bool:
    """Whether one of the words makes a clause of them; ``surely``: a verb or short form, and no adjective."""
    if words[0] == "их" and any(word[0].isdigit() for word in words):
        return True
    return any(map(_is_predicate, words)) or (not surely and len(words) > 2 and _may_be_said_of(words[-1]))


@lru_cache(maxsize=50_000)
def _may_be_said_of(word: str) -> bool:
    tag = dictionary().parse(word)[0].tag
    return bool(tag.POS == "ADJF" and tag.case == "nomn")


def has_subject(words: Sequence[str], joined: bool) -> bool:
    """Whether some of the words may be the subject of a clause; behind a joining word it may be left out."""
    return any(_may_be_subject(word) for word in words) or (joined and has_predicate(words, True))
