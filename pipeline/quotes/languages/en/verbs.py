"""English verb forms, as data: those that show that words are a clause and not a noun phrase."""

from __future__ import annotations

from pipeline.language.lexicon import word_set
from pipeline.quotes.languages.en.cues import CUES

IRREGULAR_PASTS = word_set(
    "arose ate beat became began bent bit blew bore bought bound broke brought built burnt came caught chose "
    "clung cost crept dealt did dug drank drew drove fell felt fled flew forbade forgot forgave fought found "
    "froze gave got grew had heard held hid hung hurt kept knelt knew laid lay leapt learnt led left lent lit "
    "lost made meant met overcame oversaw paid ran rang rode rose said sang sank sat saw sent shook shone shot "
    "showed shrank slept slid sold sought spent spoke spun stole stood strove struck stuck stung swam swept "
    "swore swung taught thought threw told took tore undertook understood undid upheld was went wept were "
    "withdrew withstood woke won wore wove wrote"
)
"""Past forms that no rule makes."""
_SINGULAR = word_set(
    "accepts acknowledges acts affects agrees aims allows appears applies argues arrives asks assumes avoids backs "
    "becomes begins believes belongs breaks brings builds buys carries casts causes chooses comes concerns confirms "
    "considers consists constitutes contains continues controls contradicts contributes costs covers creates "
    "declares deems defends defines denies depends deserves destroys develops differs discusses does drives eats "
    "employs enables encourages ends enjoys ensures enters establishes exceeds exists expects explains expresses "
    "extends faces fails falls favors feels fights finds fits focuses follows forgets gets gives goes grows guarantees "
    "happens hates has hears helps hides hits holds hopes identifies ignores implies includes increases indicates "
    "insists intends involves is keeps knows lacks lasts leads learns leaves lets lies likes lives looks loses loves "
    "maintains makes manages matters means meets merits needs obtains occurs opposes owns participates pays performs "
    "permits persists possesses prefers prepares presents prevents produces promises proposes protects proves "
    "provides pursues puts raises reaches reads realizes receives recognizes reduces reflects refuses regards rejects "
    "relates relies remains remembers removes represents requires respects retains reveals says seeks seems sees sells "
    "sends serves sets shares shows sits solves speaks spends stands stays stems stresses succeeds suffers suggests "
    "supports takes talks targets teaches tells tends threatens throws tries understands undermines violates wants "
    "warrants wishes wonders works worries writes yields"
)
_PLURAL = word_set(
    "agree allow appear are arrive avoid become begin believe belong bring build buy choose come consider consist "
    "contain continue create decide defend deny depend deserve differ do enjoy exist expect fail feel find follow "
    "forget get give go grow happen have hear hold ignore include insist intend involve keep know lack learn let like "
    "live lose love maintain make mean meet merit obtain occur oppose own participate pay permit prefer prepare "
    "prevent provide prove pursue put receive recognize reflect refuse reject rely remain remember represent require "
    "retain say see seek seem sell send serve sit solve speak spend stay succeed suffer suggest take tell tend think "
    "threaten try understand undermine violate want warrant wish worry write"
)
_MODALS = word_set(
    "can cannot could may might must shall should will would ought am is are was were has have had does do did "
    "isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't shouldn't "
    "mustn't mightn't ain't"
)
_AMBIGUOUS = word_set("aims backs costs talks works looks hopes faces ends targets shares shows matters cost shot")
"""Forms that are nouns as often as not; after a pronoun they are verbs."""
_CONTRACTED = ("'s", "'re", "'ll", "'ve", "'d", "'m", "n't")
_SUBJECTS = word_set("he she it they we i you who there that this what here")

_NO_OBJECT = _MODALS | word_set("named nicknamed is was were came went sat stood lay became")
"""Forms that their subject may follow."""
FORMS = (IRREGULAR_PASTS | _SINGULAR | _PLURAL | _MODALS) - _AMBIGUOUS
"""Lower-case forms that are finite verbs wherever they stand after a noun phrase."""


def is_contraction(low: str) -> bool:
    """Whether a word is a pronoun with its verb in one (``he'd``, ``they're``), or ends in ``n't``."""
    if low.endswith("n't"):
        return True
    stem, mark, ending = low.partition("'")
    return bool(mark) and stem in _SUBJECTS and "'" + ending in _CONTRACTED


def is_finite_form(low: str, *, capital: bool = False) -> bool:
    """Whether a lower-case word shows a clause: a verb form, a contraction, a past in ``-ed``."""
    if low in FORMS or is_contraction(low):
        return True
    return not capital and len(low) > 4 and low.endswith("ed")


def takes_object(low: str) -> bool:
    """Whether a name right of a lower-case word is its object; right of a verb of saying it may be the subject."""
    if low in CUES and not low.endswith("ing") or low in _NO_OBJECT:
        return False
    return low.endswith("ing") or low.endswith("ed") or low in IRREGULAR_PASTS or low in _SINGULAR
