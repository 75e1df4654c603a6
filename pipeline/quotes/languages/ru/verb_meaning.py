"""Whether a Russian verb of saying says at its place that somebody spoke (``произнёс тост`` does not)."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Attribution, How, Indices
from pipeline.quotes.languages.ru import cues, words
from pipeline.quotes.languages.ru.agreement import has_agent
from pipeline.quotes.languages.ru.complements import lower_text
from pipeline.quotes.languages.ru.morph import is_thing, token_form
from pipeline.quotes.languages.ru.subjects import is_plural_verb
from pipeline.quotes.languages.ru.weak_cues import LIGHT_VERBS, WITH_INFINITIVE
from pipeline.quotes.text.tokens import Token


def is_idle(tokens: list[Token], speaker: Indices, complement: int | None) -> bool:
    """``Игру продолжили: свет починили``: whether what stands for a subject says nothing, nor do marks follow it."""
    if complement is None or complement >= len(tokens) or tokens[complement].kind == "q":
        return False
    named = [token for token in tokens[slice(*speaker)] if token.kind == "w"]
    known = any(
        token.capital or token.low in words.PRONOUNS or stem(token.low) in words.CLASSES.keys() | words.DOCUMENTS
        for token in named
    )
    placed = speaker[0] > 0 and tokens[speaker[0] - 1].low in words.PREPOSITIONS
    return bool(named) and not known and not placed and is_thing(named[0].low, None)


def means_saying(
    tokens: list[Token], i: int, verb: str, complement: int | None, how: How, speaker: Indices | None
) -> bool:
    """Whether a verb that means much else says here that somebody spoke."""
    if after_marks(tokens, i) or (how == "bare" and verb in WITH_INFINITIVE):
        return True
    if how == "colon" and complement is not None and complement < len(tokens):
        return tokens[complement].kind == "q"
    if verb == cues.GIVING:
        return True
    if how == "that":
        hides = verb not in cues.HIDING_VERBS or lower_text(tokens, i - 1) in words.NEGATIONS
        return verb not in cues.MANNER and hides
    return lower_text(tokens, i - 1) == "как" or (how == "none" and trails(tokens, i, i, verb, speaker))


def trails(tokens: list[Token], i: int, start: int, verb: str, speaker: Indices | None) -> bool:
    """``Завод закроют, подтвердил X``: a comma before the verb and who speaks right behind it."""
    before = tokens[start - 1].text if start > 1 else ""
    excluded = verb == "исключи" and lower_text(tokens, i - 1) in words.NEGATIONS
    if excluded:
        before = tokens[start - 2].text if start > 2 else before
    if not (verb in cues.TRAILING or excluded) or before != "," or speaker is None or speaker[0] <= i:
        return False
    return is_plural_verb(tokens[i].low) or has_agent(tokens, speaker, None)


def says_nothing(tokens: list[Token], attribution: Attribution, cue: str) -> bool:
    """``как сообщалось``, ``сообщил о том, что``, ``произнёс тост``, ``там сказал``: no attribution of words."""
    if (
        cue in cues.IMPERSONAL
        and 0 < attribution.start < attribution.cue[0]
        and lower_text(tokens, attribution.start) == "как"
    ):
        return True
    if (
        attribution.how == "that"
        and attribution.complement is not None
        and lower_text(tokens, attribution.complement - 3) in ("тому", "того")
    ):
        return not (cue.startswith("исключ") or cue in LIGHT_VERBS)
    if cue.startswith("произнес") and lower_text(tokens, attribution.cue[1]) in (
        "речь",
        "тост",
        "слово",
        "клятву",
        "присягу",
    ):
        return True
    return (
        attribution.speaker is not None
        and lower_text(tokens, attribution.speaker[0]) == "там"
        and not is_plural_verb(cue)
    )


def asks_somebody(tokens: list[Token], i: int, cue: str, verb: str, speaker: Indices | None) -> bool:
    """``Пескова спросили, не жалеет ли он``: a plural without a subject asks somebody, nobody answers."""
    if verb not in cues.ASKING or not is_plural_verb(cue):
        return False
    return speaker is None or not token_form(tokens[speaker[0]]).nominative or speaker[1] <= i and i == 1


def after_marks(tokens: list[Token], i: int) -> bool:
    j = i - 1
    while j >= 0 and tokens[j].text in ",—":
        j -= 1
    return j >= 0 and j < i - 1 and tokens[j].kind == "q"
