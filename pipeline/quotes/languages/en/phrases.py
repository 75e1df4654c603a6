"""English noun phrases beside a cue, found without a parser: the words that name the speaker."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.en import cues, words
from pipeline.quotes.languages.en.documents import LETTERS, SEEN, STUDIES
from pipeline.quotes.languages.en.verbs import FORMS
from pipeline.quotes.text.tokens import Token

_LONGEST = 18
_STOPS = words.CONJUNCTIONS | words.FINITE | FORMS | words.NEGATIONS | word_set("there ago later asked")
_COORDINATING = word_set("and or")
_NOT_NOUNS = _STOPS | words.PREPOSITIONS | words.ADVERBS | words.DETERMINERS
_COUNTS = word_set("two three four five other")
_AUTHORED = words.DOCUMENTS | LETTERS | STUDIES
"""What is by somebody."""
_TRIMMED = words.ADVERBS | words.DAYS | word_set("on in at and but")


def noun_phrase_left(tokens: list[Token], at: int) -> Indices | None:
    """The noun phrase that ends with token ``at``."""
    token = tokens[at]
    if token.kind != "w" or (token.low in _STOPS or token.low in words.PREPOSITIONS or token.low in words.ADVERBS):
        return None
    if token.low in words.PRONOUNS:
        return (at, at + 1)
    start = at
    while start > 0 and at - start < _LONGEST and _joins(tokens, start - 1):
        start -= 1
    start = _trimmed(tokens, start, at)
    return (start, at + 1) if start <= at else None


def _joins(tokens: list[Token], i: int) -> bool:
    """Whether token ``i`` belongs to the phrase that continues right of it."""
    token = tokens[i]
    if token.kind == "p":
        return token.text in "&/." and i > 0 and tokens[i - 1].capital and token.end == tokens[i + 1].start
    if token.kind != "w" or (token.low in _STOPS and token.low not in _COORDINATING) or token.low in words.PRONOUNS:
        return False
    following = tokens[i + 1]
    if token.low in _COORDINATING:
        return i > 0 and tokens[i - 1].capital and (following.capital or following.low in words.TITLES)
    if token.low in words.PREPOSITIONS:
        return token.low in words.NP_LINKS and i > 0 and _nounlike(tokens[i - 1]) and not _name_ends(tokens, i - 1)
    counted = token.low == "the" and following.low in _COUNTS and i + 2 < len(tokens) and _nounlike(tokens[i + 2])
    if (
        following.low in words.DETERMINERS
        and not counted
        or (token.low in cues.CUES and token.low not in cues.NOUN_LIKE and not token.capital)
    ):
        return False
    if token.low.endswith(("ed", "ing")) and not token.capital and following.capital:
        return False
    return not (token.low in words.DAYS and token.capital)


def _nounlike(token: Token) -> bool:
    return token.kind == "w" and (token.capital or token.low not in _NOT_NOUNS)


def _name_ends(tokens: list[Token], i: int) -> bool:
    """A lower-case verb right before the preposition: ``lives in Moscow``."""
    return tokens[i].low.endswith(("ed", "ing")) and not tokens[i].capital


def _trimmed(tokens: list[Token], start: int, last: int) -> int:
    while start <= last and (tokens[start].low in _TRIMMED or (start < last and tokens[start].low.endswith("ly"))):
        start += 1
    return start


def noun_phrase_right(tokens: list[Token], at: int) -> Indices | None:
    """The noun phrase that begins with token ``at``, up to a mark, a comma or a verb."""
    end = at
    while end < len(tokens) and end - at < _LONGEST and _continues(tokens, at, end):
        end += 1
    while end > at and (tokens[end - 1].low in words.PREPOSITIONS or tokens[end - 1].low in words.DETERMINERS):
        end -= 1
    if end == at:
        return None
    first = tokens[at]
    fits = first.capital or first.low in words.DETERMINERS or first.low in words.PRONOUNS or first.low in words.TITLES
    return (at, end) if fits or _nounlike(first) else None


def _continues(tokens: list[Token], start: int, i: int) -> bool:
    token = tokens[i]
    if token.kind == "p":
        joint = token.text in "&/." and start < i < len(tokens) - 1 and tokens[i - 1].capital
        return joint and (tokens[i + 1].start == token.end)
    if token.kind != "w" or (i > start and token.low in cues.CUES and not token.capital and not _noun(tokens, i)):
        return False
    if i > start and tokens[start].low in words.PRONOUNS:
        return False
    if token.low in _STOPS:
        return token.low in _COORDINATING and i + 1 < len(tokens) and tokens[i - 1].capital and tokens[i + 1].capital
    if token.low in words.PREPOSITIONS:
        if token.low == "by" and i > start and any(one.low in _AUTHORED for one in tokens[start:i]):
            return tokens[i - 1].low not in SEEN
        return i > start and token.low in words.NP_LINKS and not _dated(tokens, i)
    return not (i > start and (token.low in words.DAYS or token.low in words.ADVERBS))


def _noun(tokens: list[Token], i: int) -> bool:
    """A form of saying that is a noun here: ``a report``, ``two recent polls``."""
    before = tokens[i - 1]
    return tokens[i].low in cues.NOUN_LIKE and not before.capital and before.low not in words.PRONOUNS


def _dated(tokens: list[Token], i: int) -> bool:
    """``on Friday``, ``in an interview``, ``at a briefing``: said there, not part of a name."""
    following = [token.low for token in tokens[i + 1 : i + 4]]
    return bool(following) and (
        following[0] in words.DAYS
        or following[0] in ("a", "an")
        or (
            tokens[i].low != "of"
            and any(
                word in ("interview", "statement", "briefing", "conference", "meeting", "response")
                for word in following
            )
        )
    )
