"""A page or text that kills its worker costs nobody else, is never lost, and does not cost every run for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import armed
import pytest
from crawling import Answer, Site, standing_for_the_web
from newsdesk import DAY1, SOURCE, page
from sqlalchemy import Connection, Engine, func, select, update

from pipeline import extraction
from pipeline.cli import run_command_line
from pipeline.config.settings import Settings, from_environment
from pipeline.crawling import summary
from pipeline.crawling.job import CrawlReport, DocumentCounts
from pipeline.crawling.journal import Journal
from pipeline.records import DocumentKind, Outcome, Stage
from pipeline.runs import runner
from pipeline.stages import crawl_loading, quote
from pipeline.stages.context import ignore_progress
from pipeline.store.crawl import crawls, quarantine
from pipeline.store.engine import open_store
from pipeline.store.schema import quarantine as table

HOME = "http://quay.example"
STORY = (
    "The harbour council met on Monday to talk about lamp {n}, which has burned every night since the autumn storm. "
    "“It will burn again this winter,” Kremlin spokesman Dmitry Damanov told reporters on the quay of berth {n}. {mark}"
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Site]:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", database_url)
    with standing_for_the_web(
        monkeypatch, tmp_path, {"id": "quay", "title": "The Quay", "language": "en", "home": HOME}
    ) as site:
        yield site


def furnish(site: Site, *, on_page: Path, in_text: Path) -> None:
    """Three stories: one whose page has a switch, one whose text has another, one with none."""
    links = []
    for n, (head, mark) in enumerate(
        [(f"<!-- page-switch={on_page}; -->", ""), ("", f"text-switch={in_text};"), ("", "")]
    ):
        url = f"{HOME}/lamps/{n}"
        story = "".join(f"<p>{STORY.format(n=10 * n + i, mark=mark)}</p>" for i in range(4))
        time = "<meta property='article:published_time' content='2026-06-15T09:00:00Z'>"
        body = f"<article><h1>Lamp {n}</h1>{story}</article>"
        site.answers[url] = Answer(
            f"<html><head><title>Lamp {n}</title>{head}{time}</head><body>{body}</body></html>".encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )
        links.append(url)
    site.feed(f"{HOME}/feed.xml", links)


def ran(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run_command_line(["run", "--source", "quay", "--json"])
    return code, json.loads(capsys.readouterr().out)


def quarantined() -> dict[str, tuple[str, int]]:
    """By stage the reason and the number of tries."""
    with open_store(from_environment()) as engine, engine.connect() as connection:
        return {row.stage: (row.reason, row.tries) for row in connection.execute(select(table))}


def make_due() -> None:
    with open_store(from_environment()) as engine, engine.begin() as connection:
        connection.execute(update(table).values(retry_at=func.now()))


def test_what_kills_its_worker_is_tried_again_ever_more_rarely_and_read_when_it_can_be(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_page, in_text = tmp_path / "page", tmp_path / "text"
    furnish(site, on_page=on_page, in_text=in_text)
    for switch in (on_page, in_text):
        switch.touch()
    monkeypatch.setattr(extraction, "extract_article", armed.read)
    monkeypatch.setattr(quote, "find_in_worker", armed.find)

    code, report = ran(capsys)
    assert code == 1
    assert "extract: 1 items are to be tried again" in str(report["exit_reason"])
    assert "quote: 1 items are to be tried again" in str(report["exit_reason"])
    assert (report["versions_new"], report["quotes"]) == (2, 4), "the neighbours are read and quoted"
    assert quarantined() == {"extract": ("parse-crash", 1), "quote": ("parse-crash", 1)}

    assert ran(capsys)[0] == 1, "the next run tries again"
    assert quarantined() == {"extract": ("parse-crash", 2), "quote": ("parse-crash", 2)}
    code, report = ran(capsys)
    assert (code, report["exit_reason"]) == (0, "all well"), "then there is a pause"
    assert quarantined() == {"extract": ("parse-crash", 2), "quote": ("parse-crash", 2)}

    for switch in (on_page, in_text):
        switch.unlink()
    make_due()
    code, report = ran(capsys)
    assert (code, report["versions_new"], report["quotes"]) == (0, 1, 8)
    assert quarantined() == {}


def test_a_text_that_breaks_a_limit_waits_for_another_engine(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(site, on_page=tmp_path / "page", in_text=tmp_path / "text")
    monkeypatch.setattr(quote, "find_in_worker", armed.spin)
    monkeypatch.setattr("pipeline.stages.quote.CPU_SECONDS", 2)
    code, report = ran(capsys)
    assert (code, report["quotes"]) == (0, 8), "what a text breaks for certain is no fault of the run"
    assert report["stages"]["quote"] == {"error": 1, "kept": 2}  # type: ignore[index]
    assert quarantined() == {"quote": ("parse-cpu", 1)}
    monkeypatch.setattr(quote, "find_in_worker", armed.quote_as_it_is)
    assert ran(capsys)[1]["quotes"] == 0
    monkeypatch.setattr(quote, "VERSION", "newer")
    assert ran(capsys)[1]["quotes"] == 12


def failed(connection: Connection, item: str, *, code: str = "1") -> None:
    quarantine.record_failure(connection, Stage.EXTRACT, item, code_version=code, reason="parse-crash", certain=False)


def test_pauses_grow_until_only_other_code_tries(engine: Engine) -> None:
    for tries in range(1, len(quarantine.RETRY_AFTER) + 2):
        with engine.begin() as connection:
            failed(connection, "page")
            row = connection.execute(select(table, (table.c.retry_at - func.now()).label("pause"))).one()
            assert row.tries == tries
            last = tries > len(quarantine.RETRY_AFTER)
            assert row.pause == (None if last else quarantine.RETRY_AFTER[tries - 1])
    assert list(quarantine.RETRY_AFTER) == sorted(quarantine.RETRY_AFTER)
    assert quarantine.RETRY_AFTER[0] == timedelta(0), "the next run tries again at once"
    with engine.begin() as connection:
        assert quarantine.is_held_back(connection, Stage.EXTRACT, "page", "", code_version="1")
        assert not quarantine.is_held_back(connection, Stage.EXTRACT, "page", "", code_version="2")
        assert not quarantine.is_held_back(connection, Stage.QUOTE, "page", "", code_version="1")
        quarantine.clear_failures(connection, Stage.EXTRACT, "page")
        assert not quarantine.is_held_back(connection, Stage.EXTRACT, "page", "", code_version="1")


def test_a_feed_that_no_worker_lived_to_read_fails_the_crawl_and_is_asked_for_whole_again(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    plan = runner.RunPlan("test", now=DAY1)
    run = runner.begin_run(engine, settings, plan, {SOURCE.id: SOURCE}, ignore_progress)
    feed = replace(page("rss", "<rss/>", kind=DocumentKind.FEED), etag='"1"', record=None)
    died = replace(feed, outcome=Outcome.ERROR, reason="parse-crash")
    report = CrawlReport(source=SOURCE.id, documents=DocumentCounts(read=1, entries=1))
    for fetch, validator, failure in ((feed, '"1"', ""), (died, "", f"{feed.url} was not read (parse-crash)")):
        folder = tmp_path / str(fetch.reason)
        folder.mkdir()
        journal = Journal(folder / "journal.jsonl")
        journal.write(fetch)
        journal.close()
        fetches = crawl_loading.load_crawl(run, run.id, SOURCE.id, folder, complete=True)
        with engine.connect() as connection:
            (known,) = crawls.known_urls(connection, SOURCE.id)
        assert known.etag == validator
        assert summary.summarise_crawl(SOURCE.id, report, "", fetches).failure.startswith(failure)
        assert bool(summary.summarise_crawl(SOURCE.id, report, "", fetches).failure) is bool(failure)
