"""Nouns for what somebody claims, whose claim it is, and claims in sentences in which nobody else speaks."""

from __future__ import annotations

from dataclasses import replace

from pipeline.language.lexicon import word_set
from pipeline.quote_rules import by_cue
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.en import cues, phrases
from pipeline.quotes.languages.en.complements import lower_text
from pipeline.quotes.languages.en.saying import second_verb
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.languages.en.words import ADVERBS, AUXILIARIES, BE, PREPOSITIONS
from pipeline.quotes.text.tokens import Token

CLAIMS = word_set(
    "assessment assessments claim claims suggestion suggestions allegation allegations assertion assertions "
    "statement statements report reports "
    "accusation accusations remark remarks comment comments words rumor rumors rumour rumours notion idea speculation "
    "warning warnings charge charges theory narrative story stories information news argument arguments contention "
    "insinuation insinuations insistence complaint complaints hypothesis thesis assumption assumptions quote post "
    "tweet "
    "testimony conclusion criticism account accounts version prediction predictions"
)
"""Nouns for what somebody claims (``X's claim that``)."""
MAY = word_set("may might could would should must can will shall 'll 'd")
CHAIN = AUXILIARIES | BE | ADVERBS | MAY
FARTHEST = 120
"""Tokens in which the end of a clause is looked for; the bound keeps the cost linear."""
LONGEST_OWNER = 16


def claim_noun(tokens: list[Token], attribution: Attribution) -> int | None:
    """The noun whose clause is reported: the last one for a claim between the verb and ``that``."""
    if attribution.how != "that" or attribution.complement is None:
        return None
    after = range(attribution.complement - 1, attribution.cue[1] - 1, -1)
    saying = attribution.complement - 2
    if saying > attribution.cue[1] and tokens[saying - 1].capital and _is_saying(tokens[saying]):
        return saying
    return next((j for j in after if tokens[j].kind == "w" and tokens[j].low in CLAIMS), None)


def _is_saying(token: Token) -> bool:
    return token.low.endswith("ing") and token.low in cues.CUES


def claim_owner(tokens: list[Token], attribution: Attribution, noun: int) -> Indices | None:
    """``the minister's claim``, ``accusations by Kyiv``, ``a warning made in July by X``: whose claim it is."""
    assert attribution.complement is not None
    for j in range(noun + 1, attribution.complement):
        if tokens[j].low in ("by", "from") or tokens[j].low == "of" and tokens[noun].low == "words":
            named = phrases.noun_phrase_right(tokens, j + 1)
            if named is None or named[0] >= attribution.complement - 1:
                return None
            end = named[1]
            while lower_text(tokens, end) == "," and tokens[end + 1].capital and end + 2 < attribution.complement:
                named = phrases.noun_phrase_right(tokens, end + 1) or named
                end = max(named[1], end + 1)
            return named[0], min(named[1], attribution.complement - 1)
    for j in range(noun - 1, max(attribution.cue[1], noun - 4) - 1, -1):
        owned = tokens[j].low.endswith(("'s", "s'")) or (j == noun - 1 and _is_saying(tokens[noun]))
        if tokens[j].kind == "w" and owned:
            named = phrases.noun_phrase_left(tokens, j)
            start = max(named[0], attribution.cue[1]) if named else j
            inner = (k + 1 for k in range(j - 1, start - 1, -1) if tokens[k].low in PREPOSITIONS - {"of", "for", "in"})
            return next(inner, start), j + 1
    return None


def find_noun_claim(tokens: list[Token]) -> Attribution | None:
    """``echoed a warning by X that``, ``cited X's claim that``: a claim in a sentence in which nobody else speaks.

    Only where a verb stands before: the clause of a subject (``X's claim that ... was wrong``) has no mark at its end.
    """
    for i, token in enumerate(tokens[:-2]):
        if token.kind != "w" or token.low not in cues.CLAIM_NOUNS or token.capital:
            continue
        that = next((j for j in range(i + 1, min(len(tokens) - 2, i + LONGEST_OWNER)) if tokens[j].low == "that"), None)
        if that is None or any(word.text in ".;:" or word.kind == "q" for word in tokens[i:that]):
            continue
        attribution = Attribution(
            i, that + 1, (i, i + 1), None, that + 1, "that", "verb", by_cue("that", "claim"), weak=True
        )
        attribution.claimant = claim_owner(tokens, replace(attribution, cue=(max(0, i - 5), max(0, i - 5))), i)
        has_finite_verb = any(
            is_finite_form(word.low, capital=word.capital) for word in tokens[max(0, i - LONGEST_OWNER) : i]
        )
        named = attribution.claimant is not None and any(word.capital for word in tokens[slice(*attribution.claimant)])
        if named and not has_finite_verb:
            attribution.ends = second_verb(tokens, that + 1)
        if named and (has_finite_verb or attribution.ends) and not is_finite_form(lower_text(tokens, that + 1)):
            attribution.stance = "reported"
            return attribution
    return None


def reach(tokens: list[Token], at: int) -> int:
    """Up to where the end of a clause that begins at ``at`` is looked for."""
    return min(len(tokens), at + FARTHEST)
