"""Articles that are one another's translation: same publication, same number, different languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.config.source import Source

_COLUMNS = ("id", "url", "source", "lang", "title", "published_at")


def paired_editions(rows: Iterable[Mapping[str, Any]], sources: Mapping[str, Source]) -> Iterator[dict[str, Any]]:
    """``{"key", "articles"}`` for each key that articles of more than one edition share, in order of the keys.

    ``rows``: as ``onrecord articles --jsonl`` prints them. How an address tells the key is the source's to say
    (``edition.key``); the text plays no part.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        source = sources.get(row["source"])
        key = source.edition.shared_key(row["url"]) if source and source.edition else None
        if key is not None:
            found.setdefault(key, []).append({name: row[name] for name in _COLUMNS})
    for key, articles in sorted(found.items()):
        if len({article["source"] for article in articles}) > 1:
            yield {"key": key, "articles": sorted(articles, key=lambda it: (it["source"], it["url"]))}
