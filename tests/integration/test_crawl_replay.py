"""The shipped sources on the recorded world of two days, which is not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from crawling import ROOT, Crawl, crawl, job_of, remember

from pipeline import archive
from pipeline.config.settings import SHIPPED
from pipeline.config.sources import load_source
from pipeline.records import Outcome

WORLD = Path(os.environ.get("ONRECORD_SHARED") or ROOT.parent / "shared") / "eval" / "replay"
SOURCES = ("interfax", "kommersant", "kremlin-ru", "lenta", "newsru", "tass-en", "tass-ru")
FIRST, SECOND = "2026-06-15T23:59:59+00:00", "2026-06-16T23:59:59+00:00"

pytestmark = pytest.mark.skipif(not WORLD.is_dir(), reason=f"no recorded world at {WORLD} (ONRECORD_SHARED)")


@dataclass(frozen=True)
class Days:
    first: dict[str, Crawl]
    second: dict[str, Crawl]
    folder: Path


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    folder = tmp_path_factory.mktemp("replay")
    sources = {name: load_source(SHIPPED / "sources" / f"{name}.yaml") for name in SOURCES}
    replay = {"replay": str(WORLD / "dev.warc.gz"), "contact": ""}
    jobs = [job_of(folder, s, "day1", now=FIRST, as_of=FIRST, **replay) for s in sources.values()]
    first = dict(zip(SOURCES, crawl(*jobs), strict=True))
    known = {name: remember(folder / f"{name}.known", found) for name, found in first.items()}
    jobs = [
        job_of(folder, s, "day2", now=SECOND, as_of=SECOND, known=known[name], **replay) for name, s in sources.items()
    ]
    yield Days(first, dict(zip(SOURCES, crawl(*jobs), strict=True)), folder)


def manifest() -> list[dict[str, str]]:
    with (WORLD / "dev.manifest.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_article_of_the_first_day_is_kept_and_nothing_else(days: Days) -> None:
    outcomes = {url: fetch for found in days.first.values() for url, fetch in found.pages.items()}
    ours = {urlsplit(url).hostname for url in outcomes}
    rows = [
        row
        for row in manifest()
        if row["warc_date"] < "2026-06-16" and row["kind"] == "article" and urlsplit(row["url"]).hostname in ours
    ]
    assert len(rows) > 120
    for row in rows:
        fetch = outcomes.get(row["url"])
        assert fetch is not None, row["url"]
        if row["expected"] == "kept":
            assert fetch.outcome is Outcome.KEPT, row["url"]
        elif row["expected"] in ("error", "not-article"):
            assert fetch.outcome in (Outcome.ERROR, Outcome.NOT_ARTICLE, Outcome.GONE), row["url"]


def test_the_second_day_brings_what_is_new_edited_or_gone_and_nothing_else(days: Days) -> None:
    changed = Counter(
        (name, fetch.reason, url.rpartition("/")[2])
        for name, found in days.second.items()
        for url, fetch in found.pages.items()
        if fetch.outcome is Outcome.KEPT or (fetch.outcome is Outcome.GONE and not fetch.discovered_in)
    )
    assert set(changed) == {
        ("kremlin-ru", "edited", "76842"),
        ("kremlin-ru", "edited", "76812"),
        *(("kremlin-ru", "new", number) for number in ("76857", "76863", "76867", "76870")),
        ("tass-en", "edited", "1894059"),
        ("tass-en", "edited", "1894067"),
        ("tass-en", "new", "1894057"),
        ("tass-en", "new", "1894079"),
        ("tass-en", "http-404", "1893785"),
    }


def test_traps_of_the_recorded_world_end_as_they_should(days: Days) -> None:
    assert Counter(fetch.reason for fetch in days.first["tass-ru"].pages.values()) == {"from-feed": 14}
    assert days.first["tass-ru"].outcome("https://tass.ru/robots.txt") == "error/http-403"
    assert days.first["interfax"].outcome("https://interfax.ru/amp/468828") == "error/truncated"
    assert days.first["tass-en"].outcome("https://tass.com/politics/1893001") == "gone/http-404"
    assert days.first["tass-en"].outcome("https://tass.com/politics") == "not-article/pattern"
    assert days.first["kremlin-ru"].report["documents"]["read"] == 5


def test_the_archive_of_both_days_is_whole(days: Days) -> None:
    files = sorted((days.folder / "archive").rglob("*.warc.gz"))
    assert len(files) >= len(SOURCES)
    for path in files:
        assert archive.verify_file(path) == []
