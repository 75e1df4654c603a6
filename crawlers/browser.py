"""Fetch pages that need JavaScript in a headless browser: scrapy-playwright, installed with the extra ``browser``.

Used only for sources with ``browser: true``; feeds, sitemaps, listings and robots.txt are fetched without it. The
archive keeps such a page as the browser rendered it, and its record says so in ``X-Rendered-By``. The SSRF guard holds
inside the browser too: it loads only from the source's own hosts and can resolve no other name, because the browser
follows redirects by itself.
"""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as BrowserTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawlers.context import spider_of
from crawlers.http_wire import Bounded
from crawlers.ssrf_guard import allowed_names
from pipeline.config.settings import BROWSER
from pipeline.crawling.job import CrawlJob
from pipeline.parsing.urls import blocked_address, url_refusal

SETTLE = 5.0
"""Seconds to wait for scripts to insert the text once the page is loaded."""
_NOT_NEEDED = frozenset({"image", "media", "font", "websocket", "eventsource", "manifest", "ping"})


def browser_settings(job: CrawlJob) -> dict[str, object]:
    """Scrapy's settings for a crawl whose pages go through a browser."""
    options = ["--disable-background-networking", "--disable-component-update", "--disable-quic"]
    if not job.proxy:
        options.append(f"--host-resolver-rules={_resolver_rules(job)}")
    launch: dict[str, object] = {"headless": True, "chromium_sandbox": os.geteuid() != 0, "args": options}
    if job.proxy:
        launch["proxy"] = {"server": job.proxy}
    if program := BROWSER.value():
        launch["executable_path"] = program
    return {
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_CONTEXTS": {"default": {"service_workers": "block", "accept_downloads": False}},
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": job.source.politeness.concurrency,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": job.source.politeness.timeout * 1000,
    }


def _resolver_rules(job: CrawlJob) -> str:
    """Chromium's host resolver rules: only the names of the source's hosts resolve."""
    names = [*job.source.allowed_hosts(), *sorted(allowed_names(job.source.allow_addresses, None))]
    return ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {it}, EXCLUDE *.{it}" for it in dict.fromkeys(names))])


class BrowserHandler(Bounded, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # the extra has no types
    """Download handler for http and https: requests with ``playwright`` in their meta go through the browser."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._names = frozenset(crawler.settings.getlist("ONRECORD_ALLOWED_NAMES"))
        self.abort_request = self._refuses

    async def _refuses(self, request: BrowserRequest) -> bool:
        """Whether to block a request of the browser: an unneeded type, another site's host, a non-public address."""
        source = spider_of(self._crawler).job.source
        if request.resource_type in _NOT_NEEDED:
            return True
        if url_refusal(request.url, hosts=source.allowed_hosts(), allow=source.allow_addresses) is not None:
            return True
        host = urlsplit(request.url).hostname or ""
        if host in self._names or spider_of(self._crawler).job.proxy:
            return False
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError:
            return True
        return any(blocked_address(str(address[0])) for *_, address in found)

    async def download_request(self, request: Request) -> Response:
        response: Response
        if not request.meta.get("playwright"):
            response = await super().download_request(request)
            return response
        source = spider_of(self._crawler).job.source
        request.meta["playwright_page_methods"] = [PageMethod(_settle, source.selectors)]
        try:
            response = await super().download_request(request)
        except BrowserTimeout as error:
            raise DownloadTimeoutError(_said(error)) from error
        except BrowserError as error:
            raise DownloadFailedError(_said(error)) from error
        headers = response.headers.copy()
        headers["X-Rendered-By"] = "playwright"
        rendered: Response = response.replace(headers=headers)
        return rendered


async def _settle(page: Page, selectors: tuple[Any, ...]) -> None:
    """Wait up to SETTLE seconds for the source's body selector, or without one until the network is idle."""
    body = next((it.body for it in selectors if it.body), None)
    try:
        if body is not None:
            await page.wait_for_selector(body, state="attached", timeout=SETTLE * 1000)
        else:
            await page.wait_for_load_state("networkidle", timeout=SETTLE * 1000)
    except BrowserTimeout:
        return


def _said(error: BrowserError) -> str:
    return str(error.message).partition("\n")[0][:300]
