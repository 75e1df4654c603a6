"""Dry run of a source: crawl a few pages, extract them, and show what would be kept and why. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import extraction
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.errors import InvalidValue
from pipeline.extraction.relevance import BeatMatcher
from pipeline.onboarding.adhoc_crawl import AdhocCrawl, run_adhoc_crawl
from pipeline.parsing import feeds
from pipeline.reasons import Reason
from pipeline.records import Article, DocumentKind, Fetch, LedgerEntry, Origin, Outcome, Page, Stage, Window
from pipeline.runtime.sandbox import Sandbox
from pipeline.stages.context import Replay
from pipeline.stages.extract import beat_matcher
from pipeline.stages.extraction_jobs import stands_for_page
from pipeline.stages.guarded import run_guarded


@dataclass(frozen=True, slots=True)
class DryRunReading:
    """The result for one URL. ``because`` says why the article is relevant, or why it is not kept."""

    url: str
    outcome: Outcome
    reason: str
    because: str = ""
    article: Article | None = None
    edition_key: str | None = None

    def as_json(self) -> dict[str, object]:
        article = self.article
        return {
            "url": self.url,
            "outcome": self.outcome,
            "reason": self.reason,
            "because": self.because,
            "title": article.title if article else None,
            "published_at": article.published_at if article else None,
            "published_raw": article.published_raw if article else None,
            "letters": len(article.text) if article else 0,
            "extractor": article.extractor if article else None,
            "flags": list(article.flags) if article else [],
            "edition_key": self.edition_key,
        }


@dataclass(frozen=True, slots=True)
class DryRun:
    """The results of a dry run."""

    source: Source
    crawl: AdhocCrawl
    readings: list[DryRunReading]

    def listed(self, document: Fetch) -> int:
        """The number of URLs that were first found in a document."""
        return sum(fetch.discovered_in == document.url for fetch in self.crawl.pages)

    def shares(self) -> dict[str, float]:
        """Shares by their names in ``expect``, of what was read.

        ``by_selectors``: of the articles read from pages, those that the source's selectors found.
        """
        read = [it for it in self.readings if it.reason not in _NOT_READ]
        articles = [it.article for it in read if it.article is not None]
        shares = {"with_text": _share(len(articles), len(read))}
        shares["with_date"] = _share(sum(it.published_at is not None for it in articles), len(articles))
        shares["with_title"] = _share(sum(bool(it.title) for it in articles), len(articles))
        if any(selectors.body for selectors in self.source.selectors) and self.source.body == "page":
            from_page = [it for it in articles if it.extractor != "feed"]
            found = sum(it.extractor == "selectors" for it in from_page)
            shares["by_selectors"] = _share(found, len(from_page))
        return shares

    def failures(self) -> list[str]:
        """Problems of the source found in this dry run."""
        wrong = [self.crawl.summary.failure] if self.crawl.summary.failure else []
        if not wrong and not any(it.article for it in self.readings):
            wrong.append("not one article could be read")
        shares = self.shares()
        for name in ("with_text", "with_date", "with_title"):
            floor = getattr(self.source.expect, name)
            if self.readings and floor is not None and shares[name] < floor:
                wrong.append(f"{name}: {shares[name]:.0%} of what was read, {floor:.0%} is expected")
        return wrong


_NOT_READ = frozenset({Reason.MAX_PAGES, Reason.PATTERN, Reason.OTHER_HOST, Reason.SAME_ARTICLE, Reason.GUARD})
"""Reasons of URLs that were not read at all."""


def dry_run_source(
    settings: Settings,
    source: Source,
    folder: Path,
    *,
    pages: int,
    replay: Replay | None = None,
    day: Window | None = None,
) -> DryRun:
    """Crawl and read at most so many pages of the source, as a run would, in ``folder``."""
    found = run_adhoc_crawl(settings, source, folder, most_pages=pages, replay=replay, day=day)
    now = replay.as_of if replay and replay.as_of else datetime.now(UTC)
    beat = beat_matcher(settings)
    with Sandbox() as sandbox:
        readings = list(_Reader(source, found, sandbox, beat, now).readings(pages))
    return DryRun(source, found, readings)


class _Reader:
    """Reads the pages and feed entries of an ad-hoc crawl."""

    def __init__(self, source: Source, crawl: AdhocCrawl, sandbox: Sandbox, beat: BeatMatcher, now: datetime) -> None:
        self._source = source
        self._crawl = crawl
        self._sandbox = sandbox
        self._beat = beat
        self._now = now

    def readings(self, most_entries: int) -> Iterator[DryRunReading]:
        """One reading for each URL; at most ``most_entries`` of them read the text from a feed entry."""
        entries = dict(self._entries())
        for fetch in self._crawl.pages:
            if fetch.url in entries and most_entries > 0:
                most_entries -= 1
                yield self._read(fetch, entries[fetch.url])
            elif fetch.record is not None:
                found = self._crawl.read(fetch)
                body = found.body if found else b""
                url = fetch.final_url or fetch.url
                yield self._read(fetch, Page(url, body, fetch.content_type, listed_raw=fetch.published_raw))
            elif fetch.url in entries:
                yield DryRunReading(fetch.url, Outcome.ERROR, Reason.MAX_PAGES, "read no more of the feed")
            else:
                yield DryRunReading(fetch.url, fetch.outcome, fetch.reason, fetch.detail)

    def _entries(self) -> Iterator[tuple[str, Page]]:
        """Feed entries whose text replaces a page."""
        errors = (fetch for fetch in self._crawl.pages if fetch.outcome is Outcome.ERROR)
        refused = {fetch.url for fetch in errors if fetch.reason != Reason.MAX_PAGES}
        if not any(feed.full_text for feed in self._source.feeds):
            return
        for document in self._crawl.documents:
            found = self._crawl.read(document) if document.kind is DocumentKind.FEED else None
            if found is None:
                continue
            url, content_type = document.final_url or document.url, document.content_type
            feed = self._sandbox.call(feeds.read_feed, found.body, base_url=url, content_type=content_type)
            for entry in feed.entries:
                if stands_for_page(self._source, entry, refused):
                    yield entry.url, Page(url, found.body, content_type, Origin.FEED, entry.locator)

    def _read(self, fetch: Fetch, page: Page) -> DryRunReading:
        def work() -> tuple[Article, LedgerEntry]:
            article = self._sandbox.call(extraction.extract_article, page, self._source, now=self._now)
            return article, LedgerEntry(Stage.EXTRACT, fetch.url, self._source.id, Outcome.KEPT, fetch.reason)

        article, entry = run_guarded(Stage.EXTRACT, fetch.url, self._source.id, work)
        if article is None:
            return DryRunReading(fetch.url, entry.outcome, entry.reason, entry.detail)
        edition = self._source.edition
        key = edition.shared_key(article.url) if edition else None
        judged = self._beat.judge(article)
        if self._source.relevance == "match" and not judged.relevant:
            return DryRunReading(fetch.url, Outcome.NOT_RELEVANT, Reason.OFF_BEAT, "", article, key)
        reason = Reason.FROM_FEED if page.origin is Origin.FEED else fetch.reason
        because = judged.because if self._source.relevance == "match" else "relevance: all"
        return DryRunReading(fetch.url, Outcome.KEPT, reason, because, article, key)


def day_of(text: str, source: Source) -> Window:
    """A calendar day in the source's own time zone. Raises ConfigError if the text is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(f"{text!r} is no day: write 2026-06-15", name="--day", value=text) from error
    start = datetime.combine(day, time(), ZoneInfo(source.dates.zone))
    return Window(start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
