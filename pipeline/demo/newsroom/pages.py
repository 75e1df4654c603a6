"""The sites' HTTP responses on a day: every page, feed, sitemap and redirect. Reproducible byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import cache

from pipeline.demo.newsroom.days import FIRST_DAY
from pipeline.demo.newsroom.documents import render_discovery_documents
from pipeline.demo.newsroom.rendering import render_template
from pipeline.demo.newsroom.sites import Site, load_sites
from pipeline.demo.newsroom.stories import Story, StoryVersion

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """One HTTP response. ``etag`` and ``last_modified`` are empty if the site sends none."""

    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    location: str = ""


@cache
def site_responses(day: date) -> dict[tuple[str, str], SiteResponse]:
    """All responses on ``day`` by (host, path). Any other path gets the site's 404 page."""
    return {(site.host, path): answer for site in load_sites() for path, answer in _site_answers(site, day)}


def missing_page(site: Site, day: date) -> SiteResponse:
    """The site's 404 page."""
    return _html(site, "missing", day, status=404)


def _site_answers(site: Site, day: date) -> Iterator[tuple[str, SiteResponse]]:
    yield "/robots.txt", SiteResponse(200, site.robots.encode(), "text/plain; charset=utf-8")
    yield "/", _html(site, "list", day, heading=site.title, listed=site.stories_on(day))
    for path, title in site.sections.items():
        listed = [story for story in site.stories_on(day) if path == f"/{story.section}"]
        yield path, _html(site, "list", day, heading=title, listed=listed)
    for document in render_discovery_documents(site, day):
        body = document.text.encode(site.charset, "xmlcharrefreplace")
        yield document.path, _answer(site, body, f"{document.media_type}; charset={site.charset}", document.changed)
    for story in site.stories_on(day):
        state = story.on(day)
        if state is not None:
            yield story.path, _article(site, story, state, day)
    for trap in site.traps:
        if trap.kind == "redirect":
            yield trap.path, SiteResponse(301, location=site.root + trap.to)
        elif trap.kind == "soft-missing":
            yield trap.path, _html(site, "missing", day)
    for path, target in site.hops.items():
        yield path, SiteResponse(302, location=site.root + target)


def _article(site: Site, story: Story, state: StoryVersion, day: date) -> SiteResponse:
    if story.status != 200:
        return _html(site, "refused", day, status=story.status)
    edited = state.since if state.since != story.published else None
    return _html(site, "article", day, changed=state.since, story=story, state=state, edited=edited)


def _html(
    site: Site, kind: str, day: date, *, status: int = 200, changed: datetime | None = None, **values: object
) -> SiteResponse:
    """A page of the site. Its related articles are the same every day, its newest ones depend on the day."""
    standing = [(story, state) for story in site.stories_on(day) if (state := story.on(day)) is not None]
    lasting = [pair for pair in standing if pair[0].gone_on is None and pair[0].published.date() == FIRST_DAY]
    related = [(story, story.states[0]) for story, _ in lasting[-3:]]
    text = render_template(f"{site.id}.html.j2", site=site, kind=kind, newest=standing[:4], related=related, **values)
    body = text.encode(site.charset, "xmlcharrefreplace")
    content_type = f"{HTML}; charset={site.charset}"
    return _answer(site, body, content_type, changed) if status == 200 else SiteResponse(status, body, content_type)


def _answer(site: Site, body: bytes, content_type: str, changed: datetime | None) -> SiteResponse:
    """A response with the validators that this site sends, which are derived from its content."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"' if "etag" in site.validators else ""
    dated = changed is not None and "last-modified" in site.validators
    return SiteResponse(200, body, content_type, etag, http_date(changed) if dated and changed else "")


def http_date(moment: datetime) -> str:
    """A time in the format of HTTP headers."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
