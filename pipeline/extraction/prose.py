"""Whether a line is a sentence and whether lines report something: evidence that a page is no error page."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.extraction.phrases import NOT_FOUND, READER, WALL

QUOTED = re.compile('[«»“”„‟]|(?<!\\w)"\\w')
_SENTENCE_END = re.compile(r"[.!?…:;»\"”'’)。！？؟।]\s*$")
_ENDS = re.compile(r"[.!?…]{1,5}[»”\"'’)\]]{0,3}(?:\s|$)|[。！？؟।]")
_SPEECH = re.compile(r"[«“„][^«»“”„]{15,}[»”“]|(?<!\w)\"[^\"]{15,}\"")
_NEWS = re.compile(
    r"\b(?:said|told|says|asked|according to|reported|announced|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|\b(?:сказал|заявил|сообщил|рассказал|пояснил|уточнил|спросил)(?:а|и)?\b|\bсообщ(?:ает|ают)\b"
    r"|\bпо (?:данным|словам)\b|\b(?:понедельник|вторник|сред[уые]\b|четверг|пятниц|суббот|воскресень)"
    r"|\b(?:(?-i:January|February|March|April|(?<=in )May|(?<=from )May|June|July|August|September|October|November"
    r"|December)"
    r"|январ[еья]|феврал[еья]|марта|марте|апрел[еья]|мая|мае|июн[еья]|июл[еья]|августа|августе|сентябр[еья]|октябр[еья]"
    r"|ноябр[еья]|декабр[еья])\b(?!,? \d{4})",
    re.IGNORECASE,
)
"""A verb of saying, or a day without its year, as news names it; the date of a law, which walls quote, has one."""
_INSTRUCTED = re.compile(
    r"\b(?:please|try (?:again|to)|go (?:back|to)|return to|make sure|попробуйте|вернитесь|воспользуйтесь|проверьте|"
    r"перейдите|обновите|включите|обратитесь)\b",
    re.IGNORECASE,
)
_SHORTEST = 20
"""Characters of a sentence that counts."""
_FEWEST = 3
_LEAST = 200
"""Characters of the fewest sentences that are a story though nobody speaks in them."""
_PHRASE_SHARE = 0.35
"""Share of a sentence, taken up by a phrase of an error page, from which on it belongs to such a page."""


def reads_like_sentence(line: str) -> bool:
    """Long, or of middle length and ended like a sentence: not a menu entry, a label or a date line."""
    return len(line) >= 80 or (len(line) >= 25 and _SENTENCE_END.search(line) is not None)


def contains_story(lines: list[str], *, reported: bool = False) -> bool:
    """Whether the lines report what somebody said or what happened, or have some sentences not about the page itself.

    ``reported``: only the former counts. Sentences that speak to the reader, and those that are mostly a phrase of
    error pages and walls, do not count.
    """
    count = size = 0
    for sentence in (sentence for line in lines for sentence in story_sentences(line)):
        count, size = count + 1, size + len(sentence)
        if _NEWS.search(sentence) or (not reported and count >= _FEWEST and size >= _LEAST):
            return True
    return False


def is_news_line(line: str) -> bool:
    """Whether a paragraph reports what somebody said, or names the day of what happened."""
    return _NEWS.search(line) is not None


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
