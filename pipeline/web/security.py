"""What guards the pages: headers for browsers, the names the service answers to, sign-in, where forms come from."""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.alerts.unsubscribe import PATH

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The hosts that only this machine can reach, as an address to listen on and as the name in a request."""
PUBLIC = (PATH, "/u/", "/static/", "/health")
"""What is answered without sign-in: readers of e-mails have no password."""


class Guard:
    """ASGI middleware around the whole service.

    Without a ``password`` only requests to this machine's own names are answered, so that no web page elsewhere can
    read through a name of its own (DNS rebinding). With one, HTTP Basic sign-in is asked for; any user name will do.
    """

    def __init__(self, app: ASGIApp, password: str | None = None) -> None:
        self._app = app
        self._password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused; pass on the rest, a HEAD request as a GET of which the server sends no body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        passed_on = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self._app(passed_on, receive, send_guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers, path = Headers(scope=scope), scope["path"]
        if self._password is None and _host_name(headers) not in LOOPBACK:
            return PlainTextResponse("This service answers only on this machine, as localhost.\n", 421)
        is_public = path.startswith(PUBLIC)
        if self._password is not None and not is_public and not _signed_in(headers, self._password):
            ask = {"WWW-Authenticate": 'Basic realm="onrecord", charset="UTF-8"'}
            return PlainTextResponse("Sign in to read this.\n", 401, headers=ask)
        if scope["method"] == "POST" and not is_public and not _from_our_page(headers):
            return PlainTextResponse("This form was sent by a page of another site.\n", 403)
        return None


def _host_name(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _signed_in(headers: Headers, password: str) -> bool:
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, password.encode())


def _from_our_page(headers: Headers) -> bool:
    """Whether a form was sent by a page of ours, or by no browser."""
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
