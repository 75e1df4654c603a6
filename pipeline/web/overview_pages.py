"""Pages over many things: home, a day, speakers, sources, edits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import Connection

from pipeline.queries.edits import list_edits
from pipeline.queries.page_rows import DayCount, SourceRow, StatementQuestion
from pipeline.queries.source_pages import articles_by_day, list_sources, source_incidents
from pipeline.queries.speaker_pages import most_quoted_speakers
from pipeline.queries.statement_lists import (
    days_beside,
    list_statements,
    newest_day,
    statements_by_day,
    voices_of_day,
)
from pipeline.web.charts import STRIP_DAYS, day_strip
from pipeline.web.parameters import cursor_of, cursor_text, day_called
from pipeline.web.site import AnySite, WebSite, html_page

router = APIRouter(include_in_schema=False)

AT_HOME, ON_PAGE = 10, 50
"""Statements shown."""


@router.get("/")
def show_home(request: Request, site: AnySite) -> Response:
    """What was said last, by whom, and whether every source is well."""
    today = datetime.now(UTC).astimezone(site.zone).date()
    with site.snapshot() as connection:
        day = newest_day(connection, site.zone)
        of_day = list_statements(connection, StatementQuestion(day=day), site.zone, limit=AT_HOME)
        voices = voices_of_day(connection, day, site.zone) if day else ()
        counts = days_up_to(connection, day or today, site)
        sources = list_sources(connection)
        speakers = most_quoted_speakers(connection, 8)
    return html_page(
        request,
        "home.html",
        today=today,
        day_shown=day,
        statements=of_day.statements,
        total=of_day.total if day else 0,
        voices=voices,
        strip=day_strip(counts, day or today),
        sources=sources,
        troubled=[it for it in sources if it.incidents],
        speakers=speakers,
    )


def days_up_to(connection: Connection, until: date, site: WebSite) -> tuple[DayCount, ...]:
    """Statements of each day of a strip that ends with ``until``."""
    since = until - timedelta(days=STRIP_DAYS)
    return statements_by_day(connection, StatementQuestion(), site.zone, since=since, until=until)


@router.get("/d/{day_name}")
def show_day(request: Request, site: AnySite, day_name: str, after: str = "") -> Response:
    """What was said on one day, by whom."""
    day = day_called(day_name)
    with site.snapshot() as connection:
        page = list_statements(connection, StatementQuestion(day=day), site.zone, limit=ON_PAGE, after=cursor_of(after))
        voices = voices_of_day(connection, day, site.zone)
        earlier, later = days_beside(connection, day, site.zone)
        newest = newest_day(connection, site.zone) or day
        until = max(day, min(day + timedelta(days=STRIP_DAYS // 2), newest))
        strip = day_strip(days_up_to(connection, until, site), until)
    return html_page(
        request,
        "day.html",
        day_shown=day,
        page=page,
        voices=voices,
        earlier=earlier,
        later=later,
        strip=strip,
        next_after=cursor_text(page.next_cursor),
        first_page=not after,
    )


@router.get("/speakers")
def show_speakers(request: Request, site: AnySite) -> Response:
    """Who is quoted most."""
    with site.snapshot() as connection:
        speakers = most_quoted_speakers(connection, 200)
    return html_page(request, "speakers.html", speakers=speakers)


@router.get("/sources")
def show_sources(request: Request, site: AnySite) -> Response:
    """Every source and how it is doing."""
    with site.snapshot() as connection:
        sources = list_sources(connection)
    return html_page(request, "sources.html", sources=sources, troubled=[it for it in sources if it.incidents])


@router.get("/sources/{source_id}")
def show_source(request: Request, site: AnySite, source_id: str) -> Response:
    """One source: what is stored of it day by day, and what went wrong with it."""
    with site.snapshot() as connection:
        found = list_sources(connection, source_id)
        if not found:
            raise HTTPException(404, f"No source is called {source_id}.")
        source = found[0]
        until = _last_day(source, site)
        by_day = articles_by_day(connection, source_id, site.zone, until=until, days=STRIP_DAYS)
        incidents = source_incidents(connection, source_id)
        newest = list_statements(connection, StatementQuestion(source=source_id), site.zone, limit=AT_HOME)
    chart = [
        (day.isoformat(), number, f"/search?source={source_id}&from={day}&to={day + timedelta(days=1)}")
        for day, number in by_day.items()
    ]
    return html_page(request, "source.html", source=source, chart=chart, incidents=incidents, page=newest, until=until)


def _last_day(source: SourceRow, site: AnySite) -> date:
    """Today, or the day of the newest article where nothing came for long, as in a replay."""
    today = datetime.now(UTC).astimezone(site.zone).date()
    newest = source.last_new_at.astimezone(site.zone).date() if source.last_new_at else today
    return today if today - newest < timedelta(days=STRIP_DAYS) else newest


@router.get("/edits")
def show_edits(request: Request, site: AnySite, kind: str = "", source: str = "", after: str = "") -> Response:
    """What publications changed of their quotes."""
    with site.snapshot() as connection:
        page = list_edits(connection, kind=kind or None, source=source or None, limit=ON_PAGE, after=cursor_of(after))
        sources = list_sources(connection)
    given = {name: value for name, value in (("kind", kind), ("source", source)) if value}
    return html_page(
        request, "edits.html", page=page, sources=sources, given=given, next_after=cursor_text(page.next_cursor)
    )
