"""A reader's own page: stop or resume the e-mails of one watch, or of all, by a signed link and without sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from pipeline.alerts.unsubscribe import PATH, Subscription, sign, verify
from pipeline.queries.reader_pages import load_reader_emails
from pipeline.store.alerts.readers import resume_emails, stop_emails
from pipeline.web.site import AnySite, WebSite, html_page

router = APIRouter(include_in_schema=False)

LONGEST_BODY = 1_000
"""Bytes of a form that are read."""


@router.get(PATH + "{token}")
@router.get("/u/{token}")
def show_subscription(request: Request, site: AnySite, token: str) -> Response:
    """What the link is about, with buttons. Changes nothing: scanners of e-mails follow links."""
    return _reader_page(request, site, _subscription(site, token), "")


@router.post(PATH + "{token}")
@router.post("/u/{token}")
async def change_subscription(request: Request, site: AnySite, token: str) -> Response:
    """Stop what the link is about, in one click (RFC 8058), or resume it if the form says so."""
    subscription = _subscription(site, token)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            raise HTTPException(413, "The form is longer than any of ours.")
    resume = parse_qs(body.decode(errors="replace")).get("resume") == ["yes"]
    return await run_in_threadpool(_change, request, site, subscription, resume)


def _subscription(site: WebSite, token: str) -> Subscription:
    found = verify(token, site.link_key) if site.link_key else None
    if found is None:
        raise HTTPException(404, "This link is not complete: copy all of it from the e-mail.")
    return found


def _change(request: Request, site: WebSite, subscription: Subscription, resume: bool) -> Response:
    change = resume_emails if resume else stop_emails
    with site.writing() as connection:
        if not change(connection, subscription.reader, subscription.watch, datetime.now(UTC)):
            raise HTTPException(404, "These e-mails are no longer sent to anybody.")
    return _reader_page(request, site, subscription, "resumed" if resume else "stopped")


def _reader_page(request: Request, site: WebSite, subscription: Subscription, done: str) -> Response:
    with site.snapshot() as connection:
        emails = load_reader_emails(connection, subscription.reader)
    if emails is None:
        raise HTTPException(404, "These e-mails are no longer sent to anybody.")
    key = site.link_key or ""
    page = html_page(
        request,
        "subscription.html",
        emails=emails,
        chosen=next((it for it in emails.watches if it.id == subscription.watch), None),
        done=done,
        all_link=PATH + sign(Subscription(emails.id), key),
        links={it.id: PATH + sign(Subscription(emails.id, it.id), key) for it in emails.watches},
    )
    page.headers["Cache-Control"] = "no-store"
    return page
