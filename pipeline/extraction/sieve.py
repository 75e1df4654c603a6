"""Paragraphs that are never the story's: the title again, calls to subscribe, labels of boxes, notes on rights."""

from __future__ import annotations

import re

from pipeline.extraction.blocks import bare

_LONG = 250
"""Characters from which on a paragraph is taken for the story's, whatever words it holds."""
_LABEL = re.compile(
    r"(?:advertisement|реклама|related (?:topics?|articles?|stories|news)|read (?:also|more)|see also|you may also like"
    r"|more (?:from|on) .{1,40}|popular|most read|image|share(?: this)?.{0,20}|comments?|follow us.{0,80}"
    r"|читайте также:?|материалы по теме:?|по теме:?|смотрите также:?|ещ[её] по теме:?|комментарии|поделиться:?)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"©|\(c\) ?\d{4}|copyright|all rights reserved|все права защищены|^(?:photo|image|credit|source|фото)\s*[:/©]"
    r"|getty images|\bsubscribe\b.*\b(?:newsletter|channel)|sign up (?:for|to)\b|follow (?:us|@)|click here|newsletter"
    r"|contributed to this report|download (?:the|our) app|personal, non-commercial use|^(?:last )?updated?:"
    r"|^published:?|all rights of the publication are reserved|your thoughts and comments|join our .{1,30}forum"
    r"|^by [A-Z]|^posted (?:on|by|in)\b|^last updated|^tags?:|^filed under|^topics?:|^источник:|^автор:"
    r"|подписывайтесь|подпишитесь",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;»\"”'’)。！？]\s*$")


def sieve(lines: list[str], title: str) -> list[str]:
    """The lines without the title and without furniture, in their order."""
    own = bare(title)
    return [line for line in lines if bare(line) != own and not _is_furniture(line)]


def from_first_sentence(lines: list[str]) -> list[str]:
    """The lines from the first that reads like a sentence; all of them if none does."""
    start = next((place for place, line in enumerate(lines) if reads_like_sentence(line)), 0)
    return lines[start:]


def reads_like_sentence(line: str) -> bool:
    """Long, or of middle length and ended like a sentence: not a menu entry, a label or a date line."""
    return len(line) >= 80 or (len(line) >= 25 and _SENTENCE_END.search(line) is not None)


def _is_furniture(line: str) -> bool:
    return _LABEL.fullmatch(line) is not None or (len(line) < _LONG and _FURNITURE.search(line) is not None)
