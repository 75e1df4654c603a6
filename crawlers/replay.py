"""Answer requests from WARC files instead of the network: 404 for what is not in them, 304 where validators match."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response

from crawlers.context import spider_of
from crawlers.errors import Refused
from crawlers.responses import ABSENT
from pipeline.archive import ArchiveError, Exchange, FailedRequest, ReplayIndex, warc_paths
from pipeline.parsing.content_encoding import is_text
from pipeline.reasons import Reason
from pipeline.records import Outcome


@lru_cache(maxsize=4)
def load_replay(path: Path) -> ReplayIndex:
    """The index of a WARC file, or of all in a folder; read once per process. ArchiveError if it cannot be read."""
    return ReplayIndex(warc_paths(path))


class ReplayHandler(BaseDownloadHandler):
    """Download handler for http and https in a replay."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        job = spider_of(self.crawler).job
        target = request.meta.get("target")
        try:
            found = load_replay(job.replay).answer(request.url, job.as_of)
            if found is None and target is not None and not request.meta.get("hops"):
                # the recording may have been made with the tracking parameters that we leave out
                found = load_replay(job.replay).answer(target.url, job.as_of)
        except ArchiveError as error:
            raise Refused(Outcome.ERROR, Reason.DAMAGED, str(error)) from error
        if isinstance(found, FailedRequest):
            end = found.disposition
            raise Refused(end.outcome, end.reason, end.detail)
        if found is None:
            return Response(request.url, status=404, flags=[ABSENT], request=request)
        return response_of(found, request)


def response_of(exchange: Exchange, request: Request) -> Response:
    """The archived response as a Scrapy response; a 304 if it matches the request's validators."""
    headers = Headers()
    for name, value in exchange.headers:
        headers.appendlist(name, value.encode("latin-1", "replace"))
    if is_text(exchange.body):  # recorders often store the body decoded, and leave the header as it was
        headers.pop("Content-Encoding", None)
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
