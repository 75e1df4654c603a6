"""Where and when something was said: words between an English speaker and the verb that are no part of his name."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.en import phrases, words
from pipeline.quotes.text.tokens import Token

_NOUNS = word_set(
    "visit visits trip tour talks meeting meetings summit conference briefing forum session hearing interview speech "
    "address rally ceremony event call conversation negotiations consultations appearance broadcast programme program "
    "show debate reception dinner press-conference sidelines eve sitting parade exhibition remarks rostrum anniversary "
    "inauguration signing opening gathering lecture congress festival march protest vote stop stay flight inspection "
    "exercises teleconference videoconference start end beginning close course phone telephone video-link link "
    "arrival return departure way margins statement"
)
"""Nouns for where or when something is said."""
_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb aug sept oct nov dec"
)
_MOST = 4
_LONGEST_DATE = 6
_WHERE = word_set("in at on during following amid from within outside inside near across")
"""Prepositions that say where or when something was said."""
_THEN = word_set("after before since until")
"""Prepositions that are conjunctions too: their clause has a subject of its own."""
_NOT_WHERE = word_set("as than like including per regarding concerning about")
"""Prepositions that never say where or when something was said."""
_DOING = word_set("speaking attending visiting addressing opening commenting answering appearing touring taking")
"""Participles of what somebody does while he speaks."""
_OPENS_PLACE = word_set(
    "new los las san santa saint st sri hong abu tel nizhny veliky south north east west el la buenos rio cape kuala "
    "addis phnom saudi sierra costa puerto united ulan"
)
"""First words of names of places that have two."""


def before_date(tokens: list[Token], at: int) -> int:
    """The token left of the day that ends with token ``at`` (``on May 5``); ``at`` itself if none does."""
    left = at
    while left > max(0, at - _LONGEST_DATE) and (
        tokens[left].low in _MONTHS or tokens[left].text.isdigit() or tokens[left].low in words.DAYS
    ):
        left -= 1
    dated = left < at and any(token.low in _MONTHS or token.low in words.DAYS for token in tokens[left + 1 : at + 1])
    if not dated or tokens[left].low not in ("on", "in"):
        return at
    return left - 1 if left else at


def without_occasion(tokens: list[Token], named: Indices) -> Indices | None:
    """``X during a visit to Hanoi``: who speaks, without where and when; ``named`` is the phrase before the verb.

    None where it is only where something was that speaks (``a letter found in the house said``).
    """
    start = named[0]
    for _ in range(_MOST):
        at = _before_circumstance(tokens, start)
        earlier = phrases.noun_phrase_left(tokens, at) if at >= 0 else None
        if earlier is None:
            break
        if _speaks(tokens[slice(*earlier)]):
            return earlier
        start = earlier[0]
    if at >= 0 and not _speaks(tokens[slice(*named)]):
        return None
    return _after_place(tokens, named) or (named[0], _end(tokens, named))


def _before_circumstance(tokens: list[Token], start: int) -> int:
    """The token left of the preposition that governs the phrase at ``start``; -1 if that is no where or when."""
    at = start - 1 - (tokens[start].text.isdigit() and tokens[start - 1].low in _MONTHS)
    while at > 0 and tokens[at].low in words.DETERMINERS:
        at -= 1
    if at < 1 or tokens[at].kind != "w" or tokens[at].low not in words.PREPOSITIONS - _NOT_WHERE:
        return -1
    occasion = any(token.low in _NOUNS and not token.capital for token in tokens[at + 1 : start + 4])
    held = tokens[at - 1].low in _NOUNS
    if not (tokens[at].low in _WHERE or occasion or held) or tokens[at].low in _THEN and not occasion:
        return -1
    at = before_date(tokens, at - 1)
    while at > 0 and (tokens[at].low in words.DAYS or _does(tokens, at) or tokens[at].low == "ahead"):
        at -= 1
        at -= tokens[at].low == "on"
    return at


def _does(tokens: list[Token], at: int) -> bool:
    """``X speaking``: a participle right of whoever does it."""
    return tokens[at].low in _DOING and tokens[at - 1].kind == "w" and tokens[at - 1].low not in words.DETERMINERS


def _speaks(named: list[Token]) -> bool:
    """Whether a phrase can be who speaks and is no occasion or day."""
    head = _head(named)
    if head.low in _NOUNS or head.low in words.TIMES:
        return False
    return head.capital or head.low in words.CLASSES or head.low in words.PRONOUNS or head.low in words.PLURALS


def _head(named: list[Token]) -> Token:
    return next((named[i - 1] for i, token in enumerate(named) if i and token.low in words.PREPOSITIONS), named[-1])


def _after_place(tokens: list[Token], named: Indices) -> Indices | None:
    """``In Geneva Ivan Somov``: the name right of a place that opens the clause."""
    start, end = named
    before = tokens[start - 1] if start else None
    if before is None or before.low not in ("in", "at", "from") or end - start < 2:
        return None
    fronted = start < 2 or tokens[start - 2].kind != "w" or tokens[start - 2].low in words.TIMES
    if not fronted or not all(token.capital for token in tokens[start:end]):
        return None
    size = 2 if tokens[start].low in _OPENS_PLACE else 1
    return (start + size, end) if end - start > size else None


def _end(tokens: list[Token], named: Indices) -> int:
    """Where a phrase for one person ends, without the occasion inside of it (``the mayor on a trip to Tula``)."""
    start, end = named
    for i in range(start + 1, end - 1):
        if tokens[i].low in _DOING and tokens[i - 1].capital and not tokens[i].capital:
            return i
        if tokens[i].low not in _WHERE:
            continue
        head, near = tokens[i - 1], tokens[i + 1 : min(end, i + 4)]
        one = _head(tokens[start:i])
        occasion = any(token.low in _NOUNS and not token.capital for token in near)
        if occasion and (one.capital or one.low in words.CLASSES) and head.low not in _NOUNS:
            return i
    return end
