"""One source as data: where it lists its articles, how its pages read, how gently to ask, what to expect of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https address")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _css(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("not a time zone name such as Europe/Moscow") from error
    return value


Url = Annotated[str, AfterValidator(_http_url)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Css = Annotated[str, AfterValidator(_css)]
Zone = Annotated[str, AfterValidator(_zone)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(_Model):
    """RSS, RDF, Atom or JSON feed."""

    url: Url
    full_text: bool = False
    """Entries carry the whole article, which may stand for a page that is refused."""
    pages: Literal["none", "rel-next", "template"] = "none"
    page_template: str | None = None
    """With ``pages: template``: address with ``{n}`` for the second and later pages."""
    max_pages: int = Field(50, ge=1, le=500)


class Sitemap(_Model):
    """Sitemap, news sitemap or index of them. ``{yyyy}``, ``{mm}``, ``{dd}``: one address per day of a window."""

    url: str
    day_only: bool = False
    """Read only when a past day is fetched (daily run, backfill)."""

    @model_validator(mode="after")
    def _checked(self) -> Sitemap:
        _http_url(self.url.replace("{yyyy}", "2020").replace("{mm}", "01").replace("{dd}", "01"))
        return self


class Selectors(_Model):
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


class Dates(_Model):
    """How the source's times are to be read."""

    zone: Zone = "UTC"
    """Zone of times that carry none."""
    ignore_offset: bool = False
    """The clock is right but the offset it carries is wrong: read the clock in ``zone``."""


class Politeness(_Model):
    """How gently to ask."""

    delay: float = Field(2.0, ge=0, le=600)
    """Seconds between requests to one host."""
    concurrency: int = Field(1, ge=1, le=8)
    max_pages: int = Field(2000, ge=1)
    """Requests per run, discovery included."""
    timeout: float = Field(30.0, gt=0, le=300)
    robots: Literal["all", "pages"] = "all"
    """What robots.txt decides on: every request; or all but the feeds and sitemaps named here, which a publisher may
    offer to machines while its pages are closed to them. A robots.txt that cannot be had closes both."""


class Expect(_Model):
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


class Source(_Model):
    """A publication we read."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    title: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    home: Url
    publisher: str = ""
    country: str = ""
    enabled: bool = True
    feeds: tuple[Feed, ...] = ()
    sitemaps: tuple[Sitemap, ...] = ()
    articles: tuple[Pattern, ...] = ()
    """An article's canonical address matches one of these; empty: any address on ``hosts`` that discovery lists."""
    not_articles: tuple[Pattern, ...] = ()
    hosts: tuple[str, ...] = ()
    """Hosts that may be asked, subdomains included; empty: the host of ``home``, without www."""
    allow_addresses: tuple[str, ...] = ()
    """``host:port`` that may be asked although it is not public: for a mirror or a test server of your own."""
    body: Literal["page", "feed"] = "page"
    """``feed``: pages are not asked for at all. ``page``: the feed's full text stands in where a page is refused."""
    selectors: tuple[Selectors, ...] = ()
    """Newest first; the first whose ``since`` is not after the article's day holds."""
    dates: Dates = Dates()
    title_suffix: Pattern | None = None
    """What the source adds to its titles, as a regular expression at their end."""
    drop_paragraphs: tuple[Pattern, ...] = ()
    """Paragraphs that are not the story's (calls to subscribe, house notes): any that one of these matches in full."""
    relevance: Literal["all", "match"] = "match"
    politeness: Politeness = Politeness()
    expect: Expect = Expect()
    notes: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_addresses(cls, value: object) -> object:
        """A feed or sitemap may be written as its address alone."""
        if isinstance(value, dict):
            for name in ("feeds", "sitemaps"):
                if isinstance(value.get(name), list):
                    value = {**value, name: [{"url": item} if isinstance(item, str) else item for item in value[name]]}
        return value

    @model_validator(mode="after")
    def _discoverable(self) -> Source:
        if not self.feeds and not self.sitemaps:
            raise ValueError("needs at least one entry in feeds or sitemaps")
        if self.body == "feed" and not any(feed.full_text for feed in self.feeds):
            raise ValueError("body: feed needs a feed with full_text: true")
        return self

    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts that may be asked; subdomains of each may be asked too."""
        if self.hosts:
            return self.hosts
        own = [urlsplit(self.home).hostname or ""]
        own += [urlsplit(feed.url).hostname or "" for feed in self.feeds]
        own += [urlsplit(sitemap.url).hostname or "" for sitemap in self.sitemaps]
        return tuple(dict.fromkeys(host.removeprefix("www.") for host in own))

    def is_article(self, url: str) -> bool:
        """Whether an address can be an article of this source."""
        if any(re.search(pattern, url) for pattern in self.not_articles):
            return False
        return not self.articles or any(re.search(pattern, url) for pattern in self.articles)
