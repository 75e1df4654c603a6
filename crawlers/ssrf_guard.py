"""SSRF guard: refuse requests by their address before they are sent, and by the resolved IP when they connect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver

from crawlers.context import spider_of
from crawlers.errors import REFUSED_NAMES, Refused
from pipeline.parsing.urls import blocked_address, url_refusal
from pipeline.reasons import Reason
from pipeline.records import Outcome


class SsrfGuardMiddleware:
    """Downloader middleware that checks every request: redirects, robots.txt and sitemaps as well as pages."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SsrfGuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        source = spider_of(self._crawler).job.source
        # robots.txt may redirect to any public host
        hosts = None if request.meta.get("robots") else source.allowed_hosts()
        why = url_refusal(request.url, hosts=hosts, allow=source.allow_addresses)
        if why is not None:
            raise Refused(Outcome.ERROR, Reason.GUARD, f"{why}: {request.url[:200]}")


class GuardedResolver(CachingThreadedResolver):
    """Refuses names that resolve to non-public IP addresses, unless a job allows that very name.

    Against DNS rebinding it helps only because the connection uses the address checked here; a boundary that a hostile
    name server cannot bypass is an egress proxy or firewall.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver: GuardedResolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(crawler.settings.getlist("ONRECORD_ALLOWED_NAMES"))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802  (Twisted's name)
        deferred = super().getHostByName(name, timeout)
        return deferred.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        why = None if name in self.allowed else blocked_address(address)
        if why is not None:
            REFUSED_NAMES[name] = f"{name} resolves to what must not be asked: {why}"
            raise CannotResolveHostError(REFUSED_NAMES[name])
        return address


def allowed_names(allow_addresses: tuple[str, ...], proxy: str | None) -> set[str]:
    """Host names that may resolve to a non-public address: the source's ``allow_addresses`` and the proxy."""
    names = {pair.rpartition(":")[0].strip("[]") for pair in allow_addresses}
    if proxy:
        names.add(urlsplit(proxy).hostname or "")
    return names
