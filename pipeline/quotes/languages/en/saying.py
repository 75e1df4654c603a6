"""Which English words are verbs of saying where they stand, what governs them, and where another one takes over."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en import cues, reporting_verbs
from pipeline.quotes.languages.en.verbs import FORMS
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    NEGATIONS,
    OBJECT_PRONOUNS,
    TIMES,
)
from pipeline.quotes.text.tokens import Token

_WENT_ON = frozenset(("on", "continued", "continues", "continue", "quick", "first"))
_MEANS = frozenset(("took", "takes", "used", "uses"))
"""What somebody does in order to say something (``took to X to say``)."""
_MOODS = frozenset(("pains", "keen", "careful", "eager", "quick", "forced", "compelled", "obliged"))
_THAT_TIME = TIMES | {"way", "much", "same"}
"""Words before which ``that`` is no conjunction (``feel that way``)."""
_NOT_BEFORE_VERB = DETERMINERS | OBJECT_PRONOUNS.keys()
_ASKED = word_set("why whether how what who when where if about")
_QUESTIONS = word_set("question questions asked query queries")
_CHAIN = AUXILIARIES | BE | ADVERBS | NEGATIONS
_FARTHEST = 120
"""Tokens in which the end of a clause is looked for; the bound keeps the cost linear."""


def _low(tokens: list[Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def may_report(tokens: list[Token], i: int) -> bool:
    """Whether token ``i`` is a verb of saying: some are only before ``that``, and some only of courts and papers."""
    low = tokens[i].low
    if low in cues.CUES:
        return True
    if low in ("rule", "rules", "ruling"):
        return _low(tokens, i + 1) == "out"
    if low not in cues.BEFORE_THAT or _low(tokens, i + 1) != "that" or _low(tokens, i + 2) in _THAT_TIME:
        return False
    if _low(tokens, i - 1) in _NOT_BEFORE_VERB or _low(tokens, i + 2) == ":":
        return False
    finding = cues.BEFORE_THAT[low] in reporting_verbs.FINDING
    return not finding or any(token.low in reporting_verbs.FINDERS for token in tokens[max(0, i - 6) : i])


def before_infinitive(tokens: list[Token], to: int) -> int | None:
    """``went on to say``, ``was quick to note``, ``took to X to say``: the token left of it all."""
    before = _low(tokens, to - 1)
    if before in _WENT_ON:
        at = to - (3 if before == "on" else 2)
    elif before == "as" and _low(tokens, to - 2) == "far":
        at = next((j - 1 for j in range(to - 3, max(0, to - 6), -1) if tokens[j].low in ("went", "goes", "gone")), -1)
    else:
        near = range(to - 1, max(0, to - 7), -1)
        at = next((j - 1 for j in near if tokens[j].low in _MEANS or tokens[j].low in _MOODS), -1)
        reports = any(token.low == "that" or token.kind == "q" for token in tokens[to + 2 : to + 5])
        if at < 0 or not reports or before in _MEANS or any(token.kind != "w" for token in tokens[at:to]):
            return None
    while at > 0 and (
        tokens[at].low in BE or tokens[at].low in ("at", "has", "had", "felt", "feels") or tokens[at].low in ADVERBS
    ):
        at -= 1
    return at if at >= 0 else None


def next_cue(tokens: list[Token], j: int, at: int) -> bool:
    """Whether another verb of saying begins at token ``j``: ``told her and said``, ``said adding that``."""
    low = tokens[j].low
    if j == at:
        return low.endswith("ing") and low in cues.CUES and _low(tokens, j + 1) == "that"
    return low in cues.CUES and low not in cues.NOUN_LIKE


def answers_question(tokens: list[Token], at: int, j: int) -> bool:
    """``said in response to a question why ...``, ``when asked whether ...``: what somebody else wanted to know."""
    return tokens[j].low in _ASKED and (
        j > at and tokens[j - 1].low in _QUESTIONS or j > at + 1 and tokens[j - 2].low in _QUESTIONS
    )


def second_verb(tokens: list[Token], at: int) -> int | None:
    """``X's claim that the vote was rigged was rejected``: the verb of the claim itself."""
    seen = False
    for k in range(at, min(len(tokens), at + _FARTHEST)):
        token = tokens[k]
        if token.kind != "w" or token.low in CONJUNCTIONS or token.low == "that":
            return None
        if not (token.low in FORMS or seen and token.low.endswith("ed") and _low(tokens, k + 1) in DETERMINERS):
            continue
        if seen and tokens[k - 1].low not in _CHAIN and not tokens[k - 1].low.endswith("n't"):
            return k if token.low in BE | AUXILIARIES or token.low.endswith("ed") else None
        seen = True
    return None
