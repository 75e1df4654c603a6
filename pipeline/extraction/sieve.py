"""Paragraphs that are never the story's: the title again, calls to subscribe, labels of boxes, notes on rights."""

from __future__ import annotations

import re

_KEY = re.compile(r"\W+")
_FURNITURE = re.compile(
    r"(?:advertisement|реклама|related (?:topics?|articles?|stories|news)|read (?:also|more)|see also|you may also like"
    r"|more (?:from|on) .{1,40}|popular|most read|image|share(?: this)?.{0,20}|comments?|follow us.{0,80}"
    r"|читайте также:?|материалы по теме:?|по теме:?|смотрите также:?|ещ[её] по теме:?|комментарии|поделиться:?)",
    re.IGNORECASE,
)


def sieve(lines: list[str], title: str) -> list[str]:
    """The lines without the title and without furniture, in their order."""
    own = _KEY.sub("", title).casefold()
    return [line for line in lines if not (_KEY.sub("", line).casefold() == own or _FURNITURE.fullmatch(line))]
