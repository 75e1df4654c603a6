"""Parse discovery documents in a sandboxed worker, so that a hostile one can neither stall nor crash the crawl."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from pipeline.config.discovery import DiscoveryDocument, JsonList, Listing
from pipeline.errors import Rejected
from pipeline.parsing.feeds import ListingDocument, read_feed, read_json_list, read_listing, read_sitemap
from pipeline.reasons import Reason
from pipeline.records import DocumentKind, Outcome
from pipeline.runtime.sandbox import Sandbox

CPU_SECONDS = 10
MEMORY_BYTES = 1 << 30
WALL_SECONDS = 25.0
MOST_SECONDS = 120.0
"""Seconds of parsing for all documents of one source together; one that needs more is taken for an attack."""
LONGEST_TITLE = 500
"""Characters of a title that the journal keeps."""


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """One address that a document lists, with what the document says about it."""

    url: str
    title: str = ""
    published_raw: str = ""
    modified_raw: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document lists: pages, further sitemaps, and the document's next page."""

    entries: tuple[ListedAddress, ...]
    children: tuple[str, ...] = ()
    next_url: str | None = None
    problems: tuple[str, ...] = ()


class DiscoveryParser:
    """Parses documents one at a time, in one sandbox that lives as long as the process.

    Of the sources that wait, the one that has used the least parsing time so far comes first.
    """

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._busy = False
        # one thread: a sandbox serves one caller, and its worker dies with the thread that started it
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._sandbox = Sandbox(CPU_SECONDS, MEMORY_BYTES, WALL_SECONDS)
        # start the worker now, while the first documents are being fetched
        self._thread.submit(self._sandbox.call, warm_up_worker)

    async def contents(
        self,
        kind: DocumentKind,
        document: DiscoveryDocument | None,
        body: bytes,
        *,
        source: str,
        url: str,
        content_type: str,
    ) -> Contents:
        """What a document lists. Raises Rejected(ERROR) if it is not of this kind or breaks a limit."""
        call = partial(self._sandbox.call, _READERS[kind], document, body, url, content_type[:LONGEST_TITLE])
        async with self._turn(source):
            if self._spent[source] >= MOST_SECONDS:
                raise Rejected(
                    Outcome.ERROR, Reason.PARSE_TIMEOUT, f"{source}: its documents took {MOST_SECONDS:g} s to read"
                )
            began = time.monotonic()
            try:
                return await asyncio.get_running_loop().run_in_executor(self._thread, call)
            except (Rejected, asyncio.CancelledError):
                raise
            except Exception as error:
                import structlog  # takes as long to load as the parsers, and the worker logs nothing

                structlog.get_logger().exception("document_bug", url=url)
                raise Rejected(Outcome.ERROR, Reason.BUG, f"{type(error).__name__}: {error}"[:300]) from error
            finally:
                self._spent[source] += time.monotonic() - began

    @asynccontextmanager
    async def _turn(self, source: str) -> AsyncIterator[None]:
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append((source, turn))
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # cancelled after the turn was given to it
                    self._pass_on()
                raise
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """Give the turn to the next source; waiters whose future was cancelled are dropped."""
        self._busy = False
        self._waiting = [it for it in self._waiting if not it[1].done()]
        if self._waiting:
            chosen = min(self._waiting, key=lambda it: self._spent[it[0]])
            self._waiting.remove(chosen)
            self._busy = True
            chosen[1].set_result(None)

    def close(self) -> None:
        """End the sandbox's worker."""
        self._thread.submit(self._sandbox.close)
        self._thread.shutdown(wait=True)


def warm_up_worker() -> None:
    """Do nothing: calling it in the worker makes the worker import the parsers."""


def _feed(_: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    feed = read_feed(body, base_url=url, content_type=content_type)
    entries = (
        ListedAddress(it.url, it.title[:LONGEST_TITLE], it.published_raw, it.updated_raw)
        for it in feed.entries
        if it.url
    )
    return Contents(tuple(entries), next_url=feed.next_url, problems=feed.problems)


def _sitemap(_: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    sitemap = read_sitemap(body, base_url=url, content_type=content_type)
    entries = (
        ListedAddress(it.url, it.title[:LONGEST_TITLE], it.published_raw, it.lastmod_raw) for it in sitemap.entries
    )
    return Contents(tuple(entries), children=sitemap.children, problems=sitemap.problems)


def _listing(document: DiscoveryDocument | None, body: bytes, url: str, content_type: str) -> Contents:
    found: ListingDocument
    if isinstance(document, JsonList):
        found = read_json_list(body, document, base_url=url, content_type=content_type)
    elif isinstance(document, Listing):
        found = read_listing(body, document, base_url=url, content_type=content_type)
    else:
        raise TypeError(f"{url}: a listing that the source does not describe")
    entries = (ListedAddress(it.url, it.title[:LONGEST_TITLE], it.published_raw) for it in found.entries)
    return Contents(tuple(entries), next_url=found.next_url, problems=found.problems)


_READERS: dict[DocumentKind, Callable[[DiscoveryDocument | None, bytes, str, str], Contents]] = {
    DocumentKind.FEED: _feed,
    DocumentKind.SITEMAP: _sitemap,
    DocumentKind.LISTING: _listing,
}
