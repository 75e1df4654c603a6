"""Material for the tests of the store: a source, fetches of its pages and readings of them. All of it invented."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from pipeline.config.discovery import Feed
from pipeline.config.source import Source
from pipeline.records import Article, DocumentKind, Fetch, Origin, Outcome, Quote, WarcRecord
from pipeline.store.articles import articles, quotes
from pipeline.store.crawl.sources import sync_sources
from pipeline.store.runs import runs

DAY1 = datetime(2026, 6, 15, 9, tzinfo=UTC)
DAY2 = DAY1 + timedelta(days=1)
SOURCE = Source(
    id="gazette",
    title="The Gazette",
    language="en",
    home="https://gazette.example/",
    feeds=(Feed(url="https://gazette.example/rss"),),
)
TEXT = 'The bridge is open. "We will build a second one," Anna Petrova said.'


def opened(engine: Engine, *, clock: datetime = DAY1) -> str:
    """A run over the source; its id."""
    with engine.begin() as connection:
        sync_sources(connection, [SOURCE], now=clock)
        return runs.start_run(connection, command="test", clock=clock)


def page(
    path: str,
    body: str = "",
    *,
    at: datetime = DAY1,
    outcome: Outcome = Outcome.KEPT,
    reason: str = "new",
    kind: DocumentKind = DocumentKind.PAGE,
    status: int | None = 200,
    final: str = "",
    offset: int = 0,
) -> Fetch:
    """A fetch of ``https://gazette.example/PATH``; archived if it has a body."""
    url = f"https://gazette.example/{path}"
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Fetch(
        url=url,
        kind=kind,
        outcome=outcome,
        reason=reason,
        seen_at=at,
        final_url=f"https://gazette.example/{final}" if final else url,
        status=status,
        content_type="text/html",
        body_sha256=digest if body else "",
        record=WarcRecord("a.warc.gz", offset, 100, digest) if body else None,
    )


def article(
    path: str, text: str = TEXT, *, title: str = "A bridge", lang: str = "en", published_at: datetime | None = DAY1
) -> Article:
    url = f"https://gazette.example/{path}"
    return Article(url=url, title=title, text=text, lang=lang, published_at=published_at)


def read_all(
    connection: Connection, texts: dict[str, str], *, code: str = "1", at: datetime = DAY1, origin: Origin = Origin.PAGE
) -> list[str]:
    """Read every waiting page as the text given for its path; what each changed."""
    found = []
    for waiting in articles.captures_waiting(connection, code_version=code):
        path = waiting.url.removeprefix("https://gazette.example/")
        result = article(path, texts[path])
        saved = articles.save_reading(connection, waiting, result, code_version=code, now=at, origin=origin)
        found.append(saved.change)
    return found


def quote_in(text: str, words: str, *, name: str | None = None, slug: str | None = None) -> Quote:
    start = text.index(words)
    return Quote(start, start + len(words), "direct", speaker_name=name, speaker_id=slug, confidence=0.9)


def quote_all(
    connection: Connection, words: list[str], *, engine: str = "1", name: str | None = "Anna Petrova"
) -> list[list[str]]:
    """In every waiting version, quote those of the words that it has; the ids by version."""
    found = []
    for version in list(quotes.load_waiting_versions(connection, quotes.versions_waiting(connection, engine))):
        spans = [quote_in(version.text, phrase, name=name) for phrase in words if phrase in version.text]
        found.append(quotes.save_quotes(connection, version.id, spans, engine_version=engine, now=version.seen_at))
    return found
