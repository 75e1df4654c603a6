"""Pages over many things: home, a day, speakers, sources, edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, HTTPException, Request, Response

from pipeline.queries.edits import list_edits
from pipeline.queries.page_rows import SourceRow, StatementQuestion
from pipeline.queries.rows import StatementView
from pipeline.queries.source_pages import articles_by_day, list_sources, source_incidents
from pipeline.queries.speaker_pages import most_quoted_speakers
from pipeline.queries.statement_lists import list_statements, newest_day, statements_by_day
from pipeline.web.charts import STRIP_DAYS, day_strip
from pipeline.web.parameters import cursor_of, cursor_text, day_called
from pipeline.web.site import AnySite, html_page

router = APIRouter(include_in_schema=False)

AT_HOME, ON_PAGE = 10, 50
"""Statements shown."""
MOST_OF_A_DAY = 500
"""Statements of a day that are looked at to say who spoke."""


@router.get("/")
def show_home(request: Request, site: AnySite) -> Response:
    """What was said last, by whom, and whether every source is well."""
    today = datetime.now(UTC).astimezone(site.zone).date()
    with site.snapshot() as connection:
        day = newest_day(connection, site.zone)
        of_day = list_statements(connection, StatementQuestion(day=day), site.zone, limit=MOST_OF_A_DAY)
        counts = statements_by_day(connection, StatementQuestion(), site.zone)
        sources = list_sources(connection)
        speakers = most_quoted_speakers(connection, 8)
    return html_page(
        request,
        "home.html",
        today=today,
        day_shown=day,
        statements=of_day.statements[:AT_HOME],
        total=of_day.total if day else 0,
        voices=_voices(of_day.statements if day else ()),
        strip=day_strip(counts, day or today),
        sources=sources,
        troubled=[it for it in sources if it.incidents],
        speakers=speakers,
    )


def _voices(statements: Sequence[StatementView]) -> list[tuple[str, str | None, int]]:
    """Name, id and number of statements of those who spoke, those who said most first."""
    known = [(it.speaker_id or it.speaker_name, it) for it in statements if it.speaker_name]
    count = Counter(key for key, _ in known)
    first = dict(reversed(known))
    return [(str(first[key].speaker_name), first[key].speaker_id, number) for key, number in count.most_common(12)]


@router.get("/d/{day_name}")
def show_day(request: Request, site: AnySite, day_name: str, after: str = "") -> Response:
    """What was said on one day, by whom."""
    day = day_called(day_name)
    with site.snapshot() as connection:
        page = list_statements(connection, StatementQuestion(day=day), site.zone, limit=ON_PAGE, after=cursor_of(after))
        counts = statements_by_day(connection, StatementQuestion(), site.zone)
    earlier = max((it.day for it in counts if it.day < day), default=None)
    later = min((it.day for it in counts if it.day > day), default=None)
    strip = day_strip(
        counts, min(max(day + timedelta(days=STRIP_DAYS // 2), day), max([day, *(it.day for it in counts)]))
    )
    return html_page(
        request,
        "day.html",
        day_shown=day,
        page=page,
        voices=_voices(page.statements),
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
