"""Where the words of an English speaker end and the writer's begin within one sentence.

``said that the port would close, while blaming the council``; ``said he was ready for talks, a move that critics call
late``. What cannot be the speaker's assertion is no part of the report: circumstances of the saying, the writer's
comment on it, and clauses whose tense does not fit reported speech. What can be either stays.
"""

from __future__ import annotations

from pipeline.quotes.languages.en.circumstances import is_circumstance_of_saying
from pipeline.quotes.languages.en.clauses import MainVerb, main_verb
from pipeline.quotes.languages.en.tail_words import (
    ACTS,
    AFTER_NOUN,
    AGAINST,
    CALLED,
    CLOSED,
    COMMENTING,
    COMMENTS,
    CONTRAST,
    DEEDS,
    DETAILED,
    GLOSSED,
    RANKS,
    REACTING,
    REACTIONS,
    RELATIVES,
    WITHOUT,
)
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    DETERMINERS,
    NEGATED_AUXILIARIES,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
)
from pipeline.quotes.text.tokens import Token

_FARTHEST = 160
"""Tokens of a report that is looked at; the bound keeps the cost linear."""
_LONGEST_SUBJECT = 14


def tail_start(tokens: list[Token], start: int, end: int) -> int:
    """The first token in ``[start, end)`` that is the writer's; ``end`` if all of it can be the speaker's."""
    if end - start > _FARTHEST:
        return end
    if tokens[start].kind == "q" and _marks_end(tokens[start]) and start + 1 < end and _after_marks(tokens, start + 1):
        return start + 1
    verb = main_verb(tokens, start, end)
    if verb is None:
        return end
    dashes, skip = 0, verb.at
    for j in range(verb.at + 1, end - 1):
        token = tokens[j]
        dashes += token.text == "—"
        if token.low == "that" and tokens[j - 1].low in ("and", "or", "but", ","):
            verb = main_verb(tokens, j + 1, end) or verb
            skip = max(skip, verb.at)
        if j <= skip:
            continue
        if dashes % 2 and (token.text != "—" or any(other.text == "—" for other in tokens[j + 1 : end])):
            continue
        if token.text == "—" and not dashes % 2:
            continue
        if token.kind == "p" and token.text == "," or token.text == "—":
            if _comma_tail(tokens, j + 1, end, verb, dash=token.text == "—"):
                return j
        elif token.kind == "q" and token.text.rstrip("\"”'’» ")[-1:] == ",":
            if _comma_tail(tokens, j + 1, end, verb, dash=False):
                return j + 1
        elif token.kind == "w" and (is_circumstance_of_saying(tokens, j, end, verb) or _own_deed(tokens, j, end, verb)):
            return j - 1 if tokens[j - 1].low in ("shortly", "just", "even", "soon", "moments", "immediately") else j
    return end


def is_aside(tokens: list[Token], start: int, end: int) -> bool:
    """``..., he said, but gave no details``, ``..., although X denies it``: the writer's, right of an attribution."""
    word, at = tokens[start].low, start + 1
    if word == "then" and is_finite_form(tokens[at].low):
        return True
    if word not in CONTRAST or at >= end - 1:
        return False
    at += tokens[at].low in ("though", "as", "while")
    deed = _past_adverbs(tokens, at, end)
    if tokens[deed].low in DEEDS or tokens[at].low in ("he", "she", "they") and _is_deed(tokens, at + 1, end):
        return True
    inner = main_verb(tokens, at, min(end, at + _LONGEST_SUBJECT))
    if word == "and" or inner is None or inner.own or inner.shifted or not _opens_subject(tokens, at):
        return False
    if any(tokens[k].text == "," and _opens_subject(tokens, k + 1) for k in range(inner.at, end - 1)):
        return False
    return inner.at > at and not any(token.kind == "q" for token in tokens[start:end])


def _is_deed(tokens: list[Token], at: int, end: int) -> bool:
    """``did not say``, ``also urged``: what the speaker did besides."""
    after = _past_adverbs(tokens, at, end)
    return tokens[after].low in DEEDS or tokens[after].low in NEGATED_AUXILIARIES and tokens[after + 1].low in DETAILED


def _marks_end(token: Token) -> bool:
    return token.text.rstrip("\"”'’» ")[-1:] in (",", ".", "!", "?", "…")


def _after_marks(tokens: list[Token], at: int) -> bool:
    """Whether what follows whole words in marks tells of the saying (``“We'll see,” when asked whether``)."""
    at += tokens[at].text == ","
    first = tokens[at]
    if first.kind != "w" or first.capital:
        return False
    return (
        first.low in PREPOSITIONS | RELATIVES
        or first.low in ("when", "as", "while", "asked")
        or first.low in COMMENTING
    )


def _comma_tail(tokens: list[Token], at: int, end: int, verb: MainVerb, *, dash: bool) -> bool:
    """Whether the words from ``at``, right of a comma or dash, are the writer's to the end."""
    first = tokens[at]
    if first.kind != "w":
        return False
    word = first.low
    if word in RELATIVES:
        return _relative(tokens, at, end, verb)
    if word in ("when", "asked", "if") and tokens[min(at + 1, end - 1)].low in ("asked", "pressed", "whether", "about"):
        return True
    if word in COMMENTING:
        return tokens[at + 1].text != "," and not _resumes(tokens, at, end)
    if word in REACTING:
        return any(token.low in REACTIONS for token in tokens[at + 1 : min(end, at + 9)])
    if word == "without":
        return tokens[at + 1].low in WITHOUT
    if word == "despite":
        return any(token.low in REACTIONS or token.low in AGAINST for token in tokens[at + 1 : min(end, at + 5)])
    if word == "then":
        return is_finite_form(tokens[at + 1].low) and verb.kind != "event"
    if word in CONTRAST:
        return _other_clause(tokens, at, end, verb)
    if word in ("a", "an", "the", "one", "two", "something", "all", "his", "her", "their"):
        return _apposition(tokens, at, end, dash=dash)
    if word in COMMENTS and tokens[at + 1].low in ("that", "which"):
        return not _resumes(tokens, at, end)
    return is_circumstance_of_saying(tokens, at, end, verb, apart=True)


def _relative(tokens: list[Token], at: int, end: int, verb: MainVerb) -> bool:
    """``..., which has drawn protests``: a clause of the writer's, unless its tense or its verb is the speaker's."""
    inner = main_verb(tokens, at + 1, end)
    if inner is None or _resumes(tokens, at, end) or any(token.kind == "q" for token in tokens[at:end]):
        return False
    low = tokens[inner.at].low
    if tokens[at + 1].low in ("he", "she", "they", "it") and low not in CALLED:
        return False
    if low in GLOSSED or (low in ("is", "was", "are", "were") and _judges(tokens, inner.at)):
        return False
    if any(token.low in CALLED for token in tokens[inner.at : inner.at + 4]):
        return True
    if inner.kind == "event" and verb.kind not in ("event", "present") and _dated(tokens[inner.at : end]):
        return True
    return not (verb.shifted and inner.shifted and low in ("was", "were", "had", "wasn't", "weren't", "hadn't"))


def _dated(tokens: list[Token]) -> bool:
    """Whether words say when something was (``which was imposed last week``)."""
    return any(token.low in TIMES or len(token.text) == 4 and token.text.isdigit() for token in tokens)


def _judges(tokens: list[Token], at: int) -> bool:
    """``which is why``, ``which is not so``, ``which was a mistake``: what the speaker thinks of it."""
    return tokens[at + 1].low in ("why", "not", "a", "an", "very", "what", "how", "important", "unacceptable", "wrong")


def _resumes(tokens: list[Token], at: int, end: int) -> bool:
    """Whether the clause before ``at`` continues right of a later comma (``the law, which was passed, would``)."""
    for k in range(at + 2, end - 1):
        closes = tokens[k].text == "," or tokens[k].kind == "q" and tokens[k].text.rstrip("\"”'’» ")[-1:] == ","
        if not closes:
            continue
        following = tokens[k + 1]
        if following.low in CLOSED or is_finite_form(following.low, capital=following.capital):
            return True
    return False


def _apposition(tokens: list[Token], at: int, end: int, *, dash: bool) -> bool:
    """``..., a move that critics call late``, ``— the first such statement since``: a comment on what was said."""
    words = tokens[at:end]
    stop = next((k for k, token in enumerate(words) if k and token.kind == "p" and token.text in ",;:"), len(words))
    head = words[1:stop]
    noun = head[: next((k for k, token in enumerate(head) if token.low in AFTER_NOUN), len(head))]
    if not head or _resumes(tokens, at, end):
        return False
    verb = next((k for k, token in enumerate(words) if is_finite_form(token.low, capital=token.capital)), None)
    if verb is not None and not _describes(words, verb):
        return False
    joint = next((k for k, token in enumerate(words) if token.low in ("and", "or")), None)
    if joint is not None and (verb is None or joint < verb):
        return False
    if any(word.low in COMMENTS or word.low in RANKS for word in noun):
        return True
    return dash or tokens[at].low == "the" and tokens[at - 2].capital and not noun[:1][0].capital if noun else False


def _describes(words: list[Token], verb: int) -> bool:
    """Whether a verb is in a clause on the noun of the apposition: ``that critics call``, ``shared by``."""
    participle = words[verb].low.endswith("ed") or words[verb].low in ("made", "held", "given")
    if participle and verb + 1 < len(words) and words[verb + 1].low in PREPOSITIONS:
        return True
    before = words[1:verb]
    if any(token.low in ("that", "which", "who", "whose", "where", "since", "as", "after") for token in before):
        return True
    return any(
        token.low in DETERMINERS or token.capital or token.low in ("he", "she", "they", "it") for token in before[1:]
    )


def _other_clause(tokens: list[Token], at: int, end: int, verb: MainVerb) -> bool:
    """``, while X accused``, ``, but X has pushed for``: a clause of somebody else, in a tense that is not reported."""
    word, begins = tokens[at].low, at + 1
    if word == "even":
        word = tokens[begins].low
        if word not in ("as", "though", "while"):
            return False
        begins += 1
    while begins < end - 1 and tokens[begins].low in ADVERBS:
        begins += 1
    first = tokens[begins]
    if first.low in COMMENTING and word in ("while", "though", "although"):
        return True
    if first.low in DEEDS:
        return True
    if word == "as" and first.low in ("has", "have", "did", "do", "does"):
        return True
    if first.low == "when" and tokens[min(begins + 1, end - 1)].low in ("asked", "pressed"):
        return True
    if not _opens_subject(tokens, begins):
        return False
    inner = main_verb(tokens, begins, min(end, begins + _LONGEST_SUBJECT))
    if inner is None or inner.at == begins:
        return False
    if any(token.text == "," or token.low in RELATIVES or token.low == "that" for token in tokens[begins : inner.at]):
        return False
    if first.low in ("he", "she", "they") and _is_deed(tokens, begins + 1, end):
        return True
    return _out_of_tense(tokens, verb, inner, word)


def _opens_subject(tokens: list[Token], at: int) -> bool:
    first = tokens[at]
    if first.kind != "w":
        return False
    known = first.low in DETERMINERS | PLURALS | PRONOUNS.keys() and first.low not in ("that", "all", "both")
    if known or first.capital or first.text.isdigit() or first.low.endswith("s"):
        return True
    return at + 1 < len(tokens) and first.low not in PREPOSITIONS and tokens[at + 1].low.endswith("s")


def _past_adverbs(tokens: list[Token], at: int, end: int) -> int:
    while at < end - 1 and (tokens[at].low in ADVERBS or tokens[at].low in ("has", "had", "have")):
        at += 1
    return at


def _out_of_tense(tokens: list[Token], verb: MainVerb, inner: MainVerb, joint: str) -> bool:
    """Whether a clause cannot be reported together with the clause of ``verb``, as the tenses of both show."""
    low = tokens[inner.at].low
    happened = inner.kind == "event" and low not in ("had", "has", "have", "hadn't", "did", "didn't", "was", "were")
    present = inner.kind in ("state", "present", "progress") and not inner.shifted or low in ("has", "have")
    if inner.own or verb.kind == "event" and happened:
        return False
    if not verb.shifted:
        return happened and joint not in ("but", "and")
    if joint == "as":
        return verb.kind != "event" and inner.kind in ("event", "progress")
    if happened:
        return verb.kind in ("modal", "progress") or low in DEEDS or low in ACTS
    return present and tokens[verb.at].low in ("would", "could", "was", "were", "had")


def _own_deed(tokens: list[Token], at: int, end: int, verb: MainVerb) -> bool:
    """``is ready and accused Kyiv of``: the speaker's next deed, where the report tells no deed in the past."""
    if tokens[at].low not in ("and", "but") or verb.kind == "event":
        return False
    after = _past_adverbs(tokens, at + 1, end)
    if tokens[after].low not in DEEDS or after + 1 >= end:
        return False
    return not any(token.low.endswith("ed") for token in tokens[verb.at : at])
