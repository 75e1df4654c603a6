"""The hostile test bed, which is not part of the project: nothing inside is reached, and every path has an outcome."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crawling import ROOT, Crawl, crawl, job_of, serving, source_of

from pipeline import archive
from pipeline.records import Outcome

BED = Path(os.environ.get("ONRECORD_SHARED") or ROOT.parent / "shared") / "hostile" / "hostile_server.py"
OWN = {"/__paths", "/__stats", "/__reset", "/__quit", "/robots.txt"}

pytestmark = pytest.mark.skipif(not BED.is_file(), reason=f"no hostile test bed at {BED} (ONRECORD_SHARED)")


@dataclass(frozen=True)
class Bed:
    port: int
    canary: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(self.url(path), timeout=10) as answer:
            return json.load(answer)


@dataclass(frozen=True)
class Visited:
    bed: Bed
    pages: list[str]
    documents: list[str]
    bad: list[str]
    crawl: Crawl
    slow: Crawl
    folder: Path
    canary_hits: list[Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    bed = Bed(free_port(), free_port())
    command = [sys.executable, str(BED), "--port", str(bed.port), "--canary-port", str(bed.canary)]
    server = subprocess.Popen([*command, "--max-seconds", "600", "--body-seconds", "20"], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"READY")
        yield visit(bed, tmp_path_factory.mktemp("hostile"))
    finally:
        server.terminate()
        server.wait()


def visit(bed: Bed, folder: Path) -> Visited:
    """One crawl of all paths of the bed and of the canary in every disguise, from one feed of our own."""
    paths = [path + SMALLER.get(path, "") for path in bed.ask("/__paths") if path not in OWN]
    documents = [path for path in paths if path.startswith(("/xml/", "/feed/")) or "sitemap" in path]
    slow = [path for path in paths if path.startswith("/slow/")]
    pages = [path for path in paths if path not in documents and path not in slow]
    bad = [f"http://{host}:{bed.canary}/" for host in INSIDE]
    with serving() as site:
        listed = site.feed("/listed.xml", [*(bed.url(path) for path in pages), *bad])
        source = source_of(
            site,
            feeds=[listed, *(bed.url(path) for path in documents if "feed" in path or "rss" in path)],
            sitemaps=[bed.url(path) for path in documents if "feed" not in path and "rss" not in path],
            allow_addresses=[f"127.0.0.1:{site.port}", f"127.0.0.1:{bed.port}"],
            politeness={"timeout": 60, "concurrency": 4, "max_pages": 220},
        )
        patient = source_of(
            site,
            id="patient",
            feeds=[site.feed("/slow.xml", [bed.url(path) for path in slow])],
            allow_addresses=[f"127.0.0.1:{site.port}", f"127.0.0.1:{bed.port}"],
            politeness={"timeout": 3, "concurrency": 4},
        )
        found, late = crawl(job_of(folder, source), job_of(folder, patient))
    return Visited(bed, pages, documents, bad, found, late, folder, bed.ask("/__stats")["canary"])


SMALLER = {
    **dict.fromkeys(("/bomb/gzip", "/bomb/deflate", "/bomb/gzip-twice", "/bomb/sitemap.xml.gz"), "?mb=80"),
    "/bomb/gzip-html": "?mb=30",
    "/feed/huge": "?n=20000",
}
"""Bombs that the bed itself takes long to make; still several times the cap."""

INSIDE = (
    "127.66.66.66", "2135048770", "0x7f424242", "0177.0102.0102.0102", "127.4342338", "[::ffff:127.66.66.66]",
    "[::ffff:7f42:4242]", "127.0.0.1", "127.1", "0", "[::1]", "localhost", "user@127.66.66.66",
)  # fmt: skip


def test_nothing_inside_is_ever_reached(visited: Visited) -> None:
    assert visited.canary_hits == []
    assert [visited.crawl.outcome(url) for url in visited.bad] == ["error/guard"] * len(visited.bad)
    inward = [path for path in visited.pages if path.startswith("/redirect/internal") or path == "/redirect/file"]
    assert len(inward) == 6
    assert {visited.crawl.outcome(visited.bed.url(path)) for path in inward} == {"error/guard"}
    local = Path("/etc/hostname").read_bytes().strip() if Path("/etc/hostname").exists() else b"?"
    for fetch in visited.crawl.fetches:
        if fetch.record is not None:
            body = archive.read(visited.folder / "archive", fetch.record).body
            assert b"INTERNAL-SECRET" not in body
            assert body.strip() != local


def test_every_path_ends_in_one_outcome(visited: Visited) -> None:
    assert len(visited.pages) + len(visited.documents) + len(visited.slow.pages) >= 110
    for path in visited.pages:
        fetch = visited.crawl.pages[visited.bed.url(path)]
        assert fetch.reason not in ("not-tried", "retry-after"), path
    for path in visited.documents:
        assert visited.bed.url(path) in visited.crawl.documents


@pytest.mark.parametrize(
    ("start", "reasons"),
    [
        ("/bomb/", {"too-large"}),
        ("/endless/", {"too-large"}),
        ("/body/gzip-", {"truncated", "bad-encoding"}),
        ("/body/trunc", {"truncated"}),
        ("/body/chunk-", {"truncated"}),
        ("/header/garbage", {"network"}),
        ("/status/reset", {"network"}),
        ("/redirect/loop", {"redirects"}),
        ("/redirect/grow", {"redirects"}),
    ],
)
def test_an_attack_is_told_by_its_name(visited: Visited, start: str, reasons: set[str]) -> None:
    met = [fetch for url, fetch in visited.crawl.pages.items() if url.startswith(visited.bed.url(start))]
    assert met
    for fetch in met:
        assert fetch.outcome is Outcome.ERROR
        assert fetch.reason in reasons, fetch.url


def test_a_server_that_is_slow_for_ever_is_left_in_time(visited: Visited) -> None:
    assert [fetch.reason for fetch in visited.slow.pages.values()] == ["timeout"] * 4
    assert visited.slow.report["seconds"] < 30


def test_sane_pages_in_the_same_run_are_kept(visited: Visited) -> None:
    for path in ("/ok", "/ok-ru", "/enc/cp1251-meta", "/type/none"):
        assert visited.crawl.outcome(visited.bed.url(path)) == "kept/new"


def test_one_bad_line_of_a_sitemap_does_not_drop_the_rest(visited: Visited) -> None:
    sitemap = visited.crawl.documents[visited.bed.url("/xml/sitemap-ssrf")]
    assert sitemap.outcome is Outcome.KEPT
    assert "file:///etc/hostname" in sitemap.detail
    assert visited.crawl.outcome(f"http://127.66.66.66:{visited.bed.canary}/?via=sitemap") == "error/guard"


def test_a_crawler_stays_small(visited: Visited) -> None:
    """Idle it holds about 75 MiB (measured); all bombs together may add 150 MiB, and added 80 when this was written."""
    assert visited.crawl.report["peak_mib"] < 225
