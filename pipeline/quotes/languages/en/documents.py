"""Letters, statements, reports and the like: whose they are, as the English words for a speaker say it."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.language.nations import NATION_WORDS
from pipeline.quotes.languages.en import names
from pipeline.quotes.languages.en.outlets import is_outlet
from pipeline.quotes.languages.en.words import DAYS, DETERMINERS, PLURALS, POSSESSIVES, PREPOSITIONS, TIMES
from pipeline.quotes.text.tokens import Token

LETTERS = word_set(
    "letter letters statement statements decree memo memorandum note report reports declaration communique communiqué "
    "post tweet message release article column op-ed order document readout appeal petition complaint lawsuit affidavit"
)
"""What somebody writes, and so what it says are his words."""
SENT = word_set(
    "letter letters report reports memo memorandum decree order appeal petition complaint lawsuit affidavit document "
    "readout note"
)
"""Those of them that need not be of whoever speaks just then."""
STUDIES = word_set(
    "analysis tally poll polls survey study review estimate estimates count research data figures investigation "
    "calculations statistics forecast account report reports"
)
"""What somebody finds out and reports."""
_WRITTEN = word_set(
    "signed issued published written released sent prepared drafted authored posted compiled commissioned made "
    "circulated distributed"
)
_PRESS = word_set("service office department centre center")
SEEN = word_set("seen reviewed obtained viewed cited quoted shared provided leaked read carried found")
"""What others than its author do with a document."""
_NOT_OF_WHOM = word_set("to on about for in at over against regarding concerning with")
"""Prepositions of a document whose noun is not its sender."""


def sender_of(words: list[Token]) -> list[Token]:
    """Of the words for a document those that name whoever wrote it; none if they do not tell, or mean no document."""
    while words and words[0].low in DETERMINERS and words[0].low not in POSSESSIVES:
        words = words[1:]
    ends = (i for i, word in enumerate(words) if word.low in PREPOSITIONS or word.low in _WRITTEN or word.low in SEEN)
    head = next(ends, len(words)) - 1
    if head < 0 or words[head].capital or words[head].low not in LETTERS | STUDIES:
        return []
    owned = words[head].low in LETTERS and words[head].low != "document"
    return _right_of(words[head + 1 :]) or (_left_of(words[:head]) if owned else [])


def press_owner(words: list[Token]) -> list[Token]:
    """``the Bridge Ministry's press service``, ``the press office of the ministry``: whose it is."""
    head = next((i for i in range(1, len(words)) if words[i - 1].low == "press" and words[i].low in _PRESS), None)
    if head is None:
        return []
    following = words[head + 1 :]
    owner = following[1:] if following and following[0].low in ("of", "at") else words[: head - 1]
    while owner and owner[0].low in DETERMINERS:
        owner = owner[1:]
    return owner


def _right_of(words: list[Token]) -> list[Token]:
    """``from X``, ``signed by X``, ``by X to Y``."""
    by = next((i for i, word in enumerate(words) if word.low in ("by", "from")), None)
    if by is None and words and words[0].low == "of" and len(words) > 1 and words[1].capital:
        by = 0
    if by is not None and by and words[by - 1].low in SEEN:
        return []
    if by is None or any(word.low in _NOT_OF_WHOM for word in words[:by]) and words[by].low == "from":
        return []
    named = words[by + 1 :]
    end = next((i for i, word in enumerate(named) if i and word.low in _NOT_OF_WHOM), len(named))
    return named[:end] if _is_somebody(named[:end]) else []


def _left_of(words: list[Token]) -> list[Token]:
    """``X's``, ``his``, ``the foreign ministry``: words before the word for a document."""
    if words and words[0].low in POSSESSIVES:
        return words[:1]
    owner = next((i for i, word in enumerate(words) if word.low.endswith(("'s", "s'"))), None)
    if owner is not None:
        named = words[: owner + 1]
        return named if _is_somebody(named) else []
    last = words[-1] if words else None
    if last is None or is_outlet(words) or last.low in NATION_WORDS:
        return []
    return words if last.capital and last.low not in DAYS or names.class_of(last.low) == "body" else []


def _is_somebody(named: list[Token]) -> bool:
    """Whether words mean people or an organisation, and neither a day nor a thing."""
    if not named or any(word.low.removesuffix("'s") in TIMES for word in named):
        return False
    head = next((named[i - 1] for i, word in enumerate(named) if i and word.low in PREPOSITIONS), named[-1])
    low = head.low.removesuffix("'s").removesuffix("s'")
    return (
        head.capital or low in PLURALS or any(names.class_of(one) is not None for one in (low, low.removesuffix("s")))
    )
