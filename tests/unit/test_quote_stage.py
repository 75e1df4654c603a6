"""The quote stage: which day the words of a version have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import pytest

from pipeline.config.settings import from_environment
from pipeline.config.speakers import load_roster
from pipeline.demo.newsroom import CONFIG
from pipeline.quotes import prepare_worker
from pipeline.runtime.sandbox import Sandbox
from pipeline.stages.quote import find_version_quotes
from pipeline.store.articles.quotes import WaitingVersion

SEEN = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    roster = load_roster(from_environment(config_dir=CONFIG))
    with Sandbox(prepare=partial(prepare_worker, roster.speakers, roster.offices)) as started:
        yield started


def speakers(sandbox: Sandbox, text: str, published: datetime | None, zone: str = "Europe/Moscow") -> list[str | None]:
    version = WaitingVersion(
        id="v", article_id="a", source_id="s", url="https://a.example/1", title="The bridge", text=text, lang="en",
        published_at=published, seen_at=SEEN,
    )  # fmt: skip
    found, _ = find_version_quotes(version, sandbox, zone)
    return [quote.speaker_id for quote in found]


def test_the_day_a_page_was_seen_is_not_the_day_of_its_words(sandbox: Sandbox) -> None:
    text = '"We will mend the bridge before the winter," the Aldorian president said.'
    assert speakers(sandbox, text, None) == [None]
    assert speakers(sandbox, text, datetime(2022, 6, 1, tzinfo=UTC)) == ["harriet-munn"]
    assert speakers(sandbox, "Harriet Munn came back. " + text, None) == ["harriet-munn"]


@pytest.mark.parametrize(
    ("zone", "holder"), [("Pacific/Kiritimati", "warren-colborne"), ("Pacific/Pago_Pago", "harriet-munn")]
)
def test_the_day_of_the_words_is_the_source_s(sandbox: Sandbox, zone: str, holder: str) -> None:
    handover = datetime(2025, 1, 20, 10, 30, tzinfo=UTC)
    text = '"We will mend the bridge before the winter," the Aldorian president said.'
    assert speakers(sandbox, text, handover, zone) == [holder]
