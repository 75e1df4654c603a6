"""Names of agencies and papers in a Russian sentence: in marks or not, with a domain, in any case form."""

from __future__ import annotations

import re

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru.words import MEDIA, MEDIA_STEMS
from pipeline.quotes.text.tokens import Token

_DOMAIN = re.compile(r"[\w-]+\.(?:ру|рф|ru|su|com|net|org|info|tv|ua|by|kz|eu|uk)", re.IGNORECASE)
_ENDINGS = frozenset("ру рф ru su com net org info tv ua by kz eu uk".split())
_KINDS = frozenset(
    stem(word)
    for word in "агентство информагентство газета издание журнал портал интернет-портал телеканал радиостанция сайт "
    "телекомпания еженедельник канал".split()
)
"""Stems of the words that stand before the name of an outlet."""
_OWNED_BY = (
    "газет", "издани", "журнал", "агентств", "телеканал", "канал", "радио", "корр", "собеседник", "источник", "сайт",
    "обозрев", "редак",
)  # fmt: skip
"""How words begin before the outlet that they belong to."""
PRINTED = 8
"""Tokens at the start of a sentence that can say who printed what somebody said (``Как пишет X, ...``)."""
_LONGEST = 4
_REPORTERS = frozenset(
    stem(word) for word in "корреспондент корр спецкорреспондент спецкор обозреватель репортер колумнист".split()
)
"""Stems of the words for those who write for an outlet."""


def outlet_end(tokens: list[Token], i: int) -> int:
    """One past the name of an outlet that begins at ``i``, with the word for its kind; ``i`` if none begins there."""
    named = _named(tokens, i)
    if i >= len(tokens) or not _is_kind(tokens[i]):
        return named
    following = _named(tokens, i + 1)
    if following > i + 1:
        return following
    if i + 1 < len(tokens) and (tokens[i + 1].kind == "q" and len(tokens[i + 1].text.split()) <= _LONGEST):
        return i + 2
    end = i + 1
    while end < min(len(tokens), i + _LONGEST) and _is_latin(tokens[end]):
        end += 1
    return end if end > i + 1 else named


def only_outlets(tokens: list[Token], span: Indices) -> bool:
    """Whether the words are nothing but outlets."""
    i, end = span
    seen = False
    while i < end:
        after = outlet_end(tokens, i)
        if after > i:
            i, seen = after, True
        elif tokens[i].kind == "p" or tokens[i].low == "и":
            i += 1
        else:
            return False
    return seen


def is_addressed_outlet(tokens: list[Token], i: int) -> bool:
    """Whether an outlet at ``i`` is addressed (``заявил Иванов ТАСС``) and not an employer (``редактор ТАСС``)."""
    before = tokens[i - 1]
    if not (tokens[i].kind == "q" or before.capital or tokens[i].text.isupper()):
        return False
    if outlet_end(tokens, i) == i or outlet_end(tokens, i - 1) > i or before.low.startswith(_OWNED_BY):
        return False
    if tokens[i].kind == "q":
        return True
    return not (before.capital and before.text.isupper()) and not _known(before.low)


def is_reporter(token: Token) -> bool:
    """Whether a word means somebody who writes for an outlet."""
    return stem(token.low) in _REPORTERS


def writes_for_outlet(tokens: list[Token]) -> bool:
    """Whether the words name nobody but somebody who writes for an outlet (``корреспондент «Интерфакса»``)."""
    first = next((i for i, token in enumerate(tokens) if is_reporter(token)), None)
    if first is None or any(token.capital for token in tokens[:first]):
        return False
    return first + 1 < len(tokens) and only_outlets(tokens, (first + 1, len(tokens)))


def _is_kind(token: Token) -> bool:
    return token.kind == "w" and not token.capital and stem(token.low) in _KINDS


def _named(tokens: list[Token], i: int) -> int:
    """One past an outlet's own name at ``i``."""
    if i >= len(tokens):
        return i
    token = tokens[i]
    if token.kind == "q":
        words = token.text.strip('"«»“”„ ').lower().split()
        known = bool(words) and len(words) <= _LONGEST and all(_known(word) for word in words)
        return i + 1 if known or len(words) == 1 and _DOMAIN.fullmatch(words[0]) else i
    if token.kind != "w":
        return i
    if _dotted(tokens, i):
        return i + 3
    if token.text.isupper() and i + 1 < len(tokens) and tokens[i + 1].text == "RU":
        return i + 2
    first = end = i + (token.text == "The")
    while end < min(len(tokens), first + _LONGEST) and _is_name(tokens[end], alone=end == first):
        end += 1
    return end if end > first else i


def _is_latin(token: Token) -> bool:
    """A capitalised word in Latin letters or a number: a part of a foreign outlet's name."""
    return token.kind == "w" and token.text.isascii() and (token.capital or token.text.isdigit())


def _is_name(token: Token, *, alone: bool) -> bool:
    """Whether a token is a word of an outlet's name: common words only within a longer one or as a kind of outlet."""
    if token.kind == "q":
        words = token.text.strip('"«»“”„ ').lower().split()
        return not alone and bool(words) and all(_known(word) for word in words)
    return token.kind == "w" and _known(token.low) and (token.capital or _is_kind(token) or not token.text.isalpha())


def _dotted(tokens: list[Token], i: int) -> bool:
    """``Газета.ру``: a capitalised word, a dot and a domain without spaces."""
    if not tokens[i].capital or i + 2 >= len(tokens) or tokens[i + 1].text != ".":
        return False
    tight = tokens[i].end == tokens[i + 1].start and tokens[i + 1].end == tokens[i + 2].start
    return tight and tokens[i + 2].low in _ENDINGS


def _known(word: str) -> bool:
    return word in MEDIA or stem(word) in MEDIA_STEMS
