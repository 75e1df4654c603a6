"""Any search as a feed, Atom (RFC 4287) or JSON Feed, and as a file of all its hits, streamed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from lxml import etree
from pydantic import TypeAdapter

from pipeline.queries.export import exported_quotes
from pipeline.queries.rows import ExportedQuote, SearchHit, SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.runtime.escaping import escape_control_characters, safe_cell
from pipeline.web.parameters import search_parameters, search_request
from pipeline.web.rendering import path_to, query_string
from pipeline.web.site import AnySite, WebSite, answer_with_etag, base_url

router = APIRouter(include_in_schema=False)

ENTRIES = 50
"""Newest hits in a feed."""
ATOM = "http://www.w3.org/2005/Atom"
EXPORT_SECONDS = 600.0
"""How long the query of an export may take: it reads all hits, not a page."""
Given = Annotated[dict[str, str], Depends(search_parameters)]


def _newest_hits(site: WebSite, given: dict[str, str]) -> tuple[SearchHit, ...]:
    asked = search_request(given, site.zone)
    with site.snapshot() as connection:
        return search_quotes(connection, asked.question, limit=ENTRIES, newest=True).hits


def _title(given: dict[str, str]) -> str:
    conditions = [value if name == "q" else f"{name} {value}" for name, value in given.items() if name != "sort"]
    return f"onrecord: {', '.join(conditions) or 'all quotes'}"


def _link(base: str, hit: SearchHit) -> str:
    return f"{base}{path_to('s', hit.statement_id) if hit.statement_id else path_to('proof', hit.id)}"


@router.get("/search.atom")
def search_as_atom(request: Request, site: AnySite, given: Given) -> Response:
    """The newest hits of a search as an Atom feed; an entry's id is that of its quote for ever."""
    base, hits = base_url(request), _newest_hits(site, given)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]

    def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
        element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = _xml_text(text) if text is not None else None
        return element

    add(feed, "id", f"{base}/search.atom{query_string(given)}")
    add(feed, "title", _title(given))
    add(feed, "updated", max((it.first_seen_at for it in hits), default=datetime.fromtimestamp(0, UTC)).isoformat())
    add(feed, "link", rel="self", href=f"{base}/search.atom{query_string(given)}")
    add(feed, "link", rel="alternate", type="text/html", href=f"{base}/search{query_string(given)}")
    for hit in hits:
        entry = add(feed, "entry")
        add(entry, "id", f"urn:onrecord:quote:{hit.id}")
        add(entry, "title", f"{hit.speaker_name or 'Speaker unknown'}: {' '.join(hit.quote.split())[:120]}")
        add(add(entry, "author"), "name", hit.speaker_name or "Speaker unknown")
        add(entry, "updated", hit.first_seen_at.isoformat())
        if hit.published_at:
            add(entry, "published", hit.published_at.isoformat())
        add(entry, "link", rel="alternate", type="text/html", href=_link(base, hit))
        add(entry, "content", f"{hit.quote}\n\n{hit.source_title or hit.source}: {hit.title}\n{hit.url}", type="text")
    body = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return answer_with_etag(request, Response(body, media_type="application/atom+xml"))


@router.get("/search.json")
def search_as_json_feed(request: Request, site: AnySite, given: Given) -> Response:
    """The newest hits of a search as a JSON Feed 1.1."""
    base = base_url(request)
    items = [
        {
            "id": f"urn:onrecord:quote:{hit.id}",
            "url": _link(base, hit),
            "external_url": hit.url,
            "title": hit.speaker_name or "Speaker unknown",
            "content_text": hit.quote,
            "date_published": (hit.published_at or hit.first_seen_at).isoformat(),
            "language": hit.lang,
            "authors": [{"name": hit.speaker_name or "Speaker unknown"}],
        }
        for hit in _newest_hits(site, given)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(given),
        "home_page_url": f"{base}/search{query_string(given)}",
        "feed_url": f"{base}/search.json{query_string(given)}",
        "items": items,
    }
    body = json.dumps(feed, ensure_ascii=False).encode()
    return answer_with_etag(request, Response(body, media_type="application/feed+json"))


@router.get("/search.csv")
def search_as_csv(site: AnySite, given: Given) -> Response:
    """All hits of a search as CSV, each with its proof; the columns of `onrecord export --csv`."""
    question = search_request(given, site.zone).question
    return _download(_csv_lines(_hits(site, question)), "text/csv; charset=utf-8", "csv")


@router.get("/search.jsonl")
def search_as_json_lines(site: AnySite, given: Given) -> Response:
    """All hits of a search, one JSON object in a line, each with its proof."""
    question = search_request(given, site.zone).question
    return _download(_json_lines(_hits(site, question)), "application/jsonl", "jsonl")


def _hits(site: WebSite, question: SearchQuestion) -> Iterator[ExportedQuote]:
    with site.snapshot(EXPORT_SECONDS) as connection:
        yield from exported_quotes(connection, of=question)


def _download(lines: Iterator[str], media_type: str, suffix: str) -> Response:
    """A file whose first line has been made, so that an error can still be answered; the rest is streamed."""
    first = next(lines, "")

    def all_lines() -> Iterator[str]:
        yield first
        yield from lines

    name = f"onrecord-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(all_lines(), media_type=media_type, headers=headers)


def _csv_lines(rows: Iterator[ExportedQuote]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    names = [field.name for field in fields(ExportedQuote)]
    # Without the mark spreadsheets take UTF-8 for the system's own character set.
    out.write("\ufeff")
    writer.writerow(names)
    number = 0
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(getattr(row, name)) for name in names])
        if number == 1 or number % 100 == 0:
            yield _taken(out)
    yield _taken(out)


def _json_lines(rows: Iterator[ExportedQuote]) -> Iterator[str]:
    adapter = TypeAdapter(ExportedQuote)
    for row in rows:
        yield escape_control_characters(adapter.dump_json(row).decode()) + "\n"


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _xml_text(text: str) -> str:
    """The text with what XML cannot hold escaped."""
    return "".join(
        mark
        if mark in "\t\n\r" or "\x20" <= mark <= "\ud7ff" or "\ue000" <= mark <= "\ufffd" or mark > "\uffff"
        else f"\\u{ord(mark):04x}"
        for mark in text
    )
