"""When a known page is asked for again, and when the server's word that it has not changed is not taken."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawlers.job import YOUNG
from pipeline.records import TAKEN_DOWN, DocumentKind, KnownUrl, Outcome

_KEPT = (Outcome.KEPT, Outcome.UNCHANGED)
_SETTLED = (Outcome.NOT_RELEVANT, Outcome.NOT_ARTICLE, Outcome.DUPLICATE, Outcome.GONE)
NOT_YET = timedelta(days=1)
"""How long a listed page that is missing is asked again: some feeds are ahead of their pages."""
FRESH = timedelta(hours=6)
"""How long after it was last changed a page is read in every run: most edits come in the first hours."""
SHARE = 4
"""Later a page is read again when a quarter of the time that it has stood unchanged has passed ..."""
LONGEST = timedelta(hours=20)
"""... but every day, by a daily run that starts a little early as well."""
REFRESH_PAGE = timedelta(days=1)
REFRESH_DOCUMENT = timedelta(hours=2)
"""What has not changed for so long is asked for whole now and then: some servers say 304 for ever."""
NOW_AND_THEN = 5
"""In one of so many spans of that length."""


def settled_outcome(known: KnownUrl | None, now: datetime) -> tuple[Outcome, str] | None:
    """The outcome to repeat for a known page that need not be asked again; None if it is to be asked."""
    if known is None or known.outcome is None:
        return None
    if known.outcome is Outcome.GONE and known.reason != TAKEN_DOWN and now - known.first_seen_at < NOT_YET:
        return None
    if known.outcome in _SETTLED:
        return known.outcome, known.reason
    if known.outcome in _KEPT:
        if now - known.first_seen_at >= YOUNG:
            return Outcome.UNCHANGED, "settled"
        if not is_due(known, now):
            return Outcome.UNCHANGED, "not-due"
    return None


def is_due_unlisted(known: KnownUrl, now: datetime) -> bool:
    """Whether a known page is asked for though nothing lists it: kept or failed, first seen lately, and due."""
    wanted = known.outcome in (*_KEPT, Outcome.ERROR, None)
    return known.kind is DocumentKind.PAGE and wanted and now - known.first_seen_at < YOUNG and is_due(known, now)


def is_due(known: KnownUrl, now: datetime) -> bool:
    """Whether a young page may have changed since it was last read.

    Pages that change are likely to change again soon (Cho and Garcia-Molina, 2003): the longer one has stood, the
    later it is read again, and an edit starts it anew.
    """
    if known.last_fetched_at is None:
        return True
    stood = now - (known.changed_at or known.first_seen_at)
    return stood < FRESH or now - known.last_fetched_at >= min(stood / SHARE, LONGEST)


def conditional_headers(known: KnownUrl | None, now: datetime) -> dict[str, str]:
    """Headers that ask for a document only if it is another than the one known."""
    if known is None or is_full_fetch_due(known, now):
        return {}
    if known.etag:
        return {"If-None-Match": known.etag}
    return {"If-Modified-Since": known.last_modified} if known.last_modified else {}


def is_full_fetch_due(known: KnownUrl, now: datetime) -> bool:
    """Whether this time the whole document is asked for, though we hold a validator.

    In which spans of time follows from the address, so that they do not fall together for all, and a run done again
    asks the same.
    """
    span = REFRESH_PAGE if known.kind is DocumentKind.PAGE else REFRESH_DOCUMENT
    if now - (known.changed_at or known.first_seen_at) < span:
        return False
    parts = urlsplit(known.url)
    of_it = f"{parts.path}?{parts.query} {int(now.timestamp() // span.total_seconds())}"
    return zlib.crc32(of_it.encode()) % NOW_AND_THEN == 0
