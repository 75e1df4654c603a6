"""The invented publications: names, discovery documents, and traps for the crawler. Read from ``sites/*.yaml``."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline.demo.newsroom.days import FIRST_DAY, moscow_time
from pipeline.demo.newsroom.stories import Story, load_stories
from pipeline.records import Outcome

FOLDER = Path(__file__).parent / "sites"


class _SiteModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteDocument(_SiteModel):
    """A feed or sitemap of a site. ``page_size``: a paged feed, whose later pages are ``path/page/N``."""

    name: str
    path: str
    kind: Literal["rss", "atom", "sitemap-index", "sitemap", "news-sitemap"]
    title: str = ""
    tracking: str = ""
    """Tracking query that the feed adds to every link."""
    full_text: bool = False
    page_size: int | None = None
    sections: bool = False
    """Whether it lists the section pages too, as careless sitemaps do."""
    clock_offset: str | None = None
    """The UTC offset that the document states, if it is not the true one."""


class Trap(_SiteModel):
    """A listed address without an article of its own: missing, or a redirect. Listed on the first day only."""

    path: str
    kind: Literal["missing", "soft-missing", "redirect"]
    title: str
    published: datetime
    to: str = ""
    listed: tuple[str, ...]
    outcome: Outcome
    reason: str

    @field_validator("published")
    @classmethod
    def _in_moscow(cls, value: datetime) -> datetime:
        return moscow_time(value)

    def listed_in(self, document: str) -> bool:
        return document in self.listed


class Site(_SiteModel):
    """One publication. ``texts``: the fixed texts of its pages (menu, boxes, footer, notices) by name."""

    id: str
    host: str
    language: Literal["en", "ru"]
    title: str
    charset: str = "utf-8"
    validators: tuple[Literal["etag", "last-modified"], ...] = ()
    sections: dict[str, str]
    """Path of a section page -> its title."""
    robots: str
    documents: tuple[SiteDocument, ...]
    traps: tuple[Trap, ...] = ()
    hops: dict[str, str] = Field(default_factory=dict)
    """Redirects: path -> path."""
    texts: dict[str, str]

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    def stories_on(self, day: date) -> list[Story]:
        """Articles on the site at the end of ``day``, newest first."""
        return [story for story in load_stories(self.id) if story.on(day) is not None]

    def traps_on(self, day: date) -> list[Trap]:
        return [trap for trap in self.traps if day == FIRST_DAY]


@cache
def load_sites() -> tuple[Site, ...]:
    """All publications, in the order of their ids."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(Site.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files)
