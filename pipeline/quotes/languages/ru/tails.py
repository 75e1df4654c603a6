"""Words after a Russian report that are no part of it: what else the speaker did, what followed, when it was said."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.ru import cues, words
from pipeline.quotes.languages.ru.agreement import has_agent, has_subject, is_gerund, past_verb
from pipeline.quotes.languages.ru.complements import lower_text
from pipeline.quotes.languages.ru.morph import token_form
from pipeline.quotes.text.tokens import Token

_JOINTS = frozenset(("и", "а", "но", "однако", "впрочем", "зато"))
_SHIFTS = word_set("через спустя позже позднее вскоре впоследствии затем потом")
"""What, behind a conjunction, begins another event of the text's own account."""
_ASIDE = word_set("напомним ранее накануне")
_REACTIONS = (
    "вызвал", "удивил", "возмути", "рассмеши", "насмеши", "обрадова", "спровоцирова", "шокирова", "озадачи", "разозли",
    "смути", "напуга", "заслужи",
)  # fmt: skip
"""How verbs begin for what a statement did to its hearers."""
_DEEDS = (
    "отказал", "воздержа", "затрудни", "уточни", "поясни", "объясни", "раскры", "назва", "конкретизи", "приве",
    "ответи", "покину", "уше", "ушл", "выше", "вышл", "удали", "поблагодари", "попроси", "призва", "пообеща",
    "предложи", "потребова", "пригласи", "показа", "продемонстрирова", "раскритикова", "обвини", "упрекну",
    "извини", "пожела", "поздрави", "улыбну", "рассмея", "выразил", "посовет", "порекоменд", "рекоменд", "опроверг",
    "подтверди", "прокомментирова", "ушёл", "комментирова", "уклони", "отмахну", "обрати",
    "приговори", "оштрафова", "постанови",
)  # fmt: skip
"""How verbs begin for what speakers do besides speaking: refuse details, leave, ask, thank."""
_DENIED_DEEDS = ("стал", "смог", "захоте", "пожела", "реши", "сдержа", "исключи", "сказа", "сообщи", "указа")
"""The same, negated: ``не стал уточнять``."""
_OCCASIONS = word_set(
    "выступая отвечая комментируя обращаясь открывая подводя беседуя общаясь рассуждая ссылаясь намекая уходя"
)
"""Gerunds for the occasion of the words, which nobody whom the report names can have."""
_SPEECH = word_set(
    "говоря имея отказавшись сославшись выразив высказав призвав пообещав попросив поблагодарив назвав обвинив "
    "раскритиковав упрекнув опровергнув подтвердив напомнив предложив потребовав пригласив показав "
    "продемонстрировав рассмеявшись улыбнувшись вздохнув пожав разведя сделав поздравив пожелав усомнившись указав "
    "процитировав похвалив предупредив пригрозив заверив пошутив извинившись"
)
"""Gerunds for what the speaker also said or did, unless the report names somebody who can have done it."""
_RETICENT = (
    "уточн", "поясн", "объясн", "раскры", "назва", "называ", "конкретиз", "вдава", "привед", "привод", "упомян",
    "сообщ", "указ", "ответ", "отвеч", "комментир", "прокомментир", "оставл", "остави", "говори", "рассказ", "обсужд",
)  # fmt: skip
"""How gerunds begin that are negated for what the speaker kept back."""
_THIS = word_set("это этого эту этому информацию данные слова слухи сообщения")
_BESIDES = word_set("не тем самым заодно одновременно попутно параллельно")
"""What may stand before a gerund that says what a speaker also did."""
_OCCASION_NOUNS = tuple(stem(word) for word in "интервью эфир беседа разговор комментарий выступление".split())
_UNLIKE = ("тогда", "хотя")
_PUT = word_set("вопрос вопросы реплику просьбу замечание")
_MEANS = ("означа", "значит", "противореч", "явля", "может", "стало", "было")
"""How verbs begin by which ``, что`` speaks of what was just said."""
_FARTHEST = 120


def tail_start(tokens: list[Token], attribution: Attribution, start: int) -> int:
    """Where in the report from ``start`` words begin that are no part of it; the end of the sentence if none do."""
    last = min(len(tokens), start + _FARTHEST)
    for j in range(start + 1, last - 1):
        if tokens[j].text == "," and is_tail(tokens, (start, j), attribution.gender):
            return j
        noted = tokens[j].text in "([" and tokens[j + 1].low.startswith("цит")
        if noted or _is_answer(tokens, j) or _is_joined_cue(tokens, (start, j), attribution.gender):
            return j
    return len(tokens)


def is_tail(tokens: list[Token], report: Indices, gender: str | None) -> bool:
    """Whether the words behind the comma that ends ``report`` are no part of it.

    ``gender`` is the gender or number of the speaker as the verb of saying shows it.
    """
    at = report[1] + 1
    end = _clause_end(tokens, at)
    if at + 1 >= len(tokens) or tokens[at].kind != "w":
        return False
    first = lower_text(tokens, at)
    if first in _JOINTS:
        return _is_own_deed(tokens, report, (at + 1, end), gender)
    if first in _ASIDE or _is_answer(tokens, at):
        return first not in ("ранее",) or _has_past(tokens, at, end)
    if first in ("сам", "сама") and lower_text(tokens, at + 1) in ("он", "она"):
        whole = any(token.kind == "w" and token_form(token).finite for token in tokens[slice(*report)])
        return whole or only_marked(tokens, report)
    verbal = _past_adverbs(tokens, at)
    if is_gerund(tokens[verbal].text) and tokens[verbal].kind == "w":
        return _is_own_gerund(tokens, report, verbal)
    if first in _UNLIKE:
        return _is_unlike(tokens, report, (at + 1, end), gender)
    if first in ("что", "чем", "о", "об", "после", "на"):
        return _is_consequence(tokens, report, (at, end), gender)
    if first in ("в", "во") and not any(token.kind == "w" and token_form(token).finite for token in tokens[at:end]):
        return any(stem(token.low) in _OCCASION_NOUNS for token in tokens[at + 1 : at + 4])
    return _keeps_back(tokens, (at, end), gender)


def _is_unlike(tokens: list[Token], report: Indices, clause: Indices, gender: str | None) -> bool:
    """``, хотя раньше называла другой срок``: other words of the speaker."""
    verb = _past_at(tokens, *clause)
    shape, transitive = (past_verb(tokens[verb].text) if verb is not None else None) or ("", False)
    low = lower_text(tokens, verb) if verb is not None else ""
    if verb is None or shape != gender or not (low in cues.CUES or low in cues.EVALUATING or _is_deed(tokens, verb)):
        return False
    own = has_subject(tokens, clause, verb, shape, transitive=transitive)
    return not own and not _is_alike(tokens, report, shape)


def _keeps_back(tokens: list[Token], clause: Indices, gender: str | None) -> bool:
    """``, сроки она не уточнила``"""
    verb = _past_at(tokens, *clause)
    if verb is None or lower_text(tokens, verb - 1) != "не" or not lower_text(tokens, verb).startswith(_RETICENT):
        return False
    shape = (past_verb(tokens[verb].text) or ("", False))[0]
    return shape == gender and any(token.low in ("он", "она") for token in tokens[slice(*clause)])


def _clause_end(tokens: list[Token], at: int) -> int:
    stop = min(len(tokens), at + _FARTHEST)
    return next((j for j in range(at, stop) if tokens[j].kind == "p" and tokens[j].text in ",;:—.!?"), stop)


def _past_adverbs(tokens: list[Token], at: int) -> int:
    """One past ``при этом``, ``тем самым``, ``также``, ``не`` before a gerund."""
    j = at
    while j < len(tokens) - 1 and (tokens[j].low in words.ADVERBS or tokens[j].low in _BESIDES):
        j += 1
    return j


def _is_answer(tokens: list[Token], at: int) -> bool:
    """``в ответ на вопрос``"""
    return [lower_text(tokens, at + k) for k in range(3)] == ["в", "ответ", "на"] and any(
        token.low in _PUT for token in tokens[at + 3 : at + 6]
    )


def only_marked(tokens: list[Token], report: Indices) -> bool:
    """Whether nothing but words in marks was reported."""
    listed = tokens[slice(*report)]
    return any(token.kind == "q" for token in listed) and all(token.kind in "qp" for token in listed)


def _has_past(tokens: list[Token], at: int, end: int) -> bool:
    return any(token.kind == "w" and past_verb(token.text) for token in tokens[at:end])


def _past_at(tokens: list[Token], at: int, end: int) -> int | None:
    return next((j for j in range(at, end) if tokens[j].kind == "w" and past_verb(tokens[j].text)), None)


def _is_own_deed(tokens: list[Token], report: Indices, clause: Indices, gender: str | None) -> bool:
    """``, но подробностей не привёл``, ``, и покинул зал``, ``, а через год его сняли``."""
    verb = _past_at(tokens, *clause)
    if _is_disputed(tokens, clause):
        return True
    if verb is None:
        says = lower_text(tokens, clause[0]) in cues.CUES and token_form(tokens[clause[0]]).finite
        return says and gender is None and not has_agent(tokens, report, None)
    shape, transitive = past_verb(tokens[verb].text) or ("", False)
    marked = only_marked(tokens, report)
    if has_subject(tokens, clause, verb, shape, transitive=transitive):
        return marked or _is_later(tokens, clause)
    if shape != gender:
        return _is_later(tokens, clause)
    if marked or _is_deed(tokens, verb):
        return True
    return gender != "p" and not _is_alike(tokens, report, shape)


def _is_disputed(tokens: list[Token], clause: Indices) -> bool:
    """``, но в мэрии это опровергают``: what others say of the report."""
    low = [lower_text(tokens, j) for j in range(*clause)]
    disputes = any(cues.CUES.get(word) in cues.DENYING or word.startswith("подтвер") for word in low)
    return disputes and any(word in _THIS for word in low)


def _is_later(tokens: list[Token], clause: Indices) -> bool:
    """``через неделю``, ``на следующий день``: another event than the one reported."""
    opening = [token.low for token in tokens[clause[0] : clause[0] + 3]]
    return any(word in _SHIFTS for word in opening[:2]) and "этого" not in opening


def _is_deed(tokens: list[Token], verb: int) -> bool:
    low = lower_text(tokens, verb)
    if lower_text(tokens, verb - 1) == "не" and low.startswith(_DENIED_DEEDS):
        return any(token.low.startswith(_RETICENT) for token in tokens[verb - 2 : verb + 3])
    return low.startswith(_DEEDS)


def _is_alike(tokens: list[Token], report: Indices, shape: str) -> bool:
    """Whether the report has a verb or an agent that a further verb of this shape can go with."""
    for token in tokens[slice(*report)]:
        if token.kind == "w" and (found := past_verb(token.text)) and found[0] == shape:
            return True
    return has_agent(tokens, report, shape)


def _is_own_gerund(tokens: list[Token], report: Indices, at: int) -> bool:
    """``, выступая в думе``, ``, не уточнив сроков``, ``, при этом обвинив соседей``."""
    low = lower_text(tokens, at)
    if [lower_text(tokens, at + k) for k in (1, 2)] == ["на", "то"]:
        return False
    opposes = low == "выступая" and lower_text(tokens, at + 1) in ("против", "за")
    if low in _OCCASIONS and not opposes or only_marked(tokens, report):
        return True
    kept_back = lower_text(tokens, at - 1) == "не" and low.startswith(_RETICENT)
    if not kept_back and low not in _SPEECH:
        return False
    clause = next((j + 1 for j in range(report[1] - 1, report[0], -1) if tokens[j].text in ",;"), report[0])
    return not has_agent(tokens, (clause, report[1]), None)


def _is_consequence(tokens: list[Token], report: Indices, clause: Indices, gender: str | None) -> bool:
    """``, что вызвало споры``, ``, чем удивил зал``, ``, о чём написал в блоге``, ``, после чего покинул зал``."""
    at, end = clause
    opening = [lower_text(tokens, at), lower_text(tokens, at + 1)]
    verb = _past_at(tokens, at + 1, end)
    if verb is None:
        return False
    shape, transitive = past_verb(tokens[verb].text) or ("", False)
    low = lower_text(tokens, verb)
    if opening[0] == "что":
        return shape == "n" and only_marked(tokens, report)
    if opening[0] == "чем":
        return low.startswith(_REACTIONS) and shape == gender
    if opening == ["на", "что"]:
        return low in cues.CUES or only_marked(tokens, report)
    if opening[0] in ("о", "об", "на"):
        return opening[1] == "чем" and low in cues.CUES
    if opening != ["после", "чего"]:
        return False
    if only_marked(tokens, report):
        return True
    own = has_subject(tokens, (at + 2, end), verb, shape, transitive=transitive)
    return not own and shape == gender and not _is_alike(tokens, report, shape)


def _is_joined_cue(tokens: list[Token], report: Indices, gender: str | None) -> bool:
    """``... и подчеркнул, что``: without a comma, where the report names nobody who can have said that too."""
    joint = report[1]
    if lower_text(tokens, joint) != "и" or tokens[joint - 1].text == "," or gender is None:
        return False
    at = joint + 1
    while at < len(tokens) - 2 and tokens[at].low in words.ADVERBS:
        at += 1
    low = lower_text(tokens, at)
    found = past_verb(tokens[at].text) if tokens[at].kind == "w" else None
    if low not in cues.CUES or not found or found[0] != gender:
        return False
    if lower_text(tokens, at + 1) not in (",", ":") and not _is_deed(tokens, at):
        return False
    return not has_agent(tokens, report, gender)


def is_reaction(tokens: list[Token], start: int, clause: int) -> bool:
    """``«...», — сказал X, что вызвало споры``: whether the clause says what came of words left of the attribution."""
    left = start - 1
    while left > 0 and tokens[left].text in ",—":
        left -= 1
    if left < 0 or left == start - 1 or tokens[clause - 1].low != "что":
        return False
    said = tokens[left].kind == "q" or any(token.kind == "w" and token_form(token).finite for token in tokens[:left])
    end = _clause_end(tokens, clause)
    if lower_text(tokens, clause).startswith(_MEANS):
        return said
    verb = _past_at(tokens, clause, end)
    if not said or verb is None:
        return False
    shape, transitive = past_verb(tokens[verb].text) or ("", False)
    return shape == "n" and not has_subject(tokens, (clause, end), verb, shape, transitive=transitive)
