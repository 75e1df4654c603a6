"""The subject of an English verb of saying: beside it, across an insertion, or at the beginning of the clause."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.en import cues, occasions, phrases
from pipeline.quotes.languages.en.documents import LETTERS
from pipeline.quotes.languages.en.unnamed import is_participle, means_people
from pipeline.quotes.languages.en.verbs import FORMS, is_contraction, is_finite_form
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    BE,
    CLASSES,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    DOCUMENTS,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    SOME,
    TIMES,
    TITLES,
)
from pipeline.quotes.text.tokens import Token

_FARTHEST = 48
_LONGEST_CLAUSE = 12
_RELATIVE = word_set("who which whose whom when where as while after before if asked although though because that")
_OPENERS = CONJUNCTIONS | ADVERBS | DAYS | word_set("now then still yet rather indeed instead perhaps")
_LINKS = PREPOSITIONS | CONJUNCTIONS
_BEFORE_SUBJECT = CONJUNCTIONS | ADVERBS | {"instead", ","}
_OBJECTS = word_set("nothing everything something anything whatever")
"""What is said, before whoever says it (``nothing the minister said``)."""
_NOUNS = word_set("report note claim comment post tweet forecast estimate")
_SINGULAR_ACTS = word_set("blasts mocks slams bashes attacks hits praises shows claims warns targets compares accuses")
_PARTICIPLES = word_set("made given taken sent held seen shown written found kept put sold brought left")
_CLAUSE_MARKS = frozenset((",", "—", ":", ";"))


def find_subject(tokens: list[Token], at: int) -> Indices | None:
    """The subject of a verb whose auxiliaries begin right of ``at``, across an insertion if need be."""
    if at < 0:
        return None
    token = tokens[at]
    if token.text in ",—" or token.kind in "bq":
        return _across(tokens, at)
    if token.text == "%":
        return (at - 1, at + 1) if at and tokens[at - 1].text[0].isdigit() else None
    if token.low in ("who", "which"):
        at -= 1
        while at >= 0 and (tokens[at].text == "," or tokens[at].kind == "b"):
            at -= 1
        return phrases.noun_phrase_left(tokens, at) if at >= 0 else None
    if token.low.partition("'")[0] in PRONOUNS and is_contraction(token.low):
        return at, at + 1
    if token.text.isdigit() and len(token.text) < 4 and (at == 0 or tokens[at - 1].text in _CLAUSE_MARKS):
        return at, at + 1
    named = phrases.noun_phrase_left(tokens, occasions.before_date(tokens, at))
    return occasions.without_occasion(tokens, named) if named is not None else None


def subject_left_of(tokens: list[Token], i: int, at: int) -> Indices | None:
    """The subject left of the verb at ``i``, whose auxiliaries begin right of ``at``; None where it is a noun."""
    if at < 0:
        return None
    speaker = find_subject(tokens, at)
    whose = _antecedent(tokens, speaker[0] - 1 if speaker else at)
    if speaker is None or whose is not None:
        return whose
    if speaker[0] and tokens[speaker[0] - 1].low in _OBJECTS:
        return None
    form = tokens[i].low
    if form in ("read", "reads"):
        return speaker if tokens[speaker[1] - 1].low in DOCUMENTS else None
    if form in cues.NOUN_LIKE and at == i - 1:
        last = tokens[speaker[1] - 1]
        if _noun_described(tokens, i):
            return None
        citing = speaker[1] - speaker[0] == 1 and last.low.endswith("ing") and not last.capital
        if form.endswith("s") and (citing or _governs(tokens, speaker)):
            return None
        if not form.endswith(("s", "ed")) and last.capital and _relative_verb(tokens, i + 1):
            return None
        plural = _plural(tokens[speaker[0] : speaker[1]]) or last.text == "%"
        fits = last.low in PRONOUNS or last.capital or plural or form.endswith("s")
        if not fits:
            return _plural_of_clause(tokens, i)
        if last.low in DETERMINERS or last.low.endswith(("'s", "s'")):
            return None
    elif speaker[1] - speaker[0] == 1 and tokens[speaker[0]].low in SOME:
        return speaker
    elif tokens[speaker[1] - 1].low in DETERMINERS or tokens[speaker[1] - 1].low.endswith("'s"):
        return None
    return speaker


def _relative_verb(tokens: list[Token], at: int) -> bool:
    """``that mocks X``: a clause that describes the noun before it, as its verb shows that has no other subject."""
    words = [token.low for token in tokens[at : at + 2]]
    return len(words) > 1 and words[0] == "that" and (words[1] in FORMS or words[1] in _SINGULAR_ACTS)


def _noun_described(tokens: list[Token], i: int) -> bool:
    """``The ministry notes released on Monday showed``: a noun, a participle, and then a verb."""
    noun = tokens[i].low.endswith("s") or tokens[i].low in _NOUNS
    if not noun or i + 1 >= len(tokens) or tokens[i + 1].capital:
        return False
    if tokens[i + 1].low not in _PARTICIPLES and not tokens[i + 1].low.endswith("ed"):
        return False
    near = tokens[i + 2 : i + _LONGEST_CLAUSE]
    clause = near[: next((k for k, token in enumerate(near) if token.kind != "w"), len(near))]
    return any(is_finite_form(token.low, capital=token.capital) for token in clause)


def _governs(tokens: list[Token], named: Indices) -> bool:
    """``played down reports``, ``on media reports``: whether the words before such a form make it a noun."""
    for j in range(named[0], named[1]):
        following = tokens[j + 1]
        infinitive = tokens[j].low == "to" and not (following.capital or following.low in DETERMINERS)
        if infinitive or is_finite_form(tokens[j].low, capital=tokens[j].capital):
            return True
    before = tokens[named[0] - 1] if named[0] else None
    if before is None or before.kind != "w" or before.low == "as":
        return False
    return before.low in PREPOSITIONS or is_finite_form(before.low)


def _antecedent(tokens: list[Token], at: int) -> Indices | None:
    """``A source who met X said``, ``people briefed by X``, ``a man guarding X``: who is described up to ``at``."""
    if at > 1 and tokens[at].low == "by" and tokens[at - 1].low.endswith("ed"):
        described = phrases.noun_phrase_left(tokens, at - 2)
        return None if described is not None and tokens[described[1] - 1].low in LETTERS else described
    acting = at - (tokens[at].low in PREPOSITIONS)
    if acting > 0 and is_participle(tokens[acting]) and means_people(tokens[acting - 1]):
        return phrases.noun_phrase_left(tokens, acting - 1)
    verb = False
    for j in range(at, max(0, at - _LONGEST_CLAUSE), -1):
        token = tokens[j]
        if token.kind != "w":
            return None
        verb = verb or is_finite_form(token.low, capital=token.capital)
        if token.low == "who":
            return phrases.noun_phrase_left(tokens, j - 1) if verb else None
        if token.low in ("authorised", "authorized") and tokens[j - 1].low == "not" and tokens[j - 2].low not in BE:
            return phrases.noun_phrase_left(tokens, j - 2)
    return None


def _plural(words: list[Token]) -> bool:
    """Whether a noun phrase means several, by the word before its first preposition."""
    for i, word in enumerate(words):
        if i and (word.low in PREPOSITIONS or word.low == "close"):
            return _plural(words[:i])
    last = words[-1].low
    return last in PLURALS or last.endswith("s") and not last.endswith("'s")


def subject_right_of(tokens: list[Token], i: int) -> Indices | None:
    """``said Peskov``: the subject right of the verb."""
    if tokens[i].low in cues.ADDRESSEE_CUES and tokens[i - 1].kind != "q":
        return None
    named = phrases.noun_phrase_right(tokens, i + 1) if _inverts(tokens, i) else None
    following = tokens[named[1]] if named and named[1] < len(tokens) else None
    if following is None or named is None:
        return named
    if is_finite_form(following.low) or following.kind == "q" and following.text.lstrip("\"“«„‘'")[:1].islower():
        return None
    return _name_beside(tokens, named) or named


def _name_beside(tokens: list[Token], named: Indices) -> Indices | None:
    """``wrote the ambassador at the time, Robin Vale``: the name between commas right of a title without one."""
    if tokens[named[1]].text != "," or any(token.capital for token in tokens[named[0] + 2 : named[1]]):
        return None
    beside = phrases.noun_phrase_right(tokens, named[1] + 1) if named[1] + 1 < len(tokens) else None
    if beside is None or beside[0] != named[1] + 1 or beside[1] - beside[0] not in (2, 3) or named[1] - named[0] < 2:
        return None
    whole = all(token.capital and token.low not in TITLES for token in tokens[slice(*beside)])
    return beside if whole and (beside[1] >= len(tokens) or tokens[beside[1]].kind == "p") else None


def _inverts(tokens: list[Token], i: int) -> bool:
    """Whether the subject can follow the verb: right after marks or a comma, at the start, or after ``as``."""
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is None or after.kind != "w" or tokens[i].low.endswith("ing"):
        return False
    if before is None:
        return tokens[i].low == "said" and (after.capital or after.low in DETERMINERS)
    usual = after.capital or after.low in DETERMINERS or after.low in TITLES or after.low in ("he", "she")
    if before.kind == "q" and not usual and after.low not in PREPOSITIONS:
        return any(token.capital for token in tokens[i + 2 : i + 5])
    if before.text == "," and not usual and after.low not in _LINKS:
        near = tokens[i + 2 : i + 5]
        return any(token.capital for token in near) and any(token.low in TITLES for token in near)
    if before.kind == "q" or before.text in ",—" or before.low == "as":
        return usual
    return False


def _across(tokens: list[Token], end: int) -> Indices | None:
    """``Dmitry Peskov, the spokesman,``: the leftmost phrase of the clause that an insertion up to ``end`` follows."""
    bracket = tokens[end].kind == "b"
    for i in range(max(0, end - _FARTHEST), end + bracket):
        if not (tokens[i].text in ",—" or tokens[i].kind == "b") or i == 0 or tokens[i].kind == "q":
            continue
        named = phrases.noun_phrase_left(tokens, i - 1)
        if named is None or not _opens_clause(tokens, named[0]) or not _may_speak(tokens[named[0] : named[1]]):
            continue
        if _inserted(tokens, i, end):
            return _with_name(tokens, named, i, end)
    return None


def _opens_clause(tokens: list[Token], at: int) -> bool:
    while at and tokens[at - 1].kind == "w" and tokens[at - 1].low in ADVERBS:
        at -= 1
    if at == 0:
        return True
    before = tokens[at - 1]
    return before.text in _CLAUSE_MARKS or before.kind == "q" or before.low in _OPENERS or before.low.endswith("ly")


def _may_speak(words: list[Token]) -> bool:
    """Names, titles and plurals; not days, months and places of time."""
    first = words[0]
    if len(words) == 1 and first.low in PRONOUNS:
        return True
    if first.low in DAYS or first.text[0].isdigit() or first.low.endswith("ing") and not first.capital:
        return False
    return any(word.capital or word.low in CLASSES or word.low.endswith("s") for word in words)


def _inserted(tokens: list[Token], start: int, end: int) -> bool:
    """Whether the words between two marks only say more of what stands before them: no finite verb of their own."""
    at = start
    while at <= end:
        stop = at + 1
        while stop < end and tokens[stop].text not in ",—" and tokens[stop].kind != "b":
            stop += 1
        piece = [token for token in tokens[at + 1 : stop] if token.kind in "wq"]
        if piece and not _subordinate(piece) and _verbal(piece):
            return False
        if piece and piece[0].low in ("but", "so"):
            return False
        at = stop
    return True


def _subordinate(piece: list[Token]) -> bool:
    first = piece[0]
    if first.low in ("and", "or", "also", "then", "later") and len(piece) > 1:
        first = piece[1]
    return (
        first.low in _RELATIVE
        or first.low in PREPOSITIONS
        or (first.low.endswith("ing") and not first.capital)
        or _relative(piece)
    )


def _relative(piece: list[Token]) -> bool:
    """Whether a relative pronoun stands before the first finite verb."""
    for token in piece:
        if token.low in ("who", "whom", "which", "whose", "that"):
            return True
        if token.low in FORMS:
            return False
    return False


def _verbal(piece: list[Token]) -> bool:
    """A finite verb after a subject; a lone participle (``known as``) or pronoun clause is none."""
    nominal = piece[0].low in DETERMINERS or piece[0].low.endswith("ed")
    return any(
        token.low in FORMS if nominal else is_finite_form(token.low, capital=token.capital)
        for token in piece
        if token.kind == "w"
    )


def _with_name(tokens: list[Token], named: Indices, start: int, end: int) -> Indices:
    """``Trump's attorney, Alan Garten,``: with the name that stands between the marks."""
    stop = next((j for j in range(start + 1, end) if tokens[j].text in ",—" or tokens[j].kind == "b"), end)
    inside = tokens[start + 1 : stop]
    name = 1 < len(inside) <= 6 and all(token.capital or token.low in TITLES for token in inside)
    titled = any(not token.capital and token.low in CLASSES for token in tokens[named[0] : named[1]])
    whole = name and inside[-1].capital and inside[-2].capital
    return (named[0], stop) if whole and (titled or not tokens[named[1] - 1].capital) else named


def clause_subject(tokens: list[Token], at: int) -> Indices | None:
    """``X did this and said ...``: who did this, if a verb stands between; ``at`` is the last word before the verb."""
    if at < 2 or tokens[at].text == ",":
        return None
    named = first_noun_phrase(tokens, at)
    verb = named is not None and any(
        is_finite_form(token.low, capital=token.capital) for token in tokens[named[1] : at]
    )
    return named if verb else None


def _plural_of_clause(tokens: list[Token], verb: int) -> Indices | None:
    """``Activists clamoring to block him say``: several, with words but no other verb between them and the verb."""
    named = first_noun_phrase(tokens, verb)
    if named is None or not (tokens[named[1] - 1].low.endswith("s") or tokens[named[1] - 1].low in PLURALS):
        return None
    between = tokens[named[1] : verb]
    plain = all(token.kind == "w" for token in between) and not any(token.low in FORMS for token in between)
    return named if plain else None


def first_noun_phrase(tokens: list[Token], before: int) -> Indices | None:
    """The first noun phrase of the clause that holds token ``before``: its subject."""
    start = _clause_start(tokens, before)
    named = phrases.noun_phrase_right(tokens, start) if start < len(tokens) else None
    if named is None or named[0] >= before:
        return None
    end = next(
        (j for j in range(named[0] + 1, named[1]) if is_finite_form(tokens[j].low, capital=tokens[j].capital)), named[1]
    )
    end = last = min(end, before)
    while last - named[0] > 1 and not _nameish(tokens[last - 1]):
        last -= 1
    relative = tokens[last - 1].low.endswith(("'s", "s'")) and tokens[end - 1].low not in DOCUMENTS
    return named[0], end if relative else last


def _clause_start(tokens: list[Token], before: int) -> int:
    start = 0
    for j in range(before - 1, max(-1, before - _FARTHEST), -1):
        if tokens[j].text in ";—:":
            start = j + 1
            break
    if start >= before:
        return start
    opener = tokens[start].low
    fronted = opener in _LINKS and opener not in ("when", "as", "and", "but")
    if fronted or opener.endswith(("ed", "ing")):
        for j in range(start, min(before, start + 16)):
            if tokens[j].text == ",":
                return j + 1
            if tokens[j].low in PRONOUNS and j + 1 < before and is_finite_form(tokens[j + 1].low):
                return j
    while start < before and tokens[start].low in _BEFORE_SUBJECT:
        start += 1
    for j in range(start, min(before, start + 5)):
        if tokens[j].text == "," and tokens[j - 1].low in TIMES:
            return j + 1
    return start


def _nameish(token: Token) -> bool:
    return token.capital or token.low in CLASSES or token.low in PRONOUNS or token.low.endswith("s")
