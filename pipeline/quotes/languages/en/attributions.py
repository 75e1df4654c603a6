"""English attributions (``he said``): which words of a sentence say that somebody said something."""

from __future__ import annotations

from pipeline.quote_rules import SpanOrigin, SpanRule, by_cue, by_phrase
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.en import cue_phrases, cues, phrases, sources, subjects, view_phrases
from pipeline.quotes.languages.en.claims import find_noun_claim
from pipeline.quotes.languages.en.complements import FREE, find_complement, lower_text
from pipeline.quotes.languages.en.relays import settle_relays
from pipeline.quotes.languages.en.saying import before_infinitive, may_report
from pipeline.quotes.languages.en.stances import RUMOURED, assign_stance
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CIRCUMSTANTIAL,
    CLASSES,
    DAYS,
    DETERMINERS,
    DOCUMENTS,
    NEGATED_AUXILIARIES,
    NEGATIONS,
    NOBODY,
    PREPOSITIONS,
    PRESS_CLAIMS,
    PRONOUNS,
    TIMES,
)
from pipeline.quotes.text.tokens import Token

_OTHER_VERB, _CIRCUMSTANCE = SpanOrigin(SpanRule.OTHER_VERB), by_phrase("circumstance")
_MESSAGES = frozenset(("message", "memo", "tweet", "email", "note", "op-ed", "article", "video", "ad", "record"))
_NAMING = frozenset(("call", "describe", "read", "write"))
_HYPOTHETICAL = frozenset(("may", "might", "could", "would", "should", "must", "can", "will", "to"))
_NO_OBJECT = FREE | CIRCUMSTANTIAL
_ANCHORS = frozenset(
    {
        *cue_phrases.STARTS,
        *view_phrases.VIEW_WORDS,
        *cues.CUES,
        *cues.BEFORE_THAT,
        *cues.EVALUATING,
        "according",
        "in",
        "by",
        "put",
    }
)
"""Words at which an attribution may stand."""
_VERB_PARTS = AUXILIARIES | BE
_BEFORE_VERB = _VERB_PARTS | ADVERBS
_WRITINGS = DOCUMENTS | _MESSAGES

_WHICH_TIME = frozenset(("last", "this", "next", "earlier", "late", "early"))
_CLAIMING = frozenset(("claim", "allege"))


def find_attributions(tokens: list[Token]) -> list[Attribution]:
    """All attributions of the sentence, in order."""
    found: list[Attribution] = []
    for i, token in enumerate(tokens):
        if (
            token.low not in _ANCHORS
            or token.kind != "w"
            or (found and i < found[-1].end and found[-1].kind == "source")
        ):
            continue
        attribution = None
        if token.low in cue_phrases.STARTS and (attribution := cue_phrases.find_cue_phrase(tokens, i)) is not None:
            if found and attribution.start < found[-1].end:
                found.pop()
        elif may_report(tokens, i) and not (token.capital and i) and not (found and i < found[-1].end):
            attribution = _verb(tokens, i, found)
        elif token.low in cues.EVALUATING and not (token.capital and i) and not (found and i < found[-1].end):
            attribution = _evaluation(tokens, i, found)
        elif token.low == "according" and lower_text(tokens, i + 1) == "to":
            attribution = sources.according_to(tokens, i)
        elif token.low == "in" or token.low == "by" and i < 2:
            attribution = sources.in_words(tokens, i)
        elif token.low == "put" and lower_text(tokens, i + 1) == "it":
            attribution = sources.put_it(tokens, i)
        if attribution is None and token.low in view_phrases.VIEW_WORDS and not (found and i < found[-1].end):
            attribution = view_phrases.find_view(tokens, i)
        if attribution:
            found.append(attribution)
    found = sorted([*found, *_other_verbs(tokens, found)], key=lambda attribution: attribution.start)
    claim = find_noun_claim(tokens) if not found else None
    return [claim] if claim is not None else settle_relays(tokens, found)


def _other_verbs(tokens: list[Token], found: list[Attribution]) -> list[Attribution]:
    """``"...," Lukashenko corrected him``: any verb is one of saying right after marks that end with a comma."""
    out = []
    for i in [i for i, token in enumerate(tokens[:-1]) if token.kind == "q"]:
        token = tokens[i]
        if _title_like(token, i) or token.text.rstrip("\"”'’» ")[-1:] != "," and tokens[i + 1].text != ",":
            continue
        at = i + 2 if tokens[i + 1].text == "," else i + 1
        if any(attribution.start <= at + 8 and attribution.end > at for attribution in found):
            continue
        named = phrases.noun_phrase_right(tokens, at) if at < len(tokens) else None
        if named is None or named[0] != at:
            continue
        verb = next(
            (j for j in range(named[0] + 1, named[1]) if is_finite_form(tokens[j].low, capital=tokens[j].capital)),
            named[1],
        )
        end = verb
        while verb < len(tokens) - 1 and (tokens[verb].low in ADVERBS or tokens[verb].low.endswith("ly")):
            verb += 1
        if verb >= len(tokens) or tokens[verb].low in _VERB_PARTS or not is_finite_form(tokens[verb].low):
            continue
        if tokens[named[0]].low in PRONOUNS or tokens[end - 1].capital or tokens[end - 1].low in CLASSES:
            out.append(Attribution(at, verb + 1, (verb, verb + 1), (at, end), None, "none", "verb", _OTHER_VERB))
    return out


def _title_like(token: Token, at: int) -> bool:
    """A few words in marks within a sentence, or written as titles are: no report."""
    words = token.text.strip("\"“”«»'` ,").split()
    titled = len(words) > 1 and all(word[:1].isupper() or len(word) < 4 for word in words)
    return titled or (at > 0 and len(words) < 4)


def _verb(tokens: list[Token], i: int, found: list[Attribution]) -> Attribution | None:
    low = tokens[i].low
    verb, ing = cues.CUES.get(low) or cues.BEFORE_THAT[low], low.endswith("ing")
    at, negated, passive, infinitive = _before(tokens, i)
    if ing and not passive and not _pronoun_is(lower_text(tokens, i - 1)):
        return _participle(tokens, i, at, found, verb)
    if passive and not ing:
        return _impersonal(tokens, i, at, verb)
    if lower_text(tokens, i - 1) == "having":
        return None
    if infinitive:
        if lower_text(tokens, at - 1) in RUMOURED and lower_text(tokens, at + 1) == "have":
            return _is_said_to_have(tokens, i, at, verb)
        governed = before_infinitive(tokens, at)
        if governed is None:
            return None
        at = governed
    left, other, shared = _speaker(tokens, i, at, found)
    noun = shared and tokens[at].text == "," and lower_text(tokens, i + 1) == "that"
    if not (left or other or shared) or noun and tokens[i].low in cues.NOUN_LIKE:
        return None
    start = left[0] if left else i
    if lower_text(tokens, start - 1) == "as" and tokens[start - 1].kind == "w":
        start -= 1
    after = other[1] if other and other[0] > i else i + 1
    complement, how, end = find_complement(tokens, i, after, verb)
    rule = by_cue("after" if how == "none" else how, verb)
    nobody = left is not None and any(token.low in NOBODY for token in tokens[max(0, left[0] - 7) : left[0] + 1])
    attribution = Attribution(
        start, end, (i, i + 1), left or other, complement, how, "verb", rule, gender=_gender_from_clause(tokens, i),
        shared=shared, silent=negated or nobody,
        relative=lower_text(tokens, at) in ("who", "which") and lower_text(tokens, at - 1) == ",",
    )  # fmt: skip
    if _says_nothing(tokens, attribution, verb, left, passive=passive):
        return None
    if assign_stance(tokens, attribution, verb, negated=negated) is None:
        return None
    pointed_out = verb == "point" and lower_text(tokens, i + 1) == "out"
    attribution.weak = (verb in cues.NEEDS_MARKS_OR_THAT or verb not in cues.TRAILING) and not pointed_out
    attribution = _opening_as(tokens, attribution)
    asked = verb in cues.ASKING and start == 0 and end >= len(tokens) - 1
    kept = (
        attribution.how != "none" or not _needs_marks(tokens, attribution, verb) or _after_marks(tokens, start) or asked
    )
    return attribution if kept else None


def _gender_from_clause(tokens: list[Token], i: int) -> str | None:
    """``said as he left``: the speaker's gender, ``m`` or ``f``, as the clause of time after the verb shows it."""
    pronoun = (
        PRONOUNS.get(lower_text(tokens, i + 2))
        if lower_text(tokens, i + 1) in ("as", "while", "when", "before")
        else None
    )
    return pronoun if pronoun in ("m", "f") else None


def _evaluation(tokens: list[Token], i: int, found: list[Attribution]) -> Attribution | None:
    """``reacted to X's claim that``, ``disputed that``, ``wondered whether``: what is done with a claim or asked."""
    verb = cues.EVALUATING[tokens[i].low]
    at, negated, passive, infinitive = _before(tokens, i)
    if negated or passive or infinitive:
        return None
    if tokens[i].low.endswith("ing"):
        attribution = _participle(tokens, i, at, found, verb)
        return attribution if attribution is not None and attribution.stance != "said" else None
    complement, how, end = find_complement(tokens, i, i + 1, verb)
    speaker = subjects.subject_left_of(tokens, i, at)
    if speaker is None or how not in ("that", "none"):
        return None
    attribution = Attribution(
        speaker[0], end, (i, i + 1), speaker, complement, how, "verb", by_cue(how, verb), weak=True
    )
    stanced = assign_stance(tokens, attribution, verb)
    return stanced if attribution.complement is not None else None


def _speaker(
    tokens: list[Token], i: int, at: int, found: list[Attribution]
) -> tuple[Indices | None, Indices | None, bool]:
    """The subject left of the verb, else right of it or farther off, and whether it is the previous speaker."""
    inverted = subjects.subject_right_of(tokens, i)
    left = None if inverted and _complete(tokens, inverted[1]) else subjects.subject_left_of(tokens, i, at)
    if left or inverted:
        return left, None if left else inverted, False
    if lower_text(tokens, at) not in ("and", "but", ","):
        return None, None, False
    shared = bool(found) and found[-1].speaker is not None
    return None, None if shared else subjects.clause_subject(tokens, at), shared


def _says_nothing(
    tokens: list[Token], attribution: Attribution, verb: str, left: Indices | None, *, passive: bool
) -> bool:
    """``continued to``, ``may say``, ``I think``, ``a stop called``: the verb is no attribution of words."""
    i, how = attribution.cue[0], attribution.how
    if verb == "continue" and how == "none" and (passive or lower_text(tokens, i + 1).isalpha()):
        return True
    if how == "none" and lower_text(tokens, i - 1) in _HYPOTHETICAL and not _after_marks(tokens, attribution.start):
        return True
    if left is None:
        return False
    narrator = left[1] - left[0] == 1 and tokens[left[0]].low in ("i", "we", "you")
    if narrator and how not in ("colon", "quote") and not _after_marks(tokens, attribution.start):
        return True
    if how in ("colon", "bare") and _is_spoken_of(tokens, attribution, left):
        return True
    if verb == "write" and _after_marks(tokens, attribution.start):
        return False
    return verb in _NAMING and not _may_name(tokens[left[0] : left[1]])


def _is_spoken_of(tokens: list[Token], attribution: Attribution, left: Indices) -> bool:
    """``the baker whom X mentioned: ...``, ``what X says his plan would do``: it describes somebody or something."""
    opener = lower_text(tokens, left[0] - 1)
    if attribution.how == "colon":
        return opener == "whom" or opener == "which" and lower_text(tokens, left[0] - 2) != ","
    if opener != "what" or attribution.complement is None:
        return False
    first = tokens[attribution.complement]
    return not is_finite_form(first.low, capital=first.capital)


def _needs_marks(tokens: list[Token], attribution: Attribution, verb: str) -> bool:
    """Whether nothing is reported unless words in marks stand before: a thing is named, a weak verb, a denial."""
    before = attribution.speaker is not None and attribution.speaker[0] < attribution.cue[0]
    named = before and verb not in cues.ADDRESSEE_VERBS and _has_object(tokens, attribution.cue[1])
    return named or attribution.weak or attribution.silent


def _is_said_to_have(tokens: list[Token], i: int, at: int, verb: str) -> Attribution | None:
    """``X is reported to have said that``."""
    left = at - 2
    while left >= 0 and tokens[left].low in _BEFORE_VERB:
        left -= 1
    speaker = subjects.find_subject(tokens, left)
    complement, how, end = find_complement(tokens, i, i + 1, verb)
    if speaker is None or complement is None:
        return None
    rule = by_cue(how, verb)
    return Attribution(speaker[0], end, (i, i + 1), speaker, complement, how, "verb", rule, stance="reported")


def _may_name(words: list[Token]) -> bool:
    """Whether words are for people: ``a bus stop called "..."`` means a thing."""
    return any(word.capital or word.low in PRONOUNS or word.low in CLASSES or word.low.endswith("s") for word in words)


def _impersonal(tokens: list[Token], i: int, at: int, verb: str) -> Attribution | None:
    """``It is noted that``: somebody said it, the sentence does not say who."""
    if lower_text(tokens, at) != "it" or lower_text(tokens, i + 1) != "that":
        return None
    return Attribution(at, i + 2, (i, i + 1), None, i + 2, "that", "verb", by_cue("impersonal", verb), impersonal=True)


def _after_marks(tokens: list[Token], start: int) -> bool:
    before = start - 1
    while before >= 0 and tokens[before].text in ",—":
        before -= 1
    return before >= 0 and tokens[before].kind == "q"


def _has_object(tokens: list[Token], j: int) -> bool:
    """``noted the rule``: a thing, not a report."""
    if j >= len(tokens) or tokens[j].kind != "w":
        return False
    return not (tokens[j].low in _NO_OBJECT or tokens[j].low.endswith(("ly", "ing")))


def _opening_as(tokens: list[Token], attribution: Attribution) -> Attribution:
    """``As he noted, ...``: the report follows the comma."""
    comma = attribution.cue[1] < len(tokens) and tokens[attribution.cue[1]].text == "," and attribution.how != "quote"
    if (
        tokens[attribution.start].low == "as"
        and attribution.start == 0
        and comma
        and attribution.cue[1] + 1 < len(tokens)
    ):
        attribution.complement, attribution.how, attribution.end = (
            attribution.cue[1] + 1,
            "that",
            attribution.cue[1] + 1,
        )
    if tokens[attribution.start].low == "as" and attribution.complement is None:
        opening = attribution.start == 0 or attribution.start <= 2
        if opening and lower_text(tokens, attribution.end) == "," and attribution.end + 1 < len(tokens):
            attribution.complement, attribution.how, attribution.end = attribution.end + 1, "that", attribution.end + 1
    return attribution


def _before(tokens: list[Token], i: int) -> tuple[int, bool, bool, bool]:
    """Steps left over auxiliaries and adverbs: the index there, and whether negated, passive, infinitive."""
    at, negated, passive = i - 1, False, False
    while at >= 0 and tokens[at].kind == "w":
        low = tokens[at].low
        if low in TIMES and (before := _time_before(tokens, at)) < at - 1:
            at = before
            continue
        if low in NEGATIONS or low in NEGATED_AUXILIARIES:
            negated = True
        elif low in BE:
            passive = True
        elif low == "to":
            return at, negated, False, True
        elif not (low in AUXILIARIES or low in ADVERBS or (low.endswith("ly") and not tokens[at].capital)):
            break
        at -= 1
    return at, negated, passive, False


def _time_before(tokens: list[Token], at: int) -> int:
    """The index left of the words that say when (``late on Thursday evening``) and end with token ``at``."""
    while at > 0 and (tokens[at].low in TIMES or tokens[at].low in _WHICH_TIME):
        at -= 1
    if at > 0 and tokens[at].low == "on":
        at -= 1
    return at - 1 if at > 0 and tokens[at].low in _WHICH_TIME else at


def _complete(tokens: list[Token], end: int) -> bool:
    """Whether a subject right of the verb is all that follows, but for a circumstance."""
    return end >= len(tokens) or tokens[end].kind == "p" or tokens[end].low in DAYS


def _pronoun_is(word: str) -> bool:
    """``he's``, ``they're``: a pronoun and the verb of a progressive form in one."""
    pronoun, mark, ending = word.partition("'")
    return bool(mark) and ending in ("s", "re", "m") and pronoun in PRONOUNS


def _participle(tokens: list[Token], i: int, at: int, found: list[Attribution], verb: str) -> Attribution | None:
    """``adding that``, ``, saying ...``: the speaker is the subject before."""
    linked = at >= 0 and (
        tokens[at].text in ",—" or tokens[at].low in ("and", "while", "by", "before", "as") or tokens[at].kind == "q"
    )
    plain = at >= 0 and not linked
    if verb in cues.DENYING and lower_text(tokens, i - 1) in ("of", "without", "from"):
        return None
    if i and tokens[i - 1].low.endswith("ing") and not tokens[i - 1].capital and plain:
        return None
    if lower_text(tokens, i - 1) in DETERMINERS or lower_text(tokens, i - 1).endswith(("'s", "s'")):
        return None
    complement, how, end = find_complement(tokens, i, i + 1, verb)
    if how == "none" and found and at >= 0 and tokens[at].text == ",":
        return Attribution(
            i, end, (i, i + 1), None, None, "none", "gerund", _CIRCUMSTANCE, shared=True, silent=True, weak=True
        )
    names_writing = lower_text(tokens, at) in _WRITINGS
    if tokens[i].low == "writing" and lower_text(tokens, at) == "in":
        return None
    if how == "none" or (plain and not names_writing and how not in ("that", "colon", "quote")):
        return None
    if verb in _CLAIMING and _after_press_claims(tokens, at):
        return Attribution(i, end, (i, i + 1), None, complement, how, "gerund", by_cue(how, tokens[i].low))
    speaker = None if found and found[-1].speaker else subjects.first_noun_phrase(tokens, i)
    if plain and found and how == "that" and (others := _spoken_of(tokens, at)) is not None:
        speaker = others
    if plain and speaker is None and not found:
        return None
    if verb in cues.NEEDS_MARKS_OR_THAT and how == "bare":
        return None
    shared = speaker is None
    attribution = Attribution(
        i, end, (i, i + 1), speaker, complement, how, "gerund", by_cue(how, tokens[i].low), shared=shared
    )
    stanced = assign_stance(tokens, attribution, verb)
    return None if shared and not found and attribution.stance == "said" else stanced


def _after_press_claims(tokens: list[Token], at: int) -> bool:
    """``asked about media reports, claiming that ...``: whether the claim may be the reports' own."""
    if at < 2 or tokens[at].text != "," or tokens[at - 1].low not in PRESS_CLAIMS:
        return False
    before = at - 2
    while before > 0 and tokens[before].kind == "w" and tokens[before].low not in PREPOSITIONS:
        if is_finite_form(tokens[before].low, capital=tokens[before].capital):
            return False
        before -= 1
    return tokens[before].low in PREPOSITIONS


def _spoken_of(tokens: list[Token], at: int) -> Indices | None:
    """``asked about X's team speculating that``: those right before the participle, where somebody speaks of them."""
    named = phrases.noun_phrase_left(tokens, at)
    if named is None or lower_text(tokens, named[0] - 1) not in ("about", "of", "over"):
        return None
    return named if _may_name(tokens[named[0] : named[1]]) else None
