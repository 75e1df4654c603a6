"""Serve the newsroom: one HTTP server on loopback that answers for every invented host, as a forward proxy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from pipeline.demo.newsroom.days import MOSCOW, SECOND_DAY
from pipeline.demo.newsroom.pages import SiteResponse, http_date, missing_page, site_responses
from pipeline.demo.newsroom.sites import load_sites


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered. ``conditional``: it had If-None-Match or If-Modified-Since."""

    host: str
    path: str
    status: int
    conditional: bool
    agent: str


class Newsroom:
    """The five sites as of the end of ``day``, which may be changed while they are being served.

    ``day`` can be any from the first on; after the second day nothing changes any more.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self.proxy_url = ""
        """``http://127.0.0.1:PORT`` while the newsroom is being served, else empty."""
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests answered so far, oldest first."""
        with self._lock:
            return tuple(self._requests)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[Newsroom]:
        """Serve until the block ends, on 127.0.0.1 and a free port (or ``port``)."""
        server = _Server(self, port)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        thread.start()
        self.proxy_url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            self.proxy_url = ""
            server.shutdown()
            server.server_close()
            thread.join()

    def answer(self, host: str, target: str) -> SiteResponse:
        """The response of ``host`` to a request for ``target`` (path and query) on the newsroom's day."""
        day = min(self.day, SECOND_DAY)
        site = next((site for site in load_sites() if site.host == host), None)
        if site is None:
            return SiteResponse(502, f"The sample newsroom has no host {host}\n".encode(), "text/plain; charset=utf-8")
        return site_responses(day).get((host, target.partition("?")[0])) or missing_page(site, day)

    def note(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, newsroom: Newsroom, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.newsroom = newsroom


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def _reply(self, *, with_body: bool) -> None:
        parts = urlsplit(self.path)
        host = (parts.hostname or self.headers.get("Host", "").partition(":")[0]).lower()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answer = self.server.newsroom.answer(host, target)
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        status = 304 if answer.status == 200 and self._unmodified(answer) else answer.status
        agent = self.headers.get("User-Agent", "")
        self.server.newsroom.note(Request(host, target, status, conditional, agent))
        self._send(answer, status, with_body=with_body and status != 304)

    def _unmodified(self, answer: SiteResponse) -> bool:
        """Whether to answer 304: by If-None-Match if it is sent, else by If-Modified-Since (RFC 9110, 13.2.2)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
            return bool(answer.etag) and (answer.etag in tags or "*" in tags)
        since = self.headers.get("If-Modified-Since")
        if since is None or not answer.last_modified:
            return False
        try:
            return parsedate_to_datetime(answer.last_modified) <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def _send(self, answer: SiteResponse, status: int, *, with_body: bool) -> None:
        self.send_response(status)
        fields = {"ETag": answer.etag, "Last-Modified": answer.last_modified, "Location": answer.location}
        for name, value in fields.items():
            if value:
                self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", answer.content_type or "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "sample-newsroom"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The end of the newsroom's day, so that responses are the same bytes at any real time."""
        del timestamp
        return http_date(datetime.combine(self.server.newsroom.day, time(23, 55), MOSCOW).astimezone(UTC))

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: ``Newsroom.requests`` is the log."""
