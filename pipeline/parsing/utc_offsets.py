"""Parse zone names and UTC offsets as publishers write them: ``МСК+1``, ``GMT+0300``, ``(UTC+3)``, ``EDT``."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "wat": 1, "cet": 1, "cest": 2, "cat": 2,
    "sast": 2, "eet": 2, "eest": 3, "eat": 3, "msk": 3, "мск": 3, "moscow": 3, "москва": 3, "москве": 3, "trt": 3,
    "msd": 4, "samt": 4, "pkt": 5, "yekt": 5, "екб": 5, "omst": 6, "novt": 7, "krat": 7, "ict": 7, "irkt": 8, "hkt": 8,
    "sgt": 8, "awst": 8, "yakt": 9, "jst": 9, "kst": 9, "vlat": 10, "aest": 10, "aedt": 11, "magt": 11, "pett": 12,
    "nzst": 12, "nzdt": 13, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
"""Names that mean summer time in summer."""
_NAMED = r"(?:GMT|UTC|UT|MSK|МСК)\s?"
_SIGN = "[+\u2212\u2013-]"
OFFSET = (
    rf"(?:{_NAMED}{_SIGN}\d{{1,2}}(?::?\d{{2}})?(?!\d)|{_SIGN}\d{{2}}:?\d{{2}}(?!\d)|{_SIGN}\d{{1,2}}:\d{{2}}(?!\d)"
    rf"|{_SIGN}\d{{2}}(?!\d)|(?-i:Z)\b|московск\w+|[a-zа-я]{{2,6}}\b)"
)
"""Pattern of a zone right after a time of day; it also matches other words, which :func:`parse_utc_offset` ignores."""
APART = re.compile(
    rf"\b{_NAMED}(?:{_SIGN}\d{{1,2}}(?::?\d{{2}})?(?!\d))?|\bпо московск\w+|\bmoscow time", re.IGNORECASE
)
"""Pattern of what can only be a zone, anywhere in a written time."""
_PARTS = re.compile(r"(?P<name>[a-zа-я]*)\s?(?:(?P<sign>[+-])(?P<hours>\d{1,2}?):?(?P<minutes>\d{2})?)?", re.IGNORECASE)
_UNKNOWN = re.compile(r"[A-Z]{2,4}T")
_EARTH = timedelta(hours=14)


def parse_utc_offset(written: str | None) -> tzinfo | None:
    """The zone that is written; None if it is not a zone. ValueError for an unknown zone or an impossible offset."""
    text = (written or "").replace("\u2212", "-").replace("\u2013", "-").strip()
    if not text:
        return None
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    name = parts["name"].lower()
    if name.startswith(("московск", "помосковск")) or text.lower().startswith("по московск"):
        name = "msk"
    if parts["sign"] is None:
        return _named(name, text)
    span = timedelta(hours=int(parts["hours"]), minutes=int(parts["minutes"] or 0))
    if span > _EARTH or int(parts["minutes"] or 0) > 59:
        raise ValueError(f"no such offset: {written}")
    return timezone((-span if parts["sign"] == "-" else span) + timedelta(hours=_HOURS.get(name, 0)))


def _named(name: str, text: str) -> tzinfo | None:
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    if _UNKNOWN.fullmatch(text):
        raise ValueError(f"unknown zone: {text}")
    return None
