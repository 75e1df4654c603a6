"""Trims a reported Russian clause (dateline, conjunction, marks) and finds where it ends."""

from __future__ import annotations

import re

from pipeline.language.normalise import fold_word
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Attribution, Clause, Indices
from pipeline.quotes.languages.ru import cues
from pipeline.quotes.languages.ru.morph import token_form, word_form
from pipeline.quotes.languages.ru.outlets import PRINTED, outlet_end
from pipeline.quotes.languages.ru.tails import is_tail, tail_start
from pipeline.quotes.languages.ru.words import (
    CONJUNCTIONS,
    NEGATIONS,
    OPENERS,
    PREPOSITIONS,
    QUESTIONS,
    WORKS,
)
from pipeline.quotes.text.tokens import Token

_LEADING = frozenset(("но", "а", "и", "что", "однако"))
_TAILS = frozenset(("чьи", "чей", "чья", "чье", "чьё"))
"""What begins a clause on who printed the words (``..., чьи слова приводит X``)."""
_AFTER_WHICH = (["после", "чего"], ["о", "чем"], ["о", "чём"], ["на", "что"])
"""How clauses begin that speak of the saying itself."""
_TRAILING = frozenset(("но", "а", "и"))
_INNER = re.compile(r"[,.!?…]\s?[—–-]\s?(?P<said>[^—–«»\"“”]{3,90}?)[,.:]\s?[—–-]\s")
_CITED = ("(цит", "[цит")
"""How a note begins on where words were printed."""
_LONGEST_DATELINE = 12
_TIME = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d")
_INNER_LAST = re.compile(r"[,.!?…]\s?[—–-]\s?(?P<said>[^—–«»\"“”]{3,90}?)\.?$")


def trim_reported_clause(tokens: list[Token], start: int, end: int) -> Indices:
    """``[start, end)`` without dateline, leading conjunction and marks at the edges."""
    start = _after_dateline(tokens, start, end)
    if [token.low for token in tokens[start : start + 4]] == ["о", "том", ",", "что"]:
        start = min(end, start + 4)
    while start < end and (tokens[start].kind == "p" or tokens[start].low in _LEADING):
        start += 1
    while end > start and (
        tokens[end - 1].kind == "p"
        and tokens[end - 1].text not in "%$"
        or tokens[end - 1].low in _TRAILING
        or tokens[end - 1].kind == "b"
        and tokens[end - 1].text.lower().startswith(_CITED)
    ):
        end -= 1
    return start, end


def _after_dateline(tokens: list[Token], start: int, end: int) -> int:
    """``МОСКВА, 5 мая - РИА Новости.``, ``МОСКВА, 5 мая /ТАСС/.``, ``5 мая. Interfax.ru -``, ``14:30 МСК.``"""
    start = _after_time(tokens, start, end)
    if start >= end or tokens[start].kind not in "wb":
        return start
    dash = next((j for j in range(start + 1, min(end, start + _LONGEST_DATELINE)) if tokens[j].text == "—"), None)
    if dash is None:
        return start
    placed = tokens[start].text.isupper() and len(tokens[start].text) > 4
    printed = any(outlet_end(tokens, j) == dash for j in range(max(start, dash - 5), dash))
    return dash + 1 if placed or printed else start


def _after_time(tokens: list[Token], start: int, end: int) -> int:
    """One past the time of an entry in a live blog."""
    if start >= end or not _TIME.fullmatch(tokens[start].text.strip("[]()")):
        return start
    at = start + 1
    while at < end and (tokens[at].text in ".,—:" or tokens[at].low in ("мск", "msk")):
        at += 1
    return at


def goes_on(tokens: list[Token], start: int, end: int, attribution: Attribution) -> bool:
    """Whether the words after ``, по словам X,`` are a clause and not a circumstance."""
    first = tokens[start]
    if _is_over(tokens, start, end, attribution):
        return False
    second = tokens[start + 1] if start + 1 < end else first
    if any(token.low.startswith("котор") for token in tokens[start : start + 3]) or first.low in _TAILS:
        return False
    if first.low in PREPOSITIONS and second.low in ("чем", "котором"):
        return False
    asks = first.low in QUESTIONS or any(token.low == "ли" for token in tokens[start : min(end, start + 4)])
    if asks and any(token.low.startswith("вопрос") for token in tokens[max(0, start - 8) : start]):
        return False
    if (
        token_form(first).adjective
        and first.low.endswith(("ий", "ый", "ая", "ые", "ие"))
        and second.low in PREPOSITIONS
    ):
        return False
    if first.low in ("добавив", "который", "которая", "которые", "передает", "сообщает", "пишет", "где", "когда"):
        return False
    if first.low.replace("ё", "е") in cues.GERUNDS or first.low.endswith(
        (*cues.PARTICIPLE_ENDINGS, "вшись", "шийся", "шаяся")
    ):
        return False
    cue = next((j for j in range(start, end) if tokens[j].low in cues.CUES), None)
    if cue is not None and tokens[cue - 1].low in NEGATIONS and cue >= end - 2:
        return False
    return sum(token.kind == "w" for token in tokens[start:end]) >= 2 and _clause(tokens[start:end])


def _is_over(tokens: list[Token], start: int, end: int, attribution: Attribution) -> bool:
    """Whether nothing that was said follows: words in marks stand left, or the speaker is the subject again."""
    if tokens[start].low == "что" or [token.low for token in tokens[start : start + 2]] in _AFTER_WHICH:
        return True
    if tokens[start - 1].text != ",":
        return False
    left = attribution.start
    while left > 0 and tokens[left - 1].text in ",—":
        left -= 1
    if left > 0 and tokens[left - 1].kind == "q" and attribution.kind == "verb":
        leading = next((j for j in range(start, end) if tokens[j].low not in _LEADING), end)
        return leading == end or tokens[leading].kind != "q"
    return left > 0 and is_tail(tokens, (0, start - 1), attribution.gender)


def _clause(tokens: list[Token]) -> bool:
    return any(token.kind == "q" or token.text == "—" or token_form(token).finite for token in tokens)


def report_end(tokens: list[Token], attribution: Attribution, clause: Clause) -> int:
    """The end of the sentence, or the comma after which the speaker is the subject again (``..., и попросил``)."""
    start = attribution.complement or 0
    end = tail_start(tokens, attribution, start)
    verb_seen = clause == "opening" and _clause(tokens[start : start + 2])
    for j in range(start + 2, min(end, len(tokens) - 2)):
        if tokens[j].text != ",":
            verb_seen = verb_seen or (clause == "opening" and _clause(tokens[j : j + 1]))
            continue
        following = tokens[j + 1 + (tokens[j + 1].low == "не")]
        if (
            clause == "relative"
            and token_form(following).finite
            and not (token_form(following).noun or following.capital)
        ):
            return j
        claim = clause == "relative" and attribution.stance == "reported" and attribution.speaker is None
        if claim and _clause(tokens[j + 1 : j + 5]) and not _subordinate(tokens, j + 1):
            return j
        if clause == "opening" and verb_seen and not _subordinate(tokens, j + 1):
            return j
    return end


def _subordinate(tokens: list[Token], at: int) -> bool:
    """Whether a subordinate clause begins here, before or after which the current one continues."""
    found = token_form(tokens[at])
    if found.adjective or tokens[at].low in cues.GERUNDS or tokens[at].low in PREPOSITIONS:
        return True
    return tokens[at].low in CONJUNCTIONS or any(token.low.startswith("котор") for token in tokens[at : at + 3])


def inner_attributions(text: str, start: int, end: int) -> list[Indices]:
    """Where ``, — сказал он. —`` stands inside marks that are not closed before it: the offsets of those words."""
    found = []
    at = start
    while True:
        match = _INNER.search(text, at, end)
        if not match:
            break
        if _says(match.group("said")):
            found.append((match.start() + 1, match.end()))
        at = match.end() - 2
    last = _INNER_LAST.search(text, max(at, end - 120), end)
    if last and _says(last.group("said")) and text[end - 1] not in '»”"':
        found.append((last.start() + 1, end))
    return found


def _says(words: str) -> bool:
    said = words.split()
    low = [fold_word(word).strip(".,") for word in said[:4]]
    return any(word in cues.CUES for word in low) or bool(low) and word_form(low[0]).finite and len(said) > 1


def is_report(tokens: list[Token], start: int, end: int) -> bool:
    """Whether words left of ``сообщил X`` are a report: more than a circumstance such as ``Накануне``."""
    start, end = trim_reported_clause(tokens, start, end)
    words = [token for token in tokens[start:end] if token.kind in "wq"]
    if words and words[-1].low.startswith("котор"):
        return False
    if any(token.low.startswith("вопрос") for token in words[:5]) and words[0].low in ("на", "в", "отвечая"):
        return False
    if len(words) > 1 and words[0].low in ("об", "о") and words[1].low in ("этом", "чем", "том"):
        return False
    return any(token.kind == "q" or token.low in ("это", "нет") or token_form(token).finite for token in words)


def is_circumstance(tokens: list[Token], start: int, end: int) -> bool:
    """``В то же время``, ``Кроме того``, ``Напомним``."""
    start, end = trim_reported_clause(tokens, start, end)
    return all(token.low in OPENERS or token.kind == "p" for token in tokens[start:end])


def is_work(tokens: list[Token], at: int) -> bool:
    """``в программе «Время»``, ``компания «Нева»``: a short name after a word for such things, or a preposition."""
    words = tokens[at].text.strip('"«»“”„ ').split()
    if tokens[0].low == "как" and at < PRINTED and any(token.low in cues.CUES for token in tokens[1:at]):
        return True
    if not words or len(words) > 5 or not words[0][0].isupper() or words[-1][-1] in "!?…." or at == 0:
        return False
    before = tokens[at - 1]
    if before.kind != "w" or before.low in cues.CUES:
        return False
    titled = len(words) <= 3 and all(word[:1].isupper() for word in words)
    return titled or before.low in PREPOSITIONS or stem(before.low) in WORKS
