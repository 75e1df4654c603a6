"""What a crawler is asked to do, and what it says in the end. The protocol is told in ``crawlers.__main__``."""

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
"""How long after it was first seen an article is read again for edits."""

Finished = Literal["finished", "shutdown", "timeout", "memory"]
"""``memory``: the child held more than it may, through whichever of its crawls."""


class _JobModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrawlWindow(_JobModel):
    """Half-open span of time."""

    start: AwareDatetime
    end: AwareDatetime


class CrawlJob(_JobModel):
    """One source to crawl once."""

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
    """Bytes of a WARC file after which the crawl goes on in a new one."""
    not_before: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Hosts and addresses that asked earlier runs to be left alone, and until when."""
    most_pages: int | None = Field(None, ge=0)
    """Pages asked for at most, documents not counted; None: as many as the source's budget allows."""
    limit: float = Field(5400.0, gt=0)
    """Seconds of wall time; then the crawl stops and says ``timeout``."""

    @model_validator(mode="after")
    def _honest(self) -> CrawlJob:
        if not self.replay and not self.contact:
            raise ValueError("a live crawl needs a contact: servers must be able to reach whoever asks them")
        no_browser = missing_browser_message({self.source.id: self.source}) if not self.replay else None
        if no_browser:
            raise ValueError(no_browser)
        return self

    def clock(self) -> datetime:
        """The time that things are seen at."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


class CrawlJobs(_JobModel):
    """Several sources for one child."""

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
    """The line on stdout for one job."""

    source: str
    discovered: int = 0
    """Pages that discovery listed or that were asked again; each has one line in the journal."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Of these pages, how many by outcome."""
    documents: dict[str, int] = field(default_factory=lambda: {"tried": 0, "read": 0, "unchanged": 0, "entries": 0})
    """Feeds and sitemaps: asked for, understood (or 304), unchanged, and the addresses they listed."""
    warcs: list[str] = field(default_factory=list)
    finished: Finished = "finished"
    failure: str = ""
    """Why the crawl could not go on, or could not leave whole what it has: a full disk. Empty if it could."""
    not_before: dict[str, str] = field(default_factory=dict)
    """Hosts and addresses that ask to be left alone beyond this crawl, and until when (ISO 8601)."""
    left_out: int = 0
    """Addresses that were listed and not taken up, because a crawl holds no more."""
    in_replay: bool = True
    damage: list[str] = field(default_factory=list)
    """What of the replayed files could not be read, with file and offset."""
    seconds: float = 0.0
    peak_mib: int = 0
    """Memory of the child at its highest so far, in MiB."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}
