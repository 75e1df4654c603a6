"""Russian noun phrases beside a cue: the nominative that names the speaker, wherever it stands."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru import cues, words
from pipeline.quotes.languages.ru.morph import is_known_non_name, is_thing, token_form
from pipeline.quotes.languages.ru.outlet_names import is_outlet_word
from pipeline.quotes.languages.ru.outlets import is_addressed_outlet, is_reporter, outlet_end, stands_apart
from pipeline.quotes.languages.ru.phrase_ends import (
    end_of,
    is_date,
    is_finite_verb,
    is_thing_beside_somebody,
    is_unspaced_mark,
    past_object,
    starts_circumstance,
)
from pipeline.quotes.text.tokens import Token

_LONGEST = 22
_FARTHEST = 45
_NEAR = 12
_TELLING = tuple("объясн описа описыв назва назыв вырази выража перечисл сформулир раскритик осуди".split())
"""How verbs begin that hardly report a clause and mostly have an object."""
_NO_NAMES = words.OPENERS | words.PREPOSITIONS
_VERBAL = (
    *cues.PARTICIPLE_ENDINGS, "вшись", "ясь", "ая", "яя", "уя", "ющий", "ющая", "ющие", "ющего", "ющей", "ящий", "ящая",
    "ящие", "ущий", "ущая", "ащий", "нный", "нная", "нные",
)  # fmt: skip


def noun_phrase_right(tokens: list[Token], at: int, gender: str | None = None) -> Indices | None:
    """The first nominative phrase right of token ``at - 1``, before a comma, colon or full stop.

    ``gender`` is the subject's gender or number as the verb shows it: a phrase of another number is its object.
    """
    i = at
    limit = min(len(tokens), at + _LONGEST)
    marked: Indices | None = None
    while i < limit:
        token = tokens[i]
        if token.text == "." and is_unspaced_mark(tokens, i):
            i += 2
            continue
        if token.kind == "p" or token.low in ("что", "чтобы", "как"):
            break
        if token.kind == "q" and marked is None and len(token.text.split()) <= 4:
            marked = (i, i + 1)
        if token.low in words.PREPOSITIONS:
            i = past_object(tokens, i, limit)
            continue
        if token.kind == "w" and _can_head(token) and not _in_bent_name(tokens, i) and _agrees(token, gender):
            if i == at and _is_object(tokens, i, gender):
                i = past_object(tokens, i - 1, limit)
                continue
            end = end_of(tokens, i, limit)
            if is_thing_beside_somebody(tokens, i, end):
                i = end
                continue
            return (_past_outlet(tokens, i, end), end)
        i += 1
    return marked or _proper(tokens, at, limit)


def _is_object(tokens: list[Token], i: int, gender: str | None) -> bool:
    """``описала впечатления``, ``объяснил мотив``: a thing that speaks for nobody, of which the verb tells."""
    token = tokens[i]
    if token.capital or stem(token.low) in words.CLASSES or stem(token.low) in words.DOCUMENTS:
        return False
    telling = tokens[i - 1].low.startswith(_TELLING)
    return is_thing(token.low, None if telling else gender) and (telling or gender in ("m", "f"))


def _proper(tokens: list[Token], at: int, limit: int) -> Indices | None:
    """A capitalised word whose form does not show its case, if it stands beside the verb (``пояснил Сакур``)."""
    if (
        at >= limit
        or at == 0
        or not tokens[at].capital
        or is_outlet_word(tokens[at].low)
        or token_form(tokens[at]).name
    ):
        return None
    return at, end_of(tokens, at, limit)


def _agrees(token: Token, gender: str | None) -> bool:
    """Whether the number of a noun is that of the verb; names and pronouns do not matter here."""
    if gender is None or gender == "p" or token.capital or token.low in words.PRONOUNS:
        return True
    found = token_form(token)
    return not (found.plural and not found.adjective)


def _past_outlet(tokens: list[Token], start: int, end: int) -> int:
    """``сообщил РИА Новости источник``: the one addressed stands before the one who spoke."""
    i = start
    while i < end and (after := outlet_end(tokens, i)) > i:
        i = after
    if i == start or i >= end:
        return start
    found = token_form(tokens[i])
    return i if tokens[i].text.isalpha() and found.nominative and found.noun else start


def _in_bent_name(tokens: list[Token], i: int) -> bool:
    """The second word of a name whose first is in no nominative: ``Дмитрия Медведева``."""
    before = tokens[i - 1] if i else None
    if before is None or not before.capital or not tokens[i].capital:
        return False
    found = token_form(before)
    return found.name and found.oblique and not found.nominative


def _can_head(token: Token) -> bool:
    if (
        token.low in words.ADVERBS
        or token.low in words.CONJUNCTIONS
        or token.low in words.OBJECTS
        or token.low in words.ADDRESSEES
    ):
        return False
    if token.low in words.PRONOUNS:
        return token.low in ("он", "она", "они", "я", "мы", "ты", "вы", "тот", "та", "сам", "там")
    found = token_form(token)
    return found.nominative and (found.noun or found.adjective) and not (found.verb and not token.capital)


def noun_phrase_left(tokens: list[Token], cue: int) -> Indices | None:
    """The subject before the cue, in the same clause or before an apposition that ends at the cue."""
    at = cue - 1
    while at >= 0 and tokens[at].kind == "w" and (tokens[at].low in words.ADVERBS or tokens[at].low in words.NEGATIONS):
        at -= 1
    if at > 0 and tokens[at].kind == "b":
        at -= 1
    if at < 0 or tokens[at].low in ("и", "а", "но", "или"):
        return None
    if tokens[at].low in ("который", "которая", "которые") and at > 1 and tokens[at - 1].text == ",":
        return _antecedent(tokens, at - 2)
    if tokens[at].text in ",—":
        return _before_apposition(tokens, at)
    start = at
    while start > 0 and at - start < _LONGEST and not _boundary(tokens, start - 1):
        start -= 1
    found = _first_nominative(tokens, start, at + 1)
    named = [token for token in tokens[start : at + 1] if token.capital and token.low not in _NO_NAMES]
    bent = any(token_form(token).name and not token_form(token).nominative for token in named)
    small = not bent and 0 < len(named) <= 3 and len(named) == at + 1 - start and not is_known_non_name(named[0].text)
    if found is None and small:
        return start, at + 1
    return found


def _antecedent(tokens: list[Token], last: int) -> Indices | None:
    """``комментируя слова X, который``: the name that ends with token ``last``."""
    start = last + 1
    while start > 0 and last - start < _LONGEST and tokens[start - 1].capital:
        start -= 1
    return (start, last + 1) if start <= last and token_form(tokens[last]).name else None


def _boundary(tokens: list[Token], i: int) -> bool:
    token = tokens[i]
    if token.kind == "p":
        tight = token.text == "." and i + 1 < len(tokens) and tokens[i + 1].start == token.end
        return not tight
    if token.kind == "q":
        return len(token.text.split()) > 4
    return (
        token.low in words.CONJUNCTIONS
        and token.low != "и"
        or (token.low == "и" and i > 0 and token_form(tokens[i - 1]).verb)
    )


def _first_nominative(tokens: list[Token], start: int, end: int) -> Indices | None:
    i = start
    while i < end:
        token = tokens[i]
        if token.low in words.PREPOSITIONS:
            i = past_object(tokens, i, end)
            continue
        if token.kind == "w" and _can_head(token) and not _in_bent_name(tokens, i):
            stop = min(end, end_of(tokens, i, end))
            if stop < end and is_thing_beside_somebody(tokens, i, stop):
                i = stop
                continue
            return (i, stop)
        i += 1
    return None


def _before_apposition(tokens: list[Token], comma: int) -> Indices | None:
    """``Дмитрий Песков, отвечая на вопрос, заявил``: the leftmost phrase that an insertion up to ``comma`` follows."""
    farthest = range(comma - 1, max(-1, comma - _FARTHEST), -1)
    floor = next((j + 1 for j in farthest if tokens[j].text in ".:;" and not is_unspaced_mark(tokens, j)), None)
    floor = max(0, comma - _FARTHEST) if floor is None else floor
    for i in range(floor + 1, comma):
        if not (tokens[i].text in ",—" and tokens[i].kind == "p" or tokens[i].kind == "b"):
            continue
        start = i - 1
        while start > floor and not _boundary(tokens, start - 1):
            start -= 1
        found = _first_nominative(tokens, start, i)
        if found and _only_circumstance(tokens, found[1], i) and _inserted(tokens, i, comma):
            return found
    return None


def _only_circumstance(tokens: list[Token], at: int, end: int) -> bool:
    """Whether nothing but ``в связи с событиями`` stands between a subject and the mark after it."""
    return (
        at == end or tokens[at].low in words.PREPOSITIONS and not any(is_finite_verb(token) for token in tokens[at:end])
    )


def _inserted(tokens: list[Token], start: int, end: int) -> bool:
    """Whether the words between two marks only say more of the subject: a gerund, a participle, who it is."""
    opener = tokens[start + 1]
    if opener.low == "как" and start + 2 < end and tokens[start + 2].low in cues.CUES:
        return True
    if opener.low in ("что", "чтобы", "когда", "если", "хотя", "но", "а", "и", "как"):
        return False
    verbal = opener.low in cues.GERUNDS or opener.low.endswith(_VERBAL) or opener.low.startswith("котор")
    if verbal or any(token.low.startswith("котор") for token in tokens[start + 1 : start + 4]):
        return True
    return not any(token.kind == "w" and is_finite_verb(token) for token in tokens[start + 1 : end])


def genitive_phrase(tokens: list[Token], at: int) -> Indices | None:
    """The phrase right of ``по словам``: up to a comma, marks or a verb."""
    j = at
    while j < len(tokens) and j - at < _LONGEST:
        token = tokens[j]
        if token.kind == "p" and not (
            token.text == "." and is_unspaced_mark(tokens, j) and tokens[j - 1].end == token.start
        ):
            break
        if token.low in words.ADDRESSEES or (
            j > at and (is_addressed_outlet(tokens, j) or tokens[j - 1].capital and is_reporter(token))
        ):
            break
        if j > at and (stands_apart(tokens, j) or _is_addressee(tokens, at, j) or is_date(tokens, j)):
            break
        if j > at and (
            token.low in words.PREPOSITIONS
            and starts_circumstance(tokens, j)
            or token.low in cues.CUES
            and token_form(token).verb
        ):
            break
        if j > at and token.kind == "w" and (is_finite_verb(token) or token.low in words.ADVERBS):
            break
        if token.low in words.PRONOUNS:
            return (at, j + 1) if j == at else (at, j)
        j += 1
    return (at, j) if j > at else None


def _is_addressee(tokens: list[Token], at: int, j: int) -> bool:
    """``(в) письме Зуева министру Лобову``: whether the dative of a title or name says whom a document was sent to."""
    if not any(stem(token.low) in words.DOCUMENTS for token in tokens[at:j]):
        return False
    found, low = token_form(tokens[j]), tokens[j].low
    if tokens[j].capital:
        return found.name and not found.nominative and low.endswith(("у", "ю"))
    return stem(low) in words.TITLES and not found.nominative and not found.oblique


def quoted_person(tokens: list[Token], at: int) -> Indices | None:
    """Whom an outlet quotes: the first phrase right of ``цитирует`` that is in the accusative or genitive."""
    i = at
    while i < min(len(tokens), at + _NEAR):
        after = outlet_end(tokens, i)
        if after > i:
            i = after
            continue
        token = tokens[i]
        if token.kind == "p":
            return None
        found = token_form(token)
        titled = token.capital or stem(token.low) in words.CLASSES
        if token.kind == "w" and found.oblique and (titled or not found.nominative):
            end = i + 1
            while end < len(tokens) and tokens[end].kind in "wq" and not _ends_quoted(tokens, end):
                end += 1
            return (i, end)
        i += 1
    return None


def _ends_quoted(tokens: list[Token], i: int) -> bool:
    """Whether a token right of whom somebody quotes is no part of the name: the quoting outlet, a preposition."""
    token = tokens[i]
    if token.low in words.PREPOSITIONS or outlet_end(tokens, i) > i or stands_apart(tokens, i):
        return True
    found = token_form(token)
    return token.kind == "w" and found.nominative and not found.oblique and not token.capital
