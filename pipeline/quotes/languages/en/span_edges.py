"""Trims a reported English clause (dateline, conjunction, circumstance) and finds where it ends."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import Attribution, Clause, Indices
from pipeline.quotes.languages.en import cues
from pipeline.quotes.languages.en.tails import is_aside
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    DETERMINERS,
    NEGATED_AUXILIARIES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)
from pipeline.quotes.text.tokens import Token

_OWN_DEEDS = word_set(
    "gave offered declined refused provided did stopped quoted urged downplayed criticized praised blamed accused "
    "thanked dismissed denounced cited pointed called defended refuses declines"
)
_TRAILING = frozenset(("but", "and", "while", "though"))
_LEADING = word_set("and but so that")
_WORKS = word_set(
    "book books show program programme podcast film movie song album novel column article essay series play magazine "
    "newspaper report memoir poem documentary broadcast talk-show newsletter blog website"
)
_SMALL_IN_TITLES = word_set("a an and as at but by de for from in nor of on or so the to up vs with yet")
_OPENINGS = PREPOSITIONS | ADVERBS | SUBORDINATORS
_RELATIVE = frozenset(("who", "which", "that", "whose", "where"))
_CIRCUMSTANCES = word_set("who whose when after as asked while which where whom a an citing")


def trim_reported_clause(tokens: list[Token], start: int, end: int) -> Indices:
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
    if (
        tokens[start].text.isupper()
        and len(tokens[start].text) > 2
        and start + 2 < end
        and tokens[start + 1].kind == "b"
    ):
        return start + 2
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


def goes_on(tokens: list[Token], start: int, end: int, attribution: Attribution) -> bool:
    """Whether a clause follows the comma after ``he said``, and not a circumstance of the saying or an apposition."""
    first = tokens[start]
    if first.low.endswith("ed") and not first.capital and start + 1 < end and tokens[start + 1].kind == "q":
        return False
    if first.low in _CIRCUMSTANCES or first.low.endswith("ing") or first.low in PREPOSITIONS:
        return False
    if first.text.isdigit() and start + 1 < end and tokens[start + 1].text == ",":
        return False
    if (
        first.low != "that"
        and _all_in_marks(tokens, attribution.start)
        and not any(token.kind == "q" for token in tokens[start : start + 2])
    ):
        return False
    if is_aside(tokens, start, end):
        return False
    for i in range(start, end):
        token = tokens[i]
        if token.kind == "q":
            return True
        if token.low in _RELATIVE and i > start:
            return False
        if is_finite_form(token.low, capital=token.capital) and not _reduced(tokens, i):
            return True
    return False


def _all_in_marks(tokens: list[Token], at: int) -> bool:
    """Whether marks right before token ``at`` hold all that was said: no other words stand before them."""
    while at and tokens[at - 1].text in ",—":
        at -= 1
    marked = at
    while at and (tokens[at - 1].kind in "pq" or tokens[at - 1].low in _TRAILING):
        at -= 1
    return at == 0 and marked > 0 and tokens[marked - 1].kind == "q"


def _reduced(tokens: list[Token], i: int) -> bool:
    """``the talks, held this year``: a participle, not the verb of a clause."""
    return i > 0 and tokens[i - 1].text == "," and (tokens[i].low.endswith("ed") or tokens[i].low in ("held", "made"))


def report_end(tokens: list[Token], attribution: Attribution, clause: Clause) -> int:
    """The end of the sentence, or where the speaker is the subject again (``..., but gave no evidence``)."""
    start = attribution.complement or 0
    end = _own_deed(tokens, start)
    if clause == "relative":
        return min(end, _relative_end(tokens, start))
    return min(end, _opening_end(tokens, start)) if clause == "opening" else end


def _own_deed(tokens: list[Token], start: int) -> int:
    """``..., but he also urged``, ``... and declined to``: the conjunction or its comma; the end if there is none."""
    for j in range(start + 2, len(tokens) - 2):
        if tokens[j].text == "," and tokens[j + 1].low == "as" and _main_clause(tokens, j + 2):
            return j
        if tokens[j].low not in ("but", "and", "though", "although") or tokens[j].kind != "w":
            continue
        after = j + 1
        named = tokens[after].low in ("he", "she", "they")
        after += named
        while after < len(tokens) - 1 and tokens[after].low in ADVERBS:
            after += 1
        deed = tokens[after].low
        comma = tokens[j - 1].text == "," or tokens[j - 1].kind == "q"
        past = tokens[j].low == "but" and comma and not named and deed.endswith("ed")
        own = past or deed in _OWN_DEEDS or (named and deed in NEGATED_AUXILIARIES and tokens[j].low != "and")
        if own and (comma or (tokens[j].low == "but")):
            return j - 1 if tokens[j - 1].text == "," else j
    return len(tokens)


def _opening_end(tokens: list[Token], start: int) -> int:
    """The comma after which a subject and its verb follow; the end of the sentence if there is none."""
    verb_seen = False
    for j in range(start, len(tokens) - 2):
        verb_seen = verb_seen or is_finite_form(tokens[j].low, capital=tokens[j].capital)
        if tokens[j].text == "," and verb_seen and _main_clause(tokens, j + 1):
            return j
        if (
            tokens[j].kind == "q"
            and j > start
            and tokens[j].text.rstrip("\"”'’ ")[-1:] == ","
            and _main_clause(tokens, j + 1)
        ):
            return j + 1
    return len(tokens)


def _main_clause(tokens: list[Token], at: int) -> bool:
    first = tokens[at]
    if first.kind != "w" or not (first.capital or first.low in DETERMINERS or first.low in PRONOUNS):
        return False
    for token in tokens[at : at + 9]:
        if token.text in ",;:" or token.low in _RELATIVE:
            return False
        if is_finite_form(token.low, capital=token.capital) or token.low in cues.CUES:
            return True
    return False


def _relative_end(tokens: list[Token], start: int) -> int:
    """The comma after which the main verb follows; the end of the sentence if there is none."""
    for j in range(start, len(tokens) - 1):
        following = tokens[j + 1]
        closes = tokens[j].text == "," or (tokens[j].kind == "q" and tokens[j].text.rstrip("\"”'’ ")[-1:] == ",")
        if closes and (
            is_finite_form(following.low, capital=following.capital)
            or following.low in cues.CUES
            or (following.low in ADVERBS and j + 2 < len(tokens) and is_finite_form(tokens[j + 2].low))
        ):
            return j if tokens[j].text == "," else j + 1
    return len(tokens)


def is_report(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a clause stands left of ``he said``: a verb, or enough words that begin like a clause."""
    start, end = trim_reported_clause(tokens, start, end)
    words = [token for token in tokens[start:end] if token.kind in "wq"]
    if words and words[0].low in ("to", "on") and any(token.low == "question" for token in words[:4]):
        return False
    if any(token.low == "asked" for token in words[:2]) and words[0].low in ("asked", "when", "if", "and", "but"):
        return False
    if any(token.kind == "q" or is_finite_form(token.low, capital=token.capital) for token in words):
        return True
    return len(words) >= 5 and words[0].low not in _OPENINGS and words[-1].low != "ago"


def is_circumstance(tokens: list[Token], start: int, end: int) -> bool:
    """``In contrast``, ``Recently``, ``On Tuesday``."""
    start, end = trim_reported_clause(tokens, start, end)
    if start >= end:
        return True
    first = tokens[start].low
    return first in _OPENINGS or first.endswith(("ly", "ing"))


def is_work(tokens: list[Token], at: int) -> bool:
    """``on Fox's "Hannity"``, ``in his book "An Island"``: few words, written as titles are, after such words."""
    words = tokens[at].text.strip("\"“”«»'` ").split()
    if not words or len(words) > 7 or words[-1][-1] in "!?" or at == 0:
        return False
    titled = all(word[:1].isupper() or word[:1].isdigit() or word in _SMALL_IN_TITLES for word in words)
    before = tokens[at - 1]
    if before.low in POSSESSIVES and at + 1 < len(tokens) and tokens[at + 1].kind == "w" and words[-1][-1] not in ",.":
        return True
    if before.text == "," and at > 1 and tokens[at - 2].low in _WORKS:
        return titled
    return titled and (before.low in _WORKS or before.low in PREPOSITIONS or before.low.endswith(("'s", "s'")))
