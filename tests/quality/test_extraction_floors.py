"""Quality of extraction and relevance on material that is not part of the project; skipped where it is missing."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import feedparser
import pytest
import trafilatura
from warcio.archiveiterator import ArchiveIterator

from pipeline.config.beat import load_beat
from pipeline.config.settings import Settings, from_environment
from pipeline.config.source import Source
from pipeline.config.sources import load_sources
from pipeline.config.speakers import load_roster
from pipeline.errors import Rejected
from pipeline.extraction import extract_article
from pipeline.extraction.relevance import BeatMatcher, beat_names
from pipeline.parsing.feeds import read_feed
from pipeline.records import Article, Origin, Page

pytestmark = pytest.mark.quality

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2].parent / "shared")
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["extraction"]
NOW = datetime(2026, 6, 16, 23, 59, tzinfo=UTC)


def folder(name: str) -> Path:
    path = SHARED / "eval" / name
    if not path.is_dir():
        pytest.skip(f"nothing at {path}; set ONRECORD_SHARED to the folder of the evaluation material")
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def shares(gold: str, found: str) -> tuple[float, float]:
    """Precision and recall over runs of four words: the measure of scrapinghub's article-extraction-benchmark."""
    grams = []
    for text in (gold, found):
        words = re.findall(r"\w+", text)
        grams.append(Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))))
    common = (grams[0] & grams[1]).total()
    return common / max(1, grams[1].total()), common / max(1, grams[0].total())


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


Pairs = list[tuple[float, float]]


@pytest.fixture(scope="module")
def pages() -> tuple[Pairs, Pairs]:
    """Precision and recall on each page with gold: ours, and those of trafilatura alone with its metadata."""
    material = folder("pages") / "dev"
    ours: Pairs = []
    bare: Pairs = []
    for row in lines_of(material / "manifest.jsonl"):
        if not row["body_expected_file"]:
            continue
        raw = (material / row["file"]).read_bytes()
        body = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        gold = (material / row["body_expected_file"]).read_text(encoding="utf-8")
        try:
            text = extract_article(Page(row["url"] or "https://unknown.example/a/b", body)).text
        except Rejected:
            text = ""
        ours.append(shares(gold, text))
        alone = trafilatura.bare_extraction(body, url=row["url"], fast=True, include_comments=False, with_metadata=True)
        bare.append(shares(gold, getattr(alone, "text", None) or ""))
    assert len(ours) > 100
    return ours, bare


def f1_over(pairs: Pairs) -> float:
    return f1(mean(p for p, _ in pairs), mean(r for _, r in pairs))


def test_stories_of_pages_without_selectors(pages: tuple[Pairs, Pairs]) -> None:
    assert f1_over(pages[0]) >= FLOORS["pages_f1"]


def test_stories_are_surely_better_than_those_of_trafilatura_alone(pages: tuple[Pairs, Pairs]) -> None:
    """The gain in F1, and the lower end of its 95 % interval over 2,000 paired resamples of the pages."""
    ours, bare = pages
    draw = random.Random(0)
    gains = sorted(
        f1_over([ours[n] for n in chosen]) - f1_over([bare[n] for n in chosen])
        for chosen in (draw.choices(range(len(ours)), k=len(ours)) for _ in range(2000))
    )
    assert f1_over(ours) - f1_over(bare) >= FLOORS["pages_gain"]
    assert gains[50] > 0


@dataclass
class Judged:
    """One capture of the replay world, read."""

    row: dict[str, Any]
    source: Source | None
    result: Article | Rejected


@pytest.fixture(scope="module")
def replay() -> list[Judged]:
    world = folder("replay")
    bodies: dict[tuple[str, str], tuple[str, bytes]] = {}
    with (world / "dev.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                key = (record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"])
                content_type = record.http_headers.get_header("content-type") or ""
                bodies[key] = (content_type, record.content_stream().read())
    return list(read_all(lines_of(world / "dev.manifest.jsonl"), bodies))


def read_all(rows: list[dict[str, Any]], bodies: dict[tuple[str, str], tuple[str, bytes]]) -> Iterator[Judged]:
    sources = load_sources(settings()).values()
    entries: dict[str, Page] = {}
    for (url, _), (content_type, body) in bodies.items():
        if any(feed.url == url and feed.full_text for source in sources for feed in source.feeds):
            for entry in read_feed(body, base_url=url, content_type=content_type).entries:
                entries.setdefault(entry.url, Page(url, body, content_type, Origin.FEED, entry.locator))
    for row in rows:
        if row["kind"] not in ("article", "error") or row["status"] == 404:
            continue
        content_type, body = bodies[row["url"], row["warc_date"]]
        page = Page(row["url"], body, content_type) if row["status"] == 200 else entries[row["url"]]
        source = next((s for s in sources if s.articles and s.is_article(row["url"])), None)
        result: Article | Rejected
        try:
            result = extract_article(page, source, now=NOW)
        except Rejected as rejected:
            result = rejected
        yield Judged(row, source, result)


def settings() -> Settings:
    return from_environment(home=Path("unused"), config_dir=None)


def kept(replay: list[Judged]) -> list[tuple[Judged, Article]]:
    return [(item, item.result) for item in replay if isinstance(item.result, Article)]


def test_bodies_of_the_replay_world(replay: list[Judged]) -> None:
    world = folder("replay")
    scores = {
        item.row["url"]: f1(*shares((world / item.row["body_gold"]).read_text(encoding="utf-8"), article.text))
        for item, article in kept(replay)
        if item.row["expected"] == "kept" and item.row["body_gold"]
    }
    assert mean(scores.values()) >= FLOORS["replay_body_f1"]
    transcripts = [score for url, score in scores.items() if "kremlin.ru" in url]
    assert mean(transcripts) >= FLOORS["replay_transcripts_f1"]


def test_every_article_is_read_and_nothing_else(replay: list[Judged]) -> None:
    refused = [
        item.row["url"] for item in replay if isinstance(item.result, Rejected) and item.row["expected"] == "kept"
    ]
    assert refused == []
    passed = [
        item.row["url"]
        for item, _ in kept(replay)
        if item.row["expected"] in ("error", "not-article") and "robots" not in item.row["detail"]
    ]
    assert passed == []


def test_titles_and_times_of_sources_with_selectors(replay: list[Judged]) -> None:
    known = [(item.row, article) for item, article in kept(replay) if item.source is not None]
    titles = [article.title == row["expected_title"] for row, article in known if row["expected_title"]]
    assert mean(titles) >= FLOORS["replay_titles"]
    times = [
        article.published_at == datetime.fromisoformat(row["published_at"].replace("Z", "+00:00"))
        for row, article in known
        if row["published_precision"] == "minute"
    ]
    assert mean(times) >= FLOORS["replay_times"]


def test_what_is_on_the_beat(replay: list[Judged]) -> None:
    beat = load_beat(settings())
    matcher = BeatMatcher(beat, beat_names(load_roster(settings()), beat))
    relevant: dict[str, list[bool]] = {"kept": [], "not-relevant": []}
    for item, article in kept(replay):
        takes_all = item.source is not None and item.source.relevance == "all"
        if item.row["expected"] in relevant:
            relevant[item.row["expected"]].append(takes_all or matcher.judge(article).relevant)
    assert mean(relevant["kept"]) >= FLOORS["replay_relevant_recall"]
    assert 1 - mean(relevant["not-relevant"]) >= FLOORS["replay_off_beat_refused"]


def test_172_real_feeds_lose_no_entry_that_feedparser_finds() -> None:
    """Each entry that ``feedparser`` counts is read or named as refused."""
    read_count = 0
    for path in sorted(folder("feeds").glob("*.*")):
        if path.suffix in (".jsonl", ".opml"):
            continue
        body = path.read_bytes()
        expected = len(feedparser.parse(body).entries)
        try:
            feed = read_feed(body, base_url="https://news.example/feed")
        except Rejected as rejected:
            assert expected == 0 or rejected.disposition.reason == "no-usable-entry", (
                path.name,
                rejected.disposition.reason,
            )
            continue
        read_count += 1
        reported = sum(problem.startswith("entry ") for problem in feed.problems)
        assert len(feed.entries) + reported >= expected, path.name
    assert read_count >= FLOORS["feeds_read"]
