"""Parse the times that publishers write to a moment in UTC, or None. Strict: a wrong time is worse than none.

Tolerant date parsers turn month 13 into next year, milliseconds into the year 1795 and MSK into UTC (measured); here
every field must be in range, every zone name known, and an ambiguous day is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pipeline.parsing.utc_offsets import APART, OFFSET, parse_utc_offset

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Times before this are implausible: nothing on the web is older."""
TOLERANCE = timedelta(hours=1)
"""How far a publisher's clock may be ahead of ours."""
DAY_AHEAD = timedelta(hours=14)
"""How much earlier a day begins in the easternmost zone than in UTC."""

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "january jan января январь янв", "february feb февраля февраль фев февр", "march mar марта март мар",
        "april apr апреля апрель апр", "may мая май", "june jun июня июнь июн", "july jul июля июль июл",
        "august aug августа август авг", "september sep sept сентября сентябрь сен сент",
        "october oct октября октябрь окт", "november nov ноября ноябрь ноя нояб", "december dec декабря декабрь дек",
    ),
    start=1,
):  # fmt: skip
    _MONTHS.update(dict.fromkeys(_names.split(), _number))

_HALF = r"(?P<half>[ap]\.?\s?m\b\.?|утра\b|дня\b|вечера\b|ночи\b)"
_CLOCK = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?![\d:])\s*{_HALF}?"
_ZONE = rf"\s*[(\[]?(?:по\s+)?(?P<zone>{OFFSET})?"
_WORD = r"(?P<name>[a-zа-я]{3,9})"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?<!\d)(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)"
        rf"(?:(?:\s*T|\s+|,\s*){_CLOCK}{_ZONE})?",
        r"(?<![\d.:])(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
        r"(?<![\d.:])(?P<day>\d{2})(?P<mark>\.)(?P<month>\d{2})\.(?P<year>\d{2})(?![\d.:])",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s./-]+{_WORD}\.?,?[\s./-]+"
        r"(?P<year>\d{4}(?!\d)|\d{2}(?=\s+\d{1,2}:\d{2}))",
        rf"\b{_WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"\b{_WORD}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<year>\d{{4}}),?[\s/-]+{_WORD}[\s/-]+(?P<day>\d{{1,2}})(?!\d)",
    )
)
"""ISO; day.month.year; the same with two digits; ``2 June 2026``; ``June 2, 2026``; ``Jun 2 10:00:00 MSK 2026``;
``2026 June 2``."""
_ANY_CLOCK = re.compile(rf"(?<![\d:.+-]){_CLOCK}{_ZONE}", re.IGNORECASE)
_HOUR_ONLY = re.compile(rf"(?<![\d:.+-])(?P<hour>\d{{1,2}})\s*(?P<half>[ap]\.?m\b\.?){_ZONE}", re.IGNORECASE)
_BESIDE = 25
"""Characters between a day and its time of day, at most."""
_COMPACT = re.compile(
    r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?(?:[.,]\d+)?)?\s?(Z|[+-]\d{2}:?\d{0,2})?"
)
_EPOCH = re.compile(r"(\d{9,10})(\d{3}|\.\d+)?")
_MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202c\ufeff"))
_SLASHED = re.compile(r"/((?:19|20)\d{2})/(\d{1,2}|[a-z]{3})/(\d{1,2})(?=[/_-]|$)", re.IGNORECASE)
_JOINED = re.compile(r"(?<!\d)((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """A moment (aware, UTC); ``day_only``: the publisher gave no time of day, and it is the day's first moment."""

    moment: datetime
    day_only: bool = False


class FoundDay(NamedTuple):
    """One day in a text: its start and end position, and its fields as written."""

    start: int
    end: int
    fields: dict[str, str | None]


def read_time(raw: str, *, zone: str = "UTC", ignore_offset: bool = False) -> ParsedTime | None:
    """The first moment in ``raw``, or None if there is none that is valid.

    ``zone`` applies to times without an offset, or to all with ``ignore_offset``. Formats: ISO 8601, RFC 822, seconds
    or milliseconds since 1970, and dates in words, English and Russian. ``03/04/2026`` gives None: it is ambiguous.
    """
    text = tidy_time_text(raw)
    compact, epoch = _COMPACT.fullmatch(text), _EPOCH.fullmatch(text)
    if compact:
        year, month, day, hour, minute, second, off = compact.groups()
        text = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second or '00'}{off or ''}" if hour else "")
    elif epoch:
        return ParsedTime(datetime.fromtimestamp(int(epoch[1]) + float(f"0{_fraction(epoch[2])}"), UTC))
    days = list(found_days(text))
    if not days:
        return None
    until = days[1].start if len(days) > 1 else len(text)
    return _moment(days[0], text[:until], ZoneInfo(zone), ignore_offset)


def tidy_time_text(raw: str) -> str:
    """A written time on one line, without invisible characters, cut to 200 characters."""
    return " ".join(raw[:2000].translate(_MARKS).split())[:200]


def found_days(text: str) -> Iterator[FoundDay]:
    """The days in a text, in their order."""
    matches = sorted(
        (match.start(), order, match) for order, shape in enumerate(_SHAPES) for match in shape.finditer(text)
    )
    end = 0
    for start, _, match in matches:
        fields = match.groupdict()
        word = fields.get("name")
        if start >= end and (word is None or word.lower() in _MONTHS):
            end = match.end()
            yield FoundDay(start, end, fields)


def address_day(url: str) -> str:
    """The day in the path of an address as ISO date; empty if it has none, or several."""
    path = unquote(urlsplit(url).path)
    slashed = {_iso(*match.groups()) for match in _SLASHED.finditer(path)} - {""}
    days = slashed or {"-".join(match.groups()) for match in _JOINED.finditer(path)}
    return next(iter(days)) if len(days) == 1 else ""


def implausible_reason(when: ParsedTime, now: datetime | None) -> str:
    """Why a time of publication is implausible: ``too-early`` (before the web) or ``in-future``; empty if it is not."""
    if when.moment < EARLIEST:
        return "too-early"
    ahead = DAY_AHEAD if when.day_only else TOLERANCE
    return "in-future" if now is not None and when.moment > now + ahead else ""


def _iso(year: str, month: str, day: str) -> str:
    number = _MONTHS.get(month.lower(), 0) if month.isalpha() else int(month)
    try:
        return datetime(int(year), number, int(day)).date().isoformat()
    except ValueError:
        return ""


def _fraction(rest: str | None) -> str:
    return "" if not rest else rest if rest.startswith(".") else f".{rest}"


def _moment(found: FoundDay, text: str, zone: tzinfo, ignore_offset: bool) -> ParsedTime | None:
    fields = dict(found.fields)
    if fields.get("hour") is None:
        fields.update(_clock_beside(text, found))
    try:
        day = _day(fields)
        if fields.get("hour") is None:
            return ParsedTime(day.replace(tzinfo=zone).astimezone(UTC), day_only=True)
        local = day.replace(hour=_hour(fields), minute=int(fields["minute"] or 0), second=int(fields["second"] or 0))
        named = None if ignore_offset else parse_utc_offset(fields.get("zone")) or _zone_apart(text)
        return ParsedTime(local.replace(tzinfo=named or zone).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _clock_beside(text: str, found: FoundDay) -> dict[str, str | None]:
    """The time of day that belongs to a day: the first after it, else the last before it, within _BESIDE characters."""
    after, before = text[found.end :].lstrip(":,T "), text[: found.start]
    for shape in (_ANY_CLOCK, _HOUR_ONLY):
        clock = shape.search(after)
        if clock and clock.start() <= _BESIDE:
            return {"minute": None, "second": None} | clock.groupdict()
    for shape in (_ANY_CLOCK, _HOUR_ONLY):
        clocks = [clock for clock in shape.finditer(before) if len(before) - clock.end() <= _BESIDE]
        if clocks:
            return {"minute": None, "second": None} | clocks[-1].groupdict()
    return {}


def _zone_apart(text: str) -> tzinfo | None:
    named = APART.search(text)
    return parse_utc_offset(named.group()) if named else None


def _day(fields: dict[str, str | None]) -> datetime:
    """The day. ValueError if it is invalid or ambiguous: with slashes and hyphens the month may come first."""
    name, year, day = fields.get("name"), fields["year"] or "", int(fields["day"] or 0)
    month = _MONTHS[name.lower()] if name else int(fields["month"] or 0)
    if len(year) == 4 and not name and fields.get("mark") in ("/", "-") and not _leads(fields):
        if max(day, month) <= 12 and day != month:
            raise ValueError(f"two readings: {day} and {month}")
        if month > 12:
            day, month = month, day
    # RFC 2822, 4.3: two-digit years below 50 are in this century.
    number = int(year) if len(year) > 2 else int(year) + (2000 if int(year) < 50 else 1900)
    return datetime(number, month, day)


def _leads(fields: dict[str, str | None]) -> bool:
    """Whether the year comes first, as in ISO 8601, so that the order of day and month is known."""
    return next(iter(fields)) == "year"


def _hour(fields: dict[str, str | None]) -> int:
    hour = int(fields["hour"] or 0)
    half = (fields.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour of a half day: {hour}")
    return hour % 12 + (12 if half[0] in "pдв" else 0)
