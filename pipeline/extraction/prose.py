"""What reads like a sentence, and whether lines tell a story: the evidence that outweighs a phrase of an error page."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.extraction.phrases import NOT_FOUND, READER, WALL, Phrases

QUOTED = re.compile('[«»“”„‟]|(?<!\\w)"\\w')
_SENTENCE_END = re.compile(r"[.!?…:;»\"”'’)。！？؟।]\s*$")
_ENDS = re.compile(r"[.!?…]{1,5}[»”\"'’)\]]{0,3}(?:\s|$)|[。！？؟।]")
_SPEECH = re.compile(r"[«“„][^«»“”„]{15,}[»”“]|(?<!\w)\"[^\"]{15,}\"")
_REPORTED = Phrases(
    "said|told|says|asked|according|reported|announced|сказал|заявил|сообщ|рассказал|пояснил|уточнил|спросил|"
    "по данным|по словам",
    r"\b(?:said|told|says|asked|according to|reported|announced)\b",
    r"\b(?:сказал|заявил|сообщил|рассказал|пояснил|уточнил|спросил)(?:а|и)?\b",
    r"\bсообщ(?:ает|ают)\b|\bпо (?:данным|словам)\b",
)
_INSTRUCTED = re.compile(
    r"\b(?:please|try (?:again|to)|go (?:back|to)|return to|make sure|попробуйте|вернитесь|воспользуйтесь|проверьте|"
    r"перейдите|обновите|включите|обратитесь)\b",
    re.IGNORECASE,
)
_SHORTEST = 30
"""Characters of a sentence that counts."""
_FEWEST = 3
_LEAST = 200
"""Characters of the fewest sentences that are a story though nobody speaks in them."""
_PHRASE_SHARE = 0.35
"""Of a sentence that a phrase of an error page takes up, from which on it is that page's and no report on one."""


def reads_like_sentence(line: str) -> bool:
    """Long, or of middle length and ended like a sentence: not a menu entry, a label or a date line."""
    return len(line) >= 80 or (len(line) >= 25 and _SENTENCE_END.search(line) is not None)


def tells_story(lines: list[str], *, reported: bool = False) -> bool:
    """Whether somebody is quoted or reported in the lines, or a few sentences speak of something else than the page.

    ``reported``: only the former counts. Sentences that speak to the reader, and those that are mostly a phrase of
    error pages and walls, do not count.
    """
    count = size = 0
    for sentence in (sentence for line in lines for sentence in story_sentences(line)):
        count, size = count + 1, size + len(sentence)
        if _REPORTED.search(sentence) or (not reported and count >= _FEWEST and size >= _LEAST):
            return True
    return False


def story_sentences(line: str) -> list[str]:
    """A paragraph's sentences of some length that are no error page's; a quotation is not parted from its speaker."""
    whole = _SPEECH.sub(_in_one, line)
    ends = [0, *(end.end() for end in _ENDS.finditer(whole))]
    found = (whole[start:end].strip() for start, end in pairwise(ends))
    return [sentence for sentence in found if len(sentence) >= _SHORTEST and _of_story(sentence)]


def _in_one(speech: re.Match[str]) -> str:
    return re.sub(r"[.!?…]", ",", speech.group())


def _of_story(sentence: str) -> bool:
    plain = _SPEECH.sub("", sentence)
    if READER.search(plain) or _INSTRUCTED.search(plain):
        return False
    phrase = NOT_FOUND.search(plain) or WALL.search(plain)
    return phrase is None or len(phrase.group()) < _PHRASE_SHARE * len(sentence)
