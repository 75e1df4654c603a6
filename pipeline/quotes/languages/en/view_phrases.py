"""English words for what somebody holds, as a verb of saying: ``is of the opinion that``, ``X's view is that``."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quote_rules import by_phrase
from pipeline.quotes.language_pack import Attribution, Indices
from pipeline.quotes.languages.en import phrases, words
from pipeline.quotes.languages.en.complements import lower_text
from pipeline.quotes.languages.en.cue_phrases import attribution_of_clause
from pipeline.quotes.languages.en.verbs import is_finite_form
from pipeline.quotes.text.tokens import Token

_OPINIONS = word_set("opinion view belief conviction mind impression position persuasion")
_HELD = word_set(
    "hold holds held take takes took taken share shares shared adopt adopted defend defends defended maintain "
    "maintains maintained have has had put made make makes gave give gives given sent send sends issue issues issued "
    "cast casts raise raises raised sound sounds sounded leave leaves left"
)
_STATED = word_set(
    "view views position stance line opinion belief conviction argument case point idea doubt doubts hope hopes fear "
    "fears concern concerns assurance assurances notice word message warning warnings alarm signal proviso caveat "
    "version answer conclusion verdict explanation theory advice response reply prediction contention reasoning "
    "priority demand promise suggestion thesis claim claims assertion assertions allegation allegations assessment"
)
_KEPT = {"stood": "by", "stands": "by", "stand": "by", "down": "on", "stuck": "to", "sticks": "to"}
_DEFENDED = word_set("defended defends repeated repeats reiterated renewed")
_CLAIMS = word_set(
    "claim claims assertion assertions allegation allegations view words statement argument warning remark"
)
_NOT_OWN = word_set("that which who and but or if by on about against over into")
VIEW_WORDS = _OPINIONS | _STATED | _CLAIMS | {"known", "slip"}
"""Words at which one of the phrases may stand."""


def find_view(tokens: list[Token], i: int) -> Attribution | None:
    """The attribution that token ``i`` is the core of, if it is one of these."""
    word = tokens[i].low
    if word in ("known", "slip"):
        verb = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low in ("let", "lets")), None)
        return attribution_of_clause(tokens, verb, i, "let-known") if verb is not None else None
    if lower_text(tokens, i + 1) == "that":
        return _held(tokens, i) or _kept(tokens, i) or _doubted(tokens, i)
    return _view_is(tokens, i)


def _held(tokens: list[Token], i: int) -> Attribution | None:
    """``X is of the opinion that``, ``X holds the view that``, ``X made the point that``, ``X has no doubt that``."""
    near = range(i - 1, max(-1, i - 5), -1)
    of = next((j for j in near if tokens[j].low == "of"), None)
    if of is not None and tokens[i].low in _OPINIONS:
        verb = next((j for j in range(of - 1, max(-1, of - 4), -1) if tokens[j].low in words.BE), None)
    else:
        verb = next((j for j in near if tokens[j].low in _HELD), None)
    if verb is None or any(tokens[j].kind != "w" or tokens[j].low in _NOT_OWN for j in range(verb + 1, i)):
        return None
    if any(tokens[j].low.endswith(("'s", "s'")) or is_finite_form(tokens[j].low) for j in range(verb + 1, i)):
        return None
    if is_finite_form(lower_text(tokens, i + 2)):
        return None
    if tokens[i].low in ("doubt", "doubts") and not any(tokens[j].low == "no" for j in range(verb, i)):
        return None
    return attribution_of_clause(tokens, verb, i, "hold-view")


def _kept(tokens: list[Token], i: int) -> Attribution | None:
    """``stood by his claim that``, ``doubled down on her assertion that``: a claim that is the subject's own."""
    if tokens[i].low not in _CLAIMS:
        return None
    own = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low in words.POSSESSIVES), None)
    if own is None or own < 2:
        return None
    if tokens[own - 1].low in _DEFENDED:
        return attribution_of_clause(tokens, own - 1, i, "keep-claim")
    if _KEPT.get(tokens[own - 2].low) != tokens[own - 1].low:
        return None
    verb = own - 3 if tokens[own - 2].low == "down" else own - 2
    return attribution_of_clause(tokens, verb, i, "keep-claim")


def _doubted(tokens: list[Token], i: int) -> Attribution | None:
    """``cast doubt on X's claim that``: X's claim, denied by the subject."""
    on = next((j for j in range(i - 1, max(1, i - 8), -1) if tokens[j].low in ("on", "upon")), 0)
    if on < 3 or tokens[on - 1].low not in ("doubt", "doubts", "scorn"):
        return None
    verb = next((j for j in range(on - 2, max(0, on - 5), -1) if tokens[j].low in _HELD | {"poured"}), None)
    attribution = attribution_of_clause(tokens, verb, i, "cast-doubt") if verb is not None else None
    if attribution is not None:
        attribution.stance = "denied"
        if tokens[i - 1].low.endswith(("'s", "s'")):
            attribution.claimant = (on + 1, i)
    return attribution


def _view_is(tokens: list[Token], i: int) -> Attribution | None:
    """``X's view is that``, ``the message of X was that``: the owner speaks."""
    speaker, at = _owner(tokens, i)
    while lower_text(tokens, at) in words.ADVERBS:
        at += 1
    if speaker is None or lower_text(tokens, at) not in ("is", "was", "remains"):
        return None
    if lower_text(tokens, at + 1) != "that" or at + 2 >= len(tokens):
        return None
    start = min(i, speaker[0])
    return Attribution(start, at + 2, (i, at + 1), speaker, at + 2, "that", "verb", by_phrase("view-is"))


def _owner(tokens: list[Token], i: int) -> tuple[Indices | None, int]:
    """Whose it is, and the token after the phrase."""
    if lower_text(tokens, i + 1) in ("of", "from") and i + 2 < len(tokens):
        named = phrases.noun_phrase_right(tokens, i + 2)
        return named, named[1] if named else i + 1
    if lower_text(tokens, i - 1) in words.POSSESSIVES:
        return (i - 1, i), i + 1
    owner = next((j for j in range(i - 1, max(-1, i - 4), -1) if tokens[j].low.endswith(("'s", "s'"))), None)
    return (phrases.noun_phrase_left(tokens, owner) if owner is not None else None), i + 1
