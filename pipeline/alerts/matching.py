"""Match statements against watches. Pure: no database, no clock, no mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.language.analyser import analyse_text
from pipeline.language.formulas import is_courtesy
from pipeline.language.query import AllOf, AnalysedText, TextKey, index_keys, parse_query
from pipeline.records import Passage, Watch


@dataclass(frozen=True, slots=True)
class WatchCandidate:
    """What of a statement is matched: its speakers (roster ids) and the words of each report of it."""

    speakers: tuple[str, ...]
    texts: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    """The quotes that begin with a report of it and go on."""


class WatchMatcher:
    """Watches prepared for matching against many statements: a text is held only against those that it may match."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self._watches = list(watches)
        self._by_speaker: defaultdict[str, list[int]] = defaultdict(list)
        self._by_key: defaultdict[TextKey, list[tuple[int, AllOf]]] = defaultdict(list)
        self._anywhere: list[tuple[int, AllOf]] = []
        for number, watch in enumerate(self._watches):
            for speaker in watch.speakers:
                self._by_speaker[speaker].append(number)
            for words in watch.words:
                for group in parse_query(words).alternatives:
                    self._add(number, group)

    def _add(self, number: int, group: AllOf) -> None:
        keys = index_keys(group)
        for key in keys:
            self._by_key[key].append((number, group))
        if not keys:
            self._anywhere.append((number, group))

    def matching_watches(self, candidate: WatchCandidate) -> list[Watch]:
        """The watches that match, in their own order: by any of their speakers, or by words that find any of the texts.

        Words find here what they find in a search: those that find a quote, but none of its sentences alone, match the
        statement with which it begins. No watch matches by its speaker if all texts are courtesies such as
        ``Thank you, the next question``.
        """
        found: set[int] = set()
        if not candidate.texts or not all(map(is_courtesy, candidate.texts)):
            found.update(number for speaker in candidate.speakers for number in self._by_speaker.get(speaker, ()))
        if self._by_key or self._anywhere:
            for text in candidate.texts:
                found |= self._matching_words(text)
            for passage in candidate.passages:
                alone = {number for sentence in passage.sentences for number in self._matching_words(sentence)}
                found |= self._matching_words(passage.text) - alone
        return [self._watches[number] for number in sorted(found)]

    def _matching_words(self, words: str) -> set[int]:
        text = AnalysedText(analyse_text(words))
        groups = [*self._anywhere, *(group for key in text.keys for group in self._by_key.get(key, ()))]
        return {number for number, group in groups if text.contains_all(group)}
