"""When a known page is fetched again, and when it is fetched in full instead of with a conditional request."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline.reasons import Reason
from pipeline.records import Disposition, DocumentKind, KnownUrl, Outcome

_KEPT = (Outcome.KEPT, Outcome.UNCHANGED)
_SETTLED = (Outcome.NOT_RELEVANT, Outcome.NOT_ARTICLE, Outcome.DUPLICATE, Outcome.GONE)
NOT_YET = timedelta(days=1)
"""How long a listed page that is missing (404, 410) is retried: some feeds list pages before they exist."""
YOUNG = timedelta(days=7)
"""Age, since it was first seen, up to which an article is recrawled for edits."""
FRESH = timedelta(hours=6)
"""How long after its last change a page is read in every run: most edits come in the first hours."""
SHARE = 4
"""After that, the interval between reads is the time since the last change divided by this ..."""
LONGEST = timedelta(hours=20)
"""... but at most this: short enough that a daily run that starts a little early still reads the page every day."""
REFRESH_PAGE = timedelta(days=1)
REFRESH_DOCUMENT = timedelta(hours=2)
"""Pages and documents unchanged for this long are now and then fetched in full: some servers answer 304 for ever."""
NOW_AND_THEN = 5
"""The full fetch happens in one of this many periods of that length."""


def settled_outcome(known: KnownUrl | None, now: datetime) -> Disposition | None:
    """The outcome to repeat for a known page that need not be fetched; None if it must be fetched."""
    if known is None or known.outcome is None:
        return None
    if known.outcome is Outcome.GONE and known.reason != Reason.TAKEN_DOWN and now - known.first_seen_at < NOT_YET:
        return None
    if known.outcome in _SETTLED:
        return Disposition(known.outcome, known.reason)
    if known.outcome in _KEPT:
        if now - known.first_seen_at >= YOUNG:
            return Disposition(Outcome.UNCHANGED, Reason.SETTLED)
        if not is_due(known, now):
            return Disposition(Outcome.UNCHANGED, Reason.NOT_DUE)
    return None


def is_due_unlisted(known: KnownUrl, now: datetime) -> bool:
    """Whether to fetch a known page that nothing lists: it was kept or failed, is younger than YOUNG, and is due."""
    wanted = known.outcome in (*_KEPT, Outcome.ERROR, None)
    return known.kind is DocumentKind.PAGE and wanted and now - known.first_seen_at < YOUNG and is_due(known, now)


def is_due(known: KnownUrl, now: datetime) -> bool:
    """Whether it is time to read a young page again.

    Pages that change are likely to change again soon (Cho and Garcia-Molina, 2003): the longer a page is unchanged,
    the longer the interval until it is read again; an edit resets the interval.
    """
    if known.last_fetched_at is None:
        return True
    stood = now - (known.changed_at or known.first_seen_at)
    return stood < FRESH or now - known.last_fetched_at >= min(stood / SHARE, LONGEST)


def conditional_headers(known: KnownUrl | None, now: datetime) -> dict[str, str]:
    """If-None-Match or If-Modified-Since for a known document; empty without a validator or if a full fetch is due."""
    if known is None or is_full_fetch_due(known, now):
        return {}
    if known.etag:
        return {"If-None-Match": known.etag}
    return {"If-Modified-Since": known.last_modified} if known.last_modified else {}


def is_full_fetch_due(known: KnownUrl, now: datetime) -> bool:
    """Whether to fetch the whole document this time, though we have a validator (ETag or Last-Modified).

    The periods with a full fetch follow from a hash of the address: they differ between addresses, and a repeated run
    decides the same.
    """
    span = REFRESH_PAGE if known.kind is DocumentKind.PAGE else REFRESH_DOCUMENT
    if now - (known.changed_at or known.first_seen_at) < span:
        return False
    parts = urlsplit(known.url)
    of_it = f"{parts.path}?{parts.query} {int(now.timestamp() // span.total_seconds())}"
    return zlib.crc32(of_it.encode()) % NOW_AND_THEN == 0
