"""Follow a redirect as a request of its own, through guard and robots again, at most five times."""

from __future__ import annotations

from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.context import spider_of
from crawlers.faults import Refused
from pipeline.records import Outcome

MOST = 5
_FOLLOWED = (301, 302, 303, 307, 308)


class Redirects:
    """Downloader middleware. Nothing passes through the dupefilter, which would lose a page that points to itself."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Redirects:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        location = response.headers.get("Location")
        if response.status not in _FOLLOWED or not location:
            return response
        response.request = request
        spider = spider_of(self._crawler)
        spider.receiver.archive(request.meta.get("target"), response)
        hops = request.meta.get("hops", 0) + 1
        if hops > MOST:
            raise Refused(Outcome.ERROR, "redirects", f"more than {MOST} redirects, last to {location[:200]!r}")
        url = self._joined(request.url, location)
        spider.pass_through(request, url)
        meta = {**request.meta, "hops": hops}
        meta.pop("download_slot", None)
        try:
            following = request.replace(url=url, meta=meta, dont_filter=True)
        except ValueError as error:
            raise Refused(Outcome.ERROR, "redirects", f"redirected to {url[:200]!r}: {error}") from error
        for name in ("If-None-Match", "If-Modified-Since", "Host"):
            following.headers.pop(name, None)
        return following

    def _joined(self, base: str, location: bytes) -> str:
        try:
            text = location.decode("utf-8")
        except UnicodeDecodeError:
            text = location.decode("latin-1")
        try:
            return urljoin(base, text.strip().partition("#")[0])
        except ValueError as error:
            raise Refused(Outcome.ERROR, "redirects", f"redirected to {text[:200]!r}: {error}") from error
