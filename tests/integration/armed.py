"""What kills or stops a worker while its switch lies there. Workers import this module, so it loads little."""

from __future__ import annotations

import os
import signal
from datetime import date, datetime
from pathlib import Path

from pipeline import extraction
from pipeline.config.source import Source
from pipeline.quotes import find_in_worker as quote_as_it_is
from pipeline.records import Article, Page, Quote

read_as_it_is = extraction.extract_article


def die_where_armed(body: str, name: str) -> None:
    """The worker has no environment of ours: where the switch lies is written on the page."""
    _, mark, rest = body.partition(name)
    if mark and Path(rest.partition(";")[0]).exists():
        os.kill(os.getpid(), signal.SIGKILL)


def read(page: Page, source: Source | None = None, *, now: datetime | None = None) -> Article:
    die_where_armed(page.body.decode(), "page-switch=")
    return read_as_it_is(page, source, now=now)


def find(text: str, *, lang: str | None, day: date | None, title: str | None) -> list[Quote]:
    die_where_armed(text, "text-switch=")
    return quote_as_it_is(text, lang=lang, day=day, title=title)


def spin(text: str, *, lang: str | None, day: date | None, title: str | None) -> list[Quote]:
    while "text-switch=" in text:
        pass
    return quote_as_it_is(text, lang=lang, day=day, title=title)
