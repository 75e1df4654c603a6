"""The crawl job that a crawler reads and the report that it prints. ``crawlers.__main__`` describes the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from pipeline.archive import ROLL_AT
from pipeline.config.source import Source
from pipeline.config.sources import missing_browser_message

YOUNG = timedelta(days=7)
"""Age, since it was first seen, up to which an article is recrawled for edits."""

Finished = Literal["finished", "shutdown", "timeout", "memory"]
"""``memory``: the child exceeded its memory limit; which of its crawls caused it is not known."""


class _JobModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrawlWindow(_JobModel):
    """A span of time; the end is not included."""

    start: AwareDatetime
    end: AwareDatetime


class CrawlJob(_JobModel):
    """One crawl of one source."""

    run: str
    source: Source
    now: AwareDatetime | None = None
    """The clock of the run; None: real time."""
    window: CrawlWindow | None = None
    past: bool = False
    """Read the window's days: ``{yyyy}`` sitemaps and ``day_only`` documents for them, paged feeds to their end."""
    replay: Path | None = None
    as_of: AwareDatetime | None = None
    archive: Path
    journal: Path
    known: Path | None = None
    contact: str = ""
    proxy: str | None = None
    roll_at: int = Field(ROLL_AT, gt=0)
    """Size of a WARC file in bytes after which the crawl continues in a new one."""
    not_before: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Retry-After times from earlier runs, by host or address: no request before then."""
    most_pages: int | None = Field(None, ge=0)
    """Pages requested at most, documents not counted; None: as many as the source's budget allows."""
    limit: float = Field(5400.0, gt=0)
    """Seconds of wall time; then the crawl stops and reports ``timeout``."""

    @model_validator(mode="after")
    def _honest(self) -> CrawlJob:
        if not self.replay and not self.contact:
            raise ValueError("a live crawl needs a contact: servers must be able to reach whoever asks them")
        no_browser = missing_browser_message({self.source.id: self.source}) if not self.replay else None
        if no_browser:
            raise ValueError(no_browser)
        return self

    def clock(self) -> datetime:
        """The current time of the run, in UTC: ``now`` if it is given, else real time."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


class CrawlJobs(_JobModel):
    """Several jobs for one child process."""

    jobs: tuple[CrawlJob, ...] = Field(min_length=1)


def read_jobs(text: str | bytes) -> tuple[CrawlJob, ...]:
    """The jobs of a request: one job, or ``{"jobs": [...]}``. pydantic.ValidationError if it is neither."""
    import json

    value = json.loads(text)
    if isinstance(value, dict) and "jobs" in value:
        return CrawlJobs.model_validate_json(text).jobs
    return (CrawlJob.model_validate_json(text),)


@dataclass(slots=True)
class CrawlReport:
    """The report of one job, printed as one line of JSON on stdout."""

    source: str
    discovered: int = 0
    """Pages that discovery listed or that were recrawled; each has one line in the journal."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Of these pages, how many by outcome."""
    documents: dict[str, int] = field(default_factory=lambda: {"tried": 0, "read": 0, "unchanged": 0, "entries": 0})
    """Numbers of feeds and sitemaps requested, parsed (or 304) and unchanged, and of the addresses they listed."""
    warcs: list[str] = field(default_factory=list)
    finished: Finished = "finished"
    failure: str = ""
    """Why the archive or the journal could not be written (a full disk); empty if they could."""
    not_before: dict[str, str] = field(default_factory=dict)
    """Retry-After times that last beyond this crawl (ISO 8601), by host or address."""
    left_out: int = 0
    """Addresses that were listed beyond the maximum that one crawl takes."""
    in_replay: bool = True
    damage: list[str] = field(default_factory=list)
    """The parts of the replayed files that could not be read, with file and offset."""
    seconds: float = 0.0
    peak_mib: int = 0
    """Peak memory of the child so far, in MiB."""

    def as_json(self) -> dict[str, Any]:
        """The fields as a dict that can be written as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
