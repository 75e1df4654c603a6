"""What a page says of itself: JSON-LD, meta elements, headings, times, its canonical address."""

from __future__ import annotations

import html as htmllib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipeline.config.source import Selectors
from pipeline.extraction.blocks import clean_text, select_elements, word_characters, xpath_elements, xpath_values
from pipeline.extraction.jsonld import Declared, declared_objects, own_articles, publisher_names, text_of
from pipeline.extraction.published import microdata_time, time_elements, time_of, visible_time

_PUBLISHED_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publish_date", "publishdate", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date",
    "date", "cxenseparse:recs:publishtime", "mediator_published_time", "ptime", "pdate", "article.published",
    "article:published", "published_time", "article_date_original", "publication_date", "published-date", "pub_date",
    "citation_publication_date", "citation_online_date", "dcterms.issued", "dc.issued", "bt:pubdate",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "utime")
_HEADLINE = 40
"""Word characters that a headline needs to be distinguished from others."""
_BETWEEN = re.compile(r"\s+(?:[|•·–—-]|//|::|»|«)\s+|:\s+(?=\w)")
_SUFFIX = re.compile(r"\s+(?:[|•·–—-]|//|::)\s+(?P<tail>[^|•·]{2,60})$")


class DeclaredPost(NamedTuple):
    """One post of a live blog as JSON-LD gives it, its body perhaps with markup."""

    title: str
    published_raw: str
    body: str


@dataclass
class Metadata:
    """What the page states of itself, unchecked; empty where it says nothing."""

    title: str = ""
    published_raws: list[str] = field(default_factory=list)
    """What the page gives as its time of publication, the most certain first; empty where a place gives none."""
    shown: Callable[[], str] = str
    """Finds the date that it shows to readers beside its heading: that takes long, and few pages need it."""
    modified_raw: str = ""
    canonical: str = ""
    """The canonical address that the page claims."""
    article_body: str = ""
    """The story as its JSON-LD gives it; may be a teaser."""
    declared: bool = False
    """The page says that it is one article, and when it was published."""
    free: bool = True
    """False if the page declares itself closed to non-subscribers."""
    live: bool = False
    """The page says that it is a live blog."""
    posts: list[DeclaredPost] = field(default_factory=list)
    """A live blog's posts as its JSON-LD gives them."""
    page_title: str = ""
    headings: tuple[str, ...] = ()
    """The texts of its headings of the first rank (``h1``)."""


def read_metadata(tree: etree._Element, url: str) -> Metadata:
    """The page's own statements: JSON-LD first, then meta elements, then microdata."""
    found = Metadata()
    meta = _meta(tree)
    link = next(iter(xpath_values(tree, "//link[@rel='canonical']/@href")), "") or meta.get("og:url", "")
    found.canonical = _absolute(link.strip(), url) if link else ""
    found.page_title = clean_text(" ".join(xpath_values(tree, "(//head/title|//title)[1]//text()")))
    headings = {
        node: heading for node in tree.iter("h1") if (heading := clean_text("".join(map(str, node.itertext()))))
    }
    found.headings = tuple(headings.values())
    titles = [meta.get("og:title", ""), meta.get("twitter:title", ""), found.page_title, *found.headings]
    declared = list(declared_objects(tree))
    for one in own_articles(declared, (url, found.canonical), titles):
        _take_declared(found, one)
    headline = found.title
    found.title = _title(found, meta, headline, [*_site_names(meta), *publisher_names(declared)], url)
    dated = _take_times(found, tree, meta, _heading(headings, found.title))
    found.declared = dated and _is_declared(meta.get("og:type", ""), headline, (found.page_title, *found.headings))
    if meta.get("article:content_tier", "").lower() == "locked":
        found.free = False
    if any("LiveBlogPosting" in (node.get("itemtype") or "") for node in xpath_elements(tree, "//*[@itemtype]")):
        found.live = True
    return found


def _take_times(found: Metadata, tree: etree._Element, meta: dict[str, str], heading: etree._Element | None) -> bool:
    """Fill in what the page says of its times; whether it states its publication for machines."""
    found.published_raws += [meta.get(name, "") for name in _PUBLISHED_META]
    found.published_raws.append(microdata_time(tree, "datePublished", heading))
    dated = any(found.published_raws)
    found.published_raws.append(time_elements(tree, heading))
    found.shown = partial(visible_time, tree, heading)
    modified = _first(meta, _MODIFIED_META) or microdata_time(tree, "dateModified", heading)
    found.modified_raw = found.modified_raw or modified
    return dated


def _heading(headings: dict[etree._Element, str], title: str) -> etree._Element | None:
    """The heading of the story: the one that is its title, else the only one."""
    named = [node for node, text in headings.items() if text == title]
    return next(iter(named or (headings if len(headings) == 1 else ())), None)


def selected_time(tree: etree._Element, selectors: Selectors) -> str:
    """The published time where the source's selectors find it: an attribute if there is one, else the text."""
    if selectors.published is None:
        return ""
    raw = next((time_of(node) for node in select_elements(tree, selectors.published) if time_of(node)), "")
    if selectors.clock and raw:
        clock = next(
            (clean_text("".join(map(str, node.itertext()))) for node in select_elements(tree, selectors.clock)), ""
        )
        raw = f"{raw} {clock}".strip()
    return raw


def strip_suffix(title: str, pattern: str | None) -> str:
    """The title without what the source adds at its end."""
    return re.sub(f"(?:{pattern})$", "", title).strip() if pattern else title


def _absolute(link: str, base: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # such as http://[broken
        return ""


def _meta(tree: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        content = node.get("content")
        if name and content and name not in found:
            found[name] = clean_text(content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _take_declared(found: Metadata, one: Declared) -> None:
    if "LiveBlogPosting" in one.types:
        found.live = True
        found.posts = found.posts or _declared_posts(one.item.get("liveBlogUpdate"))
    found.title = found.title or one.text("headline")
    found.published_raws.append(one.text("datePublished"))
    found.modified_raw = found.modified_raw or one.text("dateModified")
    if str(one.item.get("isAccessibleForFree", "true")).lower() in ("false", "no", "0"):
        found.free = False
    body = one.item.get("articleBody")
    if isinstance(body, str) and len(body) > len(found.article_body):
        found.article_body = htmllib.unescape(body)


def _declared_posts(updates: object) -> list[DeclaredPost]:
    items = updates if isinstance(updates, list) else [updates]
    posts = []
    for item in items:
        if not isinstance(item, dict):
            continue
        body = item.get("articleBody")
        if isinstance(body, str) and body.strip():
            posts.append(DeclaredPost(text_of(item.get("headline")), text_of(item.get("datePublished")), body))
    return posts


def _is_declared(kind: str, headline: str, heads: tuple[str, ...]) -> bool:
    """Whether Open Graph calls the page an article, or JSON-LD's headline is the page's own and no listed story's."""
    start = word_characters(headline)[:_HEADLINE]
    return kind.lower() == "article" or (bool(start) and any(start in word_characters(head) for head in heads))


def _title(found: Metadata, meta: dict[str, str], headline: str, sites: Sequence[str], url: str) -> str:
    """JSON-LD's headline, else the one heading that the page's title confirms, else the title less the site's name."""
    page_title, headings = found.page_title, found.headings
    offered = meta.get("og:title") or meta.get("twitter:title") or page_title
    for heading in headings:
        if heading == headline or (offered and (offered.startswith(heading) or page_title.startswith(heading))):
            return heading
    if headline and not headline.endswith(("...", "…")):
        return headline
    bare = _without_site(offered, sites, url)
    if bare == offered == page_title:
        bare = _SUFFIX.sub("", offered)
    return bare or headline or (headings[0] if len(headings) == 1 else "")


def _site_names(meta: dict[str, str]) -> list[str]:
    return [meta[name] for name in ("og:site_name", "application-name", "twitter:site") if meta.get(name)]


def _without_site(title: str, sites: Iterable[str], url: str) -> str:
    """The title without the name of its site at either end: a name the page gives, or one that its host spells."""
    ends = [(match.start(), match.end()) for match in _BETWEEN.finditer(title)]
    if not ends:
        return title
    for part, rest in ((title[ends[-1][1] :], title[: ends[-1][0]]), (title[: ends[0][0]], title[ends[0][1] :])):
        if _is_site(part, sites, url):
            return rest.strip()
    return title


def _is_site(part: str, sites: Iterable[str], url: str) -> bool:
    words = re.findall(r"\w+", part.casefold())
    host = (urlsplit(url).hostname or "").casefold().removeprefix("www.")
    named = [re.findall(r"\w+", site.casefold()) for site in sites]
    distinctive = [word for word in words if word not in ("the", "of", "and", "a", "news")]
    return (
        words in named
        or bool(distinctive)
        and (
            "".join(distinctive) in host.replace("-", "")
            or all(word in re.split(r"[.-]", host) for word in distinctive)
        )
    )
