"""Answer requests from a WARC file instead of the network: what is not in it is 404, and it knows what 304 means."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response

from crawlers.context import spider_of
from pipeline.archive import Exchange, Place, exchanges, places

_PORTS = {"http": 80, "https": 443}


class World:
    """A WARC file by address, each answer as of a moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, list[Place]] = {}
        for place in places(path):
            self._found.setdefault(_key(place.url), []).append(place)
        for found in self._found.values():
            found.sort(key=lambda place: place.fetched_at)

    def place(self, url: str, as_of: datetime | None) -> Place | None:
        """The newest capture of exactly this address that is not after ``as_of``."""
        found = [place for place in self._found.get(_key(url), ()) if as_of is None or place.fetched_at <= as_of]
        return found[-1] if found else None

    def holds(self, url: str, as_of: datetime | None) -> bool:
        """Whether the address would be answered."""
        return self.answer(url, as_of) is not None

    def answer(self, url: str, as_of: datetime | None) -> Exchange | None:
        """What the address answered; an address that was only captured under the other scheme counts as captured."""
        place = self.place(url, as_of)
        if place is not None:
            return self._read(place)
        scheme, _, rest = url.partition("://")
        place = self.place(f"{'http' if scheme == 'https' else 'https'}://{rest}", as_of)
        exchange = self._read(place) if place is not None else None
        return None if exchange is not None and 300 <= exchange.status < 400 else exchange

    def _read(self, place: Place) -> Exchange:
        with self._path.open("rb") as file:
            file.seek(place.offset)
            packed = file.read(place.length)
        return next(exchanges(packed, f"{self._path} at offset {place.offset}"))


@lru_cache(maxsize=4)
def world(path: Path) -> World:
    """The file's world; read once per process. ArchiveError if it is no WARC file."""
    return World(path)


def _key(url: str) -> str:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = (parts.hostname or "") + (f":{port}" if port and port != _PORTS.get(parts.scheme) else "")
    return f"{parts.scheme}://{host}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


class ReplayHandler(BaseDownloadHandler):
    """Download handler for http and https in a replay."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        job = spider_of(self.crawler).job
        exchange = world(job.replay).answer(request.url, job.as_of)
        if exchange is None:
            return Response(request.url, status=404, headers={"Content-Type": "text/plain"}, body=b"", request=request)
        headers = Headers()
        for name, value in exchange.headers:
            headers.appendlist(name, value.encode("latin-1", "replace"))
        if exchange.status == 200 and not_modified(request.headers, headers):
            headers.pop("Content-Encoding", None)
            return Response(request.url, status=304, headers=headers, request=request)
        return Response(request.url, exchange.status, headers, exchange.body, request=request)


def not_modified(asked: Headers, held: Headers) -> bool:
    """Whether validators match (RFC 9110, 13.1: If-None-Match is compared weakly and wins over If-Modified-Since)."""
    tags = asked.get("If-None-Match")
    if tags is not None:
        own = held.get("ETag")
        return own is not None and (tags.strip() == b"*" or _weak(own) in [_weak(tag) for tag in tags.split(b",")])
    since, changed = asked.get("If-Modified-Since"), held.get("Last-Modified")
    if since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(changed.decode("latin-1")) <= parsedate_to_datetime(since.decode("latin-1"))
    except (TypeError, ValueError):
        return False


def _weak(tag: bytes) -> bytes:
    return tag.strip().removeprefix(b"W/")
