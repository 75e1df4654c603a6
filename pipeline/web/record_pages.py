"""Pages of one thing each: a statement, an article, a speaker, the proof of a quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy import Connection

from pipeline.operations.verification import Verification, verify_stored
from pipeline.queries.article_pages import article_called, load_article_page
from pipeline.queries.edits import list_edits
from pipeline.queries.export import exported_quotes
from pipeline.queries.page_rows import ArticlePage, DayCount, OfficeRow, StatementQuestion
from pipeline.queries.rows import ExportedQuote, StatementView
from pipeline.queries.speaker_pages import load_speaker_profile, offices_of
from pipeline.queries.statement_lists import list_statements, statements_by_day
from pipeline.queries.statements import current_statement_id, links_within, load_statement_views
from pipeline.web.charts import STRIP_DAYS, day_strip, month_before
from pipeline.web.citations import cite_statement, office_day
from pipeline.web.differences import same_words, word_differences
from pipeline.web.parameters import cursor_of, cursor_text
from pipeline.web.rendering import marked_text, path_to, query_string, speaker_tint
from pipeline.web.site import AnySite, WebSite, base_url, html_page

router = APIRouter(include_in_schema=False)

ON_PAGE = 50
MOST_MONTHS = 120


@router.get("/statements/{statement_id}")
@router.get("/s/{statement_id}")
def show_statement(request: Request, site: AnySite, statement_id: str) -> Response:
    """One statement with everything known of it. Any id that it ever had leads to it."""
    with site.snapshot() as connection:
        current = current_statement_id(connection, statement_id)
        if current is None:
            raise HTTPException(404, f"No statement has ever been called {statement_id}.")
        address = path_to("s", current)
        if request.url.path != address:
            return RedirectResponse(address, 301)
        view = load_statement_views(connection, [current])[0]
        names = [it.quote_id for it in view.reports]
        proofs = {it.quote_id: it for it in exported_quotes(connection, of=names)}
        edits = list_edits(connection, quote_ids=names).edits
        offices = _offices_then(connection, view, site)
        apart = [it for it in links_within(connection, current) if it.kind == "apart"]
    citation = cite_statement(view, offices, f"{base_url(request)}{address}", site.zone)
    return html_page(
        request,
        "statement.html",
        view=view,
        offices=offices,
        proofs=proofs,
        first_proof=_first_proof(view, proofs),
        edits=edits,
        apart={it.other_statement_id: it for it in apart}.values(),
        citation=citation,
        compared={it.quote_id: word_differences(view.text, it.quote) for it in view.reports},
        same={it.quote_id for it in view.reports if same_words(it.quote, view.text)},
    )


def _offices_then(connection: Connection, view: StatementView, site: WebSite) -> tuple[OfficeRow, ...]:
    """The offices of the speaker on the day of the words; none of a statement whose day is not known."""
    if view.speaker_id is None or view.first_published_at is None:
        return ()
    return offices_of(connection, view.speaker_id, office_day(view, site.zone))


def _first_proof(view: StatementView, proofs: dict[str, ExportedQuote]) -> ExportedQuote | None:
    return next((proofs[it.quote_id] for it in view.reports if it.quote_id in proofs), None)


@router.get("/a/{article_id}")
def show_article(request: Request, site: AnySite, article_id: str, version: str = "") -> Response:
    """One article with its quotes marked by speaker, and its versions."""
    with site.snapshot() as connection:
        found = article_called(connection, article_id)
        page = load_article_page(connection, found, version or None) if found else None
        if page is None:
            raise HTTPException(404, "No such article, or no such version of it, is on record.")
        edits = list_edits(connection, article_id=page.id).edits
    speakers = list(dict.fromkeys(it.speaker_id or it.speaker_name for it in page.quotes if it.speaker_name))
    return html_page(
        request, "article.html", page=page, edits=edits, speakers=speakers, paragraphs=_paragraphs(page, speakers)
    )


def _paragraphs(page: ArticlePage, speakers: Sequence[str | None]) -> list[Markup]:
    """The paragraphs of the text with the quotes marked; a quote over several paragraphs is marked in each."""
    found, at = [], 0
    for paragraph in page.text.split("\n"):
        end, spans, last = at + len(paragraph), [], at
        for quote in page.quotes:
            start, stop = max(quote.start, last), min(quote.end, end)
            if start < stop:
                tint = speaker_tint(quote.speaker_id or quote.speaker_name, speakers)
                spans.append((start - at, stop - at, "q", f"quoted {tint}"))
                last = stop
        if paragraph.strip():
            found.append(marked_text(paragraph, spans))
        at = end + 1
    return found


@router.get("/p/{speaker_id}")
def show_speaker(request: Request, site: AnySite, speaker_id: str, after: str = "") -> Response:
    """One speaker: offices by date, statements over time, and which sources quote them."""
    with site.snapshot() as connection:
        profile = load_speaker_profile(connection, speaker_id)
        if profile is None:
            raise HTTPException(404, f"Nobody on record is called {speaker_id}.")
        if profile.id != speaker_id:
            return RedirectResponse(path_to("p", profile.id), 301)
        question = StatementQuestion(speaker_id=profile.id)
        page = list_statements(connection, question, site.zone, limit=ON_PAGE, after=cursor_of(after))
        counts = statements_by_day(connection, question, site.zone)
    title, chart = _timeline(profile.id, counts)
    return html_page(
        request,
        "speaker.html",
        profile=profile,
        page=page,
        chart=chart,
        chart_title=title,
        next_after=cursor_text(page.next_cursor),
        first_page=not after,
    )


def _timeline(speaker_id: str, counts: Sequence[DayCount]) -> tuple[str, list[tuple[str, int, str]]]:
    """Title and bars of a chart of statements: by day if all are of a few weeks, else by month, the last ten years."""
    if not counts:
        return "", []
    first, last = counts[0].day, counts[-1].day
    if (last - first).days < STRIP_DAYS:
        return "Statements by day", day_strip(counts, last)
    by_month = Counter[str]()
    for it in counts:
        by_month[f"{it.day:%Y-%m}"] += it.statements
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    starts = [month_before(last, back) for back in reversed(range(min(max(months, 24), MOST_MONTHS)))]
    return "Statements by month", [
        (
            f"{it:%Y-%m}",
            by_month[f"{it:%Y-%m}"],
            "/search" + query_string({"speaker": speaker_id, "from": f"{it}", "to": f"{month_before(it, -1)}"}),
        )
        for it in starts
    ]


@router.get("/proof/{quote_id}")
def show_proof(request: Request, site: AnySite, quote_id: str) -> Response:
    """Where the archived bytes of a quote are, and their digests. Reads nothing but the database."""
    return _proof_page(request, site, quote_id, None)


@router.post("/proof/{quote_id}")
def verify_now(request: Request, site: AnySite, quote_id: str) -> Response:
    """Read the archived bytes again, hash and extract them, compare. Changes nothing; one at a time."""
    if not site.verifying.acquire(blocking=False):
        raise HTTPException(429, "Another proof is being checked; try again in some seconds.", {"Retry-After": "5"})
    try:
        with site.snapshot() as connection:
            if not list(exported_quotes(connection, of=[quote_id])):
                raise HTTPException(404, f"No quote is called {quote_id}.")
            settings = site.settings
            result = verify_stored(connection, settings.archive, [quote_id], away=settings.archive_url)
    finally:
        site.verifying.release()
    return _proof_page(request, site, quote_id, result)


def _proof_page(request: Request, site: WebSite, quote_id: str, result: Verification | None) -> Response:
    with site.snapshot() as connection:
        found = list(exported_quotes(connection, of=[quote_id]))
        if not found:
            raise HTTPException(404, f"No quote is called {quote_id}.")
        page = load_article_page(connection, found[0].article_id, found[0].version_id)
    return html_page(request, "proof.html", proof=found[0], page=page, result=result)
