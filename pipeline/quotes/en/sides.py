"""What does not belong to a reported English clause at its edges."""

from __future__ import annotations

from pipeline.quotes.en import words as w
from pipeline.quotes.en.verbs import finite
from pipeline.quotes.lexicon import words as lexicon
from pipeline.quotes.pack import Indices
from pipeline.quotes.text import Token

_OWN_DEEDS = frozenset(("gave", "offered", "declined", "refused", "provided", "did", "stopped"))
_TRAILING = frozenset(("but", "and", "while", "though"))
_LEADING = lexicon("and but so that")
_WORKS = lexicon(
    "book books show program programme podcast film movie song album novel column article essay series play magazine "
    "newspaper report memoir poem documentary broadcast talk-show newsletter blog website"
)
_SMALL_IN_TITLES = lexicon("a an and as at but by de for from in nor of on or so the to up vs with yet")
_RELATIVE = frozenset(("who", "which", "that", "whose", "where"))
_CIRCUMSTANCES = lexicon("who whose when after as asked while which where whom a an citing")


def sides(tokens: list[Token], start: int, end: int) -> Indices:
    """``[start, end)`` without dateline, leading conjunction and trailing circumstance."""
    start = _after_dateline(tokens, start, end)
    while start < end and (tokens[start].kind == "p" or tokens[start].low in _LEADING):
        start += 1
    while end > start and (
        (tokens[end - 1].kind == "p" and tokens[end - 1].text not in "%$") or tokens[end - 1].low in _TRAILING
    ):
        end -= 1
    return start, end


def _after_dateline(tokens: list[Token], start: int, end: int) -> int:
    """``MOSCOW, Dec 7 (PRIME) -- The ...``: the words before the dash name place and day."""
    if start >= end or not tokens[start].capital:
        return start
    for j in range(start + 1, min(end, start + 12)):
        token = tokens[j]
        if token.text in ("—", "/") and (token.text == "—" or tokens[j - 1].text == "."):
            head = tokens[start:j]
            place = head[0].text.isupper() and len(head[0].text) > 2
            agency = any(token.kind == "b" for token in head) or place
            return j + 1 if agency else start
        if token.kind == "w" and not token.capital and not token.text.isdigit():
            return start
    return start


def goes_on(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a clause follows the comma after ``he said``, and not a circumstance of the saying or an apposition."""
    first = tokens[start]
    if first.low in _CIRCUMSTANCES or first.low.endswith("ing") or first.low in w.PREPOSITIONS:
        return False
    if first.text.isdigit() and start + 1 < end and tokens[start + 1].text == ",":
        return False
    for i in range(start, end):
        token = tokens[i]
        if token.kind == "q":
            return True
        if token.low in _RELATIVE and i > start:
            return False
        if finite(token.low, capital=token.capital) and not _reduced(tokens, i):
            return True
    return False


def _reduced(tokens: list[Token], i: int) -> bool:
    """``the talks, held this year``: a participle, not the verb of a clause."""
    return i > 0 and tokens[i - 1].text == "," and (tokens[i].low.endswith("ed") or tokens[i].low in ("held", "made"))


def report_end(tokens: list[Token], start: int, relative: bool) -> int:
    """The end of the sentence, or where the teller is the subject again (``..., but gave no evidence``)."""
    for j in range(start, len(tokens) - 2):
        if tokens[j].text == "," and tokens[j + 1].low == "but" and tokens[j + 2].low in _OWN_DEEDS:
            return j
    return _relative_end(tokens, start) if relative else len(tokens)


def _relative_end(tokens: list[Token], start: int) -> int:
    """The comma after which the main verb follows; the end of the sentence if there is none."""
    for j in range(start, len(tokens) - 1):
        following = tokens[j + 1]
        past = following.low.endswith("ed") and not following.capital
        if tokens[j].text == "," and (
            following.low in w.FINITE or following.low in w.CUES or past or following.low in w.ADVERBS
        ):
            return j
    return len(tokens)


def is_report(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a clause stands left of ``he said``: a verb, or enough words that begin like a clause."""
    start, end = sides(tokens, start, end)
    words = [token for token in tokens[start:end] if token.kind in "wq"]
    if any(token.low in w.FINITE or token.kind == "q" for token in words):
        return True
    if any(token.low.endswith("ed") and not token.capital for token in words[1:]):
        return True
    opening = w.PREPOSITIONS | w.ADVERBS | w.SUBORDINATORS
    return len(words) >= 5 and words[0].low not in opening and words[-1].low != "ago"


def is_circumstance(tokens: list[Token], start: int, end: int) -> bool:
    """``In contrast``, ``Recently``, ``On Tuesday``."""
    start, end = sides(tokens, start, end)
    if start >= end:
        return True
    first = tokens[start].low
    return first in w.PREPOSITIONS | w.ADVERBS | w.SUBORDINATORS or first.endswith(("ly", "ing"))


def is_work(tokens: list[Token], at: int) -> bool:
    """``on Fox's "Hannity"``, ``in his book "An Island"``: few words, written as titles are, after such words."""
    words = tokens[at].text.strip("\"“”«»'` ").split()
    if not words or len(words) > 7 or words[-1][-1] in "!?" or at == 0:
        return False
    titled = all(word[:1].isupper() or word[:1].isdigit() or word in _SMALL_IN_TITLES for word in words)
    before = tokens[at - 1]
    if before.text == "," and at > 1 and tokens[at - 2].low in _WORKS:
        return titled
    return titled and (before.low in _WORKS or before.low in w.PREPOSITIONS or before.low.endswith(("'s", "s'")))
