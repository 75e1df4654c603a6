"""English words of saying that are no single verb: ``was quoted as saying``, ``drew attention to the fact that``."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quote_rules import by_cue, by_phrase
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.en import phrases, subjects, words
from pipeline.quotes.languages.en.complements import clause_soon, find_complement, lower_text
from pipeline.quotes.languages.en.outlets import is_outlet
from pipeline.quotes.text.tokens import Token

_QUOTING = word_set("quote quotes quoted quoting cite cites cited citing reported")
_FARTHEST = 16
_MINDS = word_set(
    "confident convinced sure certain hopeful adamant optimistic persuaded emphatic insistent categorical explicit "
    "unequivocal sceptical skeptical doubtful worried concerned afraid positive firm pessimistic clear"
)
_IS = words.BE | {"remains", "remained", "sounded", "seemed"}
_LINKED = word_set("which that who whom what")
_SURELY = word_set("confident convinced sure certain adamant positive")
"""Of these, those that take a clause without ``that``."""
_MADE = word_set("made makes make making left leaves leave")
_DREW = word_set("drew draws draw called calls paid pays")
_NO_VERB_BEFORE = word_set("not never n't if whether")
_HAVE = words.ADVERBS | {"has", "had", "have"}
_BE_OR_HAVE = _HAVE | words.BE

_QUOTES = word_set("quotes quoted cites cited")

STARTS = word_set("saying telling adding attention clear fact") | _MINDS | _QUOTES
"""Words at which one of the phrases may stand."""


def find_cue_phrase(tokens: list[Token], i: int) -> Attribution | None:
    """The attribution that token ``i`` is the core of, if it is one of these."""
    word = tokens[i].low
    if word in ("saying", "telling", "adding"):
        return _as_saying(tokens, i) if lower_text(tokens, i - 1) == "as" else _cited(tokens, i)
    if word in _QUOTES:
        return _quoted_whom(tokens, i)
    if word == "attention":
        return _attention(tokens, i)
    if word == "clear" and (made := _made_clear(tokens, i)) is not None:
        return made
    return _mind(tokens, i)


def _as_saying(tokens: list[Token], i: int) -> Attribution | None:
    """``X was quoted as saying``, ``the paper quoted X as saying``: X speaks."""
    verb = next((j for j in range(i - 2, max(-1, i - _FARTHEST), -1) if tokens[j].low in _QUOTING), -1)
    if verb < 0:
        return None
    quoted = phrases.noun_phrase_right(tokens, verb + 1) if verb + 1 < i - 1 else None
    start = verb
    if quoted is None or tokens[verb + 1].low == "by" or quoted[0] >= i - 1:
        at = verb - 1
        while at >= 0 and tokens[at].low in _BE_OR_HAVE:
            at -= 1
        quoted = subjects.find_subject(tokens, at)
        start = quoted[0] if quoted else verb
    if quoted is None:
        return None
    if quoted[0] > verb and (quoting_subject := _subject(tokens, verb)) is not None:
        start = quoting_subject[0]
    quoted = (quoted[0], min(quoted[1], i - 1) if quoted[0] > verb else quoted[1])
    begins, how, end = find_complement(tokens, i, i + 1, "tell" if tokens[i].low == "telling" else "say")
    return (
        Attribution(start, end, (i - 1, i + 1), quoted, begins, how, "verb", by_cue(how, "quoted-as")) if end else None
    )


def _cited(tokens: list[Token], i: int) -> Attribution | None:
    """``the agency cited sources in the ministry saying ...``: they speak."""
    verb = next((j for j in range(i - 2, max(-1, i - _FARTHEST), -1) if tokens[j].low in _QUOTING), None)
    if verb is None or any(token.kind != "w" for token in tokens[verb:i]):
        return None
    quoted = phrases.noun_phrase_right(tokens, verb + 1)
    at, how, end = find_complement(tokens, i, i + 1, "say")
    if quoted is None or at is None:
        return None
    return Attribution(verb, end, (i, i + 1), (quoted[0], min(quoted[1], i)), at, how, "verb", by_cue(how, "cited"))


def _quoted_whom(tokens: list[Token], i: int) -> Attribution | None:
    """``"...," TASS quotes X``: words on the left are those of whom an outlet quotes."""
    outlet = _subject(tokens, i)
    quoted = phrases.noun_phrase_right(tokens, i + 1) if i + 1 < len(tokens) else None
    if outlet is None or quoted is None or quoted[0] != i + 1 or not is_outlet(tokens[slice(*outlet)]):
        return None
    before = tokens[outlet[0] - 1] if outlet[0] else None
    if before is None or before.kind != "q" and before.text != "," or lower_text(tokens, quoted[1]) == "as":
        return None
    rule = by_cue("after", "quoted-as")
    return Attribution(outlet[0], quoted[1], (i, i + 1), quoted, None, "none", "verb", rule)


def _attention(tokens: list[Token], i: int) -> Attribution | None:
    """``drew attention to the fact that``, ``called attention to how``."""
    verb = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low in _DREW), None)
    return attribution_of_clause(tokens, verb, i, "draw-attention") if verb is not None else None


def _made_clear(tokens: list[Token], i: int) -> Attribution | None:
    """``made it clear that``, ``makes clear``."""
    verb = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low in _MADE), None)
    return attribution_of_clause(tokens, verb, i, "make-clear") if verb is not None else None


def _pointed_to_fact(tokens: list[Token], i: int) -> Attribution | None:
    """``referred to the fact that``, ``pointed at the fact that``."""
    verb = next(
        (j for j in range(i - 1, max(-1, i - 5), -1) if tokens[j].low in ("pointed", "points", "referred")), None
    )
    return attribution_of_clause(tokens, verb, i, "point-to-fact") if verb is not None else None


def _mind(tokens: list[Token], i: int) -> Attribution | None:
    """``The minister is convinced that``."""
    verb = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low in _IS), None)
    if verb is None or tokens[verb].low in ("be", "being"):
        return None
    if any(tokens[k].low in ("so", "too", "enough") for k in range(verb, min(len(tokens), i + 2))):
        return None
    if tokens[i].low == "clear" and lower_text(tokens, i + 1) != "that":
        return None
    that = attribution_of_clause(tokens, verb, i, "be-convinced")
    speaker = _subject(tokens, verb) if that is None and tokens[i].low in _SURELY else None
    if (
        speaker is None
        or not clause_soon(tokens, i + 1)
        or lower_text(tokens, speaker[0] - 1) in _LINKED
        or tokens[speaker[0]].low in ("it", "i", "we", "you")
    ):
        return that
    return Attribution(speaker[0], i + 1, (verb, i + 1), speaker, i + 1, "bare", "verb", by_phrase("be-convinced"))


def attribution_of_clause(tokens: list[Token], verb: int, i: int, phrase: str) -> Attribution | None:
    """The attribution from the subject of ``verb`` to the ``that`` right of token ``i``."""
    at = next(
        (j for j in range(i + 1, min(len(tokens) - 1, i + 5)) if tokens[j].low == "that" or tokens[j].text == ":"), None
    )
    if at is None or any(tokens[j].kind != "w" for j in range(i + 1, at)):
        return None
    if any(token.low in _NO_VERB_BEFORE for token in tokens[max(0, verb - 2) : i]):
        return None
    speaker = _subject(tokens, verb)
    if speaker is None or tokens[speaker[0]].low in ("it", "i", "we", "you"):
        return None
    return Attribution(speaker[0], at + 1, (verb, i + 1), speaker, at + 1, "that", "verb", by_phrase(phrase))


def _subject(tokens: list[Token], verb: int) -> Indices | None:
    at = verb - 1
    while at >= 0 and tokens[at].kind == "w" and tokens[at].low in _HAVE:
        at -= 1
    return subjects.find_subject(tokens, at) or (
        subjects.clause_subject(tokens, at) if at >= 0 and tokens[at].low == "and" else None
    )
