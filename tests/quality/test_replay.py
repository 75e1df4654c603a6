"""The recorded world of real pages, through everything: what is kept, how it reads, what changes on day two."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from pipeline.config.settings import Settings, from_environment
from pipeline.queries.articles import newest_versions
from pipeline.queries.ledger import url_outcomes
from pipeline.queries.rows import ArticleRow, UrlOutcome
from pipeline.runs import runner
from pipeline.runs.report import RunReport
from pipeline.stages.context import Replay
from pipeline.store.admin import digest
from pipeline.store.engine import open_store

pytestmark = pytest.mark.quality

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2].parent / "shared")
WORLD = SHARED / "eval" / "replay"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["replay"]
MADE_FEED = "/replay-feed.rss"
EDITED = {
    "http://kremlin.ru/events/president/news/76842",
    "http://kremlin.ru/events/president/news/76812",
    "https://tass.com/politics/1894059",
    "https://tass.com/politics/1894067",
}
GONE = "https://tass.com/politics/1893785"


@dataclass(frozen=True)
class Day:
    """What the store held at the end of a day's run."""

    report: RunReport
    articles: list[ArticleRow]
    urls: dict[str, UrlOutcome]
    digest: str

    def kept(self) -> dict[str, ArticleRow]:
        """The article that each asked address led to."""
        return {url: it for it in self.articles for url in (it.url, *it.requested_urls)}


@dataclass(frozen=True)
class World:
    """Both days, and the first day run twice."""

    first: Day
    again: Day
    second: Day
    manifest: list[dict[str, Any]]

    def expected(self, *outcomes: str) -> list[dict[str, Any]]:
        """Rows of the first day's articles."""
        rows = [row for row in self.manifest if row["warc_date"] < "2026-06-16" and row["kind"] in ("article", "error")]
        return [row for row in rows if row["expected"] in outcomes]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if not (WORLD / "dev.warc.gz").exists():
        pytest.skip(f"{WORLD} is missing; set ONRECORD_SHARED")
    manifest = [json.loads(line) for line in (WORLD / "dev.manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    config = tmp_path_factory.mktemp("config")
    write_sources(manifest, config / "sources")
    settings = replace(
        from_environment(), home=tmp_path_factory.mktemp("home"), config_dir=config, database_url=None, ops_mail=None
    )
    first, again, second = (run(settings, day) for day in ("2026-06-15", "2026-06-15", "2026-06-16"))
    yield World(first, again, second, manifest)


def write_sources(manifest: list[dict[str, Any]], folder: Path) -> None:
    """A definition for each site whose only feed is the made one, whatever scheme and host form it has."""
    folder.mkdir()
    feeds, languages = defaultdict(list), {}
    for row in manifest:
        parts = urlsplit(row["url"])
        site = (parts.hostname or "").removeprefix("www.")
        if row["lang"]:
            languages.setdefault(site, row["lang"][:2])
        if parts.path == MADE_FEED:
            feeds[site].append(row["url"])
    for site, listed in feeds.items():
        source = {"id": site, "title": site, "home": f"https://{site}/", "feeds": listed}
        source["language"] = languages.get(site, "en")
        (folder / f"{site}.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")


def run(settings: Settings, day: str) -> Day:
    plan = runner.RunPlan("run", replay=Replay.of(WORLD / "dev.warc.gz", day))
    with runner.open_run(settings, plan) as opened:
        report = runner.perform_run(opened)
    with open_store(settings) as engine, engine.connect() as connection:
        return Day(
            report,
            list(newest_versions(connection)),
            {row.url: row for row in url_outcomes(connection, report.run)},
            digest.table_digests(connection)["all"],
        )


def shingle_f1(gold: str, text: str) -> float:
    sys.path.insert(0, str(SHARED / "eval" / "pages"))
    try:
        from score_extraction import metrics, tp_fp_fn
    finally:
        sys.path.pop(0)
    return float(metrics([tp_fp_fn(gold, text)])[0])


def test_what_should_be_kept_is_kept(world: World) -> None:
    kept = world.first.kept()
    missed = [row for row in world.expected("kept") if row["url"] not in kept]
    found = 1 - len(missed) / len(world.expected("kept"))
    assert found >= FLOORS["kept"], [row["url"] for row in missed]
    sizes = Counter(row["source"] for row in world.expected("kept"))
    for source, number in Counter(row["source"] for row in missed).items():
        assert number <= 1 or sizes[source] >= 20, source


def test_what_is_no_article_or_broken_is_not_kept(world: World) -> None:
    kept = world.first.kept()
    assert [row["url"] for row in world.expected("error", "not-article") if row["url"] in kept] == []


def test_what_is_off_the_beat_is_not_kept(world: World) -> None:
    kept = world.first.kept()
    wrongly = [row["url"] for row in world.expected("not-relevant") if row["url"] in kept]
    assert len(wrongly) <= FLOORS["off_beat_at_most"], wrongly


def test_bodies_read_as_the_gold_reads(world: World) -> None:
    kept = world.first.kept()
    scores = [
        shingle_f1((WORLD / row["body_gold"]).read_text(encoding="utf-8"), kept[row["url"]].text)
        for row in world.expected("kept")
        if row["body_gold"] and row["url"] in kept
    ]
    assert mean(scores) >= FLOORS["body_f1"]


def test_a_source_whose_pages_are_refused_is_read_from_its_feed(world: World) -> None:
    rows = [row for row in world.first.urls.values() if row.source == "tass-ru" and row.outcome == "kept"]
    assert rows and {row.reason for row in rows} == {"from-feed"}
    kremlin = {row.reason for row in world.first.urls.values() if row.source == "kremlin-ru"}
    assert kremlin == {"new"}


def test_a_page_closed_by_robots_or_cut_is_an_error_with_its_reason(world: World) -> None:
    reasons = {row.reason for row in world.first.urls.values() if row.source == "interfax"}
    assert reasons == {"truncated"}
    closed = [row for row in world.first.urls.values() if row.source == "www1.wdr.de"]
    assert {row.reason for row in closed} <= {"robots"}


def test_the_same_day_again_changes_nothing(world: World) -> None:
    assert world.again.digest == world.first.digest
    assert world.again.report.counts["versions_new"] == 0


def test_day_two_brings_its_news_and_exactly_its_edits(world: World) -> None:
    before, after = world.first.kept(), world.second.kept()
    changed = {url for url, it in after.items() if url in before and it.version != before[url].version}
    assert {it.url for it in (after[url] for url in changed)} == EDITED
    assert len({it.id for it in after.values()} - {it.id for it in before.values()}) == 6
    assert world.second.report.counts["versions_new"] == 10


def test_an_article_that_is_gone_keeps_its_version(world: World) -> None:
    assert world.second.urls[GONE].outcome == "gone"
    assert world.second.kept()[GONE].version == world.first.kept()[GONE].version
