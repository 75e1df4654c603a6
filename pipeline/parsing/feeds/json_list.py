"""Parse JSON documents that list articles, by the JMESPath expressions of a source."""

from __future__ import annotations

import json
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from pipeline.config.discovery import JsonList
from pipeline.errors import Rejected
from pipeline.parsing.feeds.entry_text import plain_title
from pipeline.parsing.feeds.feed import MAX_ENTRIES
from pipeline.parsing.feeds.listing import ListingDocument
from pipeline.parsing.feeds.sitemap import SitemapEntry
from pipeline.parsing.feeds.tree import document_text, web_address
from pipeline.reasons import Reason
from pipeline.records import Outcome


def read_json_list(body: bytes, described: JsonList, *, base_url: str, content_type: str = "") -> ListingDocument:
    """The articles that a JSON document lists; one without an address is reported as a problem and skipped.

    Raises Rejected(ERROR): ``not-a-list`` (not JSON, or no list where ``items`` points), ``empty-list``,
    ``no-usable-entry``, ``empty-body``.
    """
    try:
        value = json.loads(document_text(body, content_type))
    except (ValueError, RecursionError) as error:
        raise Rejected(Outcome.ERROR, Reason.NOT_A_LIST, f"not JSON: {error}") from error
    items = _at(described.items, value)
    if not isinstance(items, list):
        raise Rejected(Outcome.ERROR, Reason.NOT_A_LIST, f"items: {described.items!r} finds {type(items).__name__}")
    if not items:
        raise Rejected(Outcome.ERROR, Reason.EMPTY_LIST, f"items: {described.items!r} finds nothing")
    base = described.base or base_url
    entries: list[SitemapEntry] = []
    problems: list[str] = []
    for number, item in enumerate(items[:MAX_ENTRIES], start=1):
        raw = _text(described.link, item)
        url = web_address(raw, base) if raw else None
        if url is None:
            problems.append(f"entry {number}: " + (f"not a web address: {raw[:200]!r}" if raw else "no web address"))
        else:
            published = _text(described.published, item)[:200]
            entries.append(SitemapEntry(url, title=plain_title(_text(described.title, item)), published_raw=published))
    if len(items) > MAX_ENTRIES:
        problems.append(f"more than {MAX_ENTRIES} entries: the last {len(items) - MAX_ENTRIES} were not read")
    if not entries:
        raise Rejected(Outcome.ERROR, Reason.NO_USABLE_ENTRY, "; ".join(problems[:3]))
    following = _text(described.next, value)
    return ListingDocument(tuple(entries), tuple(problems), web_address(following, base_url) if following else None)


def _at(path: str, value: Any) -> Any:
    try:
        return jmespath.search(path, value)
    except JMESPathError as error:
        raise Rejected(Outcome.ERROR, Reason.NOT_A_LIST, f"{path!r}: {' '.join(str(error).split())}") from error


def _text(path: str | None, value: Any) -> str:
    """The value at the path as text, without lone surrogates, which JSON can contain."""
    found = _at(path, value) if path else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).encode("utf-8", "ignore").decode("utf-8")
