"""Whether a text names nobody and no place: then its president or premier is that of the country whose news it is."""

from __future__ import annotations

import re

from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quotes.speakers.entities import ArticleEntities

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_SAID = re.compile(r"[«\"“][^«»\"“”]*[»\"”]")
_FEWEST_SAID = 3
"""Fewer words in marks are the name of something and not what was said, which may mention any organisation."""
_SENTENCE_ENDS = frozenset(".!?\n")


def names_nothing(entities: ArticleEntities) -> bool:
    """Whether text and headline name nobody, no organisation, no place and no other year: nothing but outlets."""
    if entities.names_nothing is None:
        entities.names_nothing = not entities.by_key and _all_ordinary(entities)
    return entities.names_nothing


def _all_ordinary(entities: ArticleEntities) -> bool:
    text = f"{entities.title or ''}\n{entities.text}"
    if any(entities.day is None or int(year) != entities.day.year for year in _YEAR.findall(text)):
        return False
    text = _SAID.sub(lambda said: said.group() if len(said.group().split()) < _FEWEST_SAID else "", text)
    return all(_is_ordinary(entities, text, match) for match in _WORD.finditer(text))


def _is_ordinary(entities: ArticleEntities, text: str, match: re.Match[str]) -> bool:
    """Whether a word is an outlet's name or a title, or a common noun that means no organisation."""
    pack, word, low = entities.pack, match.group(), match.group().lower()
    if low in pack.bylines:
        return True
    if "body" in (pack.class_of(low), pack.class_of(stem(low))) or stem(word) in NATIONS:
        return False
    return pack.is_title(low) or word.islower() or _opens(text, match.start()) and pack.is_common(word)


def _opens(text: str, at: int) -> bool:
    """Whether offset ``at`` begins a sentence or words in marks, so that a capital shows nothing."""
    before = text[max(0, at - 4) : at].rstrip(" \u00a0")
    return before[-1:] in ("", '"', "“", "«") or before[-1] in _SENTENCE_ENDS
