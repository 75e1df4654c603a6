"""Is an article on the beat? The roster's names and the beat's words, in the title and the first three paragraphs.

All phrases are compiled into one table by the first letters of their first word, so that a judgement costs one look-up
per word of the text, whatever the size of the roster. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.config.beat import Beat
from pipeline.config.speaker import RosterConfig
from pipeline.language.ru.name_forms import possible_case_forms
from pipeline.records import Article

PARAGRAPHS = 3
_LIMIT = 3000
"""Characters of one paragraph that are looked at: some pages are one paragraph long."""
_KEY = 3
ELSEWHERE = "xx"
"""The beat's words for languages that have none of their own."""
NEAR = 12
"""Words that may lie between the country and the affair."""

Kind = Literal["name", "term", "country", "affairs"]
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_CYRILLIC = re.compile("[\u0430-\u044f\u0451]")


class Judgement(NamedTuple):
    """Whether an article is on the beat, and the words that say so; empty if it is not."""

    relevant: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a phrase: its forms folded, or with ``prefix`` what it begins with."""

    forms: frozenset[str]
    prefix: bool
    capital: bool

    def fits(self, written: str, folded: str) -> bool:
        if self.capital and not written[:1].isupper():
            return False
        return any(map(folded.startswith, self.forms)) if self.prefix else folded in self.forms


class _Phrase(NamedTuple):
    kind: Kind
    text: str
    words: tuple[_Word, ...]
    language: str
    """Only in texts of this language; empty: in any."""

    def fits(self, written: list[str], folded: list[str]) -> bool:
        return len(written) == len(self.words) and all(
            word.fits(*pair) for word, pair in zip(self.words, zip(written, folded, strict=True), strict=True)
        )


class BeatMatcher:
    """The beat's words and the roster's names, compiled once for many articles."""

    def __init__(self, beat: Beat, names: Iterable[str]) -> None:
        """``names``: full names of speakers in the nominative, any language and script."""
        self._table: dict[str, list[_Phrase]] = defaultdict(list)
        self._languages = frozenset(beat.words)
        for name in dict.fromkeys(names):
            self._add("name", name)
        for language, words in beat.words.items():
            for term in words.terms:
                self._add("term", term)
            for term in words.country:
                self._add("country", term, language)
            for term in words.affairs:
                self._add("affairs", term, language)

    def judge(self, article: Article) -> Judgement:
        """Whether the title or one of the first three paragraphs holds a name or term, or country near affairs.

        Names and terms count in a text of any language; country and affairs only in a text of their language.
        """
        language = article.lang if article.lang in self._languages else ELSEWHERE
        for paragraph in (article.title, *article.text.split("\n", PARAGRAPHS)[:PARAGRAPHS]):
            last: dict[Kind, tuple[int, str]] = {}
            for place, kind, phrase in self._matches(paragraph[:_LIMIT], language):
                if kind in ("name", "term"):
                    return Judgement(True, f"{kind}: {phrase}")
                last[kind] = (place, phrase)
                if len(last) == 2 and abs(last["country"][0] - last["affairs"][0]) <= NEAR:
                    return Judgement(True, f"country and affairs: {last['country'][1]}, {last['affairs'][1]}")
        return Judgement(False)

    def _add(self, kind: Kind, text: str, language: str = "") -> None:
        words = tuple(_compiled(word, names=kind == "name") for word in text.split())
        for key in {form[:_KEY] for form in words[0].forms}:
            self._table[key].append(_Phrase(kind, text, words, language))

    def _matches(self, paragraph: str, language: str) -> Iterator[tuple[int, Kind, str]]:
        written = _WORD.findall(paragraph)
        folded = [_fold(word) for word in written]
        for place, word in enumerate(folded):
            for key in {word[:_KEY], word[:2], word[:1]}:
                for phrase in self._table.get(key, ()):
                    end = place + len(phrase.words)
                    if phrase.language in ("", language) and phrase.fits(written[place:end], folded[place:end]):
                        yield place, phrase.kind, phrase.text


def judge_relevance(article: Article, *, terms: Beat, roster_names: Iterable[str]) -> Judgement:
    """Whether one article is on the beat; for many articles keep a :class:`BeatMatcher`."""
    return _matcher(terms.model_dump_json(), tuple(roster_names)).judge(article)


@lru_cache(maxsize=4)
def _matcher(beat: str, names: tuple[str, ...]) -> BeatMatcher:
    return BeatMatcher(Beat.model_validate_json(beat), names)


def beat_names(roster: RosterConfig, beat: Beat) -> list[str]:
    """Every name, in both languages, of the roster's speakers that are on the beat.

    A speaker belongs to it if its own country, or that of an office ever held, is one of the beat's; or has none.
    """
    offices = {office.id: office for office in roster.offices}
    names: list[str] = []
    for speaker in roster.speakers:
        countries = {speaker.country} | {offices[t.office].country for t in speaker.offices if t.office in offices}
        countries.discard(None)
        if not countries or not countries.isdisjoint(beat.countries):
            names += [*speaker.all_names("en"), *speaker.all_names("ru")]
    return list(dict.fromkeys(names))


def _compiled(word: str, *, names: bool) -> _Word:
    prefix = word.endswith("*")
    folded = _fold(word.removesuffix("*"))
    forms = {folded} if prefix or not names else {folded, *possible_name_forms(folded)}
    return _Word(frozenset(forms), prefix, word[:1].isupper())


def possible_name_forms(word: str) -> set[str]:
    """The forms a name can take, from its nominative, in lower case; more than exist, never fewer stems.

    Latin words get the English possessive, which the word pattern keeps on the word.
    """
    return possible_case_forms(word) if _CYRILLIC.search(word) else {word, f"{word}'s", f"{word}'"}


def _fold(word: str) -> str:
    return word.casefold().replace("\u0451", "\u0435").replace("’", "'")
