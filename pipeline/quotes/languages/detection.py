"""Which language a text or a passage is in, by its script, and the pack for it."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.quotes.language_pack import Pack
from pipeline.quotes.languages import en, ru

_CYRILLIC = re.compile(r"[\u0410-\u044f\u0401\u0451]{2,}")
_LATIN = re.compile(r"[a-zA-Z]{2,}")
_PASSAGE = 600
_FEWEST = 3
"""Words of the other script from which on a passage with few of its own counts as being in the other language."""
_SAMPLE = 2000
PACKS: dict[str, Pack] = {"en": en.PACK, "ru": ru.PACK}


def detect_language(text: str) -> str:
    """``ru`` or ``en``, by the script of most words in the first part of the text."""
    sample = text[:_SAMPLE]
    cyrillic = len(_CYRILLIC.findall(sample))
    return "ru" if cyrillic and cyrillic > len(_LATIN.findall(sample)) else "en"


def is_mixed(text: str, lang: str) -> bool:
    """Whether an article in ``lang`` has enough words of the other script for a passage in the other language."""
    other = _LATIN if lang == "ru" else _CYRILLIC
    return next(islice(other.finditer(text), 1, None), None) is not None


def passage_language(text: str, start: int, end: int, lang: str) -> str:
    """The language of ``text[start:end]`` within an article in ``lang``: another one only where its script says so."""
    if lang not in PACKS:
        return lang
    return language_of_words(text[start : min(end, start + _PASSAGE)], lang)


def language_of_words(words: str, lang: str) -> str:
    """The language of ``words`` from an article in ``lang``."""
    own_script, other_script = (_CYRILLIC, _LATIN) if lang == "ru" else (_LATIN, _CYRILLIC)
    other = len(other_script.findall(words))
    if other < 2:
        return lang
    own = len(own_script.findall(words))
    foreign = other >= _FEWEST and own * 4 < other or own == 0
    return {"ru": "en", "en": "ru"}.get(lang, lang) if foreign else lang


def pack_for(lang: str) -> Pack | None:
    """The pack of a language, or None if there is none."""
    return PACKS.get(lang)
