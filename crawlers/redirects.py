"""Follow each redirect as a new request that passes the SSRF guard and robots.txt again, at most ten times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.context import spider_of
from crawlers.errors import Refused
from pipeline.reasons import Reason
from pipeline.records import Outcome

if TYPE_CHECKING:
    from crawlers.spider import NewsSpider

MOST = 10
LONGEST = 4096
"""Characters of a Location that are read; the guard refuses addresses much shorter than this."""
_FOLLOWED = (301, 302, 303, 307, 308)
_CONDITIONS = ("If-None-Match", "If-Modified-Since", "Host")
_COOKIE = re.compile(r"\s*([^\s=;,]{1,100})\s*=\s*([^;]{0,4000})")
_MOST_COOKIES = 50


class RedirectMiddleware:
    """Downloader middleware. Requests skip Scrapy's dupefilter, which would drop a page that redirects to itself."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        location = response.headers.get("Location")
        if response.status not in _FOLLOWED or not location:
            return response
        response.request = request
        spider = spider_of(self._crawler)
        spider.receiver.archive_response(request.meta.get("target"), response)
        try:
            text = location.decode("utf-8")
        except UnicodeDecodeError:
            text = location.decode("latin-1")
        return redirected_request(spider, request, response, text)


def redirected_request(spider: NewsSpider, request: Request, response: Response, location: str) -> Request:
    """The request for a redirect. Raises Refused after too many redirects or if another target has the article."""
    hops = request.meta.get("hops", 0) + 1
    if hops > MOST:
        raise Refused(Outcome.ERROR, Reason.REDIRECTS, f"more than {MOST} redirects, last to {location[:200]!r}")
    try:
        url = urljoin(request.url, location[:LONGEST].strip().partition("#")[0])
        request.meta.get("trail", []).append(url)
        spider.check_redirect(request, url)
        meta = {**request.meta, "hops": hops}
        meta.pop("download_slot", None)
        following = request.replace(url=url, meta=meta, dont_filter=True)
    except ValueError as error:
        raise Refused(Outcome.ERROR, Reason.REDIRECTS, f"redirected to {location[:200]!r}: {error}") from error
    for name in (*_CONDITIONS, "Cookie"):
        following.headers.pop(name, None)
    own = {} if request.meta.get("robots") else spider.job.source.cookies
    jar = {**own, **(_cookies(request, response) if _host(request.url) == _host(url) else {})}
    if jar:
        following.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
    return following


def _cookies(request: Request, response: Response) -> dict[str, str]:
    """The cookies to send after a redirect: those sent before and those set now.

    They last for one chain of redirects only: some sites redirect a request without a cookie to the same address.
    """
    sent = (request.headers.get("Cookie") or b"").decode("latin-1").split(";")
    fresh = [value.decode("latin-1") for value in response.headers.getlist("Set-Cookie")]
    found = (_COOKIE.match(text) for text in [*sent[:_MOST_COOKIES], *fresh[:_MOST_COOKIES]])
    return {cookie[1]: cookie[2].strip() for cookie in found if cookie is not None}


def _host(url: str) -> str:
    return urlsplit(url).netloc
