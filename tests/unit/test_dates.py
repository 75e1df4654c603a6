"""Times as publishers write them; what cannot be a time is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.parsing.dates import address_day, implausible_reason, read_time

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
        ("May 6, 2025 1:20 p.m. ET", datetime(2025, 5, 6, 17, 20, tzinfo=UTC)),
        ("January 6, 2025 1:20 p.m. ET", datetime(2025, 1, 6, 18, 20, tzinfo=UTC)),
        ("1746526800", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("1746526800000", datetime(2025, 5, 6, 10, 20, tzinfo=UTC)),
        ("20250506132005", datetime(2025, 5, 6, 10, 20, 5, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_zone_of_the_source(raw: str, moment: datetime) -> None:
    when = read_time(raw, zone=MOSCOW)
    assert when is not None
    assert (when.moment, when.day_only) == (moment, False)


@pytest.mark.parametrize(
    "raw",
    [
        "06.05.2025 13:20 UTC+3", "06.05.2025 13:20 (UTC +3)", "06.05.2025, 13:20 [GMT+03:00]",
        "6 мая 2025 14:20 МСК+1",
        "6 мая 2025, 14:20 (МСК +1)", "Tue, 06 May 2025 13:20:00 +3:00", "Tue, 06 May 2025 13:20:00 GMT+0300",
        "Tue May 06 2025 13:20:00 GMT+0300 (Moscow Standard Time)", "Tue May 06 2025 10:20:00 GMT+0000 (UTC)",
        "Tue, 06 May 2025 13:20:00 GMT+3", "Tue, 06 May 2025 05:20:00 UTC−5", "20250506T132000+0300", "20250506T1020Z",
        "2025-05-06T13:20:00.123456+03:00", "2025-05-06T13:20+03", "2025-05-06T15:20:00+05:00[Asia/Tashkent]",
        "Tue May 06 13:20:00 MSK 2025", "Tue May 06 10:20:00 +0000 2025", "06/May/2025:13:20:00 +0300",
        "13:20, 06.05.2025 МСК", "6 мая 2025 в 13:20 по московскому времени", "13:20 по Москве, 6 мая 2025",
        "May 6th, 2025 at 6:20 am EDT", "6 May 2025, 10:20am GMT", "2025.05.06 10:20 UTC", "06-May-2025 10:20:00 GMT",
    ],
)  # fmt: skip
def test_offsets_are_read_with_their_number(raw: str) -> None:
    when = read_time(raw, zone="Asia/Tokyo")
    assert when is not None
    assert (when.moment, when.day_only) == (datetime(2025, 5, 6, 10, 20, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "raw",
    [
        "06.05.25 13:20", "06.05.25, 13:20", "13:20 06.05.25", "16/05/2025 13:20", "5/16/2025 1:20 PM",
        "16-05-2025 13:20",
        "05/05/2025 13:20", "2025, May 6 13:20", "6th of May 2025, 1:20 pm", "вторник, 6 мая 2025 г., 13:20",
        "6 мая 2025 • 13:20", "Опубликовано 6 мая 2025 в 1:20 дня", "‎6 мая 2025 13:20",
        "6 мая 2025, 13:20 обновлено 7 мая 2025, 15:00", "May 6, 2025 | 13:20", "2025/05/06 13:20",
    ],
)  # fmt: skip
def test_days_and_clocks_of_many_forms(raw: str) -> None:
    when = read_time(raw, zone=MOSCOW)
    assert when is not None
    assert (when.moment.hour, when.moment.minute, when.day_only) == (10, 20, False)
    assert when.moment.day in (5, 6, 16)


@pytest.mark.parametrize(
    ("raw", "hour"),
    [("12:05 am", 0), ("12:05 p.m.", 12), ("11:05 PM", 23), ("12:05 ночи", 0), ("9:05 вечера", 21), ("9:05 утра", 9)],
)
def test_clocks_of_twelve_hours(raw: str, hour: int) -> None:
    when = read_time(f"6 May 2025 {raw}")
    assert when is not None
    assert (when.moment.hour, when.moment.minute) == (hour, 5)


@pytest.mark.parametrize(
    "raw",
    [
        "03/04/2026 10:00", "3-4-2026", "03/04/26", "27/11/25", "сегодня, 10:00", "вчера в 10:00",
        "2 июня, 20:26", "10:00", "5 минут назад", "© 2026", "31.11.2025", "2025-05-06 25:10", "6 мая",
        "06.13.25 10:00",
        "6 May 2025 10:00 XYZT", "6 May 2025 10:00 UTC+15", "июнь 2026", "0000-00-00 00:00:00",
    ],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_no_time(raw: str) -> None:
    assert read_time(raw) is None


def test_a_clock_far_from_the_day_is_not_its_clock() -> None:
    when = read_time("6 мая 2025 года. Новости часа: как прошёл матч, начавшийся в 19:00")
    assert when is not None and when.day_only


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/06/02/bridge", "2026-06-02"),
        ("https://a.example/2026/6/2/bridge", "2026-06-02"),
        ("https://a.example/world/2026/jun/02/bridge", "2026-06-02"),
        ("https://a.example/20260602/1790001122.html", "2026-06-02"),
        ("https://a.example/news/bridge-2026-06-02", "2026-06-02"),
        ("https://a.example/2026/06/02/ten-years-after-2016-03-18", "2026-06-02"),
        ("https://a.example/news/from-2014-03-18-to-2016-05-01", ""),
        ("https://a.example/news/1202606021", ""),
        ("https://a.example/2026/13/02/bridge", ""),
        ("https://a.example/news?date=2026-06-02", ""),
        ("https://a.example/2026/06/bridge", ""),
    ],
)
def test_the_day_of_an_address(url: str, day: str) -> None:
    assert address_day(url) == day


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
        assert (implausible_reason(when, now) == "") is allowed, raw
