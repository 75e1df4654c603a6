"""Russian word forms by the dictionary of pymorphy3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import pymorphy3

_RARE = 0.02
"""Less probable readings are ignored: with them unrelated words would match (``стали`` as steel)."""
_NAMES = frozenset(("Surn", "Name", "Patr"))
_VERBAL = ("VERB", "INFN", "GRND", "PRTF", "PRTS")
_PARTICIPLES = ("PRTF", "PRTS")
_INFLECTED = ("NOUN", "ADJF", "NPRO", "NUMR", "PRTF")


class _Dictionary(pymorphy3.MorphAnalyzer):  # type: ignore[misc]
    """Takes any text for a word; the compiled reader of the dictionary fails at one half of a surrogate pair."""

    def parse(self, word: str) -> Any:
        return super().parse(_encodable(word))

    def word_is_known(self, word: str) -> Any:
        return super().word_is_known(_encodable(word))


def _encodable(word: str) -> str:
    return word.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1)
def dictionary() -> Any:
    """The dictionary, loaded once for each process: it takes 30 MB and half a second."""
    return _Dictionary(lang="ru")


@lru_cache(maxsize=20_000)
def _readings(form: str) -> tuple[Any, ...]:
    return tuple(parse for parse in dictionary().parse(form) if parse.score >= _RARE)


class _Traits(NamedTuple):
    """What a tag says. Reading it from the tag each time would take longer than looking up the word."""

    name: bool
    plural: bool
    nominative: bool
    inflected: bool
    participle: bool
    kind: str | bool | None
    """The part of speech; True for all forms of a verb."""


@lru_cache(maxsize=10_000)
def _traits(tag: Any) -> _Traits:
    part = tag.POS
    return _Traits(
        name=not _NAMES.isdisjoint(tag.grammemes),
        plural=tag.number == "plur",
        nominative=tag.case == "nomn",
        inflected=part in _INFLECTED,
        participle=part in _PARTICIPLES,
        kind=part in _VERBAL or part,
    )


def _is_name(reading: Any) -> bool:
    return _traits(reading.tag).name


def _lemmas(readings: list[Any] | tuple[Any, ...]) -> frozenset[str]:
    return frozenset(reading.normal_form.replace("ё", "е") for reading in readings)


def _singular(names: list[Any]) -> list[Any]:
    """The readings as one person's name, if there are any: ``Лавров`` is no plural of the name ``Лавр``."""
    return [name for name in names if not _traits(name.tag).plural] or names


class _Russian:
    lang = "ru"
    script = re.compile("[а-яёА-ЯЁ]")
    acronym = re.compile("([А-ЯЁ]{2,})-?(?:а|у|ом|е|ы|ов|ам|ами|ах)")

    def lemmas(self, form: str) -> frozenset[str]:
        return _lemmas(_readings(form))

    def lemmas_of_common_word(self, form: str) -> frozenset[str]:
        readings = _readings(form)
        return _lemmas([reading for reading in readings if not _is_name(reading)] or readings)

    def lemmas_of_name(self, form: str) -> frozenset[str]:
        readings = _readings(form)
        return _lemmas(_singular([reading for reading in readings if _is_name(reading)]) or readings)

    def lemmas_of_first_word(self, form: str) -> frozenset[str]:
        """Of ``Песков`` only the name: a sentence hardly begins with a genitive, so it is no form of ``песок``."""
        readings = _readings(form)
        anywhere = _lemmas(readings)
        if len(anywhere) < 2:
            return anywhere
        names = _singular([reading for reading in readings if _is_name(reading)])
        others = [reading for reading in readings if not _is_name(reading)]
        begins = any(not it.inflected or it.nominative for it in (_traits(reading.tag) for reading in others))
        if any(_traits(name.tag).nominative for name in names) and not begins:
            return _lemmas(names)
        return _lemmas([*names, *others])

    def inflections(self, form: str) -> Iterable[tuple[str, str | None]]:
        lexemes = {(it.normal_form, _traits(it.tag).kind): it for it in _readings(form)}.values()
        found: dict[str, str | None] = {}
        for one in (one for it in lexemes for one in it.lexeme):
            other = one.word.replace("ё", "е")
            # Most forms of a verb are participles, which are hardly ever forms of another word: spare their analysis.
            certain = _traits(one.tag).participle and found.get(other, "") is not None
            found[other] = one.normal_form.replace("ё", "е") if certain else None
        return (found | {form: None}).items()


RUSSIAN = _Russian()
