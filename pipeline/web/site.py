"""What every page needs: the open store, the zone of days, templates, and how an answer is made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo
from threading import Lock
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import Connection, Engine

from pipeline.config.settings import Settings
from pipeline.queries.snapshot import bounded_change, bounded_snapshot

QUERY_SECONDS = 10.0
"""How long a query of a page may take."""


@dataclass(frozen=True, slots=True)
class WebSite:
    """One web service."""

    settings: Settings
    engine: Engine
    templates: Environment
    query_seconds: float = QUERY_SECONDS
    role: str | None = None
    """The role of the database that pages work as; None: that of the user who logged in."""
    link_key: str | None = None
    """What signs the links of e-mails; None: there are no such links."""
    verifying: Lock = field(default_factory=Lock)
    """Held by the one verification that runs: each takes seconds of a processor."""

    @property
    def zone(self) -> tzinfo:
        """The zone of the days that people give and see."""
        return self.settings.timezone

    @contextmanager
    def snapshot(self, seconds: float | None = None) -> Iterator[Connection]:
        """A connection for one answer; see :func:`pipeline.queries.snapshot.bounded_snapshot`.

        ``seconds``: how long a query may take, if not as long as those of pages.
        """
        with bounded_snapshot(self.engine, seconds or self.query_seconds, self.role) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection for one change; see :func:`pipeline.queries.snapshot.bounded_change`."""
        with bounded_change(self.engine, self.query_seconds, self.role) as connection:
            yield connection


def site_of(request: Request) -> WebSite:
    """The site that a request is for."""
    found: WebSite = request.app.state.site
    return found


AnySite = Annotated[WebSite, Depends(site_of)]


def base_url(request: Request) -> str:
    """The address of the home page as the reader sees it, without the slash at its end."""
    return str(request.base_url).rstrip("/")


def html_page(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """A page made by a template; 304 if the reader has it already."""
    site = site_of(request)
    text = site.templates.get_template(template).render(
        request=request, base_url=base_url(request), zone=site.zone, **values
    )
    return answer_with_etag(request, HTMLResponse(text, status))


def answer_with_etag(request: Request, response: Response) -> Response:
    """The response with an ETag of its content, or 304 if that is what the reader has."""
    if response.status_code != 200:
        return response
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    given = {it.strip().removeprefix("W/") for it in request.headers.get("if-none-match", "").split(",")}
    if tag in given:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
