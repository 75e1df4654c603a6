"""The occasion of English words: where, when and to what question they were said (``during a visit to``)."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en.clauses import MainVerb, main_verb
from pipeline.quotes.languages.en.verbs import IRREGULAR_PASTS, is_finite_form
from pipeline.quotes.languages.en.words import BE, DETERMINERS, SPANS
from pipeline.quotes.text.tokens import Token

_UTTERANCES = word_set(
    "interview statement briefing speech address post tweet remarks comments letter article conference broadcast "
    "video message column op-ed essay note podcast livestream reply response editorial communique appearance email "
    "memo"
)
_MEETINGS = word_set(
    "visit trip tour talks meeting meetings negotiations call conversation summit hearing debate rally ceremony "
    "session forum dinner lunch stop consultations inspection reception event"
)
_OUTINGS = word_set("visit trip tour stop inspection interview")
_CHANNELS = word_set(
    "telegram twitter facebook instagram x vkontakte truth social television tv radio channel page account sidelines "
    "whatsapp youtube tiktok threads"
)
_SITES = _CHANNELS - {"television", "tv", "radio", "channel", "page", "account", "x", "truth", "threads"}
_GOING = word_set(
    "leaving boarding entering flying departing heading meeting holding visiting speaking talking attending touring "
    "arriving returning voting casting inspecting laying opening hearing receiving chairing addressing emerging "
    "walking briefing seeing hosting greeting landing concluding finishing reviewing"
)
_WENT = word_set(
    "left arrived entered boarded opened presented unveiled announced launched addressed spoke met hosted welcomed "
    "received visited toured inspected laid signed accepted marked voted cast emerged walked headed departed returned "
    "wrapped chaired attended handed introduced released delivered greeted landed stood sat began concluded reviewed "
    "took flew"
)
_STAGED = word_set(
    "sign signed discuss discussed raise raised hold held meet met present presented announce announced agree agreed "
    "open opened launch launched finalise finalised finalize finalized deliver delivered take place happen speak "
    "address be published appear made given show explain release answer reveal publish respond apologise apologize "
    "propose outline name unveil tell say comment"
)
_PAPER_VERBS = word_set("said told made given published wrote written misquoted quoted appeared spoken spoke aired")
_RISING = word_set(
    "rose raged mounted grew continued pressed began fell neared loomed escalated intensified gathered prepared tried "
    "sought faced approached advanced shelled struck worsened deepened spread fought protested marched waited cheered"
)
_OPENING = word_set("in on at during over via when after before following as ahead amid")
_COUNTING = word_set(
    "a an the one two three four five six seven several few just only less than shortly moments soon some"
)
_AFTER_HEAD = word_set("with to on for in at that after of by broadcast")
_WITH_TIME = word_set("take last wait for in within first next past few")
_PUBLISHED = word_set("published broadcast aired released with")
_ANY = word_set("a an his her their")
_NEAREST = 7


def is_circumstance_of_saying(tokens: list[Token], at: int, end: int, verb: MainVerb, *, apart: bool = False) -> bool:
    """Whether the words from ``at`` say when or where the speaker spoke; ``apart``: a comma or dash stands before."""
    word = tokens[at].low
    if at + 1 >= end or word not in _OPENING and not _counts(word):
        return False
    if word != "when" and not apart and _reports_deed(tokens, at, verb):
        return False
    if word in ("in", "on", "at", "during", "over", "via"):
        return _place(tokens, at, end, verb)
    if word == "when":
        return tokens[at + 1].low in ("asked", "pressed", "questioned", "reached")
    if word in ("after", "before", "following"):
        return _around(tokens, at, end, verb, apart=apart)
    if word == "as":
        return _as(tokens, at, end, verb)
    if word == "ahead":
        return tokens[at + 1].low == "of" and (apart or _timeless(verb))
    if word == "amid":
        return apart or (verb.kind == "modal" and verb.negated)
    return _span_of_time(tokens, at, end, verb, apart=apart)


def _timeless(verb: MainVerb) -> bool:
    """Whether the report says how things are, so that no point of time can be part of it."""
    return verb.kind in ("state", "present", "modal") and not verb.future


def _reports_deed(tokens: list[Token], at: int, verb: MainVerb) -> bool:
    """Whether the words between the main verb and ``at`` tell of a deed in a clause of their own."""
    return any(
        tokens[k].low in IRREGULAR_PASTS or tokens[k].low in ("had", "was", "were") for k in range(verb.at + 1, at)
    )


def _heads(tokens: list[Token], at: int, end: int) -> list[str]:
    """The words of the noun phrase right of the preposition at ``at``."""
    out: list[str] = []
    for token in tokens[at + 1 : min(end, at + 1 + _NEAREST)]:
        if token.kind != "w" or (out and (token.low in _AFTER_HEAD or token.low.endswith("ed"))):
            break
        out.append(token.low)
    return out


def _place(tokens: list[Token], at: int, end: int, verb: MainVerb) -> bool:
    """``in an interview with``, ``at a briefing``, ``during a visit to``, ``on his Telegram channel``."""
    words, preposition = _heads(tokens, at, end), tokens[at].low
    if not words or tokens[at - 1].low in _PAPER_VERBS or tokens[at - 1].low.endswith("ed"):
        return False
    following = tokens[min(at + 1 + len(words), end - 1)].low
    if preposition == "in" and words[-1] in ("response", "reply", "answer"):
        return following == "to" and _asked(tokens, at, end)
    if verb.future and any(token.low in _STAGED for token in tokens[verb.at : at]):
        return False
    owned = words[0] in ("his", "her", "their")
    spoken = words[-1] in _UTTERANCES and (words[0] in ("a", "an", "separate", "written") or owned)
    happened = verb.kind == "event" and (verb.own if following in _PUBLISHED else verb.people)
    if preposition == "in":
        return spoken and not happened and (not owned or "address" in words)
    if preposition in ("on", "via"):
        channel = owned or preposition == "via" or words[0] in _SITES or words == ["the", "sidelines"]
        return channel and words[-1] in _CHANNELS and not happened and not verb.future
    if preposition in ("at", "over"):
        return (spoken or words[-1] in ("briefing", "conference")) and not happened
    return (spoken or words[0] in _ANY and words[-1] in _MEETINGS) and _fits_meeting(words[-1], verb)


def _fits_meeting(word: str, verb: MainVerb) -> bool:
    """Whether a report cannot tell what happens at a meeting or on a journey that the sentence mentions after it."""
    if verb.kind == "event" or verb.future:
        return not verb.people and word in _OUTINGS
    return not verb.own or verb.negated or verb.kind != "modal"


def _asked(tokens: list[Token], at: int, end: int) -> bool:
    return any(token.low.startswith(("question", "request", "quer")) for token in tokens[at : min(end, at + 10)])


def _around(tokens: list[Token], at: int, end: int, verb: MainVerb, *, apart: bool) -> bool:
    """``after meeting X``, ``before leaving``, ``after talks with X``, ``after X accused``."""
    following = tokens[at + 1]
    if following.low == "being" and tokens[min(at + 2, end - 1)].low in ("asked", "pressed", "questioned"):
        return True
    if following.low in _GOING:
        others = any(token.low in ("him", "her", "them", "he", "she", "they") for token in tokens[verb.at : at])
        return apart or not others and (not verb.people or (_timeless(verb) and not verb.own))
    words = _heads(tokens, at, end)
    if words and words[-1] in _MEETINGS and (len(words) == 1 or words[0] in ("a", "an", "his", "her", "their")):
        return _timeless(verb) or apart
    inner = main_verb(tokens, at + 1, min(end, at + 13))
    if inner is None or tokens[at].low != "after":
        return False
    happened = inner.kind == "event" and tokens[inner.at].low not in ("had", "has", "have")
    return happened and (_timeless(verb) and not verb.own or apart)


def _as(tokens: list[Token], at: int, end: int, verb: MainVerb) -> bool:
    """``as he left the hall``, ``as tensions rose``: a past beside what is or will be."""
    following = tokens[at + 1]
    if following.low in ("he", "she", "they"):
        deed = tokens[min(at + 2, end - 1)].low
        return deed in _WENT and not (verb.kind == "event" and verb.own)
    if not (following.capital or following.low in DETERMINERS or following.low.endswith("s")):
        return False
    inner = main_verb(tokens, at + 1, min(end, at + 8))
    return inner is not None and verb.kind != "event" and tokens[inner.at].low in _RISING


def _span_of_time(tokens: list[Token], at: int, end: int, verb: MainVerb, *, apart: bool) -> bool:
    """``hours after the strike``, ``a day before talks``, ``shortly before leaving``."""
    if not apart and _takes_time(tokens[at - 1]):
        return False
    for k in range(at, min(end - 1, at + 4)):
        low = tokens[k].low
        if low in ("after", "before", "ahead", "into"):
            timed = k > at and (
                tokens[k - 1].low in SPANS or tokens[k - 1].low in ("shortly", "moments", "soon", "just")
            )
            return timed and (apart or _timeless(verb)) and not is_finite_form(tokens[at].low)
        if tokens[k].kind != "w" or not (low in SPANS or _counts(low)):
            return False
    return False


def _takes_time(before: Token) -> bool:
    """``it may be years before``, ``the first days after``: a span of time belongs to the word."""
    return before.low in BE or is_finite_form(before.low) or before.low in _WITH_TIME or before.low in DETERMINERS


def _counts(low: str) -> bool:
    return low.isdigit() or low in SPANS or low in _COUNTING
