"""English words for unnamed people in which a name only says to whom they are close (``a friend of X``)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en.names import class_of, is_title, name_in
from pipeline.quotes.languages.en.words import DETERMINERS
from pipeline.quotes.text.tokens import Token

_NEAR = word_set(
    "friend friends ally allies associate associates relative relatives supporter supporters critic critics member "
    "members employee employees colleague colleagues confidant confidants insider insiders person people someone "
    "somebody anyone staffer staffers staff neighbor neighbour neighbors neighbours follower followers opponent "
    "opponents rival rivals acquaintance acquaintances biographer assistant assistants bodyguard lawyer lawyers "
    "attorney "
    "attorneys son daughter wife husband brother sister father mother widow nephew cousin representative "
    "representatives official officials aide aides adviser advisers advisor advisors source sources campaigner "
    "loyalist "
    "loyalists spokesman spokeswoman spokesperson secretary subordinate subordinates successor predecessor deputy "
    "deputies diplomat diplomats lawmaker lawmakers"
)
"""Words for people by whom they belong to."""
_GOVERNING = word_set("of to for with by in from at near around behind about inside within")
_WITHIN = DETERMINERS | {"and", "or"}
"""What stands before a name, beside titles and other names, that the same word governs."""
_STATE = word_set("state defense defence war")
"""What a secretary in office is the secretary of."""
_LONGEST_PLACE = 3
_NO_PARTICIPLES = word_set(
    "during morning evening meeting briefing hearing gathering building training sitting opening king thing something "
    "anything everything nothing"
)


def is_unnamed_speaker(words: list[Token], gender: str | None) -> bool:
    """Whether the name in the words is governed by a preposition after such a word and so is not who speaks."""
    del gender
    near = next((i for i in range(len(words)) if not (i and words[i].capital) and _may_govern(words, i)), None)
    if near is None:
        return False
    head = next((i for i in range(near + 1, len(words)) if _governs_name(words, near, i)), None)
    if head is None or head + 1 == len(words) or any(word.capital for word in words[near + 1 : head]):
        return False
    if words[near].low == "secretary" and words[head].low == "of" and words[head + 1].low in _STATE:
        return False
    if any(word.low.endswith(("'s", "s'")) and word.capital for word in words[head:]):
        return True
    found = name_in(words)
    if found is None or found[0] <= head or found[1] - found[0] >= _LONGEST_PLACE:
        return False
    before = found[0] - 1
    if _at_place(words, before):
        return False
    while before > head and (words[before].capital or words[before].low in _WITHIN or is_title(words[before].low)):
        before -= 1
    return before == head or words[before].low in _GOVERNING


def _at_place(words: list[Token], last: int) -> bool:
    """``in Vienna``: whether the words up to ``last`` are where somebody is who is named right of them."""
    place = last
    while place > 0 and words[place].capital and not is_title(words[place].low):
        place -= 1
    return place < last and words[place].low in ("in", "at")


def _governs_name(words: list[Token], near: int, i: int) -> bool:
    """``to``; ``defending`` right of the word for people."""
    return words[i].low in _GOVERNING or i == near + 1 and is_participle(words[i])


def is_participle(word: Token) -> bool:
    """``defending``: a lower-case form that may describe the word before it."""
    return word.kind == "w" and word.text.endswith("ing") and not word.capital and word.low not in _NO_PARTICIPLES


def means_people(word: Token) -> bool:
    """Whether a word means a person, or several: by what he is, or by whom he belongs to."""
    return _is_people(word.low)


def _may_govern(words: list[Token], i: int) -> bool:
    described = i + 1 < len(words) and means_people(words[i]) and is_participle(words[i + 1])
    return described or words[i].low in _NEAR or class_of(words[i].low) in ("source", "person", "anyone")


def owner_of(before: Sequence[str], name: str, after: Sequence[str]) -> str | None:
    """See the pack: "" for ``Zuev's former deputy`` and ``the deputy of Zuev``, else None."""
    if name.endswith(("'s", "’s", "s'", "s’")):
        described = takewhile(str.islower, (word.rstrip(".,") for word in after[:_LONGEST_PLACE]))
        return "" if any(map(_is_people, described)) else None
    return "" if len(before) > 1 and before[-1] in ("of", "for", "to") and _is_people(before[-2]) else None


def _is_people(word: str) -> bool:
    """Whether a lower-case word means a person, or several."""
    return word in _NEAR or any(class_of(one) not in (None, "body") for one in (word, word.removesuffix("s")))
