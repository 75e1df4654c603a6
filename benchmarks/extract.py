"""How fast pages are read: with the sandbox on, with two workers, and with a source's selectors.

``python benchmarks/extract.py [MANIFEST.jsonl]``: without a manifest (as ``onrecord files text --manifest`` takes
it), on pages made here. Every figure is a ratio inside this run: the sides take each page in turns, so that a busy
machine slows both, and each page once, since nobody reads a page twice and some caches would live on it. CPU is that
of this process and of its worker together; only the two workers are measured by the clock.

Goals: at least 0.9 of the pages per CPU second of trafilatura alone (fast, with its metadata); two workers at least 1.7
times one; a source with selectors at most 4 times the CPU of parsing its pages with lxml.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import trafilatura
from lxml import html

from benchmarks.spent import counted, own
from pipeline.config.source import Source
from pipeline.errors import Rejected
from pipeline.extraction import extract_article
from pipeline.records import Page
from pipeline.runtime.sandbox import Sandbox

ROUNDS = 5
WARM = 10
"""Pages read before the clock runs: models are loaded and patterns compiled once, not for each page."""
WORDS = (
    "harbour bridge council storm ferry north south master money plan beam winter crew quay board town crane vote cost "
    "spring letter ship lawyer court week answer road school report border doctor bread engine wall river train field "
    "the the the of of and and that with from which said had been were would not for"
).split()
SELECTORS = {"title": "h1", "lead": "p.lead", "body": "p", "published": "time", "drop": ["aside", "figure"]}


def sentences(draw: random.Random, count: int) -> str:
    """Sentences of made-up prose, every third of them said by somebody."""
    made = []
    for number in range(count):
        words = " ".join(draw.choices(WORDS, k=draw.randint(8, 24)))
        made.append(f"“We know the {words},” she said." if number % 3 == 2 else f"The {words} of {draw.random():.3f}.")
    return " ".join(made)


def made_page(number: int) -> Page:
    """A page of some 95 KB as news sites build them: menus, scripts, teasers, and a story of 24 paragraphs."""
    draw = random.Random(number)
    title = f"Bridge {number} stays closed"
    story = "".join(f"<p>{sentences(draw, 3)}</p>" for _ in range(24))
    wrapped = "".join(f'<div class="w w--{n}" data-n="{n}"><span class="i"></span></div>' for n in range(700))
    menu = "".join(f'<li class="menu__item"><a href="/s/{n}">Section {n}</a></li>' for n in range(50))
    teasers = "".join(
        f'<div class="card"><a href="/n/{n}"><img src="/{n}.jpg" alt=""><h3>{sentences(draw, 1)}</h3></a>'
        f'<time datetime="2026-06-14T{n % 24:02d}:00:00Z">{n % 24}:00</time></div>'
        for n in range(40)
    )
    item = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
        "datePublished": "2026-06-14T10:00:00Z", "author": {"@type": "Person", "name": "Anna Berg"},
    }  # fmt: skip
    script = "var pages=[" + ",".join(f'{{"id":{n},"title":"{draw.random()}"}}' for n in range(700)) + "];"
    markup = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<script type="application/ld+json">{json.dumps(item)}</script><script>{script}</script></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>"
        f'<time class="day" datetime="2026-06-14T10:00:00Z">14 June</time><p class="lead">{sentences(draw, 2)}</p>'
        f'<div class="story">{story}</div></article><aside>{teasers}{wrapped}</aside></main>'
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )
    return Page(f"https://news.example/2026/06/14/bridge-{number}", markup.encode(), "text/html; charset=utf-8")


def pages_of(manifest: Path) -> list[Page]:
    """The pages that a manifest names."""
    found = []
    for line in manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        raw = (manifest.parent / row["file"]).read_bytes()
        body = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        found.append(Page(row.get("url") or "https://unknown.example/a/b", body))
    return found


def read(page: Page, source: Source | None = None) -> None:
    """One page read, refused or not."""
    with suppress(Rejected):
        extract_article(page, source)


def read_in(box: Sandbox, page: Page) -> None:
    """One page read in the sandbox, refused or not."""
    with suppress(Rejected):
        box.call(extract_article, page)


def alone(page: Page) -> None:
    """One page read by trafilatura alone."""
    trafilatura.bare_extraction(page.body, url=page.url, fast=True, include_comments=False, with_metadata=True)


def parse(page: Page) -> None:
    """One page parsed."""
    html.document_fromstring(page.body)


def in_turns(
    pages: list[Page], sides: dict[str, Callable[[Page], object]], cpu: Callable[[], float]
) -> dict[str, float]:
    """CPU seconds of each side over all pages, which the sides take in turns, the first to begin changing."""
    total = dict.fromkeys(sides, 0.0)
    order = list(sides)
    for page in pages:
        order.append(order.pop(0))
        for name in order:
            start = cpu()
            sides[name](page)
            total[name] += cpu() - start
    return total


def sandboxed(pages: list[Page]) -> None:
    """Pages per CPU second, all told, against trafilatura alone."""
    with Sandbox() as box:

        def cpu() -> float:
            return time.process_time() + box.call(own)

        sides = {"onrecord": lambda page: read_in(box, page), "trafilatura": alone, "lxml": parse}
        in_turns(pages[:WARM], sides, cpu)
        took = in_turns(pages[WARM:], sides, cpu)
    per_page = {name: seconds / len(pages[WARM:]) * 1000 for name, seconds in took.items()}
    say(f"CPU per page: {', '.join(f'{name} {ms:.2f} ms' for name, ms in per_page.items())}")
    ratio = took["trafilatura"] / took["onrecord"]
    say(f"pages per CPU second, sandbox on: {ratio:.2f} of trafilatura alone (goal: at least 0.9)")


def two_workers(pages: list[Page]) -> None:
    """Pages per second of two workers against one; beside it, what two processes that only count reach just now."""
    reading, counting = [], []
    with Sandbox() as first, Sandbox() as second, ThreadPoolExecutor(2) as threads:
        boxes = (first, second)

        def share(box: Sandbox, tasks: Iterator[Callable[[Sandbox], object]]) -> None:
            for task in tasks:
                task(box)

        def gain(tasks: list[Callable[[Sandbox], object]]) -> float:
            """How much faster two workers are than one at tasks that each takes as it gets free."""
            one = taken(lambda: share(first, iter(tasks)))
            common = iter(tasks)
            return one / taken(lambda: list(threads.map(share, boxes, (common, common))))

        to_read = [partial(read_in, page=page) for page in pages]
        to_count = [count] * 60
        for box in boxes:
            share(box, iter(to_read[:WARM]))
        for _ in range(ROUNDS):
            reading.append(gain(to_read))
            counting.append(gain(to_count))
    say(f"two workers: {statistics.median(reading):.2f} times one, by the clock (goal: at least 1.7)")
    say(f"two processes that only count, in the same rounds: {statistics.median(counting):.2f} times one")


def count(box: Sandbox) -> None:
    """Some 20 ms of a processor."""
    box.call(counted, 1_000_000)


def taken(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def with_selectors(pages: list[Page]) -> None:
    """CPU of a source with selectors against an lxml parse of the same pages."""
    source = Source.model_validate(
        {
            "id": "news", "title": "News", "language": "en", "home": "https://news.example",
            "feeds": ["https://news.example/rss"], "selectors": [SELECTORS],
        }
    )  # fmt: skip
    pages = [page for page in pages if by_selectors(page, source)]
    sides = {"onrecord": lambda page: read(page, source), "lxml": parse}
    in_turns(pages[:WARM], sides, time.process_time)
    took = in_turns(pages[WARM:], sides, time.process_time)
    ratio = took["onrecord"] / took["lxml"]
    say(f"a source with selectors: {ratio:.2f} times an lxml parse of its {len(pages)} pages (goal: at most 4)")


def by_selectors(page: Page, source: Source) -> bool:
    """Whether the selectors find the story of a page, so that nothing falls back to the generic reader."""
    try:
        return extract_article(page, source).extractor == "selectors"
    except Rejected:
        return False


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Runs everything and prints one line per figure."""
    pages = pages_of(Path(arguments[0])) if arguments else [made_page(number) for number in range(120)]
    say(f"{len(pages)} pages, {sum(len(page.body) for page in pages) // len(pages) // 1024} KB each")
    sandboxed(pages)
    two_workers(pages)
    with_selectors(pages)


if __name__ == "__main__":
    main(sys.argv[1:])
