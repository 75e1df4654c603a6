"""The names of the rules that find the speaker. They are stored with each quote, and its confidence depends on them."""

from __future__ import annotations

from enum import StrEnum


class SpeakerRule(StrEnum):
    """How the speaker of a quote was found; the second part of ``quotes.rule``, behind the last slash."""

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
    LABEL = "label"
    """The label of a transcript turn that names nobody."""
    NOBODY = "nobody"
