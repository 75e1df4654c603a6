"""Stories of several pages: find the link to the next page and fetch it like the first.

Each page is kept as an article under its own address: a version is proved by exactly one archive record, and the pages
of a story change independently.
"""

from __future__ import annotations

from crawlers.frontier import Frontier, Target
from pipeline.parsing.pagination import MOST_PARTS, next_part, story_page_candidates
from pipeline.parsing.urls import canonical_url
from pipeline.records import DocumentKind

_READ = 4 << 20
"""Bytes of a page that are searched for the link to the next one."""


def next_story_page(frontier: Frontier, target: Target, url: str, body: bytes) -> Target | None:
    """The target for the page after ``target``, which answered at ``url``; None if there is none or it is known."""
    number = max(target.level, 1)
    first = (
        next((story for story, n in story_page_candidates(target.url) if n == number), "")
        if number > 1
        else canonical_url(url)
    )
    if number >= MOST_PARTS or not first:
        return None
    following = next_part(body[:_READ].decode("utf-8", "replace"), url, first=first, number=number)
    if following is None:
        return None
    return frontier.add_target(
        following,
        DocumentKind.PAGE,
        discovered_in=target.url,
        title=target.title,
        published_raw=target.published_raw,
        level=number + 1,
    )
