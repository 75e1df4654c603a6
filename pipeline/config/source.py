"""The model of a source file: discovery documents, selectors, rate limit, and the volume to expect.

The docstrings of its classes and fields are the descriptions in ``source.schema.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from pipeline.config.discovery import DiscoveryDocument, FeedEntry, JsonList, ListingEntry, SitemapEntry
from pipeline.config.schedule import ADAPTIVE, parse_schedule
from pipeline.config.values import Css, Model, Pattern, Share, Url, Zone


class Selectors(Model):
    """CSS selectors of a page; what is not given is found by trafilatura. ``since``: first day on which they hold."""

    since: date | None = None
    title: Css | None = None
    lead: Css | None = None
    body: Css | None = None
    published: Css | None = None
    clock: Css | None = None
    """Time of day where the page gives it apart from the day of ``published``."""
    drop: tuple[Css, ...] = ()
    """What is cut out of lead and body first: hover boxes, related links, captions."""


class Dates(Model):
    """How the source's times are to be read."""

    zone: Zone = "UTC"
    """Time zone of times that are given without one."""
    ignore_offset: bool = False
    """The clock is right but the offset it carries is wrong: read the clock in ``zone``."""


class Politeness(Model):
    """Rate limit, and what robots.txt decides."""

    delay: float = Field(2.0, ge=0, le=600)
    """Seconds between requests to one host."""
    concurrency: int = Field(1, ge=1, le=8)
    max_pages: int = Field(2000, ge=1)
    """Requests per run, discovery included."""
    timeout: float = Field(30.0, gt=0, le=300)
    robots: Literal["all", "pages"] = "all"
    """What robots.txt decides on: every request; or all but the feeds and sitemaps named here, which a publisher may
    offer to machines while its pages are closed to them. A robots.txt that cannot be fetched disallows both."""


class Expect(Model):
    """What a healthy source brings. Below a floor the source counts as failed; above a ceiling is only a warning."""

    min_discovered: int = Field(1, ge=0)
    """Addresses listed in one run."""
    max_discovered: int | None = Field(None, ge=1)
    pages_per_day: tuple[int, int] | None = None
    """Floor and ceiling of new addresses in 24 hours."""
    with_text: Share | None = None
    """Least share of the pages read that are found to hold a story."""
    with_date: Share | None = None
    """Least share of articles whose time of publication is found."""
    with_title: Share | None = None

    @model_validator(mode="after")
    def _floor_below_ceiling(self) -> Expect:
        if self.pages_per_day is not None and not 0 <= self.pages_per_day[0] <= self.pages_per_day[1]:
            raise ValueError("pages_per_day: write [floor, ceiling], the smaller number first")
        if self.max_discovered is not None and self.max_discovered < self.min_discovered:
            raise ValueError("max_discovered is below min_discovered")
        return self


class Edition(Model):
    """One of several language editions of a publication, each a source of its own."""

    of: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    """A name that all its editions have here."""
    key: Pattern | None = None
    """Regular expression whose one group, found in an article's address, is the same in all editions; left out where
    editions number their articles apart."""

    @model_validator(mode="after")
    def _one_group(self) -> Edition:
        if self.key is not None and re.compile(self.key).groups != 1:
            raise ValueError("key: needs exactly one group ( ), the part that the editions share")
        return self

    def shared_key(self, url: str) -> str | None:
        """What names the article in all editions; None if nothing does."""
        match = re.search(self.key, url) if self.key else None
        return f"{self.of}:{match.group(1)}" if match else None


class Source(Model):
    """A publication we read."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    """The file's name without its ending."""
    title: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    """ISO 639-1 code. A publication in two languages is two sources, see edition."""
    home: Url
    publisher: str = ""
    """Who publishes it."""
    country: str = Field("", pattern=r"^([A-Z]{2})?$")
    """Of the newsroom, as ISO 3166-1 code."""
    enabled: bool = True
    """Read in every run; else only when a run names it."""
    schedule: str = ADAPTIVE
    """When the DAG onrecord_collect crawls it: ``adaptive`` (every 10 to 60 minutes, by how much comes from it at this
    time of day), ``every 10 minutes``, or a cron line in ONRECORD_TIMEZONE such as ``0 7-22 * * *``. Daily runs, and
    runs that name it, crawl it anyhow."""
    edition: Edition | None = None
    """The language edition of a publication that this is, where it has several."""
    feeds: tuple[FeedEntry, ...] = ()
    """RSS, RDF, Atom and JSON feeds: their addresses, or objects."""
    sitemaps: tuple[SitemapEntry, ...] = ()
    """Sitemaps, news sitemaps, sitemaps of a day, indexes of them: their addresses, or objects."""
    listings: tuple[ListingEntry, ...] = ()
    """HTML pages that link to articles; needs ``articles``."""
    json_lists: tuple[JsonList, ...] = ()
    """JSON documents that list articles."""
    articles: tuple[Pattern, ...] = ()
    """An article's canonical address matches one of these; empty: any address on ``hosts`` that discovery lists."""
    not_articles: tuple[Pattern, ...] = ()
    """What matches one of these is no article after all."""
    hosts: tuple[str, ...] = ()
    """Hosts that may be asked, subdomains included; empty: the host of ``home``, without www."""
    allow_addresses: tuple[str, ...] = ()
    """``host:port`` that may be asked although it is not public: for a mirror or a test server of your own."""
    cookies: dict[str, str] = Field(default_factory=dict)
    """Sent with every request: to pass by what stands before the pages (a sign-on hop), never to sign in."""
    body: Literal["page", "feed"] = "page"
    """``feed``: pages are not asked for at all. ``page``: the feed's full text stands in where a page is refused."""
    browser: bool = False
    """Pages hold no text until a browser has run their scripts: slow, a last resort. Needs the extra ``browser``."""
    selectors: tuple[Selectors, ...] = ()
    """Newest first; the first whose ``since`` is not after the article's day holds."""
    dates: Dates = Dates()
    title_suffix: Pattern | None = None
    """Suffix that the source adds to its titles, as a regular expression."""
    drop_paragraphs: tuple[Pattern, ...] = ()
    """Boilerplate (calls to subscribe, house notes): paragraphs that one of these patterns matches in full."""
    relevance: Literal["all", "match"] = "match"
    """``all``: every article is kept. ``match``: those on the beat (``beat.yaml``)."""
    politeness: Politeness = Politeness()
    expect: Expect = Expect()
    notes: str = ""
    unverified: tuple[str, ...] = ()
    """Facts in this file that nobody has verified, for whoever investigates a failure."""

    @model_validator(mode="after")
    def _discoverable(self) -> Source:
        documents = list(self.documents())
        if not documents:
            raise ValueError("needs at least one entry in feeds, sitemaps, listings or json_lists")
        if all(document.day_only for document in documents):
            raise ValueError("every document is day_only: nothing would be read from day to day")
        if self.listings and not self.articles:
            raise ValueError("listings need articles: else every link of the page is taken for an article")
        if self.body == "feed" and not any(feed.full_text for feed in self.feeds):
            raise ValueError("body: feed needs a feed with full_text: true")
        return self

    @field_validator("schedule")
    @classmethod
    def _readable_schedule(cls, text: str) -> str:
        parse_schedule(text)
        return text

    def documents(self) -> Iterator[DiscoveryDocument]:
        """All documents in which the source lists its articles."""
        yield from self.feeds
        yield from self.sitemaps
        yield from self.listings
        yield from self.json_lists

    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts that may be asked; subdomains of each may be asked too."""
        if self.hosts:
            return self.hosts
        own = [urlsplit(self.home).hostname or ""]
        own += [urlsplit(document.url).hostname or "" for document in self.documents()]
        return tuple(dict.fromkeys(host.removeprefix("www.") for host in own))

    def is_article(self, url: str) -> bool:
        """Whether an address can be an article of this source."""
        if any(re.search(pattern, url) for pattern in self.not_articles):
            return False
        return not self.articles or any(re.search(pattern, url) for pattern in self.articles)
