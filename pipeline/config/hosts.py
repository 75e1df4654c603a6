"""Group sources by host: those that share one are crawled one after the other, to keep the host's rate limit."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from pipeline.config.source import Source


def sharing_hosts(sources: Iterable[Source]) -> list[list[str]]:
    """Ids of the sources in groups, so that no two groups share a host; in the order given."""
    groups: list[tuple[set[tuple[str, int]], list[str]]] = []
    for source in sources:
        hosts = asked_hosts(source)
        joined = [group for group in groups if group[0] & hosts]
        groups = [group for group in groups if group not in joined]
        ids = [name for group in joined for name in group[1]]
        groups.append((hosts.union(*(group[0] for group in joined)), [*ids, source.id]))
    return [ids for _, ids in groups]


def asked_hosts(source: Source) -> set[tuple[str, int]]:
    """Host (without www) and port of the home page and the discovery documents of a source."""
    named = [source.home, *(document.url for document in source.documents())]
    parts = map(urlsplit, named)
    return {((it.hostname or "").removeprefix("www."), it.port or (80 if it.scheme == "http" else 443)) for it in parts}
