"""Links between segments that report one statement, or that must never be taken for one. Pure.

Whether two segments are linked follows from these two alone, and which pairs are looked at from the set of all of them:
order, batches and machines do not matter.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pipeline.records import Span
from pipeline.statements import likeness, normal_form, segments
from pipeline.statements.candidates import candidate_pairs
from pipeline.statements.likeness import LEAST_MASS, Likeness, LinkKind, corrects_spelling, likeness_of, repeats_enough
from pipeline.statements.normal_form import NormalForm
from pipeline.statements.same_speaker import KnownSpeakers, SpeakerOf, same_speaker
from pipeline.statements.segments import Segment

VERSION = f"1.{segments.VERSION}.{normal_form.VERSION}.{likeness.VERSION}"
"""Of the code that makes links; it changes whenever the same segments may be linked in another way."""

SPAN = timedelta(hours=72)
"""A report later than this after the first one is another statement: officials repeat their phrases every few days."""
STOCK_SPAN = timedelta(hours=12)
"""The same for sentences that begin as stock sentences do: the next briefing brings them again."""
ALIKE_IN_ARTICLE = 0.6
"""Likeness from which on two wordings of one article are one statement: it reports many on one subject."""
UNNAMED = 0.8
"""Likeness from which on words that their article gives to nobody are those of one whom it names."""
LONG_WORDS = 8
"""From this length on, the same words are one statement even if an article names no speaker or has no day."""


@dataclass(frozen=True, slots=True)
class SegmentLink:
    """Two segments, the lesser id first, and how the one repeats the other."""

    a: str
    b: str
    kind: LinkKind | Literal["apart"]
    """``apart``: alike, but a number, date, name or polarity differs; they are never one statement."""
    score: float
    span_a: Span
    """Where the words stand in the text of the quote of ``a``."""
    span_b: Span
    why: str = ""
    """Of ``apart``: what differs."""
    version: str = VERSION


def link_segments(
    cut: Iterable[Segment], known: KnownSpeakers, touching: Container[str] | None = None
) -> list[SegmentLink]:
    """All links between the segments, in order of their ids; only those of the ids in ``touching``, if it is given."""
    found: dict[tuple[str, str], SegmentLink] = {}
    last: tuple[NormalForm, NormalForm, Likeness] | None = None
    for one, other in candidate_pairs(filter(may_be_linked, cut), known):
        if touching is not None and one.id not in touching and other.id not in touching:
            continue
        # Pairs of the same two wordings come one after the other, either one first.
        if last is None or {id(last[0]), id(last[1])} != {id(one.form), id(other.form)}:
            last = one.form, other.form, likeness_of(one.form, other.form)
        if (link := link_between(one, other, known, last[2])) is not None:
            found[link.a, link.b] = link
    return [found[key] for key in sorted(found)]


def link_between(
    one: Segment, other: Segment, known: KnownSpeakers, alike: Likeness | None = None
) -> SegmentLink | None:
    """The link between two segments, if there is one; ``alike``: the likeness of their words, where it is known."""
    alike = likeness_of(one.form, other.form) if alike is None else alike
    a, b = (one, other) if one.id < other.id else (other, one)
    if alike.kind is None or not _may_meet(a, b, alike):
        return None
    if alike.differs is not None:
        return _link(a, b, "apart", alike.score, alike.differs)
    kind = _kind_here(a, b, known, alike)
    return None if kind is None else _link(a, b, kind, alike.score)


def _link(a: Segment, b: Segment, kind: LinkKind | Literal["apart"], score: float, why: str = "") -> SegmentLink:
    return SegmentLink(a.id, b.id, kind, round(score, 4), (a.start, a.end), (b.start, b.end), why)


def _kind_here(a: Segment, b: Segment, known: KnownSpeakers, alike: Likeness) -> LinkKind | None:
    """The kind of link that two segments have where they stand."""
    mine, yours = a.of, b.of
    if mine.quote.id == yours.quote.id or mine.quote.stance != yours.quote.stance or (mine.turn and yours.turn):
        return None
    if not _says_enough(a, b, alike) or not _near_enough(a, b) or not _one_speaker(a, b, known, alike):
        return None
    if mine.quote.article_id != yours.quote.article_id:
        return alike.kind
    if mine.version != yours.version:
        return alike.kind if alike.kind == "exact" else "edited"
    if alike.kind in ("variant", "reported") and alike.score < ALIKE_IN_ARTICLE:
        return None
    if mine.quote.type == yours.quote.type == "direct" and alike.kind == "variant":
        return "edited" if corrects_spelling(alike) else None
    return alike.kind


def may_be_linked(segment: Segment) -> bool:
    """Whether a segment says enough to be known again; what does not is a statement of its own."""
    return repeats_enough(segment.form)


def _says_enough(a: Segment, b: Segment, alike: Likeness) -> bool:
    """Whether both say enough for their kind of likeness: few words must be the same, and said on one day."""
    if min(a.form.mass, b.form.mass) >= LEAST_MASS:
        return True
    one_day = a.at is not None and b.at is not None and abs(a.at - b.at) <= STOCK_SPAN
    return one_day and alike.kind in ("exact", "contained")


def _may_meet(a: Segment, b: Segment, alike: Likeness) -> bool:
    """Whether two segments can be in one statement, as far as their days go."""
    if a.at is None or b.at is None:
        long = alike.kind == "exact" and min(len(a.form.words), len(b.form.words)) >= LONG_WORDS
        return long or a.of.quote.article_id == b.of.quote.article_id
    return abs(a.at - b.at) <= SPAN


def _near_enough(a: Segment, b: Segment) -> bool:
    if a.at is None or b.at is None:
        return True
    return abs(a.at - b.at) <= (STOCK_SPAN if a.form.stock or b.form.stock else SPAN)


def _one_speaker(a: Segment, b: Segment, known: KnownSpeakers, alike: Likeness) -> bool:
    mine, yours = speaker_of(a), speaker_of(b)
    sameness = same_speaker(mine, yours, known)
    if sameness != "perhaps":
        return sameness == "same"
    named = sum(it.id is not None or it.name is not None for it in (mine, yours))
    if named == 1 and a.of.quote.article_id == b.of.quote.article_id:
        return alike.kind in ("exact", "contained") or alike.score >= UNNAMED
    return _long_and_equal(a, b, alike)


def _long_and_equal(a: Segment, b: Segment, alike: Likeness) -> bool:
    return alike.kind in ("exact", "contained") and min(len(a.form.words), len(b.form.words)) >= LONG_WORDS


def speaker_of(segment: Segment) -> SpeakerOf:
    """Who said it, as its article says."""
    return SpeakerOf(segment.of.quote.speaker_id, segment.of.quote.speaker_name)
