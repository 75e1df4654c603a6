"""Tokenise an article: paragraphs, sentences and tokens, as offsets into a text that is never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.language.every_language import EVERY_LANGUAGE, one_of
from pipeline.quotes.text.marks import Region, marked_regions
from pipeline.records import Span

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_TOKEN = re.compile(
    r"[a-z\u0430-\u044f\u0451]\w+(?:[’'‑-]\w+)*|"  # most words, and none of the forms with a dot below
    rf"(?:[^\W\d_]\.){{2,}}|{one_of(EVERY_LANGUAGE.number_signs)}\.(?=\s?\d)|{one_of(EVERY_LANGUAGE.dotted_titles)}\.|"
    r"[A-Z\u0410-\u042f\u0401]\.(?=\s?[A-Z\u0410-\u042f\u0401])|\d+(?:[.,:]\d+)*(?:[-‑][^\W\d_]+)*|\w+(?:[’'‑-]\w+)*|[’']\w+|\.{2,}|--+|[^\w\s]",
)
_FINAL = re.compile(r"[.!?…]+[)\]’']*(?=[\s«“„]|(?<=[\u0430-\u044f\u0451]{3}[.!?])[\u0410-\u042f\u0401])")
_BEFORE_DOT = re.compile(r"(?:^|[\s(«\"“/‑-])([^\W\d_]{1,6}|[^\W\d_](?:\.[^\W\d_])+)$")
_ABBREVIATIONS = EVERY_LANGUAGE.abbreviations
_OPENER = re.compile(rf"\s+{one_of(EVERY_LANGUAGE.sentence_openers)}\s")
"""Words that begin a sentence even after a dot that may shorten a word."""
LONGEST = 20_000
"""Characters outside of marks after which a sentence is cut between two words. Rules look far in a sentence, and no
press has one half as long; the bound keeps the cost of a hostile text in proportion to its length."""
_IN_MARKS = 6
"""Characters that a stretch in marks counts for there, whatever its length."""
_QUOTES = frozenset('"«“„')
_OPENING = '"«“„‘(['


@dataclass(slots=True)
class Token:
    """A word (``w``), a punctuation mark (``p``), a stretch in quotation marks (``q``) or in brackets (``b``)."""

    start: int
    end: int
    text: str
    low: str
    kind: str
    region: Region | None = None

    @property
    def capital(self) -> bool:
        return self.kind == "w" and self.text[:1].isupper()


def span_of(tokens: Sequence[Token], words: tuple[int, int]) -> Span:
    """The offsets of the tokens ``[i, j)``, of which there is at least one."""
    return tokens[words[0]].start, tokens[words[1] - 1].end


@dataclass(slots=True)
class Sentence:
    """A sentence; stretches in marks count as one token whatever sentences they hold."""

    start: int
    end: int
    regions: list[Region]
    tokens: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Paragraph:
    """A line of the text with its outermost stretches in marks."""

    start: int
    end: int
    regions: list[Region]
    sentences: list[Sentence] = field(default_factory=list)


def split_paragraphs(text: str) -> list[Paragraph]:
    """The lines of the text that hold a letter or digit, with their marks paired."""
    found = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Paragraph(start, end, marked_regions(text, start, end)))
    return found


def split_sentences(text: str, paragraph: Paragraph) -> list[Sentence]:
    """The sentences of a paragraph; marks keep what they hold together."""
    cuts = sorted({*_plain_cuts(text, paragraph), *_region_cuts(text, paragraph)})
    out: list[Sentence] = []
    start, pending = paragraph.start, list(reversed(paragraph.regions))
    for cut in [*cuts, paragraph.end]:
        while start < cut and text[start].isspace():
            start += 1
        if start >= cut:
            continue
        inside: list[Region] = []
        while pending and pending[-1].start < cut:
            inside.append(pending.pop())
        sentence = Sentence(start, cut, inside)
        if cut - start + len(inside) * _IN_MARKS <= LONGEST:
            out.append(sentence)
        else:
            out += _pieces(text, sentence)
        start = cut
    return out


def _plain_cuts(text: str, paragraph: Paragraph) -> list[int]:
    cuts = []
    spans = paragraph.regions
    at = 0
    for match in _FINAL.finditer(text, paragraph.start, paragraph.end):
        while at < len(spans) and spans[at].end <= match.start():
            at += 1
        if at < len(spans) and spans[at].start <= match.start():
            continue
        if _starts_sentence(text, match.end(), paragraph.end) and not is_abbreviation(
            text, match.start(), paragraph.start
        ):
            cuts.append(match.end())
    return cuts


def _region_cuts(text: str, paragraph: Paragraph) -> list[int]:
    cuts = []
    for region in paragraph.regions:
        last = text[region.start : region.end].rstrip("\"»”“'’ ")[-1:]
        ends = last in ".!?…" and _starts_sentence(text, region.end, paragraph.end)
        if region.end < paragraph.end and (ends or _OPENER.match(text, region.end)):
            cuts.append(region.end)
    return cuts


def _pieces(text: str, sentence: Sentence) -> Iterator[Sentence]:
    """What a sentence is cut into that may be too long."""
    start = at = sentence.start
    left, inside = LONGEST, list[Region]()
    for region in [*sentence.regions, Region(sentence.end, sentence.end)]:
        while region.start - at > left:
            stop = at + max(left, 0)
            space = text.rfind(" ", at, stop)
            cut = stop if space < 0 else space + 1
            yield Sentence(start, cut, inside)
            while cut < region.start and text[cut].isspace():
                cut += 1
            start, at, left, inside = cut, cut, LONGEST, []
        left -= region.start - at + _IN_MARKS
        at = region.end
        if region.start < sentence.end:
            inside.append(region)
    yield Sentence(start, sentence.end, inside)


def _starts_sentence(text: str, at: int, end: int) -> bool:
    if at >= end or not (text[at].isspace() or text[at] in "«“„" or (text[at].isupper() and text[at - 1] in ".!?")):
        return False
    while at < end and text[at].isspace():
        at += 1
    if at < end and text[at] in "'‘`":
        return text[at + 1 : at + 2] in ("'", "`") or text[at + 1 : at + 2].isupper()
    return at < end and (text[at].isupper() or text[at].isdigit() or text[at] in _OPENING)


def is_abbreviation(text: str, at: int, floor: int) -> bool:
    """Whether the dot at offset ``at`` shortens a word and ends no sentence; nothing before ``floor`` is read."""
    if text[at] != "." or text[at : at + 2] == "..":
        return False
    match = _BEFORE_DOT.search(text[max(floor, at - 12) : at])
    if not match:
        return False
    word = match.group(1)
    if _OPENER.match(text, at + 1) or (len(word) == 1 and text[at + 2 : at + 3] in _QUOTES):
        return False
    return "." in word or (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS


def sentence_tokens(text: str, sentence: Sentence) -> list[Token]:
    """The tokens of a sentence, made once and kept on it."""
    if not sentence.tokens:
        at = sentence.start
        for region in sentence.regions:
            _words(text, at, region.start, sentence.tokens)
            piece = text[region.start : region.end]
            sentence.tokens.append(Token(region.start, region.end, piece, piece, "q", region))
            at = max(at, region.end)
        _words(text, at, sentence.end, sentence.tokens)
    return sentence.tokens


def _words(text: str, start: int, end: int, out: list[Token]) -> None:
    after = depth_end = start
    add = out.append
    for word in _TOKEN.findall(text, start, end):
        at = text.index(word, after)  # nothing but white space stands between two tokens
        after = at + len(word)
        if at < depth_end:
            continue
        first = word[0]
        if first.isalnum() or first == "_":
            add(Token(at, after, word, word.lower().replace("’", "'") if "’" in word else word.lower(), "w"))
        elif word in "([" and (closing := text.find(")" if word == "(" else "]", at, min(end, at + 300))) > 0:
            out.append(Token(at, closing + 1, text[at : closing + 1], "(", "b"))
            depth_end = closing + 1
        elif word[0] in "’'" and len(word) > 1:
            out.append(Token(at, after, word, word.lower().replace("’", "'"), "w"))
        else:
            mark = "—" if word[0] in "—–-" else word
            out.append(Token(at, after, mark, mark, "p"))
