"""The quote stage: which day the words of a version have."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.stages.quote import find
from pipeline.store.quotes import WaitingVersion
from tests.unit.quoting import ROSTER

SEEN = datetime(2026, 6, 15, 12, tzinfo=UTC)


def speakers(text: str, published: datetime | None, zone: str = "Europe/Moscow") -> list[str | None]:
    version = WaitingVersion(
        id="v", article_id="a", source_id="s", url="https://a.example/1", title="The bridge", text=text, lang="en",
        published_at=published, seen_at=SEEN,
    )  # fmt: skip
    found, _ = find(version, ROSTER, zone)
    return [quote.speaker_id for quote in found]


def test_the_day_a_page_was_seen_is_not_the_day_of_its_words() -> None:
    text = '"We will mend the bridge before the winter," the US president said.'
    assert speakers(text, None) == [None]
    assert speakers(text, datetime(2022, 6, 1, tzinfo=UTC)) == ["joe-biden"]
    assert speakers("Joe Biden came back. " + text, None) == ["joe-biden"]


@pytest.mark.parametrize(("zone", "holder"), [("Europe/Moscow", "joe-biden"), ("UTC", "donald-trump")])
def test_the_day_of_the_words_is_the_source_s(zone: str, holder: str) -> None:
    last_hour = datetime(2021, 1, 19, 22, 30, tzinfo=UTC)
    text = '"We will mend the bridge before the winter," the US president said.'
    assert speakers(text, last_hour, zone) == [holder]
