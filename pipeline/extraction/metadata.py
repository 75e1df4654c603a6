"""What a page says of itself: JSON-LD, meta elements, headings, times, its canonical address."""

from __future__ import annotations

import html as htmllib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipeline.config.source import Selectors, Source
from pipeline.extraction.blocks import bare, clean, elements, select, values
from pipeline.urls import canonical_url

_ARTICLE_TYPES = re.compile(r"(Article|BlogPosting|Report|Posting)$")
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publish_date", "publishdate", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date",
    "date", "cxenseparse:recs:publishtime", "mediator_published_time", "ptime", "pdate", "article.published",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "utime")
_HEADLINE = 40
"""Word characters of a headline that tell it from others."""
_SUFFIX = re.compile(r"\s+(?:[|•·–—-]|//|::)\s+(?P<tail>[^|•·]{2,60})$")


class DeclaredPost(NamedTuple):
    """One post of a live blog as JSON-LD gives it, its body perhaps with markup."""

    title: str
    published_raw: str
    body: str


@dataclass
class Metadata:
    """As the page states it, unchecked; empty where it says nothing."""

    title: str = ""
    published_raw: str = ""
    modified_raw: str = ""
    canonical: str = ""
    """The page's own claim of its address."""
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
    """Of the first rank."""


def read_metadata(tree: etree._Element, url: str) -> Metadata:
    """The page's own statements: JSON-LD first, then meta elements, then microdata."""
    found = Metadata()
    meta = _meta(tree)
    for item in _json_ld(tree):
        _take_json(found, item)
    marked = elements(tree, "//*[@itemprop or @itemtype]")
    found.published_raw = found.published_raw or _first(meta, _PUBLISHED_META) or _microdata(marked, "datePublished")
    found.modified_raw = found.modified_raw or _first(meta, _MODIFIED_META) or _microdata(marked, "dateModified")
    dated = bool(found.published_raw)
    if not found.published_raw:
        found.published_raw = _time_element(tree)
    link = next(iter(values(tree, "//link[@rel='canonical']/@href")), "") or meta.get("og:url", "")
    found.canonical = _absolute(link.strip(), url) if link else ""
    found.page_title = clean(" ".join(values(tree, "(//head/title|//title)[1]//text()")))
    headings = (clean("".join(map(str, node.itertext()))) for node in tree.iter("h1"))
    found.headings = tuple(heading for heading in headings if heading)
    found.declared = dated and _is_declared(meta.get("og:type", ""), found.title, (found.page_title, *found.headings))
    found.title = _title(found, meta, found.title)
    if meta.get("article:content_tier", "").lower() == "locked":
        found.free = False
    if any("LiveBlogPosting" in (node.get("itemtype") or "") for node in marked):
        found.live = True
    return found


def article_url(asked: str, claimed: str, source: Source | None) -> str:
    """The canonical address: the page's own claim only if it stays on the source's hosts and can be an article."""
    own = canonical_url(asked)
    if not claimed:
        return own
    parts, asked_parts = urlsplit(claimed), urlsplit(asked)
    host = (parts.hostname or "").lower()
    hosts = source.allowed_hosts() if source else ((asked_parts.hostname or "").removeprefix("www."),)
    if parts.scheme not in ("http", "https") or not any(host == h or host.endswith("." + h) for h in hosts):
        return own
    theirs = canonical_url(claimed)
    if source is not None and source.articles:
        return theirs if source.is_article(theirs) else own
    shallow = urlsplit(theirs).path.strip("/").count("/") < asked_parts.path.strip("/").count("/")
    return own if shallow or not parts.path.strip("/") else theirs


def selected_time(tree: etree._Element, selectors: Selectors) -> str:
    """The published time where the source's selectors find it: an attribute if there is one, else the text."""
    if selectors.published is None:
        return ""
    raw = next((time_of(node) for node in select(tree, selectors.published) if time_of(node)), "")
    if selectors.clock and raw:
        clock = next((clean("".join(map(str, node.itertext()))) for node in select(tree, selectors.clock)), "")
        raw = f"{raw} {clock}".strip()
    return raw


def strip_suffix(title: str, pattern: str | None) -> str:
    """The title without what the source adds at its end."""
    return re.sub(f"(?:{pattern})$", "", title).strip() if pattern else title


def time_of(node: etree._Element) -> str:
    """The time an element tells, as written: an attribute if there is one, else the text."""
    for name in ("datetime", "content", "time", "data-time", "data-timestamp"):
        value = node.get(name)
        if value:
            return clean(value)
    return clean("".join(str(part) for part in node.itertext()))


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
            found[name] = clean(content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _microdata(marked: list[etree._Element], name: str) -> str:
    named = (node for node in marked if node.get("itemprop") == name)
    return next((raw for node in named if (raw := time_of(node))), "")


def _time_element(tree: etree._Element) -> str:
    """A time element's machine-readable value; the commonest, since lists of other stories carry times too."""
    marked = values(tree, "//time[@pubdate]/@datetime")
    inside = marked or values(tree, "//article//time/@datetime") or values(tree, "//time/@datetime")
    counts = Counter(map(clean, inside))
    return counts.most_common(1)[0][0] if counts else ""


def _json_ld(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, nested ones included, at most 2,000."""
    for node in elements(tree, "//script[contains(@type, 'ld+json')]"):
        try:
            value = json.loads(node.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        queue, seen = [value], 0
        while queue and seen < 2000:
            item = queue.pop(0)
            seen += 1
            if isinstance(item, dict):
                yield item
                queue.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                queue.extend(v for v in item if isinstance(v, dict | list))


def _take_json(found: Metadata, item: dict[str, Any]) -> None:
    kind = item.get("@type")
    types = {str(t) for t in (kind if isinstance(kind, list) else [kind]) if t}
    if not any(_ARTICLE_TYPES.search(name) for name in types):
        return
    if "LiveBlogPosting" in types:
        found.live = True
        found.posts = found.posts or _declared_posts(item.get("liveBlogUpdate"))
    found.title = found.title or _text(item.get("headline"))
    found.published_raw = found.published_raw or _text(item.get("datePublished"))
    found.modified_raw = found.modified_raw or _text(item.get("dateModified"))
    if str(item.get("isAccessibleForFree", "true")).lower() in ("false", "no", "0"):
        found.free = False
    body = item.get("articleBody")
    if isinstance(body, str) and len(body) > len(found.article_body):
        found.article_body = htmllib.unescape(body)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), "")
    return clean(htmllib.unescape(value)) if isinstance(value, str) else ""


def _declared_posts(updates: object) -> list[DeclaredPost]:
    items = updates if isinstance(updates, list) else [updates]
    posts = []
    for item in items:
        if not isinstance(item, dict):
            continue
        body = item.get("articleBody")
        if isinstance(body, str) and body.strip():
            posts.append(DeclaredPost(_text(item.get("headline")), _text(item.get("datePublished")), body))
    return posts


def _is_declared(kind: str, headline: str, heads: tuple[str, ...]) -> bool:
    """Whether Open Graph calls the page an article, or JSON-LD's headline is the page's own and no listed story's."""
    start = bare(headline)[:_HEADLINE]
    return kind.lower() == "article" or (bool(start) and any(start in bare(head) for head in heads))


def _title(found: Metadata, meta: dict[str, str], headline: str) -> str:
    """JSON-LD's headline, else the one heading that the page's title confirms, else the title less the site's name."""
    page_title, headings = found.page_title, found.headings
    offered = meta.get("og:title") or meta.get("twitter:title") or page_title
    for heading in headings:
        if heading == headline or (offered and (offered.startswith(heading) or page_title.startswith(heading))):
            return heading
    if headline and not headline.endswith(("...", "…")):
        return headline
    site = meta.get("og:site_name", "")
    if site and offered.endswith(site):
        offered = offered[: -len(site)].rstrip(" |•·–—-:/") or offered
    if offered == page_title:
        offered = _SUFFIX.sub("", offered)
    return offered or headline or (headings[0] if len(headings) == 1 else "")
