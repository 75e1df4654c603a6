"""Where a Russian noun phrase ends: before a verb, a circumstance, an outlet; a name beyond a bracket belongs to it."""

from __future__ import annotations

from pipeline.language.nations import NATIONS
from pipeline.language.spelling import stem
from pipeline.quotes.languages.ru import cues, words
from pipeline.quotes.languages.ru.morph import (
    dictionary_readings,
    is_infinitive,
    is_personal_name,
    is_thing,
    token_form,
)
from pipeline.quotes.languages.ru.outlets import is_addressed_outlet, may_relay, stands_apart
from pipeline.quotes.text.tokens import Token

_RULING = ("завед", "управля", "команд", "руковод")
"""How titles begin that have what they rule over in the instrumental."""
_FIXED = (
    ("в", "то", "же", "время"), ("в", "это", "же", "время"), ("в", "один", "голос"), ("в", "свою", "очередь"),
    ("между", "тем"), ("кроме", "того"), ("вместе", "с", "тем"), ("при", "этом"), ("к", "тому", "же"),
    ("на", "этот", "раз"), ("в", "тот", "же", "день"), ("в", "это", "время"),
)  # fmt: skip
_OPEN_ENDS = words.PREPOSITIONS | {"и"}
"""Words with which no phrase ends."""
_WHERE = frozenset(("в", "во", "на", "под"))
_PLACED = frozenset(("loct", "loc2"))
_HARDLY = 0.01
_ENDS = words.ADDRESSEES | words.CONJUNCTIONS | words.ADVERBS | words.NEGATIONS | {"он", "она", "они"}


def end_of(tokens: list[Token], start: int, limit: int) -> int:
    """One past the phrase that begins at ``start``."""
    if tokens[start].low in words.PRONOUNS and tokens[start].low != "сам":
        return start + 1
    j = start + 1
    thing = _thing_at(tokens, start, limit)
    while j < limit:
        token = tokens[j]
        if token.kind == "p" and not (
            token.text in ".&" and tokens[j - 1].end == token.start and is_unspaced_mark(tokens, j)
        ):
            named = _name_after(tokens, start, j, limit) if token.text in ",—" else None
            if named is None:
                break
            return named
        after_name = j > 1 and is_personal_name(tokens[j - 1])
        if token.kind == "b" or (token.low in words.PREPOSITIONS and (after_name or starts_circumstance(tokens, j))):
            ahead = _name_ahead(tokens, start, j, limit)
            if ahead is None:
                break
            j = ahead
            continue
        if _ends_phrase(tokens, j, limit) or thing is not None and j > thing and _is_somebody(token):
            break
        j += 1
    while j > start + 1 and tokens[j - 1].low in _OPEN_ENDS:
        j -= 1
    return j


def _ends_phrase(tokens: list[Token], j: int, limit: int) -> bool:
    """Whether a word right of a phrase is no part of it: somebody addressed, a conjunction or adverb, a verb."""
    token = tokens[j]
    if token.low == "и":
        return j + 1 < limit and token_form(tokens[j + 1]).verb
    if is_date(tokens, j) or _is_asked(tokens, j):
        return True
    if token.low in _ENDS or _is_manner(tokens, j) or is_addressed_outlet(tokens, j) or stands_apart(tokens, j):
        return True
    return token_form(token).verb and (token.low in cues.CUES or is_finite_verb(token) or is_infinitive(token.low))


def _is_somebody(token: Token) -> bool:
    """Whether a word can only be the title of whoever acts, and not whose a thing is (``новые цены министр``)."""
    found = token_form(token)
    kind = words.CLASSES.get(stem(token.low))
    return kind not in (None, "body") and not token.capital and found.nominative and not found.oblique


def is_thing_beside_somebody(tokens: list[Token], start: int, end: int) -> bool:
    """``новые цены (министр не назвал)``: whether a phrase names a thing and right of it stands who acts."""
    return end < len(tokens) and _thing_at(tokens, start, end) is not None and _is_somebody(tokens[end])


def _thing_at(tokens: list[Token], start: int, limit: int) -> int | None:
    """Where the head of a phrase stands, if that is a thing in lower case."""
    head = next((j for j in range(start, min(limit, start + 3)) if token_form(tokens[j]).noun), start)
    return head if (not tokens[head].capital or head == 0) and is_thing(tokens[head].low, None) else None


def is_date(tokens: list[Token], j: int) -> bool:
    """``(Банк России) 28 ноября``: whether a day of the month stands at ``j``."""
    return j + 1 < len(tokens) and tokens[j].text.isdigit() and tokens[j + 1].low in words.MONTHS


def _is_asked(tokens: list[Token], j: int) -> bool:
    """``(представитель мэрии) Зуеву``: whether a name in the dative says whom somebody addresses."""
    token = tokens[j]
    if not token.capital or j > 1 and tokens[j - 1].capital or not token.low.endswith(("у", "ю")):
        return False
    found = token_form(token)
    return found.name and not found.nominative


def _is_manner(tokens: list[Token], j: int) -> bool:
    """``(сказал король) твёрдым голосом``: an adjective and a noun in the instrumental that no title governs."""
    if j + 1 >= len(tokens) or tokens[j].capital or tokens[j - 1].low.startswith(_RULING):
        return False
    pair = [token_form(token) for token in tokens[j : j + 2]]
    if any(one.nominative or one.oblique for one in pair) or not (pair[0].adjective and pair[1].noun):
        return False
    return tokens[j].low.endswith(("ым", "им", "ой", "ей", "ыми", "ими"))


def _past_fixed(tokens: list[Token], i: int) -> int:
    """One past a set phrase such as ``в то же время`` that begins at ``i``; ``i`` if none does."""
    low = tuple(token.low for token in tokens[i : i + 4])
    return next((i + len(phrase) for phrase in _FIXED if low[: len(phrase)] == phrase), i)


def past_object(tokens: list[Token], i: int, limit: int) -> int:
    """One past the object of the preposition at ``i``: its adjectives, its noun and genitives that follow."""
    if (after := _past_fixed(tokens, i)) > i:
        return min(after, limit)
    j = i + 1
    while j < limit and tokens[j].kind == "w" and token_form(tokens[j]).adjective and not token_form(tokens[j]).noun:
        j += 1
    if j < limit and tokens[j].kind == "p":
        return j
    j += 1
    while j < limit and tokens[j].kind in "wqb" and tokens[j].low not in words.PREPOSITIONS:
        found = token_form(tokens[j])
        upright = found.nominative and not tokens[j].text.isdigit() and tokens[j].low not in words.ADVERBS
        if tokens[j].kind == "w" and upright and not _is_genitive(tokens, j, limit):
            break
        j += 1
    return j


def _is_genitive(tokens: list[Token], j: int, limit: int) -> bool:
    """``(по итогам) беседы сенатор``: whether a word that may be a nominative is none, as a nominative follows it."""
    if j + 1 >= limit or tokens[j].capital or tokens[j + 1].kind != "w" or not token_form(tokens[j]).oblique:
        return False
    following = token_form(tokens[j + 1])
    return following.nominative and following.noun and not (following.oblique or following.verb)


def is_finite_verb(token: Token) -> bool:
    """Whether a token is a finite verb and no noun or name."""
    found = token_form(token)
    return found.finite and not found.noun and not token.capital


def _full_name(tokens: list[Token], at: int, limit: int) -> bool:
    """Whether a given name and a surname in the nominative stand at ``at``."""
    if at + 1 >= limit or not (tokens[at].capital and tokens[at + 1].capital):
        return False
    found = token_form(tokens[at])
    return found.name and found.nominative


def _name_ahead(tokens: list[Token], start: int, at: int, limit: int) -> int | None:
    """``представитель центра (ЦПВС) в Сирии Виктор Фролов``: the name beyond a bracket or place, if none is before."""
    if any(token_form(token).name and token.capital for token in tokens[start:at]):
        return None
    for j in range(at + 1, min(limit, at + 7)):
        if tokens[j].kind == "p":
            return None
        if _full_name(tokens, j, limit):
            return j
    return None


def _name_after(tokens: list[Token], start: int, comma: int, limit: int) -> int | None:
    """``советник министра, народный депутат Антон Геращенко``: the end of a name behind a second title."""
    if tokens[comma].text == "—":
        whose = any(token_form(token).name and token_form(token).nominative for token in tokens[start:comma])
        named = not whose and stem(tokens[start].low) in words.TITLES and _full_name(tokens, comma + 1, limit)
        return end_of(tokens, comma + 1, limit) if named else None
    if may_relay(tokens, (start, comma)) or any(
        token_form(token).name and token.capital for token in tokens[start:comma]
    ):
        return None
    for j in range(comma + 1, min(limit, comma + 9)):
        token = tokens[j]
        if token.kind != "w" or token.low in words.PREPOSITIONS or token.low in words.CONJUNCTIONS:
            return None
        if _full_name(tokens, j, limit):
            return end_of(tokens, j, limit)
        if j == comma + 1 and not (
            token.low in words.ADVERBS or stem(token.low) in words.TITLES or token_form(token).adjective
        ):
            return None
    return None


def is_unspaced_mark(tokens: list[Token], j: int) -> bool:
    """Whether a word follows the mark at ``j`` without a space, as in ``А.Иванов``."""
    return j + 1 < len(tokens) and tokens[j + 1].start == tokens[j].end and tokens[j + 1].kind == "w"


def _is_elsewhere(tokens: list[Token], j: int) -> bool:
    """``Минобороны в Лугове``: where a ministry with a name of its own spoke; it has no office of that place."""
    if tokens[j].low not in _WHERE or j + 1 >= len(tokens) or not tokens[j + 1].capital:
        return False
    named = tokens[j - 2 : j] if j > 1 and stem(tokens[j - 1].low) in NATIONS else tokens[j - 1 : j]
    return bool(named) and stem(named[0].low) in words.PROPER_BODIES and named[0].capital


def _is_direction(tokens: list[Token], j: int) -> bool:
    """``(начальник порта) в суд``: where somebody goes, which the accusative shows, and no part of who he is."""
    if tokens[j].low not in _WHERE or j + 1 >= len(tokens) or tokens[j + 1].kind != "w" or tokens[j + 1].text.isupper():
        return False
    tags = [parse.tag for parse in dictionary_readings(tokens[j + 1].low) if parse.score > _HARDLY]
    placed = any(tag.case in _PLACED or "Fixd" in tag for tag in tags)
    return any(tag.case == "accs" for tag in tags) and not placed


def starts_circumstance(tokens: list[Token], j: int) -> bool:
    """``в пятницу``, ``на встрече``: where and when it was said, not part of who."""
    if tokens[j].low in ("о", "об", "после", "со", "перед", "во", "через", "при") or _past_fixed(tokens, j) > j:
        return True
    following = tokens[j + 1 : j + 4]
    if _is_elsewhere(tokens, j) or _is_direction(tokens, j):
        return True
    if any("канал" in token.low or token.low.startswith("телеграм") for token in following):
        return True
    return any(
        stem(token.low.rpartition("-")[2]) in words.TIME_AND_PLACE
        or stem(token.low) in words.TIME_AND_PLACE
        or token.text.isdigit()
        for token in following
    )
