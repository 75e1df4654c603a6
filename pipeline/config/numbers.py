"""Validate the numeric settings: each check gives back what is wrong with a value, empty if nothing is."""

from __future__ import annotations

from collections.abc import Callable


def _days(value: str) -> str:
    return "" if 0 <= _read(value) < float("inf") else "must be a number of days, such as 7"


def _hours(value: str) -> str:
    return "" if 0 < _read(value) < float("inf") else "must be a number of hours above zero, such as 6"


def _count(value: str) -> str:
    fine = value.isascii() and value.isdecimal() and int(value) > 0
    return "" if fine else "must be a whole number above zero, such as 500"


def _read(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return -1.0


NUMBERS: dict[str, Callable[[str], str]] = {
    "ONRECORD_ARCHIVE_KEEP_DAYS": _days,
    "ONRECORD_LEDGER_KEEP_DAYS": _days,
    "ONRECORD_LATE_HOURS": _hours,
    "ONRECORD_BATCH_ITEMS": _count,
}
