"""Names of agencies and papers in a Russian sentence: in marks or not, with a domain, in any case form."""

from __future__ import annotations

import re

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru.morph import is_personal_name
from pipeline.quotes.languages.ru.outlet_names import is_outlet_word, named_length
from pipeline.quotes.languages.ru.words import TITLES
from pipeline.quotes.text.tokens import Token

_DOMAINS = (
    "ру рф ru su com net org info инфо media медиа news life live press today online fm tv тв ua by kz md am az ge uz "
    "eu uk io lv ee"
)
_DOMAIN = re.compile(rf"[\w-]+\.(?:{_DOMAINS.replace(' ', '|')})", re.IGNORECASE)
_ENDINGS = frozenset(_DOMAINS.split())
_KINDS = frozenset(
    stem(word)
    for word in "агентство информагентство газета издание журнал портал телеканал радиостанция радио сайт таблоид "
    "телекомпания еженедельник канал паблик медиа медиахолдинг".split()
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
_NUMERAL = frozenset("IVX")
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
    while end < min(len(tokens), i + _LONGEST) and _is_call_sign(tokens[end]):
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
    within = any(outlet_end(tokens, j) > i for j in range(max(0, i - _LONGEST + 1), i))
    if outlet_end(tokens, i) == i or within or before.low.startswith(_OWNED_BY):
        return False
    if tokens[i].kind == "q":
        return True
    return not (before.capital and before.text.isupper()) and not is_outlet_word(before.low)


def stands_apart(tokens: list[Token], i: int) -> bool:
    """Whether marks or Latin letters at ``i``, right of a person's name, begin the name of something else."""
    if i == 0 or not (tokens[i].kind == "q" or is_latin(tokens[i])) or not is_personal_name(tokens[i - 1]):
        return False
    named_on = i + 1 < len(tokens) and is_personal_name(tokens[i + 1]) and not tokens[i + 1].text.isascii()
    return not tokens[i - 1].text.isascii() and not named_on


def relayed_until(tokens: list[Token], named: Indices) -> int:
    """Where whose words are relayed ends before who relays them (``слова министра Interfax``), at a mark or the end."""
    start, end = named
    if end < len(tokens) and tokens[end].kind != "p":
        return end
    for j in range(start + 1, end):
        before = tokens[j - 1]
        if before.low.startswith(_OWNED_BY):
            continue
        marked = tokens[j].kind == "q" and not before.capital and stem(before.low) in TITLES
        latin = all(map(is_latin, tokens[j:end])) and not before.text.isascii()
        if marked or latin or outlet_end(tokens, j) == end:
            return j
    return end


def relay_end(tokens: list[Token], i: int) -> int:
    """One past an outlet at ``i``, or past marks or Latin letters, which name one where something is relayed."""
    end = outlet_end(tokens, i)
    if end == i and i < len(tokens) and tokens[i].kind == "q" and len(tokens[i].text.split()) <= _LONGEST:
        return i + 1
    while i <= end < min(len(tokens), i + _LONGEST) and is_latin(tokens[end]):
        end += 1
    return end


def may_relay(tokens: list[Token], span: Indices) -> bool:
    """Whether the words can be nothing but whoever printed something: marks, Latin letters, an outlet, a writer."""
    words = tokens[slice(*span)]
    marked = len(words) == 1 and words[0].kind == "q" or all(token.kind == "p" or is_latin(token) for token in words)
    return marked or only_outlets(tokens, span) or _is_kind(words[0]) or is_reporter(words[0])


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
    """``газета``, also in a compound (``интернет-издание``, ``Telegram-канал``)."""
    first, _, last = token.low.rpartition("-")
    return token.kind == "w" and stem(last) in _KINDS and (not token.capital or first.isascii() and first != "")


def _named(tokens: list[Token], i: int) -> int:
    """One past an outlet's own name at ``i``."""
    if i >= len(tokens):
        return i
    token = tokens[i]
    if token.kind == "q":
        words = token.text.strip('"«»“”„ ').lower().split()
        known = bool(words) and len(words) <= _LONGEST and all(map(is_outlet_word, words))
        known = known or bool(words) and named_length(words, marked=True) == len(words)
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
    if token.capital or token.text[0].isdigit():
        end = max(
            end, i + named_length([one.text for one in tokens[i : i + _LONGEST] if one.kind == "w"], marked=False)
        )
    return end if end > first else i


def is_latin(token: Token) -> bool:
    """A capitalised word in Latin letters or a number, not that of a king: a part of a foreign outlet's name."""
    foreign = token.kind == "w" and token.text.isascii() and (token.capital or token.text.isdigit())
    return foreign and not set(token.text) <= _NUMERAL


def _is_call_sign(token: Token) -> bool:
    """A word after the kind of an outlet that can only be its name: in Latin letters or in capitals."""
    return is_latin(token) or token.kind == "w" and token.text.isupper() and len(token.text) > 1


def _is_name(token: Token, *, alone: bool) -> bool:
    """Whether a token is a word of an outlet's name: common words only within a longer one or as a kind of outlet."""
    if token.kind == "q":
        words = token.text.strip('"«»“”„ ').lower().split()
        return not alone and bool(words) and all(map(is_outlet_word, words))
    return (
        token.kind == "w"
        and is_outlet_word(token.low)
        and (token.capital or _is_kind(token) or not token.text.isalpha())
    )


def _dotted(tokens: list[Token], i: int) -> bool:
    """``Газета.ру``: a capitalised word, a dot and a domain without spaces."""
    if not tokens[i].capital or i + 2 >= len(tokens) or tokens[i + 1].text != ".":
        return False
    tight = tokens[i].end == tokens[i + 1].start and tokens[i + 1].end == tokens[i + 2].start
    return tight and tokens[i + 2].low in _ENDINGS
