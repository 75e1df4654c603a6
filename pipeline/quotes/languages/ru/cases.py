"""A Russian name in the nominative: all words of a name are in one case, which its given name shows."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.quotes.languages.ru.morph import (
    RUSSIAN_SURNAME,
    WOMANS_SURNAME,
    NameForm,
    dictionary_readings,
    first_name_gender,
    is_dictionary_word,
    name_forms,
    nominative_name_part,
)

_OWNED = re.compile(r"[а-яё]{2}(?:ов|ев|ёв|ин|ын)ым$")
_VOWELS = "аеёиоуыэюя"
_HUSHING = "жшчщц"
_OWNING = ("ов", "ев", "ёв", "ин", "ын")
_FEMALE_NOMINATIVE = ("ова", "ева", "ёва", "ина", "ына", "ая")


def nominative_words(words: list[str], gender: str | None) -> list[str]:
    """The words of a name in the nominative; unchanged where nothing shows their case."""
    given, last = words[0], words[-1]
    if len(words) < 2 or "." in given or len(given) < 3:
        return [nominative_word(word, gender) for word in words]
    meant = _case_of(given, last, gender)
    if meant is None:
        return _unknown(words, gender)
    if meant.case == "nomn":
        return words
    middle = [nominative_name_part(word, "Patr", meant) or _surname(word, meant) for word in words[1:-1]]
    return [nominative_name_part(given, "Name", meant) or given, *middle, _surname(last, meant)]


def is_nominative_name(words: list[str]) -> bool:
    """Whether the given name can only be a nominative, so that the whole name is in the nominative."""
    if len(words) < 2 or "." in words[0] or len(words[0]) < 3:
        return False
    forms = name_forms(words[0])
    return bool(forms) and all(one.case == "nomn" and not one.fixed for one in forms)


def gender_in(words: list[str]) -> str | None:
    """``m`` or ``f`` as the given name shows it, or both words of a name together; None if neither does."""
    given = words[0]
    if "." in given or len(given) < 3:
        return None
    meant = _case_of(given, words[-1], None)
    return first_name_gender(given) or (meant.gender if meant else None)


@lru_cache(maxsize=20_000)
def _case_of(given: str, last: str, gender: str | None) -> NameForm | None:
    """The case and gender of a name; None where the given name is not known or never inflects."""
    forms = [one for one in name_forms(given) if not one.fixed and gender in (None, one.gender)]
    forms = [one for one in forms if one.case in _fitting(last, one.gender)] or forms
    upright = [one for one in forms if one.case == "nomn"]
    if upright and not (_bent_man(last) and any(one.gender == "m" and one.case == "gent" for one in forms)):
        return upright[0]
    return next((one for one in forms if one.case != "nomn"), None)


def _bent_man(last: str) -> bool:
    """Whether a surname is a man's in the genitive rather than a woman's: she would not inflect it."""
    return (
        last.endswith("ого")
        or last[-1:] == "а"
        and last[-2:-1] not in _VOWELS
        and not last.endswith(_FEMALE_NOMINATIVE)
    )


def _fitting(last: str, gender: str | None) -> frozenset[str]:
    """The cases that the ending of a surname allows, all of them where it shows nothing."""
    low = last.lower()
    table = _FEMALE if gender == "f" else _MALE
    return next((cases for endings, cases in table if low.endswith(endings)), _ANY)


_ANY = frozenset(("nomn", "gent", "datv", "accs", "ablt", "loct"))
_OBLIQUE = frozenset(("gent", "accs"))
_MALE: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("овым", "евым", "ёвым", "иным", "ыным", "ским", "цким"), frozenset(("ablt",))),
    (("ому", "ему", "ову", "еву", "ину", "ыну"), frozenset(("datv",))),
    (("ого", "его", "ова", "ева", "ина", "ына"), _OBLIQUE),
    (("ский", "цкий", "ов", "ев", "ёв", "ин", "ын"), frozenset(("nomn",))),
    (("ской", "цкой", "овой", "евой", "иной", "ую"), frozenset()),
)
_FEMALE: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("ская", "цкая", "ова", "ева", "ёва", "ина", "ына"), frozenset(("nomn",))),
    (("скую", "цкую", "ову", "еву", "ину", "ыну"), frozenset(("accs",))),
    (("ской", "цкой", "овой", "евой", "ёвой", "иной", "ыной"), frozenset(("gent", "datv", "ablt", "loct"))),
    (("ы",), frozenset(("gent",))),
    (("овым", "евым", "иным", "ским", "цким", "ского", "скому", "ому"), frozenset()),
)


def _surname(word: str, meant: NameForm) -> str:
    if word[:1].islower():
        return word
    owned = word.endswith(tuple(owning + ending for owning in _OWNING for ending in ("а", "у", "ым", "е", "ой")))
    known = nominative_name_part(word, "Surn", meant) or (None if owned else nominative_name_part(word, "ADJF", meant))
    if known is not None:
        return known
    return _woman(word, meant.case) if meant.gender == "f" else _man(word, meant.case)


def _man(word: str, case: str) -> str:
    for ending, cases in (("а", _OBLIQUE), ("у", {"datv"}), ("ым", {"ablt"}), ("е", {"loct"})):
        if case in cases and word.endswith(tuple(owning + ending for owning in _OWNING)):
            return word[: -len(ending)]
    if word.endswith(("ского", "скому", "ским", "ском", "цкого", "цкому", "цким", "цком")):
        return word[: -3 if word.endswith(("ого", "ому")) else -2] + "ий"
    soft = "й" if word[-2:-1] in _VOWELS else "ь"
    endings = {
        "gent": {"а": "", "я": soft, "ы": "а", "и": "а"}, "accs": {"а": "", "я": soft, "у": "а"},
        "datv": {"у": "", "ю": soft, "е": "а"}, "loct": {"е": ""},
    }  # fmt: skip
    if case == "ablt":
        if word.endswith(("ом", "ём")) or word.endswith("ем") and word[-3:-2] in _HUSHING:
            return word[:-2]
        if word.endswith("ем"):
            return word[:-2] + ("й" if word[-3:-2] in _VOWELS else "ь")
        return word[:-2] + "а" if word.endswith("ой") else word
    last = endings.get(case, {}).get(word[-1])
    return word if last is None else word[:-1] + last


def _woman(word: str, case: str) -> str:
    if word.endswith(tuple(owning + "ой" for owning in _OWNING)):
        return word[:-2] + "а"
    if word.endswith(("ской", "цкой", "скую", "цкую", "ную", "ной")):
        return word[:-2] + "ая"
    if case == "accs" and word.endswith("у") or case == "gent" and word.endswith(("ы", "и")):
        return word[:-1] + "а"
    return word[:-1] + "а" if case in ("datv", "loct") and word.endswith("е") else word


def _unknown(words: list[str], gender: str | None) -> list[str]:
    """The nominative where no dictionary has the given name: without ``ом`` or ``у`` if all words end in it."""
    for ending in ("ом", "у"):
        if gender != "f" and all(word.endswith(ending) and len(word) > len(ending) + 2 for word in words):
            return [word[: -len(ending)] for word in words]
    return [nominative_word(word, gender) for word in words]


@lru_cache(maxsize=20_000)
def nominative_word(word: str, gender: str | None) -> str:
    """A name's word in the nominative, with its capitals; the word itself where nothing is known."""
    readings = dictionary_readings(word)
    if not readings or "." in word:
        return word
    if gender != "f" and _OWNED.search(word):
        return word[:-2]
    if not is_dictionary_word(word) and not RUSSIAN_SURNAME.search(word) and gender != "f":
        return re.sub(r"(?<=[бвгджзклмнпрстфхцчшщ])(?:ом|ем|у)$", "", word)
    wanted = {"m": "masc", "f": "femn"}.get(gender or "")
    best = None
    for parse in readings:
        if not ("Surn" in parse.tag or "Name" in parse.tag or "Patr" in parse.tag):
            continue
        if "plur" in parse.tag or (wanted and parse.tag.gender not in (wanted, None)):
            continue
        if parse.tag.case == "nomn" and parse.tag.number == "sing":
            return word
        best = best or parse
    if best is None:
        if gender == "m" and word.endswith(WOMANS_SURNAME):
            return word[:-1]
        return word[:-2] + "а" if gender != "m" and word.endswith(_WOMANS_BENT) else word
    bent = best.inflect({"nomn", "sing"})
    return "-".join(part.capitalize() for part in bent.word.split("-")) if bent else word


_WOMANS_BENT = ("овой", "евой", "ёвой", "иной", "ыной")
