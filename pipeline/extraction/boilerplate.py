"""Cuts boilerplate out of a story: what its publisher adds to every one, as paragraphs or at the edges of others."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extraction.blocks import LINK_LINE, Block
from pipeline.extraction.calls import CREDIT, HASHTAGS, LEGAL, NOTE, READ_ALSO, SAID, asks_reader

_LONGEST = 400
"""Characters from which on a sentence counts as the story's, whatever words it contains."""
_TO_END = 400
"""Characters that a pointer to another story may have with its headline, or a legal mark with its names."""
_BOUNDARY = re.compile(r"[.!?…]{1,5}[»”\"’')\]]{0,3}\s(?=[^\sa-zа-яё—–-])|\s(?=erid\b|[👉➡▶►🔹📲✅❗⚡🔔])")
_CREDIT_AT_END = re.compile(
    r"\s*\((?:photos?|images?|pictures?|credit|file photo|ap photo|фото|снимок)\b\s?[:/by ][^()]{1,80}\)$",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"«[^«»]{12,}»|“[^“”]{12,}”|(?<!\w)\"[^\"]{12,}\"")


def without_boilerplate(lines: list[str]) -> list[str]:
    """The lines without calls to the reader, pointers to other stories, legal and advertising marks, credits and tags.

    What stands in quotation marks, and sentences that say who said it, stay.
    """
    return [kept for line in lines if (kept := _story_part(line))]


def is_boilerplate(line: str) -> bool:
    """Whether a whole paragraph is boilerplate."""
    return not _story_part(line)


def without_pointed(page: list[Block]) -> list[Block]:
    """The paragraphs without the links to other stories that stand right below a label, such as "Read also:"."""
    kept, below_label = [], False
    for block in page:
        if below_label and block.linked >= LINK_LINE * len(block.text):
            continue
        label = READ_ALSO.match(block.text)
        below_label = label is not None and label.end() >= len(block.text) - 1
        kept.append(block)
    return kept


@lru_cache(maxsize=512)
def _story_part(line: str) -> str:
    spans = _sentences(line)
    to_end = (n for n, (start, _) in enumerate(spans) if len(line) - start <= _TO_END and _runs_on(line, start))
    spans = spans[: next(to_end, len(spans))]
    while spans and _of_publisher(line[slice(*spans[-1])]):
        spans.pop()
    while spans and _of_publisher(line[slice(*spans[0])]):
        spans.pop(0)
    return _CREDIT_AT_END.sub("", line[spans[0][0] : spans[-1][1]]) if spans else ""


def _runs_on(line: str, start: int) -> bool:
    """Whether what begins there continues to the paragraph's end: a headline of two sentences, a mark with initials."""
    return READ_ALSO.match(line, start) is not None or LEGAL.match(line, start) is not None


def _sentences(line: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph stand; one within quotation marks is not parted."""
    spans, start, depth, straight, seen = [], 0, 0, 0, 0
    for boundary in _BOUNDARY.finditer(line):
        passed = line[seen : boundary.end()]
        seen = boundary.end()
        depth = max(0, depth + sum(map(passed.count, "«“„")) - sum(map(passed.count, "»”")))
        straight += passed.count('"')
        if depth == 0 and straight % 2 == 0:
            spans.append((start, start + len(line[start : boundary.end()].rstrip())))
            start = boundary.end()
    return [*spans, (start, len(line))]


def _of_publisher(sentence: str) -> bool:
    if len(sentence) > _LONGEST:
        return False
    if any(pattern.match(sentence) for pattern in (READ_ALSO, LEGAL, NOTE)) or HASHTAGS.fullmatch(sentence):
        return True
    # a verb of saying is looked for last: that takes longest, and few sentences come so far
    boilerplate = CREDIT.match(sentence) is not None or asks_reader(_SPEECH.sub("«»", sentence))
    return boilerplate and not SAID.search(sentence)
