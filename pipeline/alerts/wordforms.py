"""Which words are forms of one word, in English and Russian; used to compare texts with the phrases of watches.

A word is represented by the set of base forms it can have; two words match if their sets intersect. The script of a
word decides its language, so a Latin name in a Russian sentence, or the reverse, needs no special case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pymorphy3

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*(?:-[^\W_]+(?:['\u2019][^\W_]+)*)*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]")
_LOOKALIKES = dict(zip("abceghikmnoprtuxy", "авсеgнікмпоргтuху", strict=True))
_TO_CYRILLIC = str.maketrans({latin: twin for latin, twin in _LOOKALIKES.items() if _CYRILLIC.match(twin)})
_TO_LATIN = str.maketrans({twin: latin for latin, twin in _LOOKALIKES.items() if _CYRILLIC.match(twin)})

_RARE = 0.02
"""Less probable analyses are ignored: with them unrelated words would match (``стали`` as steel)."""

_IRREGULAR = """
be am is are was were been being; have has had; do does did done; go goes went gone; say said; tell told; see saw
seen; come came; take took taken; give gave given; get got gotten; make made; know knew known; think thought; find
found; keep kept; hold held; bring brought; buy bought; fight fought; begin began begun; break broke broken; speak
spoke spoken; choose chose chosen; steal stole stolen; write wrote written; drive drove driven; rise rose risen; fall
fell fallen; fly flew flown; grow grew grown; throw threw thrown; draw drew drawn; withdraw withdrew withdrawn; show
shown; lose lost; win won; lead led; feed fed; meet met; leave left; mean meant; send sent; spend spent; build built;
lend lent; sell sold; stand stood; understand understood; withstand withstood; strike struck stricken; shoot shot; die
dying; lie lying lain; pay paid; lay laid; hear heard; sit sat; sink sank sunk; swim swam swum; seek sought; teach
taught; catch caught; run ran; forbid forbade forbidden; forget forgot forgotten; hide hid hidden; bear bore born
borne; swear swore sworn; eat ate eaten; wear wore worn; tear tore torn; shake shook shaken; arise arose arisen;
become became; overcome overcame; feel felt; man men; woman women; child children; person people; foot feet; crisis
crises; analysis analyses; basis bases; criterion criteria; datum data; life lives; wife wives; leaf leaves; half
halves; wolf wolves; self selves; knife knives; serviceman servicemen; spokesman spokesmen; statesman statesmen;
businessman businessmen; congressman congressmen
"""


def _irregular() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in _IRREGULAR.replace("\n", " ").split(";"):
        base, *others = line.split()
        forms |= dict.fromkeys(others, base)
    return forms


_BASES = _irregular()


def folded_words(text: str) -> list[str]:
    """The words of a text in order: case-folded, without invisible marks, each in one script."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    visible = "".join(mark for mark in folded if unicodedata.category(mark) not in ("Cf", "Mn"))
    return [_one_script(word) for word in _WORD.findall(unicodedata.normalize("NFC", visible))]


def _one_script(word: str) -> str:
    """A word that mixes look-alike letters of two scripts, a trick to evade filters, in its main script."""
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not cyrillic or not latin or "-" in word:
        return word
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)


@lru_cache(maxsize=100_000)
def base_forms(word: str) -> frozenset[str]:
    """The base forms a folded word can have, including itself."""
    if _CYRILLIC.search(word):
        return frozenset({word, *_russian(word)})
    bare = _POSSESSIVE.sub("", word)
    return frozenset({bare, *_english(bare)})


@lru_cache(maxsize=1)
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


def _russian(word: str) -> set[str]:
    readings = _dictionary().parse(word)
    return {reading.normal_form.replace("ё", "е") for reading in readings if reading.score >= _RARE}


def _english(word: str) -> set[str]:
    if word in _BASES:
        return {_BASES[word]}
    if not word.isalpha() or len(word) < 4:
        return set()
    found = set(_plural(word))
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and re.search("[aeiouy]", stem):
            found |= {stem, stem + "e"}
            if stem[-1] == stem[-2]:
                found.add(stem[:-1])
            if ending == "ed" and stem.endswith("i"):
                found.add(stem[:-1] + "y")
    return found


def _plural(word: str) -> list[str]:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith("es"):
        return [word[:-1], word[:-2]]
    return [word[:-1]]
