"""The stance of an English speaker: asserts, denies or asks the words, comments on another's claim, might say them."""

from __future__ import annotations

from itertools import pairwise

from pipeline.language.lexicon import word_set
from pipeline.quote_rules import by_cue
from pipeline.quotes.language_pack import Attribution
from pipeline.quotes.languages.en import cues
from pipeline.quotes.languages.en.claims import (
    CHAIN,
    CLAIMS,
    FARTHEST,
    LONGEST_OWNER,
    MAY,
    claim_noun,
    claim_owner,
    reach,
)
from pipeline.quotes.languages.en.complements import lower_text
from pipeline.quotes.languages.en.verbs import FORMS
from pipeline.quotes.languages.en.words import (
    CONJUNCTIONS,
    NEGATIONS,
    POSSESSIVES,
    PREPOSITIONS,
    TIMES,
)
from pipeline.quotes.text.tokens import Token

_DOUBTS = word_set("doubt doubts skepticism scepticism")
_QUESTIONS = word_set("whether if why how what when where who which whom")
_DID = word_set("only later then also often always subsequently eventually repeatedly once merely just")
"""Adverbs with which ``would say`` reports what was said."""
_HEARSAY = word_set("reportedly allegedly supposedly purportedly apparently ostensibly rumouredly rumoredly")
_MAYBE = word_set("maybe perhaps possibly probably")
RUMOURED = word_set("said reported alleged rumoured rumored claimed believed understood thought quoted")
"""Participles before ``to have said``: what others say of somebody."""
_PROVISOS = word_set("provided providing supposing assuming case event")
"""Words before ``that``, or right before an attribution, that make it a condition."""
_RUMOURS = word_set("rumor rumors rumour rumours gossip speculation")
_CONDITIONS = word_set("if unless suppose supposing imagine")
_WITH = {
    "brush": ("off", "aside"), "shrug": ("off",), "wave": ("off", "away", "aside"), "laugh": ("off",),
    "push": ("back",), "take": ("issue",), "hit": ("back",),
}  # fmt: skip
"""What must follow these verbs for them to deny a claim."""
_LONGEST_ADDRESS = 6
_TAIL = 5


def assign_stance(
    tokens: list[Token], attribution: Attribution, verb: str, *, negated: bool = False
) -> Attribution | None:
    """The attribution with stance and claimant set; None if its words belong to nobody whom the sentence names."""
    if verb in cues.ASKING:
        return _question(tokens, attribution, verb)
    if attribution.complement is None:
        return None if verb in cues.JUDGING else attribution
    if verb in cues.NOTING and attribution.how == "bare":
        _of_object(tokens, attribution)
    noun = claim_noun(tokens, attribution)
    owner = claim_owner(tokens, attribution, noun) if noun is not None else None
    own = noun is not None and lower_text(tokens, noun - 1) in (*POSSESSIVES, "own")
    disowned = _disowned(tokens, attribution, noun)
    if disowned is False:
        attribution.complement, attribution.how = None, "none"
    elif disowned or _denies(tokens, attribution, verb, noun, negated=negated):
        attribution.stance, attribution.claimant, attribution.silent = "denied", owner, False
        colon = next(
            (j for j in range(attribution.complement, reach(tokens, attribution.complement)) if tokens[j].text == ":"),
            None,
        )
        attribution.ends = _verdict(tokens, attribution) or colon
        _unsure(tokens, attribution)
    elif noun is not None and verb not in cues.AFFIRMING and not own and (owner or verb in cues.COMMENTING):
        attribution.ends = _verdict(tokens, attribution)
        if owner is None:
            attribution.complement, attribution.how = None, "none"
        else:
            attribution.stance, attribution.claimant = "reported", owner
    elif verb in cues.JUDGING:
        return None
    elif verb == "ruled" and negated:
        attribution.silent = False
    elif not attribution.silent:
        _unsure(tokens, attribution)
    return attribution


def _of_object(tokens: list[Token], attribution: Attribution) -> None:
    """``noted X's statement that ...``: the report is the clause of what is noted, if the sentence ends with it."""
    assert attribution.complement is not None
    reach = range(attribution.complement, min(len(tokens) - 1, attribution.complement + LONGEST_OWNER))
    that = next((j for j in reach if tokens[j].low == "that"), None)
    if that is None or not any(token.low in CLAIMS for token in tokens[attribution.complement : that]):
        return
    if sum(token.low in FORMS for token in tokens[that : that + FARTHEST]) < 2:
        attribution.complement, attribution.how, attribution.end = that + 1, "that", that + 1


def _disowned(tokens: list[Token], attribution: Attribution, noun: int | None) -> bool | None:
    """``urged people not to believe reports that``: True if a claim is denied, False if not to be repeated, or None."""
    words = tokens[attribution.cue[1] : noun] if noun is not None else []
    against = any(one.low == "against" and other.low.endswith("ing") for one, other in pairwise(words))
    if not against and not any(token.low in NEGATIONS for token in words):
        return None
    return any(token.low.startswith(("believ", "trust")) for token in words)


def _denies(tokens: list[Token], attribution: Attribution, verb: str, noun: int | None, *, negated: bool) -> bool:
    """``denied that``, ``ruled out that``, ``does not believe that``, ``called it untrue that``."""
    assert attribution.complement is not None
    if verb == "ruled":
        return lower_text(tokens, attribution.cue[0] + 1) == "out" and not negated
    before = lower_text(tokens, attribution.cue[0] - 1)
    if tokens[attribution.cue[0]].low.endswith("ing") and cues.CUES.get(before) in cues.DENYING:
        return not negated
    if verb in cues.DENYING:
        straight = verb in ("deny", "dismiss") or attribution.complement - 2 <= attribution.cue[1]
        if verb in _WITH and lower_text(tokens, attribution.cue[1]) not in _WITH[verb]:
            return False
        part = attribution.how == "quote" and tokens[attribution.complement].text.lstrip("\"“«'‘")[:1].islower()
        return not negated and (noun is not None or part or straight and attribution.how in ("that", "bare", "object"))
    if verb in cues.OPINIONS and negated:
        return attribution.how in ("that", "bare")
    words = tokens[attribution.cue[1] : attribution.complement]
    if any(token.low in _DOUBTS for token in words):
        return not negated
    if verb not in cues.CALLING or lower_text(tokens, attribution.cue[1]) in ("this", "that", "him", "them", "her"):
        return False
    return any(token.low in cues.FALSE for token in words) or (
        noun is not None
        and _verdict(tokens, attribution) is not None
        and any(token.low.strip("\"“”«»'‘’`.,! ") in cues.FALSE for token in tokens[-_TAIL:])
    )


def _verdict(tokens: list[Token], attribution: Attribution) -> int | None:
    """``called reports that ... untrue``, ``described the claim that ... as strange``: where the judgement begins."""
    if attribution.complement is None or cues.CUES.get(tokens[attribution.cue[0]].low) not in cues.CALLING:
        return None
    last = len(tokens) - (tokens[-1].kind == "p")
    for j in range(max(attribution.complement + 2, last - _TAIL), last):
        if tokens[j].kind == "q" and j == last - 1 and len(tokens[j].text.split()) < _TAIL:
            return j
        if tokens[j].low == "as" or (tokens[j].low in cues.FALSE and j == last - 1):
            return j - 1 if tokens[j - 1].text == "," or tokens[j - 1].low in ("a", "an") else j
    return None


def _question(tokens: list[Token], attribution: Attribution, verb: str) -> Attribution | None:
    """``asked ministers when``, ``wondered whether``: the question is asked by the subject, nobody answers it."""
    attribution.stance = "asked"
    noun = claim_noun(tokens, attribution) if attribution.complement is not None else None
    if noun is not None:
        attribution.complement, attribution.how = None, "none"
    if attribution.speaker is None or attribution.how not in ("none", "that"):
        return attribution if attribution.how in ("none", "colon", "quote") or not attribution.shared else None
    if any(token.low in MAY for token in tokens[attribution.speaker[1] : attribution.cue[0]]):
        return None
    at = attribution.cue[1] if attribution.speaker[0] < attribution.cue[0] else attribution.speaker[1]
    for j in range(at, min(len(tokens) - 2, at + _LONGEST_ADDRESS)):
        if tokens[j].low in _QUESTIONS and (attribution.complement is None or j < attribution.complement):
            attribution.complement, attribution.how, attribution.end, attribution.rule = (
                j,
                "that",
                j,
                by_cue("that", verb),
            )
            attribution.ends = next((k for k in range(j + 2, reach(tokens, j) - 1) if _ends_question(tokens, k)), None)
            break
        asked_for = tokens[j].low in PREPOSITIONS and lower_text(tokens, j + 1) not in _QUESTIONS
        if tokens[j].kind != "w" or tokens[j].low == "to" or (asked_for and lower_text(tokens, j + 2) not in TIMES):
            break
    return attribution


def _rumoured(tokens: list[Token], at: int) -> bool:
    """``rumours spread that X said``: what was said only by rumour."""
    that = next((j for j in range(at - 1, max(-1, at - 6), -1) if tokens[j].low == "that"), at)
    return any(token.low in _RUMOURS for token in tokens[max(0, that - 4) : that])


def _ends_question(tokens: list[Token], k: int) -> bool:
    return (
        tokens[k].low == "that"
        or tokens[k].text == ","
        and (tokens[k + 1].low in CONJUNCTIONS or tokens[k + 1].low in cues.CUES)
    )


def _drop_proviso(tokens: list[Token], attribution: Attribution) -> None:
    """``Maybe X said``, ``in case X says``: the first word is no part of the name."""
    speaker = attribution.speaker
    opening = _MAYBE | _CONDITIONS | _PROVISOS | _HEARSAY
    if speaker is None or speaker[1] - speaker[0] < 2 or tokens[speaker[0]].low not in opening:
        return
    attribution.start += int(attribution.start == speaker[0])
    attribution.speaker = (speaker[0] + 1, speaker[1])


def _unsure(tokens: list[Token], attribution: Attribution) -> None:
    """``may say``, ``would say``, ``if X said``, ``had X said``, ``reportedly said``."""
    _drop_proviso(tokens, attribution)
    i = attribution.cue[0]
    if _rumoured(tokens, attribution.start):
        attribution.silent = True
        return
    chain: list[str] = []
    while i > attribution.start and (tokens[i - 1].low in CHAIN or tokens[i - 1].low.endswith(("ly", "'ll", "'d"))):
        i -= 1
        chain.append(tokens[i].low)
    before = lower_text(tokens, attribution.start - 1)
    if before in (",", "that"):
        earlier = lower_text(tokens, attribution.start - 2)
        opening = _HEARSAY | _MAYBE if before == "," else _PROVISOS | _CONDITIONS
        before = earlier if earlier in opening else before
    if any(word in _HEARSAY for word in (*chain, before)):
        attribution.stance = "reported"
    inverted = (
        before in ("had", "should", "were")
        and attribution.speaker is not None
        and attribution.start == attribution.speaker[0] < attribution.cue[0]
    )
    opens = attribution.start == 1 or tokens[attribution.start - 2].text == ","
    conditional = before in _CONDITIONS | _PROVISOS or (inverted and opens)
    may_be = before in _MAYBE
    may = any(word in MAY or word.endswith(("'ll", "'d")) for word in chain)
    if conditional or may_be or (may and not any(word in _DID for word in chain)):
        attribution.stance = "hypothetical"
        if conditional and attribution.complement is not None:
            clause = range(attribution.complement + 1, reach(tokens, attribution.complement))
            attribution.ends = next((j for j in clause if tokens[j].text == ","), None)
