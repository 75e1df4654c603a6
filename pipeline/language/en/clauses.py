"""English clauses, as far as their words show that they could stand as a sentence; all words are folded."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.lexicon import word_set

_PREDICATES = word_set(
    "is are was were be been has have had do does did will would shall should can could may might must cannot "
    "arose became began bought brought built came did drew fell flew found gave got grew heard held kept knew "
    "led left "
    "lost made meant met paid put ran said sat saw sent set showed shot sold spent spoke stood swore taught thought "
    "told took threw understood went withdrew won wrote "
    "asks becomes begins believes brings calls comes continues costs expects goes grows has hopes insists "
    "keeps knows "
    "lasts leads makes means needs remains says seems shows stays takes thinks wants works agree ask believe "
    "continue expect hope insist keep know need see think understand want work"
)
_SUBJECTS = word_set(
    "i we you he she it they this these those there nobody none no nothing everybody everyone everything somebody "
    "someone all both neither each every that"
)
_DETERMINERS = word_set("the a an our my your his her its their another any some most many few")
_RELATIVES = word_set("who which whose whom where")
_NO_SUBJECTS = word_set("to not then even also now of in on at by for with")


def _is_predicate(word: str) -> bool:
    """Whether a word may be a finite verb, which makes a clause of the words around it."""
    return (
        word in _PREDICATES
        or (len(word) > 4 and word.endswith("ed"))
        or word.endswith(("n't", "'ll", "'ve", "'re", "'m", "'d"))
        or word in ("it's", "that's")
    )


def has_predicate(words: Sequence[str], surely: bool) -> bool:
    """Whether one of the words makes a clause of them; ``surely``: wherever it stands, not only behind a subject."""
    if any(map(_is_predicate, words)):
        return True
    return not surely and words[0] in _SUBJECTS | _DETERMINERS and any(word.endswith("s") for word in words[2:])


def has_subject(words: Sequence[str], joined: bool) -> bool:
    """Whether words that may be a clause begin with its subject; behind a joining word that may be any noun."""
    first = words[0].split("'")[0]
    if first in _SUBJECTS:
        return first != "that" or joined
    if joined:
        return first not in _NO_SUBJECTS and not _is_predicate(words[0])
    return first in _DETERMINERS and _RELATIVES.isdisjoint(words)
