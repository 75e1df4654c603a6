"""The contract between a run and its crawler process: the jobs that it is given, and the report of each.

The jobs are one JSON object on the crawler's stdin, a report is one line of JSON on its stdout as soon as the job ends.
:mod:`crawlers.__main__` says what a crawl writes besides (archive and journal), and how it is stopped.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pipeline.config.source import Source
from pipeline.records import Window

CRAWL_LIMIT = 5400.0
"""Seconds of wall time for the crawl of one source in one run."""

Finished = Literal["finished", "shutdown", "timeout", "memory"]
"""How a crawl ended; all but ``finished`` leave addresses that were not requested.

``memory``: the child exceeded its memory limit; which of its crawls caused it is not known. It ended at once, jobs that
had not begun have no report, and all of them should be retried in other children.
"""


class CrawlJob(BaseModel):
    """One crawl of one source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    """Names the run in the archive's file names."""
    source: Source
    now: AwareDatetime | None = None
    """The clock of the run; None: real time."""
    window: Window | None = None
    past: bool = False
    """Crawl the window's days instead of today.

    Reads ``{yyyy}`` sitemaps and ``day_only`` documents for them and paged feeds to their end, and skips archive
    entries that carry another day.
    """
    replay: Path | None = None
    """Answer from this WARC file, or from all in this folder, instead of the network; what is not in it answers 404."""
    as_of: AwareDatetime | None = None
    """In a replay: ignore captures made after this time."""
    archive: Path
    """WARC files go to ``DIR/SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz``, with ``.open`` appended until they are closed."""
    journal: Path
    """A file that is appended to: one ``records.Fetch`` per line (:mod:`pipeline.crawling.journal`)."""
    known: Path | None = None
    """A file of ``records.KnownUrl``, one per line; None: nothing is known."""
    contact: str = ""
    """For the User-Agent; needed unless the crawl is a replay."""
    proxy: str | None = None
    """All requests go through it; it must then check resolved IP addresses itself (SSRF)."""
    roll_at: int | None = Field(None, gt=0)
    """Size of a WARC file in bytes after which the crawl continues in a new one; None: the archive's own limit."""
    not_before: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Retry-After times from earlier runs, by host or address: no request before then."""
    most_pages: int | None = Field(None, ge=0)
    """Pages requested at most, documents not counted; the rest is error/max-pages. None: the source's budget."""
    limit: float = Field(CRAWL_LIMIT, gt=0)
    """Seconds of wall time; then the crawl stops and reports ``timeout``."""

    def clock(self) -> datetime:
        """The current time of the run, in UTC: ``now`` if it is given, else real time."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


class CrawlJobs(BaseModel):
    """Several jobs for one child process. Live ones run concurrently, replayed ones one after the other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jobs: tuple[CrawlJob, ...] = Field(min_length=1)


def read_jobs(text: str | bytes) -> tuple[CrawlJob, ...]:
    """The jobs of a request: one job, or ``{"jobs": [...]}``. pydantic.ValidationError if it is neither."""
    value = json.loads(text)
    if isinstance(value, dict) and "jobs" in value:
        return CrawlJobs.model_validate_json(text).jobs
    return (CrawlJob.model_validate_json(text),)


class DocumentCounts(BaseModel):
    """Numbers of a source's feeds, sitemaps and listings, and of what they listed."""

    tried: int = 0
    """Requested."""
    read: int = 0
    """Parsed, or answered 304."""
    unchanged: int = 0
    """The same as before; then ``entries`` may be 0 and nothing is wrong."""
    entries: int = 0
    """Addresses that they listed."""


class CrawlReport(BaseModel):
    """The report of one job. The crawler fills it in while it crawls."""

    source: str
    discovered: int = 0
    """Pages that discovery listed or that were recrawled; each has one line in the journal."""
    outcomes: dict[str, int] = Field(default_factory=dict)
    """Of these pages, how many by outcome; they add up to ``discovered``."""
    documents: DocumentCounts = Field(default_factory=DocumentCounts)
    warcs: list[str] = Field(default_factory=list)
    """Names of the archive's files that the crawl wrote."""
    finished: Finished = "finished"
    failure: str = ""
    """Why the archive or the journal could not be written (a full disk); empty if they could.

    The crawl ended there with only complete lines and records written; the archive's file may still be ``.open``.
    """
    not_before: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Retry-After times that last beyond this crawl, by host or address."""
    left_out: int = 0
    """Addresses that were listed beyond the maximum that one crawl takes."""
    in_replay: bool = True
    """False if none of the source's documents is in the replayed file: nothing was fetched, the journal is empty."""
    damage: list[str] = Field(default_factory=list)
    """The parts of the replayed files that could not be read, with file and offset; all else was used."""
    seconds: float = 0.0
    peak_mib: int = 0
    """Peak memory of the child so far, in MiB."""
