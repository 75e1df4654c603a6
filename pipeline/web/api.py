"""The API, version 1: the rows of the read model as JSON, by the same queries as the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import TypeAdapter

from pipeline.queries.article_pages import article_called, load_article_page
from pipeline.queries.edits import list_edits
from pipeline.queries.export import exported_quotes
from pipeline.queries.page_rows import (
    ArticlePage,
    EditRow,
    OfficeRow,
    SourceRow,
    SpeakerCount,
    SpeakerProfile,
    StatementQuestion,
)
from pipeline.queries.rows import ExportedQuote, SearchHit, StatementView
from pipeline.queries.search import search_quotes
from pipeline.queries.source_pages import list_sources
from pipeline.queries.speaker_pages import load_speaker_profile, most_quoted_speakers, offices_of
from pipeline.queries.statement_lists import list_statements
from pipeline.queries.statements import current_statement_id, load_statement_views
from pipeline.web.citations import office_day
from pipeline.web.parameters import (
    After,
    Limit,
    cursor_of,
    cursor_text,
    day_called,
    search_parameters,
    search_request,
)
from pipeline.web.site import AnySite, answer_with_etag, html_page

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class ApiPage(Generic[Row]):
    """A page of rows: ``total`` counts those of all pages, exactly; ``next`` is ``after`` of the next page."""

    total: int
    rows: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class ApiStatement:
    """A statement, the offices that its speaker held on that day, and the proof of each report."""

    statement: StatementView
    offices: list[OfficeRow]
    proofs: list[ExportedQuote]


PROBLEMS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem, "description": meaning}
    for code, meaning in ((400, "A parameter is wrong"), (404, "Not on record"), (503, "Away, or too slow"))
}
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


def json_answer(request: Request, kind: Any, value: object) -> Response:
    """The value as JSON of that type, with an ETag."""
    body = TypeAdapter[Any](kind).dump_json(value)
    return answer_with_etag(request, Response(body, media_type="application/json"))


def show_reference(request: Request) -> Response:
    """What the API answers, for people; `/api/v1/openapi.json` says it to programs."""
    return html_page(request, "api.html", paths=request.app.openapi()["paths"])


@router.get("/quotes", response_model=ApiPage[SearchHit])
def find_quotes(
    request: Request,
    site: AnySite,
    given: Annotated[dict[str, str], Depends(search_parameters)],
    after: After = "",
    limit: Limit = 50,
) -> Response:
    """Search the quotes; the same hits and counts as the search page and `onrecord search`."""
    asked = search_request(given, site.zone)
    with site.snapshot() as connection:
        found = search_quotes(connection, asked.question, limit=limit, newest=asked.newest, after=cursor_of(after))
    page = ApiPage(found.total, list(found.hits), cursor_text(found.next_cursor))
    return json_answer(request, ApiPage[SearchHit], page)


@router.get("/statements", response_model=ApiPage[StatementView])
def find_statements(
    request: Request,
    site: AnySite,
    speaker: Annotated[str, Query(description="Id of a speaker.")] = "",
    source: Annotated[str, Query(description="Id of the source that had it first.")] = "",
    day: Annotated[str, Query(description="Day of first publication, YYYY-MM-DD.")] = "",
    stance: Annotated[str, Query(description="said, denied, asked, hypothetical, reported or all.")] = "said",
    after: After = "",
    limit: Limit = 50,
) -> Response:
    """Statements, first published last first."""
    question = StatementQuestion(
        speaker_id=speaker or None,
        source=source or None,
        day=day_called(day) if day else None,
        stance=None if stance == "all" else stance,
    )
    with site.snapshot() as connection:
        found = list_statements(connection, question, site.zone, limit=limit, after=cursor_of(after))
    page = ApiPage(found.total, list(found.statements), cursor_text(found.next_cursor))
    return json_answer(request, ApiPage[StatementView], page)


@router.get("/statements/{statement_id}", response_model=ApiStatement)
def get_statement(
    request: Request, site: AnySite, statement_id: Annotated[str, Path(description="Any id it ever had.")]
) -> Response:
    """One statement with all its reports, each with its proof."""
    with site.snapshot() as connection:
        current = current_statement_id(connection, statement_id)
        if current is None:
            raise HTTPException(404, f"No statement has ever been called {statement_id}.")
        view = load_statement_views(connection, [current])[0]
        known = view.speaker_id is not None and view.first_published_at is not None
        offices = offices_of(connection, str(view.speaker_id), office_day(view, site.zone)) if known else ()
        proofs = exported_quotes(connection, of=[it.quote_id for it in view.reports])
        answer = ApiStatement(view, list(offices), list(proofs))
    return json_answer(request, ApiStatement, answer)


@router.get("/articles/{article_id}", response_model=ArticlePage)
def get_article(
    request: Request,
    site: AnySite,
    article_id: str,
    version: Annotated[str, Query(description="Id of a version; left out: the current one.")] = "",
) -> Response:
    """One article with the text of a version, its quotes as spans of code points, and its other versions."""
    with site.snapshot() as connection:
        found = article_called(connection, article_id)
        page = load_article_page(connection, found, version or None) if found else None
    if page is None:
        raise HTTPException(404, "No such article, or no such version of it, is on record.")
    return json_answer(request, ArticlePage, page)


@router.get("/speakers", response_model=list[SpeakerCount])
def list_speakers(request: Request, site: AnySite, limit: Limit = 100) -> Response:
    """The speakers to whom most statements are attributed."""
    with site.snapshot() as connection:
        return json_answer(request, list[SpeakerCount], list(most_quoted_speakers(connection, limit)))


@router.get("/speakers/{speaker_id}", response_model=SpeakerProfile)
def get_speaker(request: Request, site: AnySite, speaker_id: str) -> Response:
    """One speaker: names, offices by date, quotes by source."""
    with site.snapshot() as connection:
        profile = load_speaker_profile(connection, speaker_id)
    if profile is None:
        raise HTTPException(404, f"Nobody on record is called {speaker_id}.")
    return json_answer(request, SpeakerProfile, profile)


@router.get("/edits", response_model=ApiPage[EditRow])
def find_edits(
    request: Request,
    site: AnySite,
    kind: Annotated[str, Query(description="added, removed, reworded or reattributed.")] = "",
    source: Annotated[str, Query(description="Source id.")] = "",
    after: After = "",
    limit: Limit = 50,
) -> Response:
    """What publications changed of their quotes, the newest change first."""
    with site.snapshot() as connection:
        found = list_edits(connection, kind=kind or None, source=source or None, limit=limit, after=cursor_of(after))
    page = ApiPage(found.total, list(found.edits), cursor_text(found.next_cursor))
    return json_answer(request, ApiPage[EditRow], page)


@router.get("/sources", response_model=list[SourceRow])
def find_sources(request: Request, site: AnySite) -> Response:
    """Every source with what is stored of it and its open incidents."""
    with site.snapshot() as connection:
        return json_answer(request, list[SourceRow], list(list_sources(connection)))
