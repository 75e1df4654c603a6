"""The names of kinds of texts and of the rules that find a quote and its speaker. They are stored, and the confidence
depends on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache


class TextKind(StrEnum):
    """What kind of text an article is."""

    NEWS = "news"
    INTERVIEW = "interview"
    TRANSCRIPT = "transcript"
    LIVE_BLOG = "live-blog"
    DIGEST = "digest"
    OPINION = "opinion"


class SpanRule(StrEnum):
    """How the words of a quote were found."""

    THAT = "that"
    """A cue and a clause with ``that``, ``что``."""
    BARE = "bare"
    """A cue and a clause without a conjunction."""
    COLON = "colon"
    QUOTE = "quote"
    """A cue and words in marks."""
    OBJECT = "object"
    """A cue whose object stands in marks."""
    AFTER = "after"
    """Words left of their cue."""
    IMPERSONAL = "impersonal"
    """``it is noted that``"""
    NONE = "none"
    """A cue that is followed by none of these."""
    PHRASE = "phrase"
    """A phrase that is a rule of its own, named by the cue: ``according-to``."""
    SOURCE = "source"
    """``по словам X``"""
    PARTICIPLE = "participle"
    OTHER_VERB = "other-verb"
    """A verb that is no cue beside words in marks."""
    ANY_VERB_COLON = "any-verb-colon"
    """Any verb, a colon and words in marks."""
    NAME_COLON = "name-colon"
    TURN = "turn"
    """A turn in a transcript."""
    BLOCK = "block"
    """Further paragraphs of a quote that spans several."""
    ALONE = "alone"
    """Words in marks that are a sentence of their own."""
    PARTIAL = "partial"
    """Words in marks within a sentence."""


class Placement(StrEnum):
    """Where the words stand that a cue reports, if not where its rule says."""

    USUAL = ""
    BEFORE = "before"
    """Left of a cue that also reports words on its right."""
    ON = "on"
    """Right of a cue, as the rest of what stands left of it."""


class Doubt(StrEnum):
    """What makes it doubtful whose words a quote is."""

    FAR = "far"
    """Many words between verb and speaker."""
    RIVALS = "rivals"
    """Somebody else is named near words that name nobody."""
    CLAIM = "claim"
    """A word for what others said or asked stands beside it."""
    SINGLE = "single"
    """One unknown word as a name."""
    BARE = "bare"
    """An office without whose."""


class SpeakerRule(StrEnum):
    """How the speaker of a quote was found."""

    PRONOUN = "pronoun"
    SEVERAL = "several"
    """Several people at once, known by their words alone."""
    BODY = "body"
    NAME = "name"
    OFFICE = "office"
    """Who held the office on the day of the words."""
    TITLED = "titled"
    """Somebody whom the article gave this title."""
    SHORT = "short"
    """A short word of the roster for an organisation or office, in its context."""
    EPITHET = "epithet"
    """A description that fits somebody named near it."""
    DOCUMENT = "document"
    UNDATED = "undated"
    """The words of an office in a text without a day."""
    LATER = "later"
    """A pronoun before any name: whom the text names first."""
    AS_WRITTEN = "as-written"
    """Nobody known: the words themselves."""
    AS_BEFORE = "as-before"
    """Whoever said the quote before."""
    AS_AFTER = "as-after"
    """Whoever says the next quote."""
    AS_USUAL = "as-usual"
    """Whoever speaks most in the text."""
    INTERVIEWEE = "interviewee"
    """Whom an interview introduces."""
    LABEL = "label"
    """The label of a transcript turn that names nobody."""
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class SpanOrigin:
    """The rule that found a span, with the cue it began with and where the words stand."""

    rule: SpanRule
    cue: str = ""
    """The verb as the rule knows it, or the phrase; empty for rules without a cue."""
    placement: Placement = Placement.USUAL

    def placed(self, placement: Placement) -> SpanOrigin:
        """The same rule with the words at another place."""
        return replace(self, placement=placement)

    def __str__(self) -> str:
        """``say-that``, ``before-say-quote``, ``say-after-on``, ``according-to``, ``alone``."""
        name = self.cue if self.rule is SpanRule.PHRASE else f"{self.cue}-{self.rule}" if self.cue else str(self.rule)
        if self.placement is Placement.BEFORE:
            return f"before-{name}"
        return f"{name}-on" if self.placement is Placement.ON else name


@lru_cache(maxsize=20_000)
def by_cue(how: str, cue: str) -> SpanOrigin:
    """The origin of a span found by a cue; ``how``: the value of the rule that says what follows the cue."""
    return SpanOrigin(SpanRule(how), cue)


def by_phrase(phrase: str) -> SpanOrigin:
    """The origin of a span that a phrase reports, such as ``according-to``."""
    return SpanOrigin(SpanRule.PHRASE, phrase)


@dataclass(frozen=True, slots=True)
class QuoteRules:
    """The rules that found a quote's span and its speaker, and what is doubtful about them."""

    span: SpanOrigin
    speaker: SpeakerRule
    doubts: tuple[Doubt, ...] = ()

    def __str__(self) -> str:
        """``SPAN/SPEAKER``, doubts behind the span with a plus: ``said-after+rivals/pronoun``."""
        return f"{'+'.join((str(self.span), *self.doubts))}/{self.speaker}"
