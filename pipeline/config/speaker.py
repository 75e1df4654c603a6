"""Models of the roster: speakers and offices with their names in English and Russian, and terms of office."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Day:
    """A date of known precision: a day ``2012-05-22``, a month ``2012-05`` or a year ``2012``.

    ``first`` and ``last`` are the earliest and latest day it may be; they are equal if the day itself is known.
    """

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Day:
        """The day written as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ValueError for anything else."""
        found = _DATE.fullmatch(text)
        if not found:
            raise ValueError("must be a date such as 2018-05-07, a month such as 2018-05 or a year such as 2018")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return cls(date(year, month, day), date(year, month, day))


def _day(value: object) -> object:
    if value is None or isinstance(value, Day):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str | date):
        raise ValueError("must be a date such as 2018-05-07, a month such as 2018-05 or a year such as 2018")
    return Day.parse(value.isoformat() if isinstance(value, date) else str(value))


def _country(value: object) -> object:
    if value is False:
        raise ValueError('NO must be quoted ("NO"): YAML reads it as "false"')
    return value


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(min_length=2, pattern=r"^\S(.*\S)?$")]


class _RosterModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Words(_RosterModel):
    """Names or titles in both languages; Russian ones in the nominative singular."""

    en: tuple[Name, ...] = ()
    ru: tuple[Name, ...] = ()


class Office(_RosterModel):
    """An office that one person holds at a time (``plural``: several do)."""

    id: Id
    en: tuple[Name, ...]
    """Titles that always mean this office and no other."""
    ru: tuple[Name, ...]
    short: Words = Words()
    """Short titles that mean this office only if the article makes clear which one it is about (``the minister``)."""
    plural: bool = False
    country: Annotated[str | None, BeforeValidator(_country), Field(pattern=r"^[A-Z]{2}$")] = None
    """ISO 3166 code."""
    body: Id | None = None
    """Roster id of the organisation (kind ``body``) that it belongs to."""


class Term(_RosterModel):
    """One person's time in one office."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)

    office: Id
    start: Annotated[Day | None, BeforeValidator(_day), Field(alias="from")] = None
    """The first day in office; None: before any article that we read."""
    end: Annotated[Day | None, BeforeValidator(_day), Field(alias="to")] = None
    """The last day in office; None: still in office."""

    def covers(self, day: date) -> bool:
        """Whether the person may have held the office on ``day``, as far as the dates are known."""
        after_start = self.start is None or self.start.first <= day
        return after_start and (self.end is None or day <= self.end.last)


class Speaker(_RosterModel):
    """A person or organisation (kind ``body``) that can be quoted."""

    id: Id
    kind: Literal["person", "body"] = "person"
    gender: Literal["m", "f"] | None = None
    """For persons: decides which pronouns can refer to them."""
    en: Name
    """The name as written in English reports."""
    ru: Name
    """The name as written in Russian reports, in the nominative."""
    names: Words = Words()
    """Further full names, spellings and, for organisations, abbreviations."""
    family: Words = Words()
    """The family name if it is not just the last word of the name (``Xi``, ``von der Leyen``); else empty."""
    born: Annotated[Day | None, BeforeValidator(_day)] = None
    died: Annotated[Day | None, BeforeValidator(_day)] = None
    """For persons, where known: no term of office lies before birth or goes on after death."""
    common: bool = False
    """For persons: the family name is so common that alone it may be anybody's."""
    short: Words = Words()
    """Short names that mean it only if the article makes clear which one it is about (``the ministry``)."""
    wikidata: Annotated[str | None, Field(pattern=r"^Q[1-9]\d*$")] = None
    country: Annotated[str | None, BeforeValidator(_country), Field(pattern=r"^[A-Z]{2}$")] = None
    """ISO 3166 code; ``XX``: international. None: of no country, and always part of the beat."""
    offices: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _person_or_body(self) -> Speaker:
        if self.kind == "person" and self.gender is None:
            raise ValueError("a person needs gender: m or gender: f, so that pronouns can be resolved")
        if self.kind == "body" and self.gender is not None:
            raise ValueError("a body has no gender; leave the field out")
        if self.kind == "body" and self.offices:
            raise ValueError("a body holds no offices; let the office name it in its field body")
        return self

    def all_names(self, lang: str) -> tuple[str, ...]:
        """All names in the language ``lang`` (``en`` or ``ru``), the usual one first."""
        usual, further = (self.ru, self.names.ru) if lang == "ru" else (self.en, self.names.en)
        return tuple(dict.fromkeys((usual, *further)))


class RosterConfig(_RosterModel):
    """All offices and speakers of a file, or of an installation once its files are merged."""

    standalone: bool = False
    """Whether the file takes the place of the shipped roster instead of being merged over it: for another beat."""
    offices: tuple[Office, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    ambiguous: Words = Words()
    """Names and titles that several speakers or offices share on purpose: alone they do not identify anybody."""

    @model_validator(mode="before")
    @classmethod
    def _empty_lists(cls, value: Any) -> Any:
        """Read a key without a value as an empty list."""
        if isinstance(value, dict):
            return {name: ([] if items is None and name != "ambiguous" else items) for name, items in value.items()}
        return value
