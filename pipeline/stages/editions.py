"""Pair articles that are translations of one another: same publication, same article key, different languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.config.source import Source

_COLUMNS = ("id", "url", "source", "lang", "title", "published_at")


def paired_editions(rows: Iterable[Mapping[str, Any]], sources: Mapping[str, Source]) -> Iterator[dict[str, Any]]:
    """``{"key", "articles"}`` for each key that articles of several editions share, ordered by key.

    ``rows``: as printed by ``onrecord articles --jsonl``. The source's ``edition.key`` says how to get the key from a
    URL; the text is not compared.
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
