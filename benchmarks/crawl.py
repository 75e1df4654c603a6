"""What the whole spider costs beside a bare Scrapy fetch, how near it comes to the floor of politeness, what it holds.

``python benchmarks/crawl.py [pages|hosts|memory ...]``: all three without an argument. All on loopback, against a
server of the benchmark's own, a process apart, which answers from packed pages of 40 to 250 KB (131 KB on average,
like news pages). CPU is that of the crawling process alone, start-up subtracted; both spiders take turns, and each
figure is the median of the rounds.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROUNDS = 5
PAGES = 600
HOSTS, PAGES_PER_HOST, DELAY = 30, 20, 0.5
LONG = 5000
VARIANTS = 60


def bare(base: str, count: int) -> None:
    """Fetch the same pages with nothing but Scrapy; says how many came."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response

    class Bare(scrapy.Spider):
        name = "bare"
        came = 0

        async def start(self) -> AsyncIterator[scrapy.Request]:
            yield scrapy.Request(f"{base}/feed.xml?{count}", self.listed)

        def listed(self, _: Response) -> Iterator[scrapy.Request]:
            for number in range(count):
                yield scrapy.Request(f"{base}/news/{number}", self.page)

        def page(self, response: Response) -> None:
            Bare.came += response.status == 200

    quiet = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    side_by_side = {"CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}
    process = AsyncCrawlerProcess({**quiet, **side_by_side})
    process.crawl(Bare)
    process.start()
    say(json.dumps({"outcomes": {"kept": Bare.came}}))


def page(number: int) -> bytes:
    """A made page, packed: words that repeat as in a real one, so that it packs to about a fifth."""
    chance = random.Random(number)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwy", k=chance.randint(2, 9))) for _ in range(1500)]
    size = chance.randint(40_000, 222_000)
    parts = [f"<!doctype html><html><head><title>{number}</title></head><body>"]
    length = 0
    while length < size:
        text = f'<div class="{chance.choice(words)}"><p>{" ".join(chance.choices(words, k=40))}</p></div>\n'
        parts.append(text)
        length += len(text)
    return gzip.compress("".join(parts).encode(), 6)


async def serve(port: int, addresses: list[str]) -> None:
    """Answer until killed: robots.txt, a feed of all pages, and the pages."""
    pages = [page(number) for number in range(VARIANTS)]

    def answer(path: str, host: str) -> bytes:
        if path == "/robots.txt":
            return whole(b"User-agent: *\nDisallow: /private\n", "text/plain")
        if path.startswith("/feed.xml"):
            count = int(path.partition("?")[2] or PAGES)
            items = "".join(f"<item><link>http://{host}/news/{number}</link></item>" for number in range(count))
            return whole(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), "application/rss+xml")
        number = int(path.rpartition("/")[2])
        return whole(pages[number % VARIANTS], "text/html; charset=utf-8", "Content-Encoding: gzip\r\n")

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                host = next(line.partition(": ")[2] for line in lines if line.lower().startswith("host:"))
                writer.write(answer(lines[0].split(" ")[1], host))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    for address in addresses:
        await asyncio.start_server(client, address, port)
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def whole(body: bytes, content_type: str, more: str = "") -> bytes:
    """A response with its head."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@contextmanager
def serving(addresses: list[str]) -> Iterator[int]:
    """The server, a process of its own; its port."""
    port = 20000 + os.getpid() % 20000
    server = subprocess.Popen(
        [sys.executable, __file__, "serve", str(port), *addresses], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    server.stdout.readline()
    try:
        yield port
    finally:
        server.kill()
        server.wait()


def job(folder: Path, host: str, port: int, count: int, **polite: Any) -> dict[str, Any]:
    """A crawl of one host's pages."""
    source = {
        "id": f"s{host.replace('.', '-')}",
        "title": "Benchmark",
        "language": "en",
        "home": f"http://{host}:{port}/",
        "feeds": [f"http://{host}:{port}/feed.xml?{count}"],
        "allow_addresses": [f"{host}:{port}"],
        "politeness": {"delay": 0, "concurrency": 8, "max_pages": count + 10, **polite},
    }
    name = f"{time.monotonic_ns()}"
    return {
        "run": name,
        "source": source,
        "archive": str(folder / "archive"),
        "journal": str(folder / f"{name}.jsonl"),
        "contact": "bench@example.org",
    }


def used(command: list[str], text: str = "") -> tuple[float, list[dict[str, Any]]]:
    """CPU seconds of a child, and the JSON lines it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, [json.loads(line) for line in done.stdout.splitlines()]


def crawled(jobs: list[dict[str, Any]]) -> tuple[float, list[dict[str, Any]]]:
    """CPU seconds of the crawler, and its reports; every page must have been kept."""
    cpu, reports = used([sys.executable, "-m", "crawlers"], json.dumps({"jobs": jobs}))
    for report in reports:
        assert report["outcomes"] == {"kept": report["discovered"]}, report
    return cpu, reports


def cost_of_pages(folder: Path) -> None:
    """The whole spider, with robots.txt, accounts and archive, against a bare fetch of the same pages."""
    with serving(["127.0.0.1"]) as port:
        base = f"http://127.0.0.1:{port}"

        def plain(count: int) -> float:
            cpu, (report,) = used([sys.executable, __file__, "bare", base, str(count)])
            assert report["outcomes"] == {"kept": count}, report
            return cpu

        def ours(count: int) -> float:
            return crawled([job(folder, "127.0.0.1", port, count)])[0]

        rounds = [(plain(PAGES) - plain(1), ours(PAGES) - ours(1)) for _ in range(ROUNDS)]
    per_page = [statistics.median(times) * 1000 / (PAGES - 1) for times in zip(*rounds, strict=True)]
    ratio = statistics.median(second / first for first, second in rounds)
    say(f"CPU per page: bare Scrapy {per_page[0]:.2f} ms, whole spider {per_page[1]:.2f} ms, ratio {ratio:.2f}")


def wall_of_hosts(folder: Path) -> None:
    """Many hosts side by side, each with its delay: how long beyond the floor, pages x delay."""
    hosts = [f"127.0.1.{number}" for number in range(1, HOSTS + 1)]
    with serving(hosts) as port:
        jobs = [job(folder, host, port, PAGES_PER_HOST, delay=DELAY, concurrency=1) for host in hosts]
        started = time.monotonic()
        crawled(jobs)
        wall = time.monotonic() - started
    requests = PAGES_PER_HOST + 2
    floor = (requests - 1) * DELAY
    say(
        f"wall: {HOSTS} hosts, {requests} requests each (robots.txt and feed included), {DELAY} s apart: "
        f"{wall:.1f} s, {wall / floor:.2f} of the floor"
    )


def memory_of_many(folder: Path) -> None:
    """Peak memory after few pages and after many."""
    with serving(["127.0.0.1"]) as port:
        found = [(count, crawled([job(folder, "127.0.0.1", port, count)])[1][0]["peak_mib"]) for count in (500, LONG)]
    (few, low), (many, high) = found
    say(f"memory: {low} MiB at most over {few} pages, {high} MiB over {many}: {high - low} MiB more")


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


MEASURES = {"pages": cost_of_pages, "hosts": wall_of_hosts, "memory": memory_of_many}


def main(wanted: list[str]) -> None:
    """Take the measures asked for, all without a name."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        for name, measure in MEASURES.items():
            if name in wanted or not wanted:
                measure(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2]), sys.argv[3:]))
    elif sys.argv[1:2] == ["bare"]:
        bare(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1:])
