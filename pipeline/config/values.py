"""Types of the values in source files, with their validators."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jmespath
from cssselect import HTMLTranslator, SelectorError
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
DAY_PLACEHOLDERS = ("yyyy", "mm", "dd", "m", "d", "unix")
"""Placeholders of an address that is built for each day: year, month and day with and without leading zeros, and
``unix``: the end of each hour of the day, in seconds since 1970."""


class Model(BaseModel):
    """A part of a source file: unknown fields are mistakes, and docstrings are what editors show."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def http_url(value: str) -> str:
    """The value if it is an http or https address. ValueError otherwise."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an http or https address")
    return value


def _address(value: str) -> str:
    unknown = sorted(set(_PLACEHOLDER.findall(value)) - set(DAY_PLACEHOLDERS))
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in DAY_PLACEHOLDERS)
        raise ValueError(f"unknown placeholder {{{unknown[0]}}}; there are {known}")
    http_url(_PLACEHOLDER.sub("1", value))
    return value


def _page_address(value: str) -> str:
    if "{n}" not in value:
        raise ValueError("needs {n}, the number of the page")
    _address(value.replace("{n}", "1"))
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _css(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _path(value: str) -> str:
    try:
        jmespath.compile(value)
    except JMESPathError as error:
        raise ValueError(f"not a JMESPath expression: {' '.join(str(error).split())}") from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("not a time zone name such as Europe/Moscow") from error
    return value


Url = Annotated[str, AfterValidator(http_url)]
DayUrl = Annotated[str, AfterValidator(_address)]
"""An address that may contain :data:`DAY_PLACEHOLDERS`."""
PageUrl = Annotated[str, AfterValidator(_page_address)]
"""The same with ``{n}``, the number of the page."""
Pattern = Annotated[str, AfterValidator(_pattern)]
Css = Annotated[str, AfterValidator(_css)]
JsonPath = Annotated[str, AfterValidator(_path)]
"""A JMESPath expression: the location of a value in a JSON document."""
Zone = Annotated[str, AfterValidator(_zone)]
Share = Annotated[float, Field(ge=0, le=1)]


def has_day(address: str) -> bool:
    """Whether an address has placeholders for the day."""
    return any(f"{{{name}}}" in address for name in DAY_PLACEHOLDERS)


def for_day(address: str, day: date, zone: str) -> list[str]:
    """The addresses for one calendar day in ``zone``: one, or one for each hour of the day if it has ``{unix}``."""
    parts = {"yyyy": f"{day:%Y}", "mm": f"{day:%m}", "dd": f"{day:%d}", "m": str(day.month), "d": str(day.day)}
    for name, value in parts.items():
        address = address.replace(f"{{{name}}}", value)
    if "{unix}" not in address:
        return [address]
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    ends = (start + timedelta(hours=hour) for hour in range(24, 0, -1))
    return [address.replace("{unix}", str(int(end.timestamp()))) for end in ends]
