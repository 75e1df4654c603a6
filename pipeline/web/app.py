"""The application: its routers, its guard, and what an error looks like as a page and in the API."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import Engine
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pipeline.config.settings import Settings
from pipeline.errors import ConfigError, OnrecordError, QueryTooSlow, StoreUnreachable
from pipeline.web import api, feeds, overview_pages, record_pages, search_pages, subscriptions
from pipeline.web.rendering import STATIC, make_templates
from pipeline.web.security import Guard
from pipeline.web.site import QUERY_SECONDS, WebSite, html_page, site_of

log = structlog.get_logger()

RETRY_SECONDS = 5
"""After which a page that could not be made is asked for again."""


def make_app(
    settings: Settings,
    engine: Engine,
    *,
    password: str | None = None,
    role: str | None = None,
    link_key: str | None = None,
    query_seconds: float = QUERY_SECONDS,
) -> ASGIApp:
    """The whole service over an open store. Without a ``password`` it answers only requests to this machine's names.

    ``role``: what pages work as in the database. ``link_key``: signs the links by which readers stop e-mails.
    """
    app = FastAPI(
        title="onrecord",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        version="1",
        redirect_slashes=False,
    )
    app.state.site = WebSite(settings, engine, make_templates(settings.timezone), query_seconds, role, link_key)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/health", check_health, include_in_schema=False)
    app.add_api_route("/api", api.show_reference, include_in_schema=False)
    for part in (overview_pages, search_pages, record_pages, feeds, api, subscriptions):
        app.include_router(part.router)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(OnrecordError, _our_error)
    app.add_exception_handler(Exception, _unexpected)
    return Guard(app, password)


def check_health(request: Request) -> Response:
    """``ok`` if the service and its database answer; 503 if the database is away."""
    with site_of(request).snapshot():
        return PlainTextResponse("ok\n")


def error_answer(
    request: Request, status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """An error as a page, and in the API as problem+json (RFC 9457)."""
    title = HTTPStatus(status).phrase
    if request.url.path.startswith("/api/"):
        problem = {"type": f"/api#{code}", "title": title, "status": status, "detail": detail}
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    if request.url.path == "/health":
        return PlainTextResponse(f"{detail}\n", status, headers)
    page = html_page(request, "error.html", status=status, code=code, title=title, detail=detail)
    page.headers.update(headers or {})
    return page


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    named = isinstance(error, HTTPException) and error.detail != HTTPStatus(error.status_code).phrase
    detail = str(error.detail) if named else "There is no page at this address."
    code = HTTPStatus(error.status_code).name.lower().replace("_", "-")
    return error_answer(request, error.status_code, code, detail, dict(error.headers or {}))


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    detail = "; ".join(f"{it['loc'][-1]}: {it['msg']}" for it in error.errors())
    return error_answer(request, 400, "invalid-value", detail)


async def _our_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, OnrecordError)
    if isinstance(error, StoreUnreachable):
        return error_answer(request, 503, error.code, error.message, {"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, QueryTooSlow):
        return error_answer(request, 503, error.code, error.message)
    return error_answer(request, 400 if isinstance(error, ConfigError) else 500, error.code, error.message)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("page_failed", path=request.url.path, exc_info=error)
    return error_answer(request, 500, "failed", "The page could not be made; the log of the service says why.")
