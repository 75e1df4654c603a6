"""Russian names by their endings, without a dictionary: romanised, without their ending, and in all cases.

:func:`case_forms` goes by gender, for finding a person of the roster; :func:`possible_case_forms` knows none, for
judging whether a page may be about a name of the beat. Neither has all forms of the other.
"""

from __future__ import annotations

import re

from pipeline.language.normalise import fold_word

ROMANISED = dict(zip("абвгдезийклмнопрстуфхцыэіїєґ", "abvgdeziiklmnoprstufhcieiieg", strict=True)) | {
    "ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "u", "я": "a",
}  # fmt: skip
"""Letters of Cyrillic alphabets, in lower case, as names are compared across scripts."""
ROMANISED_IN_FULL = ROMANISED | {"ю": "iu", "я": "ia"}
"""The same without loss, for names that must not be taken for another (``Диана`` is not ``Дана``)."""
_AS_NEWS_WRITE = ROMANISED_IN_FULL | {"ц": "ts", "х": "kh", "ы": "y", "й": "y", "ю": "yu", "я": "ya", "щ": "shch"}
_STEM_ENDINGS = tuple(
    (
        "ского скому скими ским ском ская ской скую ский ских ское ские иями ого ему ому ыми ими ами ями иях "
        "иям ией ием ый ий "
        "ой ая яя ое ее ые ие ым им ии ия ию ом ем ых их ую юю ах ях ов ев ей ам ям ою а я у ю е ы и о ь й"
    ).split()
)
_HUSHING = "жшчщц"
_CASE_ENDINGS = (
    ("ский", ("ский", "ского", "скому", "ским", "ском", "ская", "ской", "скую", "ские", "ских", "скими")),
    ("ая", ("ая", "ой", "ую", "ою")),
    ("яя", ("яя", "ей", "юю")),
    ("ое", ("ое", "ого", "ому", "ым", "ом", "им", "ем")),
    ("ее", ("ее", "его", "ему", "им", "ем")),
    ("ый", ("ый", "ого", "ому", "ым", "ом", "ые", "ых", "ыми")),
    ("ий", ("ий", "ия", "ию", "ием", "ии", "его", "ему", "ого", "ому", "им", "ем", "ом", "ие", "их", "ими")),
    ("ой", ("ой", "ого", "ому", "ым", "ом", "оя", "ою", "оем", "ое")),
    ("ей", ("ей", "ея", "ею", "еем", "ее")),
    ("ай", ("ай", "ая", "аю", "аем", "ае")),
    ("ия", ("ия", "ии", "ию", "ией")),
    ("ие", ("ие", "ия", "ию", "ием", "ии")),
    ("а", ("а", "ы", "и", "е", "у", "ой", "ей", "ою", "ам", "ами", "ах", "")),
    ("я", ("я", "и", "е", "ю", "ей", "ёй")),
    ("ь", ("ь", "я", "ю", "ем", "ём", "е", "и", "ью", "ям", "ями", "ях", "ей")),
    ("о", ("о", "а", "у", "ом", "е")),
    ("е", ("е", "я", "ю", "ем", "и")),
)
_AFTER_CONSONANT = ("", "а", "у", "ом", "ем", "ым", "е", "ы", "и", "ов", "ых", "ыми", "ам", "ами", "ах", "ой")


def without_ending(word: str) -> str:
    """A Russian word in lower case without the ending of its case; any other word as it is."""
    if word and "а" <= word[0] <= "я":
        for ending in _STEM_ENDINGS:
            if len(word) - len(ending) >= 3 and word.endswith(ending):
                return word[: -len(ending)] + ("ск" if ending.startswith("ск") else "")
    return word


def possible_case_forms(word: str) -> set[str]:
    """The forms a Russian name can take, from its nominative in lower case: more than exist, never fewer stems."""
    for ending, forms in _CASE_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return {word[: -len(ending)] + form for form in forms}
    return {word + form for form in _AFTER_CONSONANT} if re.search("[бвгджзклмнпрстфхцчшщ]$", word) else {word}


def case_forms(name: str, gender: str | None) -> tuple[str, ...]:
    """All case forms of one Russian name in the nominative, lower case, ``ё`` as ``е``; the nominative first."""
    word = fold_word(name)
    head, last = word[:-1], word[-1:]
    if "-" in word:
        first, _, rest = word.partition("-")
        return tuple(f"{one}-{other}" for one in case_forms(first, gender) for other in case_forms(rest, gender))
    if gender == "f":
        return (word, *_female_forms(word, head, last))
    fleeting = {"павел": "павл", "лев": "льв", "петр": "петр"}.get(word)
    if fleeting:
        return (word, *(fleeting + end for end in ("а", "у", "ом", "е")))
    return (word, *_male_forms(word, head, last))


def _female_forms(word: str, head: str, last: str) -> tuple[str, ...]:
    if word.endswith(("ова", "ева", "ина", "ына")):
        return tuple(head + end for end in ("ой", "у", "ы", "е", "ою"))
    if word.endswith("ая"):
        return tuple(word[:-2] + end for end in ("ой", "ую", "ою"))
    if word.endswith("ия"):
        return tuple(head + end for end in ("и", "ю", "ей"))
    if last == "а":
        return tuple(head + end for end in ("ы", "и", "е", "у", "ой", "ей"))
    if last == "я":
        return tuple(head + end for end in ("и", "е", "ю", "ей"))
    return (head + "и", head + "ью") if last == "ь" else ()


def _male_forms(word: str, head: str, last: str) -> tuple[str, ...]:
    if word.endswith(("ский", "цкий", "ой", "ый")) and len(word) > 3:
        stemmed = word[:-2]
        return tuple(stemmed + end for end in ("ого", "ому", "им", "ым", "ом"))
    if word.endswith(("ов", "ев", "ин", "ын")):
        return tuple(word + end for end in ("а", "у", "ым", "ом", "е"))
    if word.endswith("ия"):
        return tuple(head + end for end in ("и", "ю", "ей"))
    if last in "йь":
        return tuple(head + end for end in ("я", "ю", "ем", "е", "и"))
    if last == "а":
        return tuple(head + end for end in ("ы", "и", "е", "у", "ой", "ей"))
    if last == "я":
        return tuple(head + end for end in ("и", "е", "ю", "ей"))
    if last and last not in "еиоуыэю":
        return tuple(word + end for end in ("а", "у", "ем" if last in _HUSHING else "ом", "е"))
    return ()


_PATRONYMIC = re.compile(
    r"(?:\w{2,}(?:ович|евич|ьич|[мтк]ич|овн|евн|иничн|ичн)(?:[ауыеи]|ем|ой)?"
    r"|\w{2,}(?:[oe]vich|[iy]ich|[oe]vn[ay]|inichn[ay]|ichna)|оглы|кызы|ogl[yu]|kyzy|qizi)"
)


_FATHERS = tuple(
    (
        "александр алексе анатол андре антон аркад артем артур бор вадим валентин валер васил виктор витал владимир "
        "владислав "
        "всеволод вячеслав геннад георг герман григор данил денис дмитр евген егор иван игор ил кирил константин "
        "кузьм леонид "
        "льв макар максим марк михаил михайл моисе никит никола олег осип павл петр роман руслан семен серге "
        "станислав степан "
        "тимур тимофе федор филип фом эдуард юр яковл ярослав "
        "aleks alekse aleksandr alexandr alexe anatol andre anton arkad boris vadim valentin valer vasil viktor "
        "vladimir "
        "vyacheslav gennad georg grigor dmitr evgen yevgen igor ivan ilyi kirill konstantin leonid maksim mikhail "
        "nikola oleg "
        "pavl petr roman semyon serge stanislav stepan fyodor yur yakovl"
    ).split()
)
"""Beginnings of common given names, of which fathers' names are made."""


def is_common_patronymic(word: str) -> bool:
    """Whether a word is the father's name that a common given name makes: ``Иванович``, unlike ``Абрамович``."""
    return is_patronymic(word) and fold_word(word).startswith(_FATHERS)


def is_patronymic(word: str) -> bool:
    """Whether a word in either script has the form of a Russian father's name (``Ivanovich``), in any case."""
    return _PATRONYMIC.fullmatch(fold_word(word)) is not None


def romanised_name(name: str) -> str:
    """A Russian name in Latin letters, as English news mostly write it."""
    words = [re.sub("(?:ий|ый)$", "y", word) if word.endswith(("ий", "ый")) else word for word in name.split()]
    return " ".join("-".join(_romanised(part) for part in word.split("-")) for word in words)


def _romanised(word: str) -> str:
    found = "".join(_AS_NEWS_WRITE.get(letter, letter) for letter in word.lower())
    return found[:1].upper() + found[1:]
