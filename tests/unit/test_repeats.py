"""A story published twice is known; two stories that look alike are never taken for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.extraction.near_duplicates import Published, like_titles, same_text

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
TEXT = (
    "The Kremlin spokesman Dmitry Damanov told reporters on Monday that talks would go on in Geneva on 17 June, and "
    "that both delegations had been given the same papers to read beforehand, which none of them had yet answered."
)


def at(title: str, hours: float = 0, url: str = "https://mill.example/2") -> Published:
    return Published(url, title, NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("title", "hours", "like"),
    [
        ("Damanov: talks in Geneva will go on", 1, True),
        ("Damanov — talks in Geneva will go on!", 1, True),
        ("Damanov: talks in Genevva will go on", -40, True),
        ("Damanov: talks in Geneva will go on", 60, False),
        ("Damanov: talks in Vienna have ended", 1, False),
        ("", 1, False),
    ],
)
def test_titles_may_differ_by_little_and_times_by_two_days(title: str, hours: float, like: bool) -> None:
    own = at("Damanov: talks in Geneva will go on", url="https://mill.example/1")
    assert bool(like_titles(own, [at(title, hours)])) is like
    assert like_titles(own, [at(own.title, url=own.url)]) == []


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TEXT, True),
        (TEXT.replace("beforehand", "before hand"), True),
        (TEXT.replace("17 June", "18 June"), False),
        (TEXT.replace("Geneva", "Vienna"), False),
        (TEXT.replace("would go on", "would not go on at all, or so it was understood by the men in the room"), False),
        (TEXT + " " + "More was said afterwards by people who were there and heard it all themselves.", False),
    ],
)
def test_texts_must_agree_in_numbers_names_and_nearly_all_words(other: str, same: bool) -> None:
    assert same_text(TEXT, other) is same


def test_texts_too_short_to_tell_are_never_the_same() -> None:
    assert not same_text("Damanov said no.", "Damanov said no.")
