"""Render the feeds and sitemaps of the sites from their articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from pipeline.demo.newsroom.rendering import paragraph_words, render_template
from pipeline.demo.newsroom.sites import Site, SiteDocument, Trap
from pipeline.demo.newsroom.stories import Story

MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or sitemap."""

    url: str
    """The plain address; ``link`` is the one in the document, with the tracking query."""
    link: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    section: str


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """One discovery document as served. ``changed``: the newest time in it; None if it lists nothing."""

    path: str
    text: str
    media_type: str
    changed: datetime | None


def render_discovery_documents(site: Site, day: date) -> Iterator[RenderedDocument]:
    """All feeds and sitemaps of the site as of the end of ``day``; each page of a paged feed is a document."""
    for document in site.documents:
        entries = _entries(site, document, day)
        changed = max((entry.updated for entry in entries), default=None)
        size = document.page_size or max(len(entries), 1)
        chunks = [entries[at : at + size] for at in range(0, len(entries), size)] or [[]]
        for number, chunk in enumerate(chunks, start=1):
            text = render_template(
                f"{document.kind}.xml.j2",
                site=site,
                document=document,
                entries=chunk,
                changed=changed,
                address=site.root + _page_path(document, number),
                following=site.root + _page_path(document, number + 1) if number < len(chunks) else "",
            )
            media_type = MEDIA_TYPES.get(document.kind, "application/xml")
            yield RenderedDocument(_page_path(document, number), text, media_type, changed)


def listed_addresses(site: Site, day: date) -> Iterator[tuple[str, str]]:
    """Every address that a document lists on ``day``, as (plain address, address as listed)."""
    for document in site.documents:
        if document.kind != "sitemap-index":
            for entry in _entries(site, document, day):
                yield entry.url, entry.link if document.kind in MEDIA_TYPES else entry.url
            for path in site.sections if document.sections else ():
                yield site.root + path, site.root + path


def _page_path(document: SiteDocument, number: int) -> str:
    return document.path if number == 1 else f"{document.path}/page/{number}"


def _entries(site: Site, document: SiteDocument, day: date) -> list[Entry]:
    """The entries of the document, newest first: articles, and on the first day the traps."""
    found = [_of_story(site, document, story, day) for story in site.stories_on(day) if story.listed_in(document.name)]
    found += [_of_trap(site, document, trap) for trap in site.traps_on(day) if trap.listed_in(document.name)]
    return sorted(found, key=lambda entry: (entry.published, entry.url), reverse=True)


def _of_story(site: Site, document: SiteDocument, story: Story, day: date) -> Entry:
    state = story.on(day)
    assert state is not None, "stories_on() gives only what stands on the day"
    parts = [part for part in (state.lead, *state.paragraphs) if part]
    html = Markup("").join(Markup("<p>{}</p>").format(paragraph_words(part)) for part in parts)
    return Entry(
        url=site.root + story.path,
        link=site.root + _tracked(story.path, document),
        title=state.title,
        summary=state.lead,
        html=str(html),
        published=story.published,
        updated=state.since,
        section=site.sections[f"/{story.section}"],
    )


def _of_trap(site: Site, document: SiteDocument, trap: Trap) -> Entry:
    link = site.root + _tracked(trap.path, document)
    return Entry(site.root + trap.path, link, trap.title, trap.title, "", trap.published, trap.published, "")


def _tracked(path: str, document: SiteDocument) -> str:
    return f"{path}?{document.tracking}" if document.tracking else path
