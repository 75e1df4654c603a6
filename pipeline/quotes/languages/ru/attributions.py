"""Russian attributions (``он сказал``): which words of a sentence say that somebody said something."""

from __future__ import annotations

from itertools import pairwise

from pipeline.language.spelling import stem
from pipeline.quote_rules import SpanOrigin, SpanRule, by_cue, by_phrase
from pipeline.quotes.language_pack import Attribution, How, Indices
from pipeline.quotes.languages.ru import cues, phrases, words
from pipeline.quotes.languages.ru.agreement import has_agent
from pipeline.quotes.languages.ru.complements import find_bare_complement, find_complement, find_infinitive, lower_text
from pipeline.quotes.languages.ru.morph import token_form
from pipeline.quotes.languages.ru.outlets import may_relay, only_outlets, writes_for_outlet
from pipeline.quotes.languages.ru.sources import find_position, find_source, opens_sentence, past_relative
from pipeline.quotes.languages.ru.stances import assign_stance, find_noun_claim
from pipeline.quotes.languages.ru.subjects import find_subject, first_agent, is_plural_verb, verb_gender
from pipeline.quotes.languages.ru.tails import is_reaction
from pipeline.quotes.languages.ru.verb_meaning import (
    after_marks,
    asks_somebody,
    is_idle,
    means_saying,
    says_nothing,
    trails,
)
from pipeline.quotes.languages.ru.weak_cues import LIGHT_VERBS, POSITIONS, WITH_INFINITIVE
from pipeline.quotes.text.tokens import Token

_OTHER_VERB, _CIRCUMSTANCE = SpanOrigin(SpanRule.OTHER_VERB), by_phrase("circumstance")
_SOURCES = frozenset(("по", "согласно", "со", "на", "с", "верить"))
_OF_PREVIOUS = frozenset("заяви сообщи объяви сказа рассказа написа проинформирова говорится сообщается".split())
"""Verbs that tell a thing once: ``об этом говорил X`` is a subject of talks and no statement."""
_ABOUT = frozenset(("о", "об", "обо", "про"))


def find_attributions(tokens: list[Token]) -> list[Attribution]:
    """All attributions of the sentence, in order."""
    found: list[Attribution] = []
    for i, token in enumerate(tokens):
        if token.kind != "w" or (found and i < found[-1].end):
            continue
        cue = token.low.replace("ё", "е")
        attribution = None
        if cue in cues.CUES:
            attribution = _verb(tokens, i, cue, found)
        elif cue in LIGHT_VERBS:
            attribution = _light_verb(tokens, i, cue, found)
        elif cue in POSITIONS:
            attribution = find_position(tokens, i)
        elif cue in cues.EVALUATING:
            attribution = _evaluation(tokens, i, cue) or (_other_verb(tokens, i) if _after_dash(tokens, i) else None)
        elif cue in _SOURCES:
            attribution = find_source(tokens, i, cue)
        elif cue.endswith(cues.PARTICIPLE_ENDINGS):
            attribution = _participle(tokens, i, cue)
        elif tokens[i - 1].text == "—" and _after_dash(tokens, i) and token_form(token).verb:
            attribution = _other_verb(tokens, i)
        if attribution:
            found.append(attribution)
    found = [attribution for i, attribution in enumerate(found) if not _is_aside(tokens, attribution, found[:i])]
    _silence_relays(tokens, found)
    claim = find_noun_claim(tokens) if not found else None
    return (
        [claim]
        if claim is not None
        else [attribution for attribution in found if not _only_printed(tokens, attribution, found)]
    )


def _is_aside(tokens: list[Token], attribution: Attribution, before: list[Attribution]) -> bool:
    """``отметил, что, как писали газеты, завод работает``: a report within the report that it begins."""
    return (
        bool(before)
        and before[-1].complement is not None
        and attribution.how == "none"
        and tokens[attribution.start].low == "как"
        and before[-1].complement <= attribution.start <= before[-1].complement + 1
    )


def _silence_relays(tokens: list[Token], found: list[Attribution]) -> None:
    """``X заявил, что ..., пишет «Вестник»``: whoever only prints what somebody said does not speak."""
    for before, attribution in pairwise(found):
        reporter = attribution.kind == "verb" and not attribution.gender and not attribution.impersonal
        if before.speaker is None or attribution.speaker is None or not reporter or attribution.how != "none":
            continue
        attribution.silent = attribution.silent or may_relay(tokens, attribution.speaker)


def _only_printed(tokens: list[Token], attribution: Attribution, found: list[Attribution]) -> bool:
    """``Как сообщает «Интерфакс», он уточнил``, ``Как сообщалось ранее, он заявил``: another attribution follows."""
    if attribution is found[-1] or attribution.complement is None:
        return False
    if attribution.kind == "source":
        return (
            attribution.speaker is not None and may_relay(tokens, attribution.speaker) and found[-1].speaker is not None
        )
    if attribution.kind != "verb" or tokens[attribution.start].low != "как":
        return False
    if tokens[attribution.cue[0]].low in cues.IMPERSONAL:
        return True
    if attribution.speaker is None:
        return False
    return may_relay(tokens, attribution.speaker)


def _after_dash(tokens: list[Token], i: int) -> bool:
    return i > 1 and tokens[i - 1].text == "—" and after_marks(tokens, i)


def _evaluation(tokens: list[Token], i: int, cue: str) -> Attribution | None:
    """``назвал ложью слова X о том, что``, ``отреагировал на заявление X, что``: what is done with another's claim."""
    verb = cues.EVALUATING[cue]
    speaker, after = find_subject(tokens, i, cue, verb)
    complement, how, end = find_complement(tokens, after)
    if speaker is None or lower_text(tokens, i - 1) in words.NEGATIONS:
        return None
    attribution = Attribution(
        min(i, speaker[0]), end, (i, i + 1), speaker, complement, how, "verb", by_cue(how, cue),
        gender=verb_gender(cue, verb), weak=True,
    )  # fmt: skip
    return assign_stance(tokens, attribution, verb)


def _other_verb(tokens: list[Token], i: int) -> Attribution | None:
    """``«...», — обратился Наливайченко``: any verb is one of saying right after marks and a dash."""
    speaker = phrases.noun_phrase_right(tokens, i + 1)
    marked = next((token for token in reversed(tokens[:i]) if token.kind == "q"), None)
    worded = marked is not None and (
        len(marked.text.split()) > 3
        or marked.text.rstrip('"»”“ ')[-1:] in ",.!?…"
        or (tokens[i - 2].text == "," and len(marked.text.split()) > 1)
    )
    if speaker is None or not token_form(tokens[i]).finite or not worded:
        return None
    end = speaker[1] if speaker else i + 1
    gender = verb_gender(tokens[i].low, "")
    return Attribution(i, end, (i, i + 1), speaker, None, "none", "verb", _OTHER_VERB, gender=gender)


def _participle(tokens: list[Token], i: int, cue: str) -> Attribution | None:
    """``..., говорившего: «...»``: the speaker stands before the comma."""
    ending = next(end for end in cues.PARTICIPLE_ENDINGS if cue.endswith(end))
    if cue[: -len(ending)] + "л" not in cues.CUES or lower_text(tokens, i - 1) != ",":
        return None
    complement, how, end = find_complement(tokens, i + 1)
    start = i - 2
    while start > 0 and tokens[start - 1].kind == "w" and tokens[start - 1].capital and tokens[start].capital:
        start -= 1
    if complement is None or start < 0 or tokens[start].kind != "w":
        return None
    return Attribution(i, end, (i, i + 1), (start, i - 1), complement, how, "verb", SpanOrigin(SpanRule.PARTICIPLE))


def _light_verb(tokens: list[Token], i: int, cue: str, found: list[Attribution]) -> Attribution | None:
    """``дал понять, что``, ``пришел к выводу, что``: a verb that says so only with a noun and a clause."""
    noun = next((j for j in range(i + 1, min(len(tokens), i + 6)) if lower_text(tokens, j) in LIGHT_VERBS[cue]), None)
    if noun is None or any(token.kind == "p" for token in tokens[i:noun]):
        return None
    attribution = _verb(tokens, i, cue, found, cue)
    return attribution if attribution is not None and attribution.how == "that" else None


def _verb(
    tokens: list[Token], i: int, cue: str, found: list[Attribution], verb: str | None = None
) -> Attribution | None:
    verb = verb or cues.CUES[cue]
    if cue in cues.GERUNDS:
        return _gerund(tokens, i, found)
    speaker, after = find_subject(tokens, i, cue, verb)
    start = min(i, speaker[0]) if speaker else i
    complement, how, end = find_complement(tokens, after)
    if how == "that" and complement is not None and is_reaction(tokens, start, complement):
        complement, how, end = None, "none", end - 2
    if how == "none" and (clause := find_bare_complement(tokens, i, after, verb, speaker)) is not None:
        complement, how, end = clause, "bare", clause
    if how == "none" and verb in WITH_INFINITIVE and speaker and (clause := find_infinitive(tokens, max(after, i + 1))):
        complement, how, end = clause, "bare", clause
    if how == "colon" and speaker is not None and is_idle(tokens, speaker, complement):
        return None
    if verb in cues.CAREFUL and not means_saying(tokens, i, verb, complement, how, speaker):
        return None
    marked = after_marks(tokens, i)
    about = not marked and (_about(tokens, after) or _about(tokens, i + 1))
    this = _of_this(tokens, i)
    if how == "none" and (about or this):
        previous = this and _reports_previous(tokens, i, verb, speaker)
        return Attribution(
            start, after, (i, i + 1), speaker, None, "none", "verb",
            by_cue("after", cue) if previous else by_phrase(verb), gender=verb_gender(cue, verb) if previous else None,
            silent=True, weak=True, of_previous=previous,
        )  # fmt: skip
    start = _with_adverbs(tokens, start - (lower_text(tokens, start - 1) in words.SPOKEN and start < i))
    if start and lower_text(tokens, start - 1) == "так":
        start -= 1
    if start and lower_text(tokens, start - 1) == "как":
        start -= 1
        comma = past_relative(tokens, end) if lower_text(tokens, end) == "," else end
        if (
            opens_sentence(tokens, start)
            and how == "none"
            and lower_text(tokens, comma) == ","
            and lower_text(tokens, comma + 1) not in (cues.GERUNDS)
        ):
            complement, how, end = comma + 1, "that", comma + 1
    unnamed = speaker is None and cue not in cues.IMPERSONAL
    shared = speaker is None and bool(found) and lower_text(tokens, i - 1) in ("и", "а", "но", ",")
    negated = lower_text(tokens, i - 1) in words.NEGATIONS and not cue.startswith(
        ("исключ", "скрыва", "скрыл", "отрица", "сомнева")
    )
    if cue.startswith("исключ") and start == i and lower_text(tokens, i - 1) in words.NEGATIONS:
        start -= 1
    attribution = Attribution(
        start, end, (i, i + 1), speaker, complement, how, "verb", by_cue("after" if how == "none" else how, cue),
        gender=verb_gender(cue, verb), impersonal=speaker is None and not unnamed, shared=shared,
        silent=negated or _byline(tokens, i, speaker, verb, how) or (how == "none" and _on_page(tokens, i, found)),
        relative=any(token.low.startswith("котор") for token in tokens[max(0, i - 2) : i]),
        weak=unnamed or (
            verb in cues.NEEDS_MARKS_OR_THAT
            and lower_text(tokens, i + 1) != "слова"
            and not trails(tokens, i, i, verb, speaker)
            and not (verb == "следует" and lower_text(tokens, i + 1) == "из")
        ),
    )  # fmt: skip
    if how == "none" and (shared or negated) or not (speaker or _needs_no_subject(tokens, attribution, cue, verb)):
        return None
    if says_nothing(tokens, attribution, cue) or asks_somebody(tokens, i, cue, verb, speaker):
        return None
    return assign_stance(tokens, attribution, verb)


def _with_adverbs(tokens: list[Token], start: int) -> int:
    """``ранее заявил``, ``, в частности, заявил``: where the words that belong to the attribution begin."""
    while start > 1 and lower_text(tokens, start - 1) in ("ранее", "раньше", "уже", "позже", "позднее", "также"):
        start -= 1
    return (
        start - 2
        if start > 2 and lower_text(tokens, start - 1) == "частности" and lower_text(tokens, start - 3) == ","
        else start
    )


def _needs_no_subject(tokens: list[Token], attribution: Attribution, cue: str, verb: str) -> bool:
    """Whether a verb without a subject reports all the same, as it shares one or a report stands right beside it."""
    if attribution.shared:
        return True
    if (
        not attribution.impersonal
        and attribution.how not in ("colon", "that", "quote")
        and not after_marks(tokens, attribution.cue[0])
    ):
        return False
    return not (attribution.how == "that" and is_plural_verb(cue) and verb in cues.THOUGHTS)


def _of_this(tokens: list[Token], i: int) -> bool:
    """``Об этом сообщил X``: the words stand in the sentence before."""
    before = [token.low for token in tokens[max(0, i - 8) : i]]
    return any(one in _ABOUT and other in ("этом", "этому", "чем") for one, other in pairwise(before))


def _reports_previous(tokens: list[Token], i: int, verb: str, speaker: Indices | None) -> bool:
    """``Об этом сообщила X.``: whether a sentence begins so, says nothing more itself, and no outlet only relays."""
    opens = next((j for j, token in enumerate(tokens) if token.low in _ABOUT), len(tokens))
    if opens > 1 or verb not in _OF_PREVIOUS or speaker is None or lower_text(tokens, i - 1) in words.NEGATIONS:
        return False
    return not (only_outlets(tokens, speaker) or may_relay(tokens, speaker))


def _about(tokens: list[Token], after: int) -> bool:
    """``заявил о готовности``: a subject, not the words."""
    for token in tokens[after : after + 3]:
        if token.kind == "p" or token.low.startswith("вопрос"):
            return False
        if token.low in _ABOUT:
            return True
    return False


def _byline(tokens: list[Token], cue: int, speaker: Indices | None, verb: str, how: How) -> bool:
    """``передает ТАСС``: who printed it, not who said it."""
    if verb in cues.BYLINE_CUES and how != "that" and not (speaker and tokens[speaker[0] - 1].low == "слова"):
        return True
    if speaker is None or how != "none":
        return False
    reporter = token_form(tokens[cue]).finite and not verb_gender(tokens[cue].low, verb)
    return only_outlets(tokens, speaker) or (reporter and writes_for_outlet(tokens[slice(*speaker)]))


def _on_page(tokens: list[Token], cue: int, found: list[Attribution]) -> bool:
    """``X сообщил, что ..., говорится на сайте``: where the words stand that somebody else said."""
    return (
        bool(found) and lower_text(tokens, cue) in cues.IMPERSONAL and stem(lower_text(tokens, cue + 2)) in words.PAGES
    )


def _gerund(tokens: list[Token], i: int, found: list[Attribution]) -> Attribution | None:
    complement, how, end = find_complement(tokens, i + 1)
    if complement is None:
        if not found or lower_text(tokens, i - 1) != ",":
            return None
        return Attribution(
            i, end, (i, i + 1), None, None, "none", "gerund", _CIRCUMSTANCE, shared=True, silent=True, weak=True
        )
    speaker = None
    if not found or found[-1].speaker is None:
        speaker = phrases.noun_phrase_left(tokens, i)
        if speaker is None or not has_agent(tokens, speaker, None):
            speaker = first_agent(tokens, i) or speaker
    start = i - 1 if lower_text(tokens, i - 1) in ("и", "также", "при") and i > 1 else i
    attribution = Attribution(
        start, end, (i, i + 1), speaker, complement, how, "gerund", by_cue(how, tokens[i].low), shared=speaker is None
    )
    return assign_stance(tokens, attribution, cues.CUES[lower_text(tokens, i)])
