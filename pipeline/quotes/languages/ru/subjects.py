"""The subject of a Russian verb of saying: on either side, the place it speaks for, or the source it refers to."""

from __future__ import annotations

from pipeline.language.spelling import stem
from pipeline.quotes.language_pack import Indices
from pipeline.quotes.languages.ru import cues, phrases, words
from pipeline.quotes.languages.ru.agreement import has_agent
from pipeline.quotes.languages.ru.complements import lower_text
from pipeline.quotes.languages.ru.morph import is_womans_surname, token_form
from pipeline.quotes.languages.ru.outlets import only_outlets, outlet_end, relay_end, relayed_until
from pipeline.quotes.text.tokens import Token

_FARTHEST_WORDS = 12
_SURE = ("уверены", "убеждены", "согласны")
_PLURAL = ("ли", "лись", "ют", "ят", "ут", "ат", *_SURE)
"""How words of saying end that have several people for their subject."""
_MADE = ("опубликован", "размещен", "распространен", "выпущен", "подписан", "подготовлен")


def find_subject(tokens: list[Token], i: int, cue: str, verb: str) -> tuple[Indices | None, int]:
    """The words for who speaks, and the token after the attribution so far."""
    if verb in cues.QUOTING:
        named = (
            _words_of(tokens, i)
            or _words_before(tokens, i)
            or (phrases.quoted_person(tokens, i + 1) if verb != cues.GIVING else None)
        )
        return named, max(i, named[1]) if named else i + 1
    if verb in cues.RECALLING and (named := _words_of(tokens, i)) is not None and lower_text(tokens, named[1]) == ":":
        return named, named[1]
    if cue in cues.IMPERSONAL:
        return _in_document(tokens, i)
    if is_plural_verb(cue) and lower_text(tokens, i + 1) in ("в", "во"):
        within = subject_from_place(tokens, i)
        if within[0] is not None:
            return within
    if (cited := _referred(tokens, i)) is not None:
        return cited, i + 1
    leading = not _inverts(tokens, i) or (
        tokens[i - 1].text == "," and phrases.noun_phrase_right(tokens, i + 1) is None
    )
    before = phrases.noun_phrase_left(tokens, i) if leading else None
    if before is not None and (first := _first_speaker(tokens, i, before, verb_gender(cue, verb))) is not None:
        return first, i + 1
    if before is not None:
        within = subject_from_place(tokens, i) if is_plural_verb(cue) and _of_a_place(tokens, before) else (None, i + 1)
        return within if within[0] is not None else (before, i + 1)
    found = _behind(tokens, i, cue, verb)
    return found if found[0] is not None else (_woman_beside(tokens, i, cue, verb), i + 1)


def _woman_beside(tokens: list[Token], i: int, cue: str, verb: str) -> Indices | None:
    """``Медведева сообщила``: a surname right beside the verb that reads as a man's genitive or as an adjective."""
    if verb_gender(cue, verb) not in ("f", None) or is_plural_verb(cue):
        return None
    before, after = lower_text(tokens, i - 2), lower_text(tokens, i + 2)
    if i and is_womans_surname(tokens[i - 1]) and (i == 1 or not before.isalnum() or before in words.CONJUNCTIONS):
        return i - 1, i
    if i + 1 < len(tokens) and is_womans_surname(tokens[i + 1]) and not after[:1].isalnum():
        return i + 1, i + 2
    return None


def _of_a_place(tokens: list[Token], named: Indices) -> bool:
    """``В команде X сообщили``: whether a surname only says to whom the place belongs."""
    if named[1] - named[0] > 1 or not named[0] or not token_form(tokens[named[0]]).oblique:
        return False
    before = token_form(tokens[named[0] - 1])
    if not tokens[named[0]].capital and (before.nominative or not before.noun):
        return False
    return any(tokens[j].low in ("в", "во") for j in range(max(0, named[0] - 3), named[0] - 1))


def _inverts(tokens: list[Token], i: int) -> bool:
    """Whether the subject can follow the verb: at the start, after marks, a comma, a dash or ``как``."""
    before = tokens[i - 1] if i else None
    return before is None or before.kind == "b" or _long_marks(before) or before.text in ",—" or before.low == "как"


def _behind(tokens: list[Token], i: int, cue: str, verb: str) -> tuple[Indices | None, int]:
    """The subject right of the verb; where none stands there, one before it, its clause's, or a place it speaks for."""
    words_of = _words_of(tokens, i) if verb in cues.QUOTING or verb in cues.BYLINE_CUES else None
    if words_of is not None:
        return words_of, words_of[1]
    joined = lower_text(tokens, i - 1) in ("и", "но", "а", "также", "однако")
    speaker = None if joined else phrases.noun_phrase_right(tokens, i + 1, verb_gender(cue, verb))
    if speaker is not None and only_outlets(tokens, speaker):
        quoted_speaker = (
            subject_from_place(tokens, i)[0] if is_plural_verb(cue) else phrases.noun_phrase_left(tokens, i)
        )
        if quoted_speaker is not None:
            return quoted_speaker, max(i + 1, quoted_speaker[1])
    if speaker is not None:
        return _cited(tokens, speaker)
    if _inverts(tokens, i) and not joined and (before := phrases.noun_phrase_left(tokens, i)) is not None:
        return before, i + 1
    if joined and (first := _clause_subject(tokens, i)) is not None:
        return first, i + 1
    return subject_from_place(tokens, i) if is_plural_verb(cue) else (None, i + 1)


def verb_gender(cue: str, verb: str) -> str | None:
    """The gender or number of its subject that a verb in the past shows."""
    if verb in cues.QUOTING or verb in cues.BYLINE_CUES or cue in cues.IMPERSONAL:
        return None
    for gender, endings in (
        ("f", ("ла", "лась")),
        ("n", ("ло", "лось")),
        ("p", ("ли", "лись", *_SURE)),
        ("m", ("л", "лся")),
    ):
        if cue.endswith(endings):
            return gender
    return None


def is_plural_verb(cue: str) -> bool:
    """Whether a verb has several people for its subject, or nobody in particular."""
    return cue.endswith(_PLURAL)


def _referred(tokens: list[Token], i: int) -> Indices | None:
    """``«Интерфакс» со ссылкой на штаб сообщает``: who is referred to speaks."""
    for j in range(max(0, i - 14), i - 2):
        if tokens[j].low == "ссылкой" and lower_text(tokens, j + 1) == "на":
            named = phrases.genitive_phrase(tokens, j + 2)
            if named and named[1] < i and outlet_end(tokens, named[1]) == i:
                return (named[1], i)
            return (named[0], min(named[1], i)) if named else None
    return None


def _clause_subject(tokens: list[Token], i: int) -> Indices | None:
    """``X назвала решение странным и заявила``: who did both, if the sentence begins with a subject and its verb."""
    named = phrases.noun_phrase_right(tokens, 0)
    if named is None or named[0] > 4 or named[1] >= i - 1:
        return None
    between = tokens[named[1] : i - 1]
    done = any(token.kind == "w" and token_form(token).finite for token in between)
    return (
        named if done and not any(token.text in ".;:" or token.low in ("что", "который") for token in between) else None
    )


def first_agent(tokens: list[Token], end: int) -> Indices | None:
    """The first phrase of a sentence, before token ``end``, that names somebody; else its first phrase."""
    first = named = phrases.noun_phrase_right(tokens, 0)
    while named is not None and named[1] < end:
        if has_agent(tokens, named, None):
            return named
        named = phrases.noun_phrase_right(tokens, named[1])
    return first


def _first_speaker(tokens: list[Token], i: int, nearer: Indices, shape: str | None) -> Indices | None:
    """``X сообщил, что мост готов и отметил``: who said the first, where what stands nearer can have said nothing."""
    if lower_text(tokens, i - 1) not in ("и", "но", "а") or has_agent(tokens, nearer, shape):
        return None
    named = phrases.noun_phrase_right(tokens, 0)
    if named is None or named[0] > 4 or named[1] >= nearer[0] or not has_agent(tokens, named, shape):
        return None
    between = [token.low for token in tokens[named[1] : nearer[0]]]
    said = any(token_form(token).finite for token in tokens[named[1] : named[1] + 4])
    return named if said and "что" in between and not {".", ";", ":"} & set(between) else None


def _words_of(tokens: list[Token], i: int) -> Indices | None:
    """``передает «Интерфакс» слова Пескова``: whose words they are stands in the genitive."""
    at = relay_end(tokens, i + 1)
    if lower_text(tokens, at) not in words.SPOKEN:
        return None
    named = phrases.genitive_phrase(tokens, at + 1)
    if named is None or outlet_end(tokens, named[0]) > named[0]:
        return None
    return (named[0], relayed_until(tokens, named)) if at == i + 1 else named


def _words_before(tokens: list[Token], i: int) -> Indices | None:
    """``слова Пескова приводит «Интерфакс»``: whose words stand before the verb."""
    for j in range(i - 2, max(-1, i - _FARTHEST_WORDS), -1):
        if tokens[j].kind == "p":
            return None
        if tokens[j].low in words.SPOKEN:
            named = phrases.genitive_phrase(tokens, j + 1)
            return named if named is not None and named[1] == i else None
    return None


def _long_marks(token: Token) -> bool:
    """Words said, and not the name of a firm."""
    return token.kind == "q" and len(token.text.split()) > 3


def _cited(tokens: list[Token], speaker: Indices) -> tuple[Indices, int]:
    """``сообщает агентство со ссылкой на X``: X speaks."""
    for j in range(speaker[1], min(len(tokens) - 2, speaker[1] + 3)):
        gerund = tokens[j].text == "," and tokens[j + 1].low == "ссылаясь"
        if gerund or tokens[j].low == "со" and tokens[j + 1].low in ("ссылкой", "слов"):
            at = j + 2 if tokens[j + 1].low == "слов" else j + 3
            cited = phrases.genitive_phrase(tokens, at)
            if cited:
                return cited, cited[1]
    return speaker, speaker[1]


def _in_document(tokens: list[Token], i: int) -> tuple[Indices | None, int]:
    """``в заявлении МИД говорится``, ``говорится в заявлении МИД``."""
    if lower_text(tokens, i + 1) in ("в", "во", "из") or (
        lower_text(tokens, i + 1) == "на" and stem(lower_text(tokens, i + 2)) in words.PAGES
    ):
        named = phrases.genitive_phrase(tokens, i + 2)
        named = _publisher(tokens, named) or named
        return named, named[1] if named else i + 2
    for j in range(i - 1, max(-1, i - 20), -1):
        if lower_text(tokens, j + 1) == "частности":
            continue
        if lower_text(tokens, j) in ("в", "во", "из") and (j == 0 or tokens[j - 1].kind == "p" or j <= 3):
            named = phrases.genitive_phrase(tokens, j + 1)
            named = _publisher(tokens, named) or named
            return (named if named and named[1] <= i else (j + 1, i) if j + 1 < i else None), i + 1
    return None, i + 1


def _publisher(tokens: list[Token], named: Indices | None) -> Indices | None:
    """``в сообщении, опубликованном полицией``, ``..., размещённом на сайте полиции``: whose document it is."""
    if named is None or lower_text(tokens, named[1]) != "," or not lower_text(tokens, named[1] + 1).startswith(_MADE):
        return None
    at = named[1] + 2
    if lower_text(tokens, at) == "на" and stem(lower_text(tokens, at + 1)) in words.TIME_AND_PLACE:
        return phrases.genitive_phrase(tokens, at + 2)
    found = token_form(tokens[at]) if at < len(tokens) else None
    by = found is not None and found.noun and not (found.nominative or found.oblique)
    return phrases.genitive_phrase(tokens, at) if by else None


def subject_from_place(tokens: list[Token], i: int) -> tuple[Indices | None, int]:
    """``В МИД заявили``, ``сообщили в пресс-службе``: a plural without a subject speaks for the place."""
    for j in range(i + 1, min(len(tokens), i + 6)):
        if tokens[j].kind == "p":
            break
        if tokens[j].low in ("в", "во"):
            named = phrases.genitive_phrase(tokens, j + 1)
            if named:
                return named, named[1]
    for j in range(i - 1, max(-1, i - 14), -1):
        if tokens[j].kind == "p":
            break
        if tokens[j].low in ("в", "во"):
            named = phrases.genitive_phrase(tokens, j + 1)
            return (j + 1, min(named[1], i)) if named and j + 1 < i else None, i + 1
    return None, i + 1
