"""What a crawl found before it was killed is kept, and what it had not followed yet is followed by the next."""

from __future__ import annotations

import fcntl
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.settings import Settings, from_environment
from pipeline.config.sources import load_sources
from pipeline.crawling.job import CrawlJob, CrawlReport
from pipeline.crawling.process import CrawlerProcess
from pipeline.crawling.summary import CrawlSummary
from pipeline.demo.newsroom import FIRST_DAY, Newsroom
from pipeline.demo.newsroom.pages import SiteResponse
from pipeline.demo.run import CONFIG, end_of_day, settings_for
from pipeline.runs import runner
from pipeline.stages import crawl, crawl_loading
from pipeline.store.crawl import crawls
from pipeline.store.engine import open_store
from tests.conftest import Cluster

SOURCE = "kestrel"


class Halting(Newsroom):
    """Answers nothing more once a journal holds so many lines, so that no crawler ends before it has been killed."""

    halted: Callable[[], bool] | None = None

    def __init__(self) -> None:
        super().__init__(FIRST_DAY)
        self.killed = threading.Event()

    def answer(self, host: str, target: str) -> SiteResponse:
        halted = self.halted
        if halted is not None and halted():
            self.killed.wait(60)
        return super().answer(host, target)

    def kill_at(self, journal: Path, lines: int) -> Callable[[subprocess.Popen[Any]], None]:
        """What kills the first crawler it is given, as soon as its journal holds so many lines."""

        def reached() -> bool:
            return journal.exists() and journal.read_bytes().count(b"\n") >= lines

        def kill(child: subprocess.Popen[Any]) -> None:
            while child.poll() is None and not reached():
                time.sleep(0.001)
            self.halted = None
            child.kill()
            self.killed.set()

        def watch(child: subprocess.Popen[Any]) -> None:
            if self.halted is not None:
                threading.Thread(target=kill, args=(child,), daemon=True).start()

        self.halted = reached
        return watch


def crawled(settings: Settings, served: Halting, *, lines: int | None = None) -> CrawlSummary:
    """One crawl of the source; with ``lines``, its crawler is killed as soon as its journal holds so many."""
    plan = runner.RunPlan("demo", source_ids=[SOURCE], now=end_of_day(FIRST_DAY), proxy=served.proxy_url)
    with runner.open_run(settings, plan) as run:
        crawl_loading.recover_crawls(run)
        journal = settings.home / "crawl" / run.id / SOURCE / "journal.jsonl"
        watch = served.kill_at(journal, lines) if lines is not None else None
        (summary,) = crawl.crawl_group(run, [SOURCE], watch)
        runner.close_run(run)
    return summary


def known(settings: Settings) -> set[tuple[str, str, str]]:
    with open_store(settings) as engine, engine.connect() as connection:
        return {(it.url, it.kind.value, it.body_sha256) for it in crawls.known_urls(connection, SOURCE)}


def settings_at(home: Path, database_url: str) -> Settings:
    return replace(settings_for(from_environment(), home), smtp_url=None, database_url=database_url)


@pytest.fixture(scope="module")
def calm(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """What is known after a crawl that nothing disturbed."""
    settings = settings_at(tmp_path_factory.mktemp("calm"), cluster.create(template))
    served = Halting()
    with served.serve():
        assert not crawled(settings, served).failure
    return known(settings)


def test_a_wish_to_be_left_alone_outlives_its_run_and_a_crawler_that_died(tmp_path: Path, database_url: str) -> None:
    settings = settings_at(tmp_path, database_url)
    until = {"kestrel-wire.example": datetime(2126, 6, 15, 12, tzinfo=UTC)}
    with Newsroom(FIRST_DAY).serve() as served:
        plan = runner.RunPlan("demo", source_ids=[SOURCE], now=end_of_day(FIRST_DAY), proxy=served.proxy_url)
        with runner.open_run(settings, plan) as run:
            folder = tmp_path / "place"
            folder.mkdir()
            crawl_loading.finish_source(run, SOURCE, folder, CrawlReport(source=SOURCE, not_before=until), "")
            runner.close_run(run)
        with runner.open_run(settings, plan) as run:
            assert crawl.job_of(run, SOURCE, folder).not_before == until
            summary = crawl_loading.finish_source(run, SOURCE, folder, None, "it died")
            assert summary.not_before == {"kestrel-wire.example": "2126-06-15T12:00:00+00:00"}
            runner.close_run(run)


@pytest.mark.parametrize("lines", [2, 4, 7])
def test_what_a_killed_crawler_had_not_followed_is_followed_by_the_next(
    tmp_path: Path, database_url: str, calm: set[tuple[str, str, str]], lines: int
) -> None:
    killed = settings_at(tmp_path, database_url)
    served = Halting()
    with served.serve():
        assert crawled(killed, served, lines=lines).failure
        assert not crawled(killed, served).failure
    assert known(killed) == calm


def test_a_crawler_that_dies_costs_its_other_sources_nothing(tmp_path: Path, database_url: str) -> None:
    settings = settings_at(tmp_path, database_url)
    children: list[subprocess.Popen[Any]] = []
    served = Halting()
    with served.serve():
        sources = [it for it in sorted(load_sources(settings)) if (CONFIG / "sources" / f"{it}.yaml").exists()][:3]
        plan = runner.RunPlan("demo", source_ids=sources, now=end_of_day(FIRST_DAY), proxy=served.proxy_url)
        with runner.open_run(settings, plan) as run:
            journal = settings.home / "crawl" / run.id / sources[0] / "journal.jsonl"

            watch = served.kill_at(journal, 3)

            def first_one_killed(child: subprocess.Popen[Any]) -> None:
                children.append(child)
                watch(child)

            summaries = crawl.crawl_group(run, sources, first_one_killed)
            report = runner.close_run(run)
    assert len(children) > 1
    assert [(it.source, it.failure) for it in summaries] == [(source, "") for source in sources]
    assert report.exit_code == 0, report.exit_reason
    assert all(it.discovered for it in report.sources.values())


def test_a_crawler_that_outlives_its_parent_keeps_others_out_of_its_folder(tmp_path: Path) -> None:
    def is_held() -> bool:
        with (tmp_path / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        source = load_sources(from_environment(config_dir=CONFIG))[SOURCE]
        job = CrawlJob(run="r1", source=source, archive=tmp_path, journal=tmp_path / "journal.jsonl")
        child = CrawlerProcess(tmp_path, [job], None, held=[lock.fileno()])
    assert is_held(), "its parent has let go, and it is still at work"
    assert list(child.reports()) == []
    assert not is_held()
