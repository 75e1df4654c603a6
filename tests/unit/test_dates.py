"""Times as publishers write them; what cannot be a time is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.dates import impossible, read_time

MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2025-05-06T13:20:00+03:00", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("2025-05-06T13:20:00Z", datetime(2025, 5, 6, 13, 20, tzinfo=UTC)),
        ("2025-05-06 13:20", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("Tue, 06 May 2025 13:20:05 +0300", datetime(2025, 5, 6, 10, 20, 5, tzinfo=UTC)),
        ("Tue, 06 May 2025 13:20:05 MSK", datetime(2025, 5, 6, 10, 20, 5, tzinfo=UTC)),
        ("Tue, 06 May 2025 13:20:05 GMT", datetime(2025, 5, 6, 13, 20, 5, tzinfo=UTC)),
        ("Tue, 06 May 25 13:20:05 +0300", datetime(2025, 5, 6, 10, 20, 5, tzinfo=UTC)),
        ("6 мая 2025, 14:20 (МСК)", datetime(2025, 5, 6, 11, 20, tzinfo=UTC)),
        ("6 May 2025 15:20 (UTC)", datetime(2025, 5, 6, 15, 20, tzinfo=UTC)),
        ("6 мая 2025 года, 13:20", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("13:20, 6 мая 2025", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("06.05.2025 13:20", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("May 6, 2025 1:20 p.m. ET", datetime(2025, 5, 6, 18, 20, tzinfo=UTC)),
        ("1746526800", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("1746526800000", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("20250506132005", datetime(2025, 5, 6, 10, 20, 5, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_zone_of_the_source(raw: str, moment: datetime) -> None:
    when = read_time(raw, zone=MOSCOW)
    assert when is not None
    assert (when.moment, when.day_only) == (moment, False)


def test_a_day_alone_is_its_first_moment_and_says_so() -> None:
    when = read_time("6 мая 2025 года", zone=MOSCOW)
    assert when is not None
    assert (when.moment, when.day_only) == (datetime(2025, 5, 5, 21, tzinfo=UTC), True)


def test_an_offset_known_to_be_wrong_is_ignored() -> None:
    when = read_time("2025-05-06T13:20:00+04:00", zone=MOSCOW, ignore_offset=True)
    assert when is not None
    assert when.moment == datetime(2025, 5, 6, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "", "Thursday", "NaN", "-1", "20 minutes ago", "2026-13-45T24:60:60Z", "Mon, 01 Jan 0000 00:00:00 GMT",
        "2025-05-06T13:20:00+9999", "29 февраля 2023", "2025-02-30", "Mon, 32 Jan 2017 10:00:00 GMT",
        "13:61 6 мая 2025",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(raw: str) -> None:
    assert read_time(raw) is None


def test_the_future_and_the_time_before_the_web_are_impossible() -> None:
    now = datetime(2026, 6, 15, 12, tzinfo=UTC)
    for raw, allowed in [
        ("2026-06-15T12:59:00Z", True),
        ("2026-06-15T13:01:00Z", False),
        ("2026-06-16", True),
        ("2026-06-17", False),
        ("1989-12-31", False),
        ("2000-12-27", True),
    ]:
        when = read_time(raw)
        assert when is not None
        assert (impossible(when, now) == "") is allowed, raw
