"""Models of the documents in which a source lists its articles: feeds, sitemaps, listings, JSON lists."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipeline.config.values import Css, DayUrl, JsonPath, Model, PageUrl, Pattern, for_day, has_day


class DiscoveryDocument(Model):
    """What all of them have. An address with a day in it (``{yyyy}{mm}{dd}``, ``{m}``, ``{d}``, ``{unix}``) is asked
    for today, and in a run over past days for each of those."""

    url: DayUrl
    day_only: bool = False
    """Read only when past days are fetched (daily run, backfill)."""

    def on(self, day: date, zone: str) -> list[Self]:
        """The documents to read for one day; itself if it is the same on all days."""
        if not has_day(self.url):
            return [self]
        return [self.model_copy(update={"url": url}) for url in for_day(self.url, day, zone)]


class Paged(DiscoveryDocument):
    """A document that goes on: newest entries first, older ones on further pages."""

    pages: Literal["none", "rel-next", "template"] = "none"
    """``rel-next``: each page names the next. ``template``: pages are counted, see page_template. Pages are followed
    until one lists nothing new; in a run over past days, until one lies wholly before them."""
    page_template: PageUrl | None = None
    """With ``pages: template``: address with ``{n}`` for the second and later pages."""
    first_page: int = Field(1, ge=0, le=1)
    """What ``{n}`` would be for the first page: 0 where pages are counted from nought."""
    max_pages: int = Field(50, ge=1, le=500)
    """Most pages read in one run."""

    @model_validator(mode="after")
    def _template_is_used(self) -> Self:
        if (self.pages == "template") != (self.page_template is not None):
            raise ValueError("pages: template and page_template belong together")
        return self

    def on(self, day: date, zone: str) -> list[Self]:
        documents = super().on(day, zone)
        if self.page_template is None or not has_day(self.page_template):
            return documents
        [template] = for_day(self.page_template, day, zone)
        return [document.model_copy(update={"page_template": template}) for document in documents]


class Feed(Paged):
    """RSS, RDF, Atom or JSON feed."""

    full_text: bool = False
    """Entries carry the whole article, which may stand for a page that is refused."""


class Sitemap(DiscoveryDocument):
    """Sitemap, news sitemap or index of them."""

    follow: Pattern | None = None
    """Of an index: only sitemaps whose address matches are read. Without it, all."""


class Listing(Paged):
    """An HTML page that links to articles: a section, a day's archive. What matches ``articles`` is taken."""

    links: Css = "a[href]"
    """The links, or the blocks around them; a block may also hold the article's ``time``."""
    next: Css = "link[rel~=next], a[rel~=next]"
    """With ``pages: rel-next``: the link to the next page."""


class JsonList(Paged):
    """A JSON document that lists articles, such as the one a site's own pages load. Paths are JMESPath."""

    items: JsonPath
    """The articles, from the document's root: ``articles``, ``data.items[]``, ``values(documents)``."""
    link: JsonPath = "url"
    """An article's address, or its path (see base), from the article."""
    base: DayUrl | None = None
    """What paths stand on; else the document's own address."""
    title: JsonPath | None = None
    published: JsonPath | None = None
    next: JsonPath | None = None
    """With ``pages: rel-next``: the next page's address, from the document's root."""


def _described(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


FeedEntry = Annotated[Feed, BeforeValidator(_described, json_schema_input_type=Feed | str)]
SitemapEntry = Annotated[Sitemap, BeforeValidator(_described, json_schema_input_type=Sitemap | str)]
ListingEntry = Annotated[Listing, BeforeValidator(_described, json_schema_input_type=Listing | str)]
"""A document may be written as its address alone."""
