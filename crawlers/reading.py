"""Read discovery documents off the event loop, so that a hostile one cannot stall the crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipeline.feeds import read_feed, read_sitemap
from pipeline.records import DocumentKind
from pipeline.sandbox import Sandbox

SMALL = 64 << 10
"""Bytes of a document that is read without the sandbox: at this size the worst known input takes libxml2 0.4 s
(attributes on one tag, quadratic: 0.9 s at 95 KiB), and a worker process takes as long to start."""
CPU_SECONDS = 20
MEMORY_BYTES = 1 << 30
WALL_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Listed:
    """One address that a document lists, as far as the document tells."""

    url: str
    title: str = ""
    published_raw: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap lists: pages, further sitemaps, and the next page of a feed."""

    entries: tuple[Listed, ...]
    children: tuple[str, ...] = ()
    next_url: str | None = None
    problems: tuple[str, ...] = ()


class Reader:
    """Reads documents one after the other, large ones in a sandbox that lives as long as the process."""

    def __init__(self) -> None:
        # one thread: a sandbox serves one caller, and its worker dies with the thread that started it
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._sandbox = Sandbox(CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS)

    async def listing(self, kind: DocumentKind, body: bytes, *, url: str, content_type: str) -> Listing:
        """The document's listing. Raises Rejected for what is no feed or sitemap or breaks a limit."""
        read = _feed if kind is DocumentKind.FEED else _sitemap
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, read, body, url, content_type)

    def _read(self, read: Callable[[bytes, str, str], Listing], body: bytes, url: str, content_type: str) -> Listing:
        if len(body) <= SMALL and not body.startswith(b"\x1f\x8b"):
            return read(body, url, content_type)
        return self._sandbox.call(read, body, url, content_type)

    def close(self) -> None:
        """End the sandbox's worker."""
        self._thread.submit(self._sandbox.close)
        self._thread.shutdown(wait=True)


def _feed(body: bytes, url: str, content_type: str) -> Listing:
    feed = read_feed(body, base_url=url, content_type=content_type)
    entries = (Listed(entry.url, entry.title, entry.published_raw) for entry in feed.entries if entry.url)
    return Listing(tuple(entries), next_url=feed.next_url, problems=feed.problems)


def _sitemap(body: bytes, url: str, content_type: str) -> Listing:
    sitemap = read_sitemap(body, base_url=url, content_type=content_type)
    entries = (Listed(entry.url, entry.title, entry.published_raw or entry.lastmod_raw) for entry in sitemap.entries)
    return Listing(tuple(entries), children=sitemap.children, problems=sitemap.problems)
