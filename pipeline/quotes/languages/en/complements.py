"""Where the reported words (the complement) begin right of an English verb of saying."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.language_pack import How
from pipeline.quotes.languages.en import cues
from pipeline.quotes.languages.en.saying import answers_question, next_cue
from pipeline.quotes.languages.en.verbs import FORMS, is_contraction, is_finite_form
from pipeline.quotes.languages.en.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CIRCUMSTANTIAL,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    NEGATED_AUXILIARIES,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    SPANS,
)
from pipeline.quotes.text.tokens import Token

_FARTHEST_THAT = 26
_NO_CONTENT_AFTER = (
    PREPOSITIONS
    | CONJUNCTIONS
    | DAYS
    | ADVERBS - {"there", "all", "both"}
    | frozenset(("so", "nothing", "more", "goodbye"))
)
_NOT_BEFORE_THAT = PREPOSITIONS | {"than"}
FREE = PREPOSITIONS | DAYS | ADVERBS | CONJUNCTIONS | {"out"}
"""Words right of a verb that are no object of it."""
_GOVERNING = PREPOSITIONS | DETERMINERS
_CIRCUMSTANCES = PREPOSITIONS | DAYS
_NOMINAL = DETERMINERS | PRONOUNS.keys() | PLURALS
_JOINTS = frozenset(("and", "but", "or"))
_PREDICATES = AUXILIARIES | BE | NEGATED_AUXILIARIES
_VERB_PARTICLES = word_set("down up off away back out")
_LONGEST_TAIL = 6
_MEANWHILE = frozenset(("as", "while", "when", "because"))
_SOON = frozenset(("soon", "shortly", "right", "just", "moments", "minutes", "hours"))
_CLAUSE_PRONOUNS = word_set("he she it they we i you there this these")


def lower_text(tokens: list[Token], i: int) -> str:
    """The token's lower-case text, empty outside the sentence."""
    return tokens[i].low if 0 <= i < len(tokens) else ""


def find_complement(tokens: list[Token], cue: int, at: int, verb: str) -> tuple[int | None, How, int]:
    """Where the reported words begin right of the cue, how they are introduced, and where the attribution ends."""
    adjunct_end = at
    noun = _complement_noun(tokens, at)
    if noun is not None:
        return noun, "that", noun
    for j in range(at, min(len(tokens), at + _FARTHEST_THAT)):
        token = tokens[j]
        if token.kind == "q":
            if verb == "write" and j == at and _titled(token):
                return None, "none", j
            return _at_marks(tokens, j, at, verb)
        if token.text == ":":
            if verb in cues.OPINIONS and lower_text(tokens, at) == "to":
                return None, "none", j
            return j + 1, "colon", j + 1
        if token.low == "that" and token.kind == "w" and _is_that(tokens, j, at):
            return (j + 1, "that", j + 1) if _reports(tokens, j, at, verb) else (None, "none", j)
        if verb == "point" and lower_text(tokens, at + 2) == "fact" and lower_text(tokens, at + 3) == "that":
            return at + 4, "that", at + 4
        if verb == "point" and token.low == "to" and j == at and tokens[cue].low in ("pointed", "points"):
            return j, "bare", j
        if token.text == ",":
            skipped = _after_insertion(tokens, j)
            if skipped is not None:
                return skipped
            return None, "none", j
        if token.text in ".;!?—" or next_cue(tokens, j, at):
            return None, "none", j
        if verb not in cues.COMMENTING and answers_question(tokens, at, j):
            return None, "none", j
        bare = _bare(tokens, j, at, verb) and not _opens_relative(tokens, j, at)
        if bare and (j == at and verb not in cues.ADDRESSEE_VERBS or not _that_later(tokens, j, at, verb)):
            return j, "bare", j
        adjunct_end = j + 1
    return None, "none", adjunct_end


def _is_that(tokens: list[Token], j: int, at: int) -> bool:
    """Whether ``that`` at token ``j`` brings the report and no relative clause (``told a crowd that spilled out``)."""
    before = tokens[j - 1]
    following = tokens[j + 1] if j + 1 < len(tokens) else None
    if (
        j > at
        and following is not None
        and following.kind == "w"
        and is_finite_form(following.low, capital=following.capital)
    ):
        return False
    return j + 1 < len(tokens) and before.low not in _NOT_BEFORE_THAT and tokens[j + 1].text not in ".;!?"


def _opens_relative(tokens: list[Token], j: int, at: int) -> bool:
    """``told the crew after the meal that was served``: ``that`` describes what stands behind a preposition."""
    if tokens[j].low == "that" and lower_text(tokens, at) in ("a", "an") and lower_text(tokens, j + 1) in FORMS:
        return True
    if tokens[j].low != "that" or not any(token.low in PREPOSITIONS for token in tokens[at:j]):
        return False
    verb, after = lower_text(tokens, j + 1), lower_text(tokens, j + 2)
    return verb in FORMS or not after.isalpha() or after in FREE or after in DETERMINERS


def _that_later(tokens: list[Token], j: int, at: int, verb: str) -> bool:
    """Whether ``that`` brings the report right of words that look like one (``told the House that``)."""
    for k in range(j + 1, min(len(tokens), at + 16)):
        if tokens[k].kind != "w" or tokens[k].low == "that" and tokens[k - 1].low in _JOINTS:
            return False
        if tokens[k].low == "that":
            return _is_that(tokens, k, at) and _reports(tokens, k, at, verb)
    return False


def _complement_noun(tokens: list[Token], at: int) -> int | None:
    """``reiterated his position that``: where the report begins right of such a noun and ``that``."""
    if lower_text(tokens, at) not in DETERMINERS or lower_text(tokens, at) == "that":
        return None
    for j in range(at + 1, min(len(tokens) - 2, at + 7)):
        if tokens[j].kind != "w" or tokens[j].low in FORMS:
            return None
        if tokens[j].low in cues.COMPLEMENT_NOUNS and tokens[j + 1].low == "that":
            return j + 2
    return None


def _reports(tokens: list[Token], j: int, at: int, verb: str) -> bool:
    """Whether ``that`` belongs to the verb and not to a thing it names (``described a deal that she made``)."""
    if j == at or verb in cues.ADDRESSEE_VERBS or verb in cues.PERSONAL or tokens[at].kind != "w":
        return True
    opener, before = tokens[at].low, tokens[j - 1].low
    if verb in cues.CALLING and opener == "for":
        return False
    if before in cues.FALSE or _owned_noun(tokens, at, j):
        return True
    if verb == "point" and opener == "to" and before not in cues.COMPLEMENT_NOUNS:
        return False
    return opener in FREE or opener.endswith("ly") or before in cues.COMPLEMENT_NOUNS or tokens[j - 1].text == ","


def _owned_noun(tokens: list[Token], at: int, that: int) -> bool:
    """``accusations by Kyiv that``, ``a warning made in July by X that``: a claim and its maker stand between."""
    nouns = [k for k in range(at, that) if tokens[k].low in cues.COMPLEMENT_NOUNS]
    return bool(nouns) and any(token.low in ("by", "from") for token in tokens[nouns[0] + 1 : nouns[0] + 6])


def _after_insertion(tokens: list[Token], comma: int) -> tuple[int, How, int] | None:
    """``said, citing him, that ...`` and ``said, "...``."""
    if comma + 1 < len(tokens) and tokens[comma + 1].kind == "q":
        return comma + 1, "quote", comma + 1
    for j in range(comma + 1, min(len(tokens) - 1, comma + 14)):
        token = tokens[j]
        if token.kind == "q" or token.text in ".;":
            return None
        if token.text in ",—":
            following = tokens[j + 1]
            if following.low == "that" and following.kind == "w":
                return j + 2, "that", j + 2
            if following.kind == "q":
                return j + 1, "quote", j + 1
            return None
    return None


def _titled(token: Token, *, fewest: int = 2) -> bool:
    """Words in marks written as a title is (``wrote "A Short Course of Long Walks"``)."""
    words = token.text.strip("\"“”«»'‘’` ,.").split()
    return fewest <= len(words) < 9 and all(word[:1].isupper() or len(word) < 4 for word in words)


def _at_marks(tokens: list[Token], j: int, at: int, verb: str) -> tuple[int | None, How, int]:
    """Marks right of the cue: the words said, the name of a show, or part of an object or a clause."""
    between = [token for token in tokens[at:j] if token.kind == "w"]
    short = len(tokens[j].text.split()) <= 4
    programme = bool(between) and _titled(tokens[j], fewest=1) and between[-1].low.endswith(("'s", "s'"))
    takes_addressee = verb in cues.ADDRESSEE_VERBS or (between and between[-1].low.endswith("'s"))
    inner = short and between and (takes_addressee or between[-1].low in _GOVERNING) and j + 2 < len(tokens)
    if inner or programme:
        for k in range(j + 1, min(len(tokens), j + 8)):
            if tokens[k].low == "that":
                return k + 1, "that", k + 1
        return None, "none", j + 1
    if not between:
        return j, "quote", j
    if verb in cues.ZERO_THAT and _bare(tokens, at, at, verb):
        return at, "bare", at
    last = between[-1].low
    if verb in cues.OBJECT_CUES and not short:
        first = next(k for k in range(at, j) if tokens[k].kind == "w")
        return first, "object", first
    if last in _GOVERNING:
        return None, "none", j
    if (
        verb in cues.ADDRESSEE_CUES
        or last in DAYS
        or last.endswith("ly")
        or (verb in cues.TRAILING and between[0].low in _CIRCUMSTANCES)
    ):
        return j, "quote", j
    return (j, "quote", j) if len(between) <= 2 and not short else (None, "none", j)


def _bare(tokens: list[Token], j: int, at: int, verb: str) -> bool:
    """Whether a clause without ``that`` begins at token ``j``."""
    token = tokens[j]
    if token.kind != "w" or not (clause_soon(tokens, j) if verb in cues.SOON else verb in cues.ZERO_THAT):
        return False
    takes_addressee = verb in cues.ADDRESSEE_VERBS
    if j == at and verb in cues.WRITING and (_names_writing(tokens, j) or _is_continued(tokens, j)):
        return False
    if j == at and not takes_addressee:
        return _begins(tokens, j) and _clause_follows(tokens, j, 30, sure=verb in cues.SURE)
    before = tokens[j - 1]
    if before.low in PREPOSITIONS or before.low in _MEANWHILE or before.low == "once":
        return False
    if _clause_pronoun(token.low):
        return not (takes_addressee and j == at) and _clause_follows(tokens, j, 6)
    fresh = token.low in DETERMINERS or (token.capital and token.low not in DAYS)
    if takes_addressee and j > at:
        fresh = fresh and not (token.capital and before.capital) and before.low not in DETERMINERS
        return fresh and _clause_follows(tokens, j, 12)
    if before.low in DAYS and j > at and fresh:
        return _clause_follows(tokens, j, 12)
    placed = j > at + 1 and tokens[at].low in PREPOSITIONS and token.low in DETERMINERS
    return placed and before.low not in DETERMINERS and _verb_soon(tokens, j)


def _names_writing(tokens: list[Token], at: int) -> bool:
    """``tweeted an image of``, ``had written the letter himself``: what is written or sent, not what it says."""
    if tokens[at].low not in DETERMINERS:
        return False
    near = tokens[at + 1 : at + 4]
    noun = next((k for k, token in enumerate(near) if token.low in cues.WRITINGS), None)
    if noun is None or any(token.kind != "w" for token in near[: noun + 1]):
        return False
    following = lower_text(tokens, at + noun + 2)
    return not is_finite_form(following)


def _is_continued(tokens: list[Token], at: int) -> bool:
    """Whether the verb of the clause around is next: ``The letter the mayor wrote has been lost``, ``wrote down``."""
    verb = at + 1 if tokens[at].low in _VERB_PARTICLES else at
    return lower_text(tokens, verb) in _PREDICATES and not tokens[verb].capital


def clause_soon(tokens: list[Token], at: int) -> bool:
    """Whether a clause begins here and not an object (``denied the reports published on Friday``)."""
    opener = tokens[at]
    if _clause_pronoun(opener.low):
        return True
    if not (opener.capital or opener.low in DETERMINERS):
        return False
    for token in tokens[at : at + 9]:
        if token.kind != "w" or token.low in cues.COMPLEMENT_NOUNS or token.low in CONJUNCTIONS:
            return False
        if token.low in FORMS or is_contraction(token.low):
            return True
    return False


def _verb_soon(tokens: list[Token], j: int) -> bool:
    """A finite verb that is no participle, in the clause that begins at ``j``."""
    for token in tokens[j + 1 : j + 8]:
        if token.kind != "w" or token.low in CONJUNCTIONS or token.low in PREPOSITIONS:
            return False
        if token.low in FORMS:
            return True
    return False


def _begins(tokens: list[Token], j: int) -> bool:
    """Whether a clause can begin with token ``j`` right after the verb: no circumstance of the saying."""
    word = tokens[j].low
    if word == "the" and lower_text(tokens, j + 1) in ("largest", "biggest", "best", "worst", "first", "only", "last"):
        return _clause_follows(tokens, j, 10)
    if word in ("this", "that", "it") and lower_text(tokens, j + 1) in _CIRCUMSTANCES:
        return False
    if word == "the" and lower_text(tokens, j + 1) in ("same", "opposite", "words", "word", "truth"):
        return False
    if (word in _SOON or word.endswith("ly")) and lower_text(tokens, j + 1) in PREPOSITIONS:
        return False
    if word in ("too", "so", "very") and lower_text(tokens, j + 1) in ("many", "much", "few", "little"):
        return True
    if word.endswith("ing") and not tokens[j].capital:
        return word not in cues.CIRCUMSTANTIAL_ING and _clause_before_comma(tokens, j)
    return word not in CIRCUMSTANTIAL and word not in _NO_CONTENT_AFTER and not _how_long(tokens, j)


def _clause_pronoun(word: str) -> bool:
    return word in _CLAUSE_PRONOUNS or is_contraction(word)


def _clause_before_comma(tokens: list[Token], j: int) -> bool:
    for token in tokens[j + 1 : j + 20]:
        if token.text in ",.;:—" or token.kind == "q":
            return False
        if token.low in FORMS:
            return True
    return False


def _how_long(tokens: list[Token], j: int) -> bool:
    """``two days after``, ``three weeks later``."""
    words = [token.low for token in tokens[j : j + 5]]
    verb = next((k for k, word in enumerate(words) if is_finite_form(word)), len(words))
    words = words[:verb]
    return any(word in SPANS for word in words[:4]) and any(
        word in ("after", "before", "later", "earlier", "ago") for word in words
    )


def _leaves_clause(tokens: list[Token], at: int) -> bool:
    """Whether right of a comma something else begins: a list's next part, ``adding that``, another's attribution."""
    following = lower_text(tokens, at)
    return following in _JOINTS or following.endswith("ing") and following in cues.CUES or _only_attributes(tokens, at)


def _only_attributes(tokens: list[Token], at: int) -> bool:
    """Whether the sentence ends with somebody else's attribution from token ``at`` on (``..., the survey found.``)."""
    rest = [token for token in tokens[at : at + _LONGEST_TAIL + 2] if token.text != "."]
    if not 1 < len(rest) <= _LONGEST_TAIL or any(token.kind != "w" for token in rest):
        return False
    verb = next((k for k, token in enumerate(rest) if k and is_finite_form(token.low, capital=token.capital)), 0)
    return verb > 0 and rest[0].low not in CONJUNCTIONS and all(token.low in FREE for token in rest[verb + 1 :])


def _clause_follows(tokens: list[Token], j: int, reach: int, *, sure: bool = False) -> bool:
    """A finite verb within reach, before the sentence or a mark ends; ``sure``: a noun phrase alone will do."""
    for i, token in enumerate(tokens[j : j + reach], j):
        if token.text in ".;:" or (token.low == "and" and is_finite_form(lower_text(tokens, i + 1))):
            break
        if not sure and (token.text == "," and _leaves_clause(tokens, i + 1) or i > j and token.low in _MEANWHILE):
            break
        if token.kind == "q" or is_finite_form(token.low, capital=token.capital) or token.low in cues.CUES:
            return True
    opener = tokens[j]
    nominal = opener.capital or opener.low in _NOMINAL or opener.low.endswith("s")
    return sure and nominal and len(tokens) - j > 3
