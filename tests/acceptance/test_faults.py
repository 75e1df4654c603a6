"""What goes wrong outside ends as an outcome with a reason; what stops the program halfway leaves no trace."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pytest
from program import ENTRY, ROOT, SOURCES, onrecord, replaying
from sqlalchemy import text

from pipeline.config.settings import from_environment
from pipeline.demo.newsroom import CONFIG
from pipeline.store.engine import open_store
from tests.integration.crawling import Answer, Site, serving
from tests.integration.postbox import Postbox, served

STORY = "".join(
    f"<p>The keeper of lamp number {number} told the harbour council that it burned all night and will burn again.</p>"
    for number in range(12)
)
HEALTHY = (
    f"<html><head><title>Lamps</title></head><body><article><h1>Lamps</h1>{STORY}</article></body></html>".encode()
)
UNREADABLE = b"\x00\xff\xfe<\x01\x02" * 4000
LISTED = ("/healthy", "/forbidden", "/cut", "/cut-short", "/unreadable", "/absent", "/lured")
OPERATOR = "operator@harbour.example"


@dataclass(frozen=True)
class Faulty:
    """A run over a site full of faults: what it printed, how its addresses ended, who else was asked or told."""

    site: Site
    canary: Site
    box: Postbox
    done: subprocess.CompletedProcess[str]
    rows: list[dict[str, str]]
    articles: list[dict[str, object]]
    feed_detail: str

    def ended(self, url: str) -> tuple[str, str]:
        (row,) = [row for row in self.rows if row["url"] == url]
        return row["outcome"], row["reason"]


def answer_with_faults(site: Site, canary: Site) -> None:
    squeezed = gzip.compress(HEALTHY)
    canary.page("/inside")
    site.answers |= {
        "/healthy": Answer(HEALTHY),
        "/forbidden": Answer(b"no", status=403),
        "/cut": Answer(squeezed, headers={"Content-Encoding": "gzip"}, cut=len(squeezed) // 2),
        "/cut-short": Answer(squeezed[: len(squeezed) // 2], headers={"Content-Encoding": "gzip"}),
        "/unreadable": Answer(UNREADABLE),
        "/lured": Answer(status=302, headers={"Location": canary.url("/inside?via=redirect")}),
    }
    site.feed(
        "/feed", [*map(site.url, LISTED), "file:///etc/passwd", canary.url("/inside?via=feed"), "not an address at all"]
    )
    site.feed("/empty", [])


def configure(folder: Path, site: Site) -> Path:
    """Two sources on the site: one full of faults, one that lists nothing."""
    (folder / "sources").mkdir(parents=True)
    for name, feed in (("harbour", "/feed"), ("silent", "/empty")):
        (folder / "sources" / f"{name}.yaml").write_text(
            f"id: {name}\ntitle: The {name} paper\nlanguage: en\nhome: {site.url('/')}\nfeeds: [{site.url(feed)}]\n"
            f'allow_addresses: ["127.0.0.1:{site.port}"]\nrelevance: all\npoliteness: {{delay: 0, timeout: 5}}\n',
            encoding="utf-8",
        )
    return folder


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("faulty")
    with serving() as site, serving() as canary, served() as box:
        answer_with_faults(site, canary)
        done = onrecord(
            *("run", "--source", "harbour", "--source", "silent"),
            ONRECORD_HOME=folder / "home",
            ONRECORD_CONFIG=configure(folder / "config", site),
            ONRECORD_CONTACT="crawler@harbour.example",
            ONRECORD_OPS_MAIL=OPERATOR,
            ONRECORD_SMTP_URL=box.url,
        )
        report = onrecord("report", "--urls", ONRECORD_HOME=folder / "home")
        kept = onrecord("articles", "--jsonl", ONRECORD_HOME=folder / "home")
        rows = [json.loads(line) for line in report.stdout.splitlines()]
        articles = [json.loads(line) for line in kept.stdout.splitlines()]
        settings = replace(from_environment(), home=folder / "home", database_url=None)
        with open_store(settings) as engine, engine.connect() as connection:
            detail = connection.scalar(
                text("SELECT detail FROM onrecord.fetches WHERE url = :url"), {"url": site.url("/feed")}
            )
        yield Faulty(site, canary, box, done, rows, articles, str(detail))


def test_a_source_that_brings_nothing_fails_the_run_by_name_and_without_a_traceback(faulty: Faulty) -> None:
    assert faulty.done.returncode == 1, faulty.done.stderr
    assert "FAILED: silent" in faulty.done.stdout and "FAILED: harbour" not in faulty.done.stdout
    assert "Traceback" not in faulty.done.stderr


def test_the_healthy_page_is_kept_whatever_stands_beside_it(faulty: Faulty) -> None:
    assert faulty.ended(faulty.site.url("/healthy")) == ("kept", "new")
    assert [article["url"] for article in faulty.articles] == [faulty.site.url("/healthy")]
    assert "lamp number 11" in str(faulty.articles[0]["text"])


@pytest.mark.parametrize(
    ("path", "ending"),
    [
        ("/forbidden", ("error", "http-403")),
        ("/cut", ("error", "truncated")),
        ("/cut-short", ("error", "truncated")),
        ("/absent", ("gone", "http-404")),
        ("/lured", ("error", "guard")),
    ],
)
def test_a_bad_page_ends_once_and_says_why(faulty: Faulty, path: str, ending: tuple[str, str]) -> None:
    assert faulty.ended(faulty.site.url(path)) == ending


def test_a_page_that_is_no_page_is_told_and_not_kept(faulty: Faulty) -> None:
    assert faulty.ended(faulty.site.url("/unreadable")) == ("not-article", "not-html")


def test_every_listed_address_ends_exactly_once(faulty: Faulty) -> None:
    times = Counter(row["url"] for row in faulty.rows if "kind" not in row)
    assert set(times.values()) == {1}
    assert all(row["outcome"] and row["reason"] for row in faulty.rows)
    paths = (*LISTED, "/not%20an%20address%20at%20all")
    assert set(times) == {*map(faulty.site.url, paths), faulty.canary.url("/inside?via=feed")}


def test_what_is_no_web_address_is_told_with_the_feed_and_never_read(faulty: Faulty) -> None:
    assert "file:///etc/passwd" in faulty.feed_detail
    assert "root:" not in json.dumps(faulty.articles)


def test_nothing_inside_is_asked_by_link_or_by_redirect(faulty: Faulty) -> None:
    assert faulty.canary.asked == []
    assert faulty.ended(faulty.canary.url("/inside?via=feed")) == ("error", "guard")


def test_whoever_looks_after_it_gets_one_email_on_the_source_that_failed_the_run(faulty: Faulty) -> None:
    assert faulty.box.recipients == [[OPERATOR]]
    (mail,) = faulty.box.emails
    assert str(mail["Subject"]).startswith("onrecord: silent is ")
    assert "Traceback" not in mail.as_string() and "harbour:" not in mail.as_string()


def begin(*arguments: object, output: IO[str], **environment: object) -> subprocess.Popen[str]:
    """A command in a process group of its own, on its way."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, *map(str, arguments)],
        cwd=ROOT,
        env=bare | {name: str(value) for name, value in environment.items()},
        stdout=output,
        stderr=output,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_an_interrupted_demo_says_so_and_the_next_one_completes(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    with log.open("w") as output:
        process = begin("demo", "--home", home, output=output)
        wait_until(lambda: crawling(home), process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130, log.read_text()
    assert "interrupted" in log.read_text() and "Traceback" not in log.read_text()
    again = onrecord("demo", "--home", home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert onrecord("verify", "--all", ONRECORD_HOME=home).returncode == 0


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until the program has got that far; a moment later it is in the middle of what follows."""
    end = time.monotonic() + 90
    while not reached():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.3)


def crawling(home: Path) -> bool:
    """Whether pages are on their way into the archive."""
    return any((home / "archive").rglob("*.open"))


def half_crawled(home: Path) -> bool:
    """Whether one source's archive file is complete."""
    return any((home / "archive").rglob("*.warc.gz"))


def all_crawled(home: Path) -> bool:
    """Whether every source's archive file is complete, and the later stages have their turn."""
    return len(list((home / "archive").rglob("*.warc.gz"))) == len(SOURCES) and not crawling(home)


@pytest.mark.slow
@pytest.mark.parametrize("moment", [crawling, half_crawled, all_crawled])
def test_a_run_killed_halfway_and_run_again_leaves_what_an_undisturbed_one_leaves(
    moment: Callable[[Path], bool], recorded: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with (tmp_path / "log").open("w") as output:
        process = begin(*replaying(recorded), output=output, ONRECORD_HOME=home, ONRECORD_CONFIG=CONFIG)
        wait_until(lambda: moment(home), process)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    again = onrecord(*replaying(recorded), ONRECORD_HOME=home, ONRECORD_CONFIG=CONFIG)
    assert again.returncode == 0, again.stdout + again.stderr
    assert json.loads(onrecord("digest", "--json", ONRECORD_HOME=home).stdout) == undisturbed
    assert onrecord("verify", "--all", ONRECORD_HOME=home).returncode == 0
    assert not crawling(home)
