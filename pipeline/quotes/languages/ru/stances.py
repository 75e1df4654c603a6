"""The stance of a Russian speaker: asserts, denies or asks the words, comments on another's claim, might say them."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.language.spelling import stem
from pipeline.quote_rules import by_cue
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.ru import cues, phrases
from pipeline.quotes.languages.ru.complements import lower_text
from pipeline.quotes.languages.ru.subjects import is_plural_verb, subject_from_place
from pipeline.quotes.languages.ru.words import ADVERBS, NEGATIONS, PREPOSITIONS, PRONOUNS
from pipeline.quotes.text.tokens import Token

_CLAIMS = frozenset(
    stem(word)
    for word in "заявление слова высказывание утверждение сообщение информация слухи данные обвинение версия "
    "публикация "
    "предположение тезис довод упрек претензия мнение комментарий реплика замечание оценка прогноз новость вброс "
    "домысел "
    "измышление спекуляция отчет рассказ предупреждение подозрение статья материал".split()
)
"""Stems of nouns for what somebody claims (``слова X о том, что``)."""
_DOUBTS = frozenset((stem("сомнение"), stem("сомнения")))
_FALSE = word_set(
    "ложью неправдой враньем враньём вымыслом выдумкой выдумками уткой уткой фейком фейками чушью бредом вбросом "
    "дезинформацией слухами спекуляциями клеветой абсурдом абсурдными нелепостью небылицами ложными неверными "
    "фальшивкой "
    "недостоверными недостоверной ложной беспочвенными голословными необоснованными безосновательными несостоятельными "
    "домыслами действительности провокацией"
)
"""What a claim is called to deny it, in the instrumental."""
_ENDS_OWNER = PREPOSITIONS | ADVERBS | {"что"}
_ANSWERING = cues.DENYING | cues.COMMENTING
_OWN = frozenset(("свои", "свое", "своё", "свою", "своих", "своем", "своём", "своим", "своей", "собственные"))
_RUMOURS = stem("слухи")
_HEARSAY = frozenset(("якобы", "предположительно", "слухам", "будто", "утверждается", "сообщается"))
_MAYBE = word_set(
    "возможно вероятно наверное видимо предположим допустим представьте представим словно будто ожидается"
)
"""Words before an attribution that make it a supposition."""
_QUESTIONING = word_set("уточни переспроси недоумева осведоми возмути удиви")
"""Verbs that ask where the words before them end in a question mark."""
_EXPLAINING = word_set("разъясни поясни объясни уточни")
"""Verbs of :data:`cues.AFFIRMING` that only say something of what another said."""
_THEN = word_set("и а но однако")
_MOST_BACK = 8
_MOST_BEFORE_CLAIM = 4
_LONGEST_OWNER = 16
_LONGEST_VERDICT = 7
_FARTHEST = 120
"""Tokens in which the end of a clause or phrase is looked for; the bound keeps the cost linear."""


def assign_stance(tokens: list[Token], attribution: Attribution, verb: str) -> Attribution | None:
    """The attribution with stance and claimant set; None if its words belong to nobody whom the sentence names."""
    if verb in cues.ASKING or (verb in _QUESTIONING and _ends_in_question(tokens, attribution)):
        attribution.stance = "asked"
    if attribution.complement is None and not _fronted(tokens, attribution, verb):
        return None if verb in cues.JUDGING else attribution
    disowned = _disowned(tokens, attribution)
    if _answers(tokens, attribution) or disowned is False:
        attribution.complement, attribution.how, attribution.starts = None, "none", None
        return attribution
    noun = _claim(tokens, attribution)
    if noun is not None and attribution.speaker is not None and attribution.speaker[0] <= noun < attribution.speaker[1]:
        attribution.speaker = (
            (attribution.speaker[0], noun) if attribution.speaker[0] < noun else _before(tokens, attribution.cue[0])
        )
    owner = _owner(tokens, noun) if noun is not None else None
    if verb in cues.DENYING and _goes_on_to_say(tokens, attribution):
        return attribution
    explains = verb in _EXPLAINING and owner is not None
    if disowned or _denies(tokens, attribution, verb, noun):
        attribution.stance, attribution.claimant, attribution.silent = "denied", owner, False
        attribution.ends = _verdict(tokens, attribution)
    elif noun is not None and (explains or verb not in cues.AFFIRMING) and lower_text(tokens, noun - 1) not in _OWN:
        if owner is not None:
            attribution.stance, attribution.claimant = "reported", owner
            attribution.ends = _verdict(tokens, attribution)
        elif verb in cues.COMMENTING or verb in cues.JUDGING:
            attribution.complement, attribution.how, attribution.starts = None, "none", None
    elif verb in cues.JUDGING:
        return None
    elif not attribution.silent and attribution.stance == "said":
        _unsure(tokens, attribution)
    return attribution


def _ends_in_question(tokens: list[Token], attribution: Attribution) -> bool:
    """Whether words in marks right before the attribution end in a question mark."""
    before = tokens[max(0, attribution.start - 2) : attribution.start]
    return any(token.kind == "q" and token.text.rstrip("\"»”'’ ").endswith("?") for token in before)


def _goes_on_to_say(tokens: list[Token], attribution: Attribution) -> bool:
    """``отверг обвинения и заявил, что``: the clause is what is said then, and nobody denies it."""
    if attribution.how != "that" or attribution.complement is None:
        return False
    between = tokens[attribution.cue[1] : attribution.complement]
    joint = next((i for i, token in enumerate(between) if token.low in _THEN), None)
    return joint is not None and any(token.low in cues.CUES and token.kind == "w" for token in between[joint + 1 :])


def _before(tokens: list[Token], cue: int) -> Indices | None:
    """The subject left of the verb, or the place it speaks for (``В Кремле назвали ложью слова X``)."""
    named = phrases.noun_phrase_left(tokens, cue)
    return named or (subject_from_place(tokens, cue)[0] if is_plural_verb(tokens[cue].low) else None)


def _disowned(tokens: list[Token], attribution: Attribution) -> bool | None:
    """``призвал не верить слухам о том, что``: whether a claim is denied; False: only not to be repeated; else None."""
    words = (
        tokens[attribution.cue[1] : attribution.complement]
        if attribution.complement is not None and attribution.how == "that"
        else []
    )
    negated = next((i for i, token in enumerate(words) if token.low == "не"), None)
    if negated is None or not any(stem(token.low) in _CLAIMS for token in words[negated:]):
        return None
    following = words[negated + 1].low
    return True if following.startswith(("вер", "довер")) else False if following.endswith(("ть", "ться")) else None


def _answers(tokens: list[Token], attribution: Attribution) -> bool:
    """``отвечая на вопрос о том, что``: the clause is what was asked."""
    if attribution.complement is None or attribution.how != "that":
        return False
    words = tokens[attribution.cue[1] : attribution.complement]
    asks = lower_text(tokens, attribution.complement - 3) == "том" or any(token.low == "ли" for token in words)
    return asks and any(token.low.startswith("вопрос") for token in words)


def _denies(tokens: list[Token], attribution: Attribution, verb: str, noun: int | None) -> bool:
    """``опроверг, что``, ``не считает, что``, ``назвал ложью слова X о том, что``, ``выразил сомнение, что``."""
    negated = lower_text(tokens, attribution.cue[0] - 1) in NEGATIONS
    if verb in cues.DENYING:
        return not negated
    if verb in cues.OPINIONS and negated:
        return attribution.how == "that"
    words = tokens[attribution.cue[1] : attribution.complement]
    if any(stem(token.low) in _DOUBTS for token in words):
        return not negated
    if verb not in ("назва", "называ"):
        return False
    return any(token.low in _FALSE for token in words) or (
        noun is not None and _verdict(tokens, attribution) is not None
    )


def _verdict(tokens: list[Token], attribution: Attribution) -> int | None:
    """``назвал слова X о том, что ..., чушью``: the comma before what the claim is called."""
    if attribution.complement is None:
        return None
    last = len(tokens) - (tokens[-1].kind == "p")
    for j in range(max(attribution.complement, last - _LONGEST_VERDICT), last - 1):
        if tokens[j].text == "," and any(token.low in _FALSE for token in tokens[j + 1 : last]):
            return j
    return None


def _claim(tokens: list[Token], attribution: Attribution) -> int | None:
    """The noun whose clause is reported: the last one for a claim between the verb, or the start, and ``что``."""
    start, end = (attribution.cue[1], attribution.complement) if attribution.starts is None else (0, attribution.starts)
    if end is None or attribution.how != "that":
        return None
    found = (j for j in range(end - 1, start - 1, -1) if tokens[j].kind == "w" and stem(tokens[j].low) in _CLAIMS)
    return next(found, None)


def _owner(tokens: list[Token], noun: int) -> Indices | None:
    """``слова президента США о том``, ``обвинения со стороны Киева в том``: whose claim it is."""
    start = noun + 1
    if lower_text(tokens, start) in ("со", "от") and lower_text(tokens, start + 1) == "стороны":
        start += 2
    end, last = start, min(len(tokens), start + _LONGEST_OWNER)
    while end < last and tokens[end].kind in "wq" and tokens[end].low not in _ENDS_OWNER:
        end += 1
    named = any(token.kind == "w" and token.low not in PRONOUNS for token in tokens[start:end])
    return (start, end) if named else None


def find_noun_claim(tokens: list[Token]) -> Attribution | None:
    """``после слов X о том, что``: a claim in a sentence in which nobody else speaks."""
    for i, token in enumerate(tokens[:-4]):
        if token.kind != "w" or token.low not in cues.CLAIM_NOUNS or lower_text(tokens, i - 1) in NEGATIONS:
            continue
        that = next((j for j in range(i + 1, min(len(tokens) - 3, i + _LONGEST_OWNER)) if tokens[j].text == ","), None)
        owner = _owner(tokens, i)
        if that is None or owner is None or [lower_text(tokens, j) for j in (that - 1, that + 1)] != ["том", "что"]:
            continue
        if owner[1] + 2 != that:
            continue
        attribution = Attribution(
            i, that + 2, (i, i + 1), None, that + 2, "that", "verb", by_cue("that", "claim"), weak=True
        )
        attribution.stance, attribution.claimant, attribution.relative = "reported", owner, True
        return attribution
    return None


def _fronted(tokens: list[Token], attribution: Attribution, verb: str) -> bool:
    """``Слухи о том, что ..., опроверг Песков``: whether the clause stands before; sets its place."""
    if verb not in _ANSWERING or attribution.kind != "verb" or attribution.silent or not attribution.speaker:
        return False
    comma = next(
        (j for j in range(attribution.start - 1, max(0, attribution.start - 3), -1) if tokens[j].text == ","), None
    )
    noun = next((j for j in range(_MOST_BEFORE_CLAIM) if stem(lower_text(tokens, j)) in _CLAIMS), None)
    if comma is None or noun is None or comma > _FARTHEST:
        return False
    that = next(
        (j for j in range(noun + 1, comma) if tokens[j].text == "," and lower_text(tokens, j + 1) == "что"), None
    )
    if that is None or lower_text(tokens, that - 1) not in ("том", tokens[noun].low) or that + 3 > comma:
        return False
    attribution.starts, attribution.start, attribution.how = that + 2, comma + 1, "that"
    return True


def _unsure(tokens: list[Token], attribution: Attribution) -> None:
    """``если бы X сказал, что``, ``сказал бы``, ``скажет``, ``якобы сказал``."""
    i = attribution.cue[0]
    that = next(
        (j for j in range(attribution.start - 1, max(0, attribution.start - 4), -1) if tokens[j].low == "что"), None
    )
    if that is not None and any(stem(lower_text(tokens, j)) == _RUMOURS for j in range(that - 4, that)):
        attribution.silent = True
        return
    opening = [token.low for token in tokens[max(0, attribution.start - 3) : attribution.start] if token.kind == "w"]
    if opening and (opening[-1] in _MAYBE or opening[-1] == "что" and opening[-2:-1] and opening[-2] in _MAYBE):
        attribution.stance = "hypothetical"
        return
    near = [lower_text(tokens, j) for j in (i - 2, i - 1, i + 1)]
    if any(word in _HEARSAY for word in (*near[:2], lower_text(tokens, attribution.start - 2))):
        attribution.stance = "reported"
        return
    clause: list[str] = []
    for j in range(i - 1, max(-1, i - 1 - _MOST_BACK), -1):
        if tokens[j].kind == "p":
            break
        clause.append(tokens[j].low)
    if (
        "если" in clause
        or "бы" in (*clause[:2], lower_text(tokens, i + 1))
        or lower_text(tokens, i).startswith("скажу")
        or lower_text(tokens, i) in ("скажет", "скажут")
    ):
        attribution.stance = "hypothetical"
        if "если" in clause and attribution.complement is not None:
            clause_end = range(attribution.complement + 1, min(len(tokens), attribution.complement + _FARTHEST))
            attribution.ends = next((j for j in clause_end if tokens[j].text == ","), None)
