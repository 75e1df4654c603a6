"""An ad-hoc crawl of one source: results go to a folder, and nothing is written to the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline import archive
from pipeline.archive import ArchivedResponse
from pipeline.config.settings import Settings
from pipeline.config.source import Source
from pipeline.crawling import journal
from pipeline.crawling.job import CrawlJob
from pipeline.crawling.process import CrawlerProcess
from pipeline.crawling.summary import CrawlSummary, summarise_crawl
from pipeline.errors import MissingSetting
from pipeline.records import DocumentKind, Fetch, Window
from pipeline.stages.context import Replay

NAME = "visit"


@dataclass(frozen=True, slots=True)
class AdhocCrawl:
    """The results of an ad-hoc crawl."""

    folder: Path
    fetches: list[Fetch]
    summary: CrawlSummary

    @property
    def documents(self) -> list[Fetch]:
        """Journal lines of robots.txt, feeds, sitemaps and listings, in the order in which they ended."""
        return [fetch for fetch in self.fetches if fetch.kind is not DocumentKind.PAGE]

    @property
    def pages(self) -> list[Fetch]:
        return [fetch for fetch in self.fetches if fetch.kind is DocumentKind.PAGE]

    def read(self, fetch: Fetch) -> ArchivedResponse | None:
        """The archived response of a journal line, with its body decoded; None if it archived nothing."""
        return archive.read_response(self.folder / "archive", fetch.record) if fetch.record else None


def run_adhoc_crawl(
    settings: Settings,
    source: Source,
    folder: Path,
    *,
    most_pages: int,
    replay: Replay | None = None,
    day: Window | None = None,
) -> AdhocCrawl:
    """Crawl ``source`` into ``folder``, fetching at most ``most_pages``; ``day``: as a run over that past day would.

    Raises ConfigError if a live crawl has no contact address for the servers.
    """
    if settings.contact is None and replay is None:
        raise MissingSetting(
            "asking servers needs ONRECORD_CONTACT: an e-mail or web address that every server asked is shown",
            setting="ONRECORD_CONTACT",
        )
    folder.mkdir(parents=True, exist_ok=True)
    child = CrawlerProcess(folder, [_job(settings, source, folder, most_pages, replay, day)], None)
    report = next(iter(list(child.reports())), None)
    path = folder / "journal.jsonl"
    fetches = list(journal.read_fetches(path)) if path.exists() else []
    return AdhocCrawl(folder, fetches, summarise_crawl(source.id, report, child.error, fetches))


def _job(
    settings: Settings, source: Source, folder: Path, most_pages: int, replay: Replay | None, day: Window | None
) -> CrawlJob:
    as_of = replay.as_of if replay else None
    return CrawlJob(
        run=NAME,
        source=source,
        now=as_of,
        window=day,
        past=day is not None,
        replay=replay.file if replay else None,
        as_of=as_of,
        archive=folder / "archive",
        journal=folder / "journal.jsonl",
        contact=settings.contact or "",
        proxy=settings.proxy,
        most_pages=most_pages,
    )
