"""What publishers write for a time -> a moment in UTC, or nothing. Strict: a wrong time is worse than none.

Tolerant date readers turn month 13 into next year, milliseconds into the year 1795 and MSK into UTC (measured); here
every field must be in range and every zone name known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web was published before."""
TOLERANCE = timedelta(hours=1)
"""How far a publisher's clock may be ahead of ours (RELIABILITY C16)."""

_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "мск": 3, "msd": 4, "trt": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "et": -5, "jst": 9, "sgt": 8, "hkt": 8, "aest": 10, "aedt": 11,
}  # fmt: skip
_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "january jan января январь янв", "february feb февраля февраль фев", "march mar марта март мар",
        "april apr апреля апрель апр", "may мая май", "june jun июня июнь июн", "july jul июля июль июл",
        "august aug августа август авг", "september sep sept сентября сентябрь сен сент",
        "october oct октября октябрь окт", "november nov ноября ноябрь ноя", "december dec декабря декабрь дек",
    ),
    start=1,
):  # fmt: skip
    _MONTHS.update(dict.fromkeys(_names.split(), _number))

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONE = r"\s*\(?(?P<zone>[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{2}(?!\d)|(?-i:Z)\b|[a-zа-я]{2,5}\b)?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:(?:\s*T|\s+|,\s*){_CLOCK}{_ZONE})?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.IGNORECASE)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[a-zа-я]{3,9})\.?,?[\s-]+"
    r"(?P<year>\d{4}|\d{2}(?=\s+\d{1,2}:\d{2}))",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})", re.IGNORECASE
)
_ANY_CLOCK = re.compile(rf"(?<![\d:.+-]){_CLOCK}{_ZONE}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z?)")
_ADDRESS_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_EPOCH = re.compile(r"\d{9,10}(\d{3})?")


@dataclass(frozen=True, slots=True)
class When:
    """A moment (aware, UTC); ``day_only`` if the publisher told the day alone: then it is that day's first moment."""

    moment: datetime
    day_only: bool = False


def read_time(raw: str, *, zone: str = "UTC", ignore_offset: bool = False) -> When | None:
    """The moment that ``raw`` names, or None if it names none.

    ``zone`` holds for times that carry no offset, or for all with ``ignore_offset``. Read are ISO 8601, RFC 822,
    seconds or milliseconds since 1970, and dates in words, English and Russian.
    """
    text = " ".join(raw.replace("\xa0", " ").split())[:200]
    compact = _COMPACT.fullmatch(text)
    if compact and text[:2] in ("19", "20"):
        year, month, day, hour, minute, second, utc = compact.groups()
        clock = f"T{hour}:{minute}:{second or '00'}{utc}" if hour else ""
        text = f"{year}-{month}-{day}{clock}"
    elif _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) > 10 else 1)
        return When(datetime.fromtimestamp(seconds, UTC))
    for pattern in (_ISO, _DOTTED, _DAY_FIRST, _MONTH_FIRST):
        match = pattern.search(text)
        if match:
            return _moment(match, text, ZoneInfo(zone), ignore_offset)
    return None


def address_day(url: str) -> str:
    """The day an address carries in its path, as ISO date; empty if none."""
    match = _ADDRESS_DAY.search(urlsplit(url).path)
    return "-".join(match.groups()) if match else ""


def impossible(when: When, now: datetime | None) -> str:
    """Why a page cannot have been published then: ``too-early`` (before the web), ``in-future``; empty if it can."""
    if when.moment < EARLIEST:
        return "too-early"
    ahead = timedelta(days=1) if when.day_only else TOLERANCE
    return "in-future" if now is not None and when.moment > now + ahead else ""


def _moment(match: re.Match[str], text: str, zone: tzinfo, ignore_offset: bool) -> When | None:
    fields = match.groupdict()
    month = _MONTHS.get(fields["name"].lower()) if fields.get("name") else int(fields["month"])
    if month is None:
        return None
    if fields.get("hour") is None:
        rest = text[: match.start()] + " " + text[match.end() :]
        clock = _ANY_CLOCK.search(rest)
        fields = {**fields, **(clock.groupdict() if clock else {})}
    try:
        day = datetime(_year(fields["year"]), month, int(fields["day"]))
        if fields.get("hour") is None:
            return When(day.replace(tzinfo=zone).astimezone(UTC), day_only=True)
        local = day.replace(hour=_hour(fields), minute=int(fields["minute"]), second=int(fields["second"] or 0))
        offset = None if ignore_offset else _offset(fields.get("zone"))
        return When(local.replace(tzinfo=offset or zone).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _year(digits: str) -> int:
    """RFC 2822, 4.3: years of two digits below 50 are of this century."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _hour(fields: dict[str, str]) -> int:
    hour = int(fields["hour"])
    half = (fields.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour of a half day: {hour}")
    return hour % 12 + (12 if half.startswith("p") else 0)


def _offset(name: str | None) -> tzinfo | None:
    """The zone named; None if none is. ValueError for an offset no place on earth has."""
    if not name:
        return None
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        hours, minutes = int(digits[:2]), int(digits[2:])
        if hours > 14 or minutes > 59:
            raise ValueError(f"no such offset: {name}")
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(-span if name[0] == "-" else span)
    hours_east = _HOURS.get(name.lower())
    return None if hours_east is None else timezone(timedelta(hours=hours_east))
