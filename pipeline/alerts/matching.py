"""Match statements against watches. Pure: no database, no clock, no mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.alerts.courtesies import is_courtesy
from pipeline.alerts.wordforms import base_forms, folded_words
from pipeline.records import Watch

Phrase = tuple[frozenset[str], ...]
"""The base forms of each word of a phrase, in order."""


@dataclass(frozen=True, slots=True)
class WatchCandidate:
    """What of a statement is matched: its speakers (roster ids) and the words of each report of it."""

    speakers: tuple[str, ...]
    texts: tuple[str, ...]


def phrase_of(text: str) -> Phrase:
    """The text as base forms, for comparison; empty if there is no word in it."""
    return tuple(base_forms(word) for word in folded_words(text))


def contains_phrase(text: Sequence[frozenset[str]], phrase: Phrase) -> bool:
    """Whether the text contains all words of the phrase in a row, each in any form."""
    if not phrase:
        return False
    starts = range(len(text) - len(phrase) + 1)
    return any(all(word & text[at + n] for n, word in enumerate(phrase)) for at in starts)


class WatchMatcher:
    """Watches prepared for matching against many statements."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self._watches = [
            (watch, frozenset(watch.speakers), [phrase_of(text) for text in watch.words]) for watch in watches
        ]

    def matching_watches(self, candidate: WatchCandidate) -> list[Watch]:
        """The watches that match, in their own order: by any of their speakers or phrases.

        If all texts are courtesies such as ``Thank you, the next question``, none matches.
        """
        if candidate.texts and all(is_courtesy(text) for text in candidate.texts):
            return []
        texts = [phrase_of(text) for text in candidate.texts] if any(phrases for _, _, phrases in self._watches) else []
        return [
            watch
            for watch, speakers, phrases in self._watches
            if speakers.intersection(candidate.speakers)
            or any(contains_phrase(text, phrase) for phrase in phrases for text in texts)
        ]
