"""A crawl that is stopped or killed leaves accounts that balance and an archive whose every record is whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import ROOT, Answer, Site, job_of, result, serving, source_of, start

from pipeline import archive
from pipeline.crawling import journal
from pipeline.records import DocumentKind, Outcome


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def slow_site(site: Site, count: int, delay: float) -> list[str]:
    links = []
    for n in range(count):
        links.append(site.url(f"/news/{n}"))
        site.answers[f"/news/{n}"] = Answer(f"<p>Page {n}</p>".encode() * 400, delay=delay)
    site.feed("/feed.xml", links)
    return links


def wait_for(site: Site, path: str) -> None:
    deadline = time.monotonic() + 60
    while path not in site.paths():
        assert time.monotonic() < deadline, f"{path} was never asked for"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_crawl_accounts_for_every_address(site: Site, tmp_path: Path, number: int) -> None:
    links = slow_site(site, 50, 0.2)
    job = job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")], politeness={"concurrency": 1}))
    child = start(job)
    wait_for(site, "/news/3")
    child.send_signal(number)
    output, messages = child.communicate(timeout=60)
    assert child.returncode == 0, messages
    assert len(site.paths()) < len(links), "what was not under way is not asked for"
    found = result(job, output)
    assert found.report["finished"] == "shutdown"
    assert set(found.pages) == set(links)
    assert set(found.report["outcomes"]) == {"kept", "error"}
    assert {fetch.reason for fetch in found.pages.values() if fetch.outcome is Outcome.ERROR} == {"not-tried"}
    for name in found.report["warcs"]:
        assert archive.verify_file(tmp_path / "archive" / name) == []


GROWN = """
import os, sys
import crawlers.runner as it
from crawlers.__main__ import main
it.held_mib = lambda: it.MOST_MIB + os.path.exists(sys.argv[1])
raise SystemExit(main())
"""
"""A crawler that seems to hold too much as soon as a file is there."""


def test_a_crawler_that_holds_too_much_ends_at_once_and_says_so(site: Site, tmp_path: Path) -> None:
    links = slow_site(site, 5, 20)
    job = job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")], politeness={"timeout": 30}))
    grown = tmp_path / "grown"
    child = start(job, program=("-c", GROWN, str(grown)))
    wait_for(site, "/news/0")
    grown.touch()
    output, messages = child.communicate(timeout=30)
    assert child.returncode == 0, messages
    found = result(job, output)
    assert found.report["finished"] == "memory"
    assert {url: found.outcome(url) for url in links} == dict.fromkeys(links, "error/not-tried")
    assert not list((tmp_path / "archive").rglob("*.open"))


def test_a_stopped_crawl_does_not_wait_for_a_server_that_hangs(site: Site, tmp_path: Path) -> None:
    slow_site(site, 5, 100)
    job = job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")], politeness={"timeout": 110}))
    child = start(job)
    wait_for(site, "/news/0")
    child.terminate()
    output, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    found = result(job, output)
    assert found.report["outcomes"] == {"error": 5}
    assert not list((tmp_path / "archive").rglob("*.open"))


def test_a_crawl_ends_by_itself_when_its_time_is_over(site: Site, tmp_path: Path) -> None:
    slow_site(site, 100, 0.3)
    polite = {"concurrency": 1}
    job = job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")], politeness=polite), limit=6)
    output, messages = start(job).communicate(timeout=60)
    found = result(job, output)
    assert found.report["finished"] == "timeout", messages
    assert len(found.pages) == 100


@pytest.mark.parametrize("after", ["/feed.xml", "/news/0", "/news/7"])
def test_after_kill_9_what_the_journal_says_is_in_the_archive(site: Site, tmp_path: Path, after: str) -> None:
    slow_site(site, 40, 0.02)
    job = job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")]))
    child = start(job)
    wait_for(site, after)
    child.kill()
    child.communicate(timeout=30)
    closed = archive.recover_archive(tmp_path / "archive", run="r1")
    assert not list((tmp_path / "archive").rglob("*.open"))
    for name in closed:
        assert archive.verify_file(tmp_path / "archive" / name) == []
    path = Path(job["journal"])
    kept = [fetch for fetch in journal.read_fetches(path) if fetch.record] if path.exists() else []
    for fetch in kept:
        assert fetch.record is not None
        assert archive.read_response(tmp_path / "archive", fetch.record).url == fetch.final_url
    if after == "/news/7":
        assert sum(fetch.kind is DocumentKind.PAGE for fetch in kept) >= 5


PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "crawlers"], stdin=sys.stdin)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_a_crawler_does_not_outlive_its_parent(site: Site, tmp_path: Path) -> None:
    slow_site(site, 500, 0.1)
    job = tmp_path / "job.json"
    job.write_text(json.dumps(job_of(tmp_path, source_of(site, feeds=[site.url("/feed.xml")]))))
    with job.open() as request:
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT], stdin=request, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
    assert parent.stdout is not None
    crawler = int(parent.stdout.readline())
    wait_for(site, "/news/1")
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{crawler}").exists() and "Z (" not in Path(f"/proc/{crawler}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    asked = len(site.asked)
    threading.Event().wait(0.5)
    assert len(site.asked) == asked


@pytest.mark.parametrize(
    ("request_text", "words"),
    [
        ("{", "not JSON"),
        ("{}", "source: Field required"),
        ('{"jobs": []}', "jobs: Tuple should have at least 1 item"),
        ("[]", "job"),
    ],
)
def test_a_wrong_request_is_told_in_words(request_text: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawlers"], input=request_text, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_live_crawl_without_a_contact_and_a_broken_replay_are_told_in_words(site: Site, tmp_path: Path) -> None:
    source = source_of(site, feeds=[site.url("/feed.xml")])
    (tmp_path / "x.warc.gz").write_bytes(b"nothing")
    for fields, words in (
        ({"contact": ""}, "needs a contact"),
        ({"replay": str(tmp_path / "x.warc.gz")}, "not a WARC file"),
        ({"replay": str(tmp_path / "missing.warc.gz")}, "cannot be read"),
    ):
        child = start(job_of(tmp_path, source, **fields))
        _, messages = child.communicate(timeout=60)
        assert child.returncode == 2
        assert words in messages
        assert "Traceback" not in messages
    assert site.asked == []
