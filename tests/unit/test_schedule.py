"""When a source is due: by an interval, a cron line in the installation's zone, or how much comes from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.schedule import adaptive_interval, is_due, parse_schedule

NOON = datetime(2026, 6, 15, 9, tzinfo=UTC)
"""Noon in Moscow."""
MOSCOW = ZoneInfo("Europe/Moscow")


def due(text: str, minutes_ago: float | None, rate: float | None = None) -> bool:
    crawled_at = None if minutes_ago is None else NOON - timedelta(minutes=minutes_ago)
    return is_due(parse_schedule(text), crawled_at, NOON, zone=MOSCOW, new_per_hour=rate)


@pytest.mark.parametrize(
    "text", ["", "hourly", "every minutes", "every 0 minutes", "every 5 weeks", "* * * *", "61 * * * *"]
)
def test_what_is_no_schedule_is_refused_with_what_can_be_written(text: str) -> None:
    with pytest.raises(ValueError, match="write adaptive, `every 10 minutes`, or a cron line"):
        parse_schedule(text)


def test_a_source_is_due_when_its_interval_is_over_and_always_the_first_time() -> None:
    assert due("every 20 minutes", None) and due("adaptive", None) and due("0 3 * * *", None)
    assert due("every 20 minutes", 20) and due("every  20 minutes", 18.5)
    assert not due("every 20 minutes", 17) and not due("every 2 hours", 110) and due("every 1 day", 1440)


def test_a_cron_line_is_read_in_the_zone_of_the_installation() -> None:
    assert due("0 12 * * *", 10) and not due("0 13 * * *", 10)
    assert due("0 7 * * *", 301) and not due("0 7 * * *", 299)


@pytest.mark.parametrize(("rate", "minutes"), [(None, 30), (0.0, 60), (0.5, 60), (4.0, 30), (6.0, 20), (200.0, 10)])
def test_the_more_comes_from_a_source_the_more_often_it_is_crawled(rate: float | None, minutes: float) -> None:
    assert adaptive_interval(rate) == timedelta(minutes=minutes)
    assert due("adaptive", minutes, rate) and not due("adaptive", minutes - 3, rate)
