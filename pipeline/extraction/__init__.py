"""Page -> Article: which bytes of a page are the story. Pure and deterministic; nothing is fetched or stored.

What reads pages is loaded when it is called, since a run calls it in workers only and itself asks for the version.
"""

from __future__ import annotations

from datetime import datetime

from pipeline.config.source import Source
from pipeline.records import Article, Page

VERSION = "5"
"""Raise it with every change that can change a text: it is stored with each version."""


def extract_article(page: Page, source: Source | None = None, *, now: datetime | None = None) -> Article:
    """The article on a page, or in the feed entry that ``page.locator`` names.

    ``source`` has the selectors, hosts and time zone; without it they are guessed. A time of publication later than the
    page was fetched (``now``, if ``page`` does not say when) is refused. Raises Rejected with outcome and reason for
    the ledger.
    """
    from pipeline.extraction.article import read_article

    return read_article(page, source, now=now)
