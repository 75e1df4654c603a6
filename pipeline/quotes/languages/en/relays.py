"""Outlets that only relay what somebody said: it stays his, and they speak for whom they cite."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import Attribution
from pipeline.quotes.languages.en import cues, phrases
from pipeline.quotes.languages.en.complements import lower_text
from pipeline.quotes.languages.en.outlets import is_outlet
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.languages.en.words import CLASSES, DOCUMENTS, PLURALS, PREPOSITIONS, TITLES
from pipeline.quotes.text.tokens import Token

_FARTHEST = 14
"""Words between an outlet's verb and the attribution that it relays."""
_MOST = 50
"""Attributions of a sentence that are looked through for whom an outlet cites."""
_NEAREST = 12
"""Attributions farther away in a sentence do not matter; the bound keeps the cost linear."""
_THINGS = DOCUMENTS | word_set(
    "data documents figures records statistics study studies research estimates calculations"
)
"""What is cited without being anybody."""


def settle_relays(tokens: list[Token], found: list[Attribution]) -> list[Attribution]:
    """The attributions of a sentence without those by which an outlet only relays another; in order."""
    _cite(tokens, found[:_MOST])
    kept: list[Attribution] = []
    for index, attribution in enumerate(found):
        if attribution.speaker is None or attribution.silent:
            kept.append(attribution)
            continue
        following = found[index + 1] if index + 1 < len(found) else None
        if following is not None and _prints(tokens, attribution, "report") and _opens(tokens, attribution, following):
            continue
        if _prints(tokens, attribution, "report", "write") and _closes(tokens, attribution, kept):
            attribution.speaker, attribution.silent, attribution.shared = None, True, False
        kept.append(attribution)
    return kept


def _prints(tokens: list[Token], attribution: Attribution, *verbs: str) -> bool:
    """Whether an attribution is an outlet's: a known one's, or of a name without a title that prints."""
    if attribution.speaker is None:
        return False
    named = tokens[slice(*attribution.speaker)]
    if is_outlet(named):
        return True
    printing = attribution.kind == "verb" and cues.CUES.get(tokens[attribution.cue[0]].low) in verbs
    names = [token for token in named if token.low != "the" and token.kind != "p"]
    return printing and bool(names) and all(token.capital and token.low not in TITLES for token in names)


def _opens(tokens: list[Token], attribution: Attribution, inner: Attribution) -> bool:
    """``TASS reports that X said``: whether what an outlet reports is nothing but another attribution."""
    begins = attribution.complement
    if begins is None or inner.speaker is None or inner.silent or inner.shared or inner.relative:
        return False
    first = min(inner.start, inner.speaker[0])
    if inner.kind == "gerund" or first < begins or first - begins > _FARTHEST or _is_weak(tokens, inner):
        return False
    if any(is_finite_form(token.low, capital=token.capital) for token in tokens[begins:first]):
        return False
    if inner.kind == "source" and inner.complement is None:
        if lower_text(tokens, inner.end) != "," or not _may_speak(tokens[slice(*inner.speaker)]):
            return False
        inner.complement, inner.how, inner.end = inner.end + 1, "that", inner.end + 1
    return True


def _is_weak(tokens: list[Token], inner: Attribution) -> bool:
    """``it believes``, ``claimed a loss``: no words of anybody else that an outlet could relay."""
    alone = inner.speaker is not None and tokens[inner.speaker[0]].low in ("it", "its")
    return alone or inner.how == "bare" and cues.CUES.get(tokens[inner.cue[0]].low) in ("claim", "report", "suggest")


def _closes(tokens: list[Token], attribution: Attribution, before: list[Attribution]) -> bool:
    """``X said that ..., TASS reports``: whether an outlet's attribution ends the report of somebody else."""
    if attribution.complement is not None or not attribution.start:
        return False
    mark = tokens[attribution.start - 1]
    if mark.text not in ",—" and mark.kind != "q":
        return False
    said = [one for one in before[-_NEAREST:] if not one.silent and (one.speaker is not None or one.shared)]
    return any(one.speaker is not None and not _prints(tokens, one, "report") for one in said)


def _cite(tokens: list[Token], found: list[Attribution]) -> None:
    """``the outlet wrote, citing the aide``: an outlet's words are those of whom it cites."""
    for i, token in enumerate(tokens[:-1]):
        cites = token.low in ("citing", "quoting")
        if not cites and not (token.low == "reference" and tokens[i + 1].low == "to"):
            continue
        cited = phrases.noun_phrase_right(tokens, i + 1 if cites else i + 2) if i + 2 < len(tokens) else None
        attribution = _who_cites(found, i)
        if cited is None or attribution is None or not _may_speak(tokens[slice(*cited)]):
            continue
        if _prints(tokens, attribution, "report", "write"):
            attribution.speaker = cited


def _who_cites(found: list[Attribution], i: int) -> Attribution | None:
    """The attribution that the word at ``i`` belongs to: around it, before it, or after it at the sentence's start."""
    around = (one for one in found if one.speaker is not None and one.speaker[0] < i <= one.cue[0])
    before = [one for one in found if one.cue[1] <= i]
    return next(around, None) or (before[-1] if before else found[0] if found and i < 2 else None)


def _may_speak(named: list[Token]) -> bool:
    """Whether those cited are people or an authority, and neither a document nor another outlet."""
    head = next((named[i - 1] for i, token in enumerate(named) if i and token.low in PREPOSITIONS), named[-1])
    if is_outlet(named) or head.low in _THINGS:
        return False
    low = head.low
    return head.capital or low in PLURALS or low in CLASSES or low.removesuffix("s") in CLASSES
