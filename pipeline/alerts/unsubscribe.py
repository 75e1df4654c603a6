"""Signed links by which a reader stops e-mails without signing in. Pure: no database, no clock.

A link names the reader by id, never by address. It does not expire: whoever finds an e-mail years later can stop them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

PATH = "/unsubscribe/"
"""Where the web service takes a token. ``POST`` unsubscribes (RFC 8058); ``GET`` changes nothing, since mail scanners
follow links, and shows a button."""
_TOKEN = re.compile(r"([0-9a-f]{16})~([a-z0-9][a-z0-9.-]*)?~([A-Za-z0-9_-]{22})")


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link is about: the e-mails of one watch, or all e-mails (``watch`` None), to one reader."""

    reader: str
    """The subscriber's id in the store."""
    watch: str | None = None


def sign(subscription: Subscription, key: str) -> str:
    """The token of a subscription, fit for the path of a URL. Raises ValueError for ids that no store gives."""
    token = f"{subscription.reader}~{subscription.watch or ''}~{_signature(subscription, key)}"
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"no ids of a reader and a watch: {subscription}")
    return token


def verify(token: str, key: str) -> Subscription | None:
    """The subscription of a token that was signed with this key; None for any other text."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    subscription = Subscription(parts[1], parts[2])
    return subscription if hmac.compare_digest(parts[3], _signature(subscription, key)) else None


def unsubscribe_url(base_url: str, subscription: Subscription, key: str) -> str:
    """The link for a subscription on the web service at ``base_url``."""
    return f"{base_url.rstrip('/')}{PATH}{sign(subscription, key)}"


def _signature(subscription: Subscription, key: str) -> str:
    """128 bits of an HMAC, as 22 characters; the first line keeps the key's other uses apart."""
    said = "\n".join(("onrecord unsubscribe 1", subscription.reader, subscription.watch or ""))
    return urlsafe_b64encode(hmac.digest(key.encode(), said.encode(), hashlib.sha256)[:16]).decode().rstrip("=")
