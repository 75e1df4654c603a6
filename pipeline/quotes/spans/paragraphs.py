"""Candidates that need more than one sentence: quotes alone, attributions after a full stop, block quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.quote_rules import SpanOrigin, SpanRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Attribution, Indices, Pack
from pipeline.quotes.spans import rules
from pipeline.quotes.spans.neighbours import (
    attach_attribution,
    attach_deed,
    continued_words,
    is_only_attribution,
    sentence_before,
)
from pipeline.quotes.text.marks import Region, split_at
from pipeline.quotes.text.tokens import Paragraph, Sentence, Token, sentence_tokens, span_of, split_sentences

_WORD = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff\u0100-\u024f\u0400-\u052f]+")
"""A word in lower case, Latin or Cyrillic; naming them is faster than excluding all that is no letter."""
_CLOSING = re.compile(r"[»”]")
_DASH = re.compile(r"[—–-]\s?(?=[^\W\d_])")
_NEW_LINE = re.compile(r"[.!?…]\s(?P<dash>[—–-])\s(?=[A-Z\u0410-\u042f\u0401])")
_SAID = re.compile(r":\s[—–]\s(?=[A-Z\u0410-\u042f\u0401])")
"""A colon and a dash, with which the words of somebody just named begin."""
_FEWEST_WORDS_ALONE = 4
_SHORTEST_HOLED = 25


@dataclass(slots=True)
class ParagraphState:
    """What is remembered of the paragraphs before."""

    block: Attribution | None = None
    block_mention: tuple[int, int] | None = None
    block_cue: tuple[int, int] | None = None
    quoted: bool = False
    """The paragraph before ended with a quote or its attribution."""
    open_now: bool = False
    """The last quote of this paragraph is not closed."""
    went_on: bool = False
    """The last quote of the paragraph before was not closed, as where the next paragraph continues it."""
    unclosed: bool = False
    """The paragraph before ended inside marks."""
    plain: Sentence | Paragraph | None = None
    """What stands right before, a sentence or a paragraph, if it attributes nothing to anybody."""
    candidates: list[Candidate] = field(default_factory=list)


def read_paragraph(text: str, paragraph: Paragraph, pack: Pack, state: ParagraphState) -> None:
    """Adds the candidates of one paragraph to ``state.found``."""
    at = _dialogue_start(text, paragraph, pack)
    if at is not None:
        head, line = _parted(text, paragraph, at)
        read_paragraph(text, head, pack, state)
        read_paragraph(text, line, pack, state)
        return
    block, state.block = state.block, None
    _close(text, paragraph, state)
    cues = pack.triggers.intersection(_WORD.findall(text[paragraph.start : paragraph.end].lower()))
    dialogue = pack.inner_attributions is not None and _SAID.search(text, paragraph.start, paragraph.end) is not None
    active = bool(paragraph.regions) or bool(cues) or dialogue
    reporting = block is not None and active and not paragraph.regions and _has_attributions(text, paragraph, pack)
    if block is not None and not _led_by_marks(paragraph) and not reporting:
        _add_block(paragraph, state)
        state.plain = None
        return
    if not active:
        state.quoted, state.plain = False, paragraph
        return
    if pack.inner_attributions is not None:
        _open_dialogue(text, paragraph, pack.inner_attributions)
        _open_up(text, paragraph, pack.inner_attributions)
    paragraph.sentences = split_sentences(text, paragraph)
    before = len(state.candidates)
    if block is not None and paragraph.regions:
        state.quoted = True
    _read_sentences(text, paragraph, pack, state, cues)
    paragraph.sentences = []
    state.quoted = any(not candidate.speaker_only for candidate in state.candidates[before:])


def _close(text: str, paragraph: Paragraph, state: ParagraphState) -> None:
    """Words that continue from the paragraph before to a closing mark that nothing opened here."""
    first = paragraph.regions[0].start if paragraph.regions else paragraph.end
    closing = _CLOSING.search(text, paragraph.start, first) if state.unclosed else None
    if closing is not None:
        paragraph.regions.insert(0, Region(paragraph.start, closing.end(), opened=False))
    last = paragraph.regions[-1] if paragraph.regions else None
    state.went_on, state.open_now = state.open_now, last is not None and not last.closed
    state.unclosed = last is not None and not last.closed and text[last.start] in "«“„"


def _dialogue_start(text: str, paragraph: Paragraph, pack: Pack) -> int | None:
    """Where a line of dialogue begins behind another sentence: ``They met. — We agree, — said X.``"""
    if pack.inner_attributions is None or _DASH.match(text, paragraph.start, paragraph.end):
        return None
    match = _NEW_LINE.search(text, paragraph.start, paragraph.end)
    if match is None or any(region.start < match.end() for region in paragraph.regions):
        return None
    return match.start("dash") if pack.inner_attributions(text, match.end(), paragraph.end) else None


def _parted(text: str, paragraph: Paragraph, at: int) -> tuple[Paragraph, Paragraph]:
    """The paragraph before offset ``at`` and from it on."""
    end = at
    while text[end - 1].isspace():
        end -= 1
    return Paragraph(paragraph.start, end, []), Paragraph(at, paragraph.end, paragraph.regions)


def _open_dialogue(text: str, paragraph: Paragraph, attributions: Callable[[str, int, int], list[Indices]]) -> None:
    """A line of dialogue, ``— A, — сказал он. — B``: without marks, known by its attribution."""
    if paragraph.regions and paragraph.regions[0].start <= paragraph.start + 2:
        return
    dash = _DASH.match(text, paragraph.start, paragraph.end)
    said = None if dash or paragraph.regions else _SAID.search(text, paragraph.start, paragraph.end)
    if said is not None:
        paragraph.regions = [Region(said.end(), paragraph.end, opened=False, closed=False)]
        return
    holes = attributions(text, paragraph.start, paragraph.end) if dash else []
    if dash and holes:
        paragraph.regions = [Region(dash.end(), paragraph.end, opened=False, closed=False)]


def _open_up(text: str, paragraph: Paragraph, attributions: Callable[[str, int, int], list[Indices]]) -> None:
    """Splits marks that contain an attribution, so that it stands outside of them."""
    opened: list[Region] = []
    for region in paragraph.regions:
        holes = attributions(text, region.start, region.end) if region.end - region.start > _SHORTEST_HOLED else []
        opened += split_at(region, holes) if holes else [region]
    paragraph.regions = opened


def _led_by_marks(paragraph: Paragraph) -> bool:
    return bool(paragraph.regions) and paragraph.regions[0].start == paragraph.start


def _has_attributions(text: str, paragraph: Paragraph, pack: Pack) -> bool:
    return any(pack.find_attributions(sentence_tokens(text, sentence)) for sentence in split_sentences(text, paragraph))


def _add_block(paragraph: Paragraph, state: ParagraphState) -> None:
    """A paragraph without marks after an attribution that ends with a colon is what was said."""
    state.candidates.append(
        Candidate(
            paragraph.start, paragraph.end, "direct", SpanOrigin(SpanRule.BLOCK), state.block_mention, state.block_cue
        )
    )
    state.quoted = True


def _read_sentences(text: str, paragraph: Paragraph, pack: Pack, state: ParagraphState, cues: frozenset[str]) -> None:
    waiting: list[Candidate] = []
    spoken = state.quoted
    _go_on(paragraph, state)
    unsaid = False
    for sentence in _one_by_one(paragraph.sentences):
        words = text[sentence.start : sentence.end].lower()
        cued = any(cue in words for cue in cues)
        before, state.plain = state.plain, None
        if not (sentence.regions or cued or ":" in words):
            state.plain = sentence
            if waiting and attach_deed(text, sentence, waiting[-1], pack):
                waiting, spoken = [], True
                continue
            state.block, unsaid = None, True
            continue
        listed = sentence_tokens(text, sentence)
        if sentence.regions and _alone(listed):
            candidate = _quote_alone(listed, far=unsaid)
            candidate.same_as_previous = not _answers(text, paragraph, candidate, state)
            if spoken or _long(candidate, text):
                waiting.append(candidate)
                state.candidates.append(candidate)
            continue
        attributions = pack.find_attributions(listed) if sentence.regions or cued else []
        if waiting and is_only_attribution(listed, attributions):
            attach_attribution(listed, attributions[0], waiting[-1])
            waiting, spoken = [], True
            continue
        telling = next((one for one in attributions if one.of_previous), None)
        if telling is not None and waiting:
            attach_attribution(listed, telling, waiting[-1])
        elif telling is not None and before is not None:
            previous = sentence_before(text, before, listed, telling, pack)
            state.candidates.extend([previous] if previous is not None else [])
        sentence_state = rules.apply_rules(listed, attributions, pack)
        if not attributions and not sentence_state.candidates:
            state.plain = sentence
        state.candidates.extend(sentence_state.candidates)
        said = [candidate for candidate in sentence_state.candidates if not (candidate.speaker_only or candidate.aside)]
        if said and waiting and not spoken and said[0].type == "direct":
            for candidate in waiting:
                candidate.same_as_previous, candidate.same_as_next = False, True
        if not attributions and not said and spoken and (partial := continued_words(listed, pack)) is not None:
            state.candidates.append(partial)
            continue
        unsaid = not said
        waiting = [] if sentence_state.candidates or attributions else waiting
        spoken = spoken or bool(said)
        _open_block(listed, attributions, state)


def _go_on(paragraph: Paragraph, state: ParagraphState) -> None:
    """A quote alone that the next paragraph continues belongs to whoever speaks there."""
    last = state.candidates[-1] if state.candidates else None
    if last is not None and last.rule.rule is SpanRule.ALONE and state.went_on and _led_by_marks(paragraph):
        last.same_as_previous, last.same_as_next = False, True


def _one_by_one(sentences: list[Sentence]) -> Iterator[Sentence]:
    """Each sentence; its tokens are freed once it is read, so that a long text does not hold them all in memory."""
    for sentence in sentences:
        yield sentence
        sentence.tokens = []


def _alone(listed: list[Token]) -> bool:
    """Whether a sentence with words in marks has no others."""
    return all(token.kind in "qp" for token in listed)


def _quote_alone(listed: list[Token], *, far: bool) -> Candidate:
    """Words in marks that are a sentence of their own, without the stops and dashes around them."""
    marked = [token for token in listed if token.kind == "q"]
    return Candidate(
        marked[0].start, marked[-1].end, "direct", SpanOrigin(SpanRule.ALONE), same_as_previous=True, far=far
    )


def _long(candidate: Candidate, text: str) -> bool:
    return len(text[candidate.start : candidate.end].split()) >= _FEWEST_WORDS_ALONE


def _answers(text: str, paragraph: Paragraph, candidate: Candidate, state: ParagraphState) -> bool:
    """Whether a few words begin a paragraph after a question, and are therefore another's (``“No!”``)."""
    if candidate.start != paragraph.start or _long(candidate, text) or not state.candidates:
        return False
    last = state.candidates[-1]
    return text[max(last.start, last.end - 3) : last.end].rstrip("\"»”'’, ").endswith("?")


def _open_block(listed: list[Token], attributions: list[Attribution], state: ParagraphState) -> None:
    """Remembers an attribution whose colon ends the paragraph."""
    state.block = None
    if attributions and listed[-1].text == ":" and not attributions[-1].silent:
        attribution = attributions[-1]
        state.block = attribution
        state.block_mention = span_of(listed, attribution.speaker) if attribution.speaker else None
        state.block_cue = span_of(listed, attribution.cue)
