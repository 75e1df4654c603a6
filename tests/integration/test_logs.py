"""Every line of the log says which run, stage and source it is about, those of threads and of crawlers as well."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from crawling import Answer, Site, job_of, serving, source_of, start

from pipeline.config.settings import Settings
from pipeline.crawling.job import CrawlJob
from pipeline.crawling.log_relay import LONGEST, MOST_LINES, LogRelay
from pipeline.crawling.process import CrawlerProcess
from pipeline.records import Stage
from pipeline.runs import runner
from pipeline.runtime.log_context import log_context, with_context
from pipeline.stages.context import Run
from pipeline.stages.guarded import run_guarded
from pipeline.stages.instrumentation import instrumented_stage

NAMES = ("run", "stage", "source", "item")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged, with all that the lines carry."""
    found: list[dict[str, Any]] = []

    def keep(_logger: Any, level: str, event: Any) -> Any:
        found.append({"level": level, **event})
        raise structlog.DropEvent

    before = structlog.get_config()
    all_levels = structlog.make_filtering_bound_logger(0)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep], wrapper_class=all_levels)
    yield found
    structlog.configure(**before)


def carried(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in NAMES if name in line}


def test_what_an_item_logs_in_a_thread_says_which_item_of_which_run(lines: list[dict[str, Any]]) -> None:
    def work(item: str) -> tuple[str, Any]:
        structlog.get_logger().warning("odd")
        raise RuntimeError(item)

    def one(item: str) -> None:
        run_guarded(Stage.EXTRACT, item, "paper", lambda: work(item))

    with ThreadPoolExecutor(2) as pool, log_context(run="r1", stage="extract"):
        list(pool.map(with_context(one), ["a", "b", "c"]))
    assert {line["event"] for line in lines} == {"odd", "item_failed"} and len(lines) == 6
    for line in lines:
        assert carried(line) == {"run": "r1", "stage": "extract", "source": "paper", "item": line["item"]}
    assert {line["item"] for line in lines} == {"a", "b", "c"}


def test_a_crawlers_own_log_is_json_that_names_run_and_source_side_by_side(site: Site, tmp_path: Path) -> None:
    jobs = []
    for name in ("one", "two"):
        site.answers[f"/{name}/bad"] = Answer(status=500)
        feed = site.feed(f"/{name}/feed", [site.url(f"/{name}/bad")])
        jobs.append(job_of(tmp_path, source_of(site, id=name, feeds=[{"url": feed}]), name="r7"))
    _, messages = start({"jobs": jobs}).communicate(timeout=120)
    found = [json.loads(line) for line in messages.splitlines()]
    about = {(line["run"], line["source"]) for line in found if f"/{line.get('source')}/bad" in line["event"]}
    assert about == {("r7", "one"), ("r7", "two")}
    assert {line["level"] for line in found} <= {"warning", "error", "critical"}


def test_what_a_crawler_warns_of_is_in_our_log_with_its_run_stage_and_source(
    site: Site, settings: Settings, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    site.answers["/bad"] = Answer(status=500)
    source = source_of(site, feeds=[{"url": site.feed("/feed", [site.url("/bad"), site.page("/good")])}])
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "paper.yaml").write_text(source.model_dump_json(exclude_defaults=True), encoding="utf-8")
    settings = replace(settings, config_dir=tmp_path)
    with runner.open_run(settings, runner.RunPlan("run", source_ids=["paper"])) as run:
        runner.perform_stage(run, Stage.CRAWL)
    about = [line for line in lines if "/bad" in str(line["event"])]
    assert about and {line["level"] for line in about} == {"error"}
    assert [carried(line) for line in about] == [{"run": run.id, "stage": "crawl", "source": "paper"}] * len(about)
    assert not list((settings.home / "crawl").glob("*/*")), "the crawl's folder is gone"


def test_a_crawler_that_cannot_work_is_quoted_in_the_log_and_in_the_error(
    site: Site, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    source = source_of(site, feeds=[site.url("/feed")])
    job = CrawlJob(run="r1", source=source, archive=tmp_path, journal=tmp_path / "journal.jsonl")
    child = CrawlerProcess(tmp_path, [job], None)
    assert list(child.reports()) == []
    assert child.error.startswith("crawler ended with code 2: job: ")
    (line,) = [line for line in lines if line["event"] == "crawler_said"]
    assert line["level"] == "error" and "paper: a live crawl needs a contact" in line["text"]


def test_a_crawler_that_says_too_much_is_cut_short_and_never_waits(lines: list[dict[str, Any]]) -> None:
    said = b"".join(
        json.dumps({"level": "warning", "event": f"odd {number}", "x": "y" * 9000}).encode() + b"\n"
        for number in range(MOST_LINES + 30)
    )
    relay = LogRelay(io.BytesIO(said + b'Traceback:\n  File "x"\nBoom: \xff\n'))
    relay.end()
    assert [line["event"] for line in lines[:2]] == ["odd 0", "odd 1"]
    assert len(lines) == MOST_LINES + 1 and lines[-1] == {
        "level": "warning",
        "event": "crawler_lines_left_out",
        "lines": 31,
    }
    assert len(lines[0]["x"]) == LONGEST and relay.last == "Boom: \ufffd"


def test_what_a_crawler_started_may_hold_its_stderr_open_without_holding_us_up() -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        pid = int(child.stdout.readline())
        relay = LogRelay(child.stderr)
        child.wait(10)
        relay.end(0.2)
        os.kill(pid, signal.SIGKILL)
        relay.end()
    assert relay.last == ""


def test_a_stage_binds_its_names_and_lets_them_go(engine: Any, settings: Settings, lines: list[dict[str, Any]]) -> None:
    run = Run("r9", settings, engine, {}, now=None)  # type: ignore[arg-type]
    with instrumented_stage(run, Stage.LINK):
        structlog.get_logger().info("inside")
    structlog.get_logger().info("outside")
    assert [carried(line) for line in lines] == [{"run": "r9", "stage": "link"}, {}]
