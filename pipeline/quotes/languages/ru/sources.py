"""Russian attributions without a verb of saying: ``по словам X``, ``на взгляд X``, ``позиция X состоит в том``."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quote_rules import SpanOrigin, SpanRule, by_cue
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.ru import cues, phrases, words
from pipeline.quotes.languages.ru.complements import find_complement, lower_text
from pipeline.quotes.languages.ru.morph import is_genitive_of_person, token_form
from pipeline.quotes.languages.ru.outlets import PRINTED
from pipeline.quotes.languages.ru.weak_cues import STATING
from pipeline.quotes.text.tokens import Token


def find_source(tokens: list[Token], i: int, cue: str) -> Attribution | None:
    """``по словам X``, ``по его мнению``, ``согласно X``, ``со слов X``."""
    if cue == "согласно":
        at, speaker = i + 1, phrases.genitive_phrase(tokens, i + 1)
    elif cue == "верить":
        at = i + 1
        speaker = phrases.genitive_phrase(tokens, at) if lower_text(tokens, i - 1) == "если" else None
        i -= 1
    elif cue == "со":
        at = i + 2
        speaker = phrases.genitive_phrase(tokens, at) if lower_text(tokens, i + 1) == "слов" else None
    else:
        at, speaker = _after_source_noun(tokens, i)
    if speaker is None:
        return None
    end = max(at, speaker[1])
    if tokens[speaker[0]].low.startswith("котор") or (
        cue == "согласно" and any(stem(token.low) in words.PAPERS for token in tokens[at : at + 2])
    ):
        return None
    if not opens_sentence(tokens, i):
        return Attribution(i, end, (i, at), speaker, None, "none", "source", SpanOrigin(SpanRule.SOURCE))
    while (
        end < len(tokens)
        and tokens[end].text != ","
        and tokens[end].kind == "w"
        and tokens[end].low in words.PREPOSITIONS
    ):
        end += 1
        while end < len(tokens) and tokens[end].kind == "w" and tokens[end].low not in words.PREPOSITIONS:
            end += 1
    end = past_relative(tokens, end)
    complement = end + 1 if lower_text(tokens, end) == "," else end
    if complement >= len(tokens):
        return None
    return Attribution(i, complement, (i, at), speaker, complement, "that", "source", SpanOrigin(SpanRule.SOURCE))


def _after_source_noun(tokens: list[Token], i: int) -> tuple[int, Indices | None]:
    """``по предварительным данным X``, ``по его собственным словам``, ``на взгляд X``: where it ends, and whose."""
    nouns = words.SOURCES if lower_text(tokens, i) == "по" else words.VIEWS
    noun = i + 1
    while noun < i + 4 and lower_text(tokens, noun) not in nouns:
        if (
            noun >= len(tokens)
            or tokens[noun].kind != "w"
            or not (tokens[noun].low in words.PRONOUNS or token_form(tokens[noun]).adjective)
        ):
            return i, None
        noun += 1
    if noun >= len(tokens) or lower_text(tokens, noun) not in nouns:
        return i, None
    at = noun + 1 + (lower_text(tokens, noun) == "точки" and lower_text(tokens, noun + 1) == "зрения")
    if lower_text(tokens, i + 1) in words.PRONOUNS and noun > i + 1:
        return at, (i + 1, i + 2)
    speaker = phrases.genitive_phrase(tokens, at)
    if speaker is not None and nouns is words.VIEWS and not any(map(_can_see, tokens[slice(*speaker)])):
        return at, None
    return at, speaker


def _can_see(token: Token) -> bool:
    """Whether a word in the genitive is somebody (``с точки зрения министра``) and not something."""
    return token.capital or stem(token.low) in words.CLASSES or token.kind == "w" and is_genitive_of_person(token.low)


def past_relative(tokens: list[Token], comma: int) -> int:
    """``по словам X, слова которого приводит Y,``: the comma that ends the relative clause or participle."""
    if lower_text(tokens, comma) != ",":
        return comma
    opener = tokens[comma + 1 : comma + 4]
    relative = any(token.low.startswith("котор") for token in opener)
    participle = (
        bool(opener)
        and opener[0].low.startswith(("близк", "знаком"))
        or bool(opener)
        and opener[0].low.endswith(
            (
                *cues.PARTICIPLE_ENDINGS,
                "нным",
                "нному",
                "нной",
                "нными",
                "ющего",
                "ющей",
                "ящего",
                "ящей",
                "ущего",
                "ущей",
            )
        )
    )
    if not (relative or participle):
        return comma
    return next((j for j in range(comma + 2, min(len(tokens), comma + 22)) if tokens[j].text == ","), comma)


def opens_sentence(tokens: list[Token], i: int) -> bool:
    """Whether nothing but words such as ``в то же время`` or ``как передает X,`` stands before token ``i``."""
    if 1 < i <= PRINTED and tokens[0].low == "как" and lower_text(tokens, 1) in cues.CUES:
        return [token.text for token in tokens[:i] if token.kind == "p"] == [","] == [tokens[i - 1].text]
    return i <= 6 and all(token.low in words.OPENERS or token.text == "," for token in tokens[:i])


def find_position(tokens: list[Token], i: int) -> Attribution | None:
    """``позиция X состоит в том, что``, ``мнение X сводится к тому, что``"""
    own = lower_text(tokens, i - 1) in words.OWNERS
    speaker = (i - 1, i) if own else phrases.genitive_phrase(tokens, i + 1)
    verb = i + 1 if own else speaker[1] if speaker else i
    if speaker is None or lower_text(tokens, verb) not in STATING:
        return None
    complement, how, end = find_complement(tokens, verb + 1)
    if how not in ("that", "colon") or complement is None or complement > verb + 6:
        return None
    return Attribution(
        min(i, speaker[0]), end, (i, i + 1), speaker, complement, how, "verb", by_cue(how, tokens[i].low)
    )
