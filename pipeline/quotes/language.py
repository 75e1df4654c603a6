"""Which language a text is in, by its script, and the pack for it."""

from __future__ import annotations

import re

from pipeline.quotes import en, ru
from pipeline.quotes.pack import Pack

_CYRILLIC = re.compile(r"[а-яё]{2,}", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]{2,}", re.IGNORECASE)
_SAMPLE = 2000
PACKS: dict[str, Pack] = {"en": en.PACK, "ru": ru.PACK}


def detect(text: str) -> str:
    """``ru`` or ``en``, by the script of most words in the first part of the text."""
    sample = text[:_SAMPLE]
    return "ru" if len(_CYRILLIC.findall(sample)) > len(_LATIN.findall(sample)) else "en"


def pack_for(lang: str) -> Pack | None:
    """The pack of a language, or None if there is none."""
    return PACKS.get(lang)
