"""The search page, and the same search as a feed or a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from pipeline.errors import ConfigError
from pipeline.queries.facets import search_facets
from pipeline.queries.page_rows import FacetValue
from pipeline.queries.rows import SearchPage, SearchQuestion
from pipeline.queries.search import search_quotes
from pipeline.queries.speakers import called_nearly, is_called
from pipeline.web.parameters import After, cursor_of, cursor_text, search_parameters, search_request
from pipeline.web.site import AnySite, html_page

router = APIRouter(include_in_schema=False)

ON_PAGE = 30
Given = Annotated[dict[str, str], Depends(search_parameters)]


@dataclass(frozen=True, slots=True)
class Loosened:
    """A wider search: what is left out, its parameters, and its number of hits."""

    label: str
    given: dict[str, str]
    hits: int


@router.get("/search")
def show_search(request: Request, site: AnySite, given: Given, after: After = "") -> Response:
    """The hits of a search with their facets; without any question the newest quotes."""
    problem, newest, cursor = "", True, None
    question: SearchQuestion | None = None
    try:
        asked = search_request(given, site.zone)
        question, newest, cursor = asked.question, asked.newest, cursor_of(after)
    except ConfigError as error:
        problem = str(error)
    found: SearchPage | None = None
    facets: dict[str, tuple[FacetValue, ...]] = {}
    loosened: list[Loosened] = []
    near: list[str] = []
    if question is not None:
        with site.snapshot() as connection:
            found = search_quotes(connection, question, limit=ON_PAGE, newest=newest, after=cursor)
            if found.total:
                facets = search_facets(connection, question, site.zone)
            else:
                loosened = _loosened(connection, question, given)
                near = _near(connection, question.speaker)
    return html_page(
        request,
        "search.html",
        status=400 if problem else 200,
        problem=problem,
        given=given,
        first_page=not after,
        found=found,
        facets=_with_windows(facets),
        loosened=loosened,
        near=near,
        next_after=cursor_text(found.next_cursor) if found else None,
        newest=newest,
    )


def _loosened(connection: Connection, question: SearchQuestion, given: dict[str, str]) -> list[Loosened]:
    """Wider searches that find something, the narrowest first."""
    any_word = " or ".join(question.words.split())
    wider = {
        "any of the words": (replace(question, words=any_word), {**given, "q": any_word}),
        "without the speaker": (replace(question, speaker=None), _left(given, "speaker")),
        "in all sources": (replace(question, source=None), _left(given, "source")),
        "on any day": (replace(question, start=None, end=None), _left(given, "from", "to")),
        "in any language": (replace(question, lang=None), _left(given, "lang")),
        "in any kind of text": (replace(question, kind=None, type=None), _left(given, "kind", "type")),
        "also denied, asked and supposed words": (replace(question, stance=None), {**given, "stance": "all"}),
        "without the words": (replace(question, words=""), _left(given, "q")),
    }
    found = [
        Loosened(label, parameters, search_quotes(connection, asked, limit=1).total)
        for label, (asked, parameters) in wider.items()
        if asked != question and parameters
    ]
    return sorted((it for it in found if it.hits), key=lambda it: it.hits)


def _left(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if name not in names}


def _near(connection: Connection, speaker: str | None) -> list[str]:
    """Names like that of a speaker whom nobody is called."""
    return called_nearly(connection, speaker) if speaker and not is_called(connection, speaker) else []


def _with_windows(facets: dict[str, tuple[FacetValue, ...]]) -> dict[str, list[tuple[FacetValue, dict[str, str]]]]:
    """Each value of each facet with the parameters that a search for it has."""
    return {
        name: [(it, _month(it.value) if name == "month" else {name: it.value}) for it in values]
        for name, values in facets.items()
    }


def _month(name: str) -> dict[str, str]:
    first = date.fromisoformat(f"{name}-01")
    return {"from": first.isoformat(), "to": (first + timedelta(days=32)).replace(day=1).isoformat()}
