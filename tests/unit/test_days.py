"""Days and times are given and shown in one zone, which is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.settings import from_environment
from pipeline.errors import ConfigError
from pipeline.runtime.days import own_day, shown_day, shown_moment, start_of
from pipeline.stages.context import end_of

MOSCOW = ZoneInfo("Europe/Moscow")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2008-10-28", MOSCOW, "2008-10-27T21:00:00+00:00"),  # Moscow's clocks had gone back two days before
        ("2026-06-15", MOSCOW, "2026-06-14T21:00:00+00:00"),
        ("2026-06-15", UTC, "2026-06-15T00:00:00+00:00"),
        ("2026-06-15T12:00", MOSCOW, "2026-06-15T09:00:00+00:00"),
        ("2026-06-15T12:00:00Z", MOSCOW, "2026-06-15T12:00:00+00:00"),
    ],
)
def test_a_day_begins_in_the_zone_and_a_moment_says_its_own(text: str, zone: ZoneInfo, moment: str) -> None:
    assert start_of(text, zone).isoformat() == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "15.06.2026", "9999-12-31T23:59:59-05:00"])
def test_what_is_no_day_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match="no date"):
        start_of(text, MOSCOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-15", "2026-06-15T23:59:59+00:00"),
        ("20260615", "2026-06-15T23:59:59+00:00"),
        ("2026-06-15T12:00", "2026-06-15T12:00:00+00:00"),
    ],
)
def test_a_day_to_replay_includes_all_of_it(text: str, moment: str) -> None:
    assert end_of(text).isoformat() == moment


@pytest.mark.parametrize("hours", range(-11, 13))
def test_a_day_alone_is_the_same_day_wherever_it_was_written(hours: int) -> None:
    begins = datetime(2026, 6, 15, tzinfo=timezone(timedelta(hours=hours)))
    assert own_day(begins) == date(2026, 6, 15)


def test_a_day_without_a_time_is_shown_in_no_zone() -> None:
    begins = datetime(2026, 6, 14, 21, tzinfo=UTC)
    assert shown_day(begins, None, MOSCOW) == "2026-06-15"
    assert shown_day(begins, None, NEW_YORK) == "2026-06-14"
    assert shown_day(begins, own_day(begins), NEW_YORK) == "2026-06-15"
    assert shown_day(None, None, MOSCOW) == ""


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Moscow", "2026-06-15 12:12 MSK"),
        ("UTC", "2026-06-15 09:12 UTC"),
        ("Asia/Dubai", "2026-06-15 13:12 UTC+04:00"),
        ("America/St_Johns", "2026-06-15 06:42 NDT"),
    ],
)
def test_a_moment_names_its_zone(zone: str, shown: str) -> None:
    assert shown_moment(datetime(2026, 6, 15, 9, 12, tzinfo=UTC), ZoneInfo(zone)) == shown


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "GMT+3h", "Europe"])
def test_a_zone_that_is_none_is_named_with_its_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ONRECORD_TIMEZONE", name)
    with pytest.raises(ConfigError, match=f"ONRECORD_TIMEZONE.*{name[:4]}"):
        from_environment()
