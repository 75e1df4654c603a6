"""A web site of the test's own on loopback, and real crawls of it in child processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml

from pipeline.config.source import Source
from pipeline.crawling import journal
from pipeline.records import DocumentKind, Fetch, KnownUrl, Outcome
from tests.forked import Ended, run_forked

ROOT = Path(__file__).resolve().parents[2]
NOBODY_ELSE = "standalone: true\nspeakers: [{id: lukyan-sadkov, gender: m, en: Lukyan Sadkov, ru: Лукьян Садков}]\n"
"""A roster of one, of which workers are ready at once: indexing the shipped one takes longer than reading a page."""


@dataclass
class Answer:
    """What a path answers. ``cut``: bytes of the body that are really sent. ``raw``: all that is sent, instead."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None
    raw: bytes | None = None


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    at: float


class Site:
    """Answers by path; asked for as a forward proxy, by whole address. What it does not know is 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None: ...

            def do_GET(self) -> None:
                asked = Asked(self.path, dict(self.headers), time.monotonic())
                site.asked.append(asked)
                found = site.answers.get(self.path, Answer(status=404))
                answer = found(asked) if callable(found) else found
                time.sleep(answer.delay)
                if answer.raw is not None:
                    self.wfile.write(answer.raw)
                    self.close_connection = True
                    return
                etag = answer.headers.get("ETag")
                if etag and asked.headers.get("If-None-Match") == etag:
                    answer = Answer(status=304, headers={"ETag": etag})
                self.send_response(answer.status)
                for name, value in {"Content-Type": "text/html", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: answer.cut])
                self.close_connection = answer.cut is not None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, words: str = "", **headers: str) -> str:
        """Have an article; its address."""
        body = f"<html><body><p>{words or path}</p></body></html>".encode()
        self.answers[path] = Answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return self.url(path)

    def feed(self, path: str, links: Iterable[str], **headers: str) -> str:
        """Have a feed of these links; its address."""
        items = "".join(f"<item><title>{escape(u)}</title><link>{escape(u)}</link></item>" for u in links)
        return self.xml(path, f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>', **headers)

    def sitemap(self, path: str, links: Iterable[str] = (), children: Iterable[str] = ()) -> str:
        children = list(children)
        kind, inner = ("sitemapindex", "sitemap") if children else ("urlset", "url")
        entries = "".join(f"<{inner}><loc>{escape(u)}</loc></{inner}>" for u in [*links, *children])
        return self.xml(path, f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>')

    def xml(self, path: str, text: str, **headers: str) -> str:
        sent = {"Content-Type": "application/xml", **{name.replace("_", "-"): v for name, v in headers.items()}}
        self.answers[path] = Answer(text.encode(), headers=sent)
        return self.url(path)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


@contextmanager
def standing_for_the_web(patch: pytest.MonkeyPatch, folder: Path, *sources: Mapping[str, Any]) -> Iterator[Site]:
    """A site that is asked for every address, and an installation in the folder whose settings lead there.

    The installation has these sources besides those that are shipped; each is read without delay, all its articles
    are on the beat, and its hosts are that of its home, unless it says otherwise. Its roster is NOBODY_ELSE.
    """
    with serving() as site:
        patch.setenv("ONRECORD_PROXY", site.url("").rstrip("/"))
        patch.setenv("ONRECORD_CONTACT", "ops@example.org")
        patch.setenv("ONRECORD_HOME", str(folder / "home"))
        patch.setenv("ONRECORD_CONFIG", str(folder / "config"))
        (folder / "config").mkdir()
        (folder / "config" / "speakers.yaml").write_text(NOBODY_ELSE, encoding="utf-8")
        for source in sources:
            home = str(source["home"])
            usual = {"feeds": [f"{home}/feed.xml"], "relevance": "all", "politeness": {"delay": 0}}
            usual["hosts"] = [home.partition("://")[2]]
            path = folder / "config" / "sources" / f"{source['id']}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump(usual | dict(source)), encoding="utf-8")
        yield site


def source_of(site: Site, **fields: Any) -> Source:
    polite = {"delay": 0, "timeout": 5, "concurrency": 2, **fields.pop("politeness", {})}
    given: dict[str, Any] = {
        "id": "paper",
        "title": "Paper",
        "language": "en",
        "home": site.url("/"),
        "allow_addresses": [f"127.0.0.1:{site.port}"],
        "politeness": polite,
        **fields,
    }
    return Source.model_validate(given)


def job_of(folder: Path, source: Source, name: str = "r1", **fields: Any) -> dict[str, Any]:
    return {
        "run": name,
        "source": source.model_dump(mode="json"),
        "archive": str(folder / "archive"),
        "journal": str(folder / f"{source.id}-{name}.jsonl"),
        "contact": "ops@example.org",
        **fields,
    }


@dataclass(frozen=True)
class Crawl:
    """How one job ended."""

    report: dict[str, Any]
    fetches: list[Fetch]

    @property
    def pages(self) -> dict[str, Fetch]:
        """Lines of pages by address; an address with two lines fails the test."""
        return by_url(fetch for fetch in self.fetches if fetch.kind is DocumentKind.PAGE)

    @property
    def documents(self) -> dict[str, Fetch]:
        return by_url(fetch for fetch in self.fetches if fetch.kind is not DocumentKind.PAGE)

    def outcome(self, url: str) -> str:
        fetch = by_url(self.fetches)[url]
        return f"{fetch.outcome}/{fetch.reason}"


def by_url(fetches: Iterable[Fetch]) -> dict[str, Fetch]:
    found: dict[str, Fetch] = {}
    for fetch in fetches:
        assert fetch.url not in found, f"two outcomes: {fetch.url}"
        found[fetch.url] = fetch
    return found


def start(request: object, program: tuple[str, ...] = ("-m", "crawlers")) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps(request))
    child.stdin.close()
    child.stdin = None
    return child


def crawl(*jobs: dict[str, Any]) -> list[Crawl]:
    """Crawl in one child; one result per job, in the order of the jobs."""
    return results(crawling(*jobs), *jobs)


def crawling(*jobs: dict[str, Any]) -> Ended:
    """How the one child ended that crawled."""
    request = json.dumps({"jobs": jobs} if len(jobs) > 1 else jobs[0])
    return run_forked("crawlers.__main__:main", [], folder=ROOT, environment=os.environ, text=request, timeout=120)


def results(done: Ended, *jobs: dict[str, Any]) -> list[Crawl]:
    assert done.returncode == 0, done.stderr
    return [result(job, done.stdout) for job in jobs]


def result(job: dict[str, Any], output: str) -> Crawl:
    reports = [json.loads(line) for line in output.splitlines()]
    report = next(report for report in reports if report["source"] == job["source"]["id"])
    found = Crawl(report, list(journal.read_fetches(Path(job["journal"]))))
    assert sum(report["outcomes"].values()) == report["discovered"] == len(found.pages)
    return found


def remember(path: Path, *crawls: Crawl, outcomes: Mapping[str, Outcome] | None = None) -> str:
    """What a store would remember of these crawls, as a file of known URLs."""
    latest: dict[tuple[DocumentKind, str], KnownUrl] = {}
    for fetch in (fetch for found in crawls for fetch in found.fetches):
        before = latest.get((fetch.kind, fetch.url))
        latest[fetch.kind, fetch.url] = KnownUrl(
            fetch.url,
            fetch.kind,
            before.first_seen_at if before else fetch.seen_at,
            fetch.etag,
            fetch.last_modified,
            fetch.body_sha256 or (before.body_sha256 if before else ""),
            fetch.seen_at,
            (outcomes or {}).get(fetch.url, fetch.outcome),
            fetch.reason,
            record=fetch.record or (before.record if before else None),
            changed_at=fetch.seen_at if fetch.record else before and before.changed_at,
        )
    path.write_text("".join(journal.known_to_json(known) + "\n" for known in latest.values()), encoding="utf-8")
    return str(path)
