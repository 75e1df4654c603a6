"""Abbreviations that a text introduces beside the name of an organisation (``the Novobereg Road Service (NRS)``)."""

from __future__ import annotations

import re

from pipeline.quotes.language_pack import Pack

_BRACKETED = re.compile(r"[ \u00a0]\([\"“«]?([^\W\d_]{2,8})[\"”»]?\)")
_EXPLAINED = re.compile(r"(?<!\w)([^\W\d_]{2,8})[ \u00a0]\(([^()\n]{5,80})\)")
_REACH = 120
_MOST_WORDS = 10


def introduced_abbreviations(text: str, pack: Pack) -> dict[str, list[str]]:
    """From an abbreviation to the words of the name that the text gives beside it, in the nominative."""
    found: dict[str, list[str]] = {}
    for match in _BRACKETED.finditer(text):
        short, before = match[1], text[max(0, match.start() - _REACH) : match.start()].split()
        full = _spelled_out(short, before, pack) if _is_short(short) else []
        if full and pack.is_nominative(full):
            found.setdefault(short, full)
    for match in _EXPLAINED.finditer(text):
        short, words = match[1], match[2].split()
        full = _spelled_out(short, words, pack) if _is_short(short) else []
        if full and len(full) >= len(pack.bare_words(words)) and pack.is_nominative(full):
            found.setdefault(short, full)
    return found


def _is_short(word: str) -> bool:
    return sum(letter.isupper() for letter in word) > len(word) / 2


def _spelled_out(short: str, before: list[str], pack: Pack) -> list[str]:
    """Of the words before an abbreviation those it stands for: by their initials, else the name of an organisation."""
    letters = [letter for letter in short if letter.isupper()]
    full: list[str] = []
    for word in reversed(before[-_MOST_WORDS:]):
        if not word[:1].isupper():
            if not full or word[-1:] in ".,;:":
                break
            full.insert(0, word)
        elif word[0] == letters[-1] and word[-1:] not in ".,;:)":
            letters.pop()
            full.insert(0, word)
            if not letters:
                return full
        else:
            break
    named = _last_name(before)
    return named if len(named) > 1 and pack.is_organisation_name(named) else []


def _last_name(before: list[str]) -> list[str]:
    """The capitalised words that end ``before``."""
    start = len(before)
    while start > 0 and before[start - 1][:1].isupper() and (start == len(before) or before[start - 1][-1:].isalnum()):
        start -= 1
    return before[start:]
