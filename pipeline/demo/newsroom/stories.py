"""The invented articles: one Markdown file each, with the edits and removals of the second day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.demo.newsroom.days import moscow_time
from pipeline.records import Outcome

FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True)
class StoryVersion:
    """The content of an article from ``since`` on. A paragraph may begin with a ``**label:**`` of a transcript."""

    since: datetime
    title: str
    lead: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Lead and body, paragraphs joined by one line feed: what an extractor should find."""
        return "\n".join(part.replace("**", "") for part in (self.lead, *self.paragraphs) if part)


@dataclass(frozen=True, slots=True)
class Story:
    """One article with the expected result: how it is listed, what the server answers, the outcome and reason."""

    site: str
    path: str
    section: str
    published: datetime
    states: tuple[StoryVersion, ...]
    author: str = ""
    place: str = ""
    twin: str = ""
    """Address of the same article in the publication's other language."""
    status: int = 200
    """HTTP status of the page; 403 if only the feed has the text."""
    gone_on: date | None = None
    listed: tuple[str, ...] | None = None
    """Names of the discovery documents that list it; None: all of them."""
    paywall: bool = False
    outcome: Outcome = Outcome.KEPT
    reason: str = "new"

    def on(self, day: date) -> StoryVersion | None:
        """The version on the site at the end of ``day``; None if the article was not there."""
        if self.gone_on is not None and day >= self.gone_on:
            return None
        return next((state for state in reversed(self.states) if state.since.date() <= day), None)

    def listed_in(self, document: str) -> bool:
        return self.listed is None or document in self.listed


@cache
def load_stories(site: str) -> tuple[Story, ...]:
    """All articles of a site, newest first; those of the same time sorted by path."""
    found = [_read(site, path) for path in sorted((FOLDER / site).glob("*.md"))]
    return tuple(sorted(found, key=lambda story: (story.published, story.path), reverse=True))


def _read(site: str, path: Path) -> Story:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields: dict[str, Any] = yaml.safe_load(head)
    paragraphs = tuple(" ".join(block.split()) for block in body.split("\n\n") if block.strip())
    published = moscow_time(fields.pop("published"))
    first = StoryVersion(published, fields.pop("title"), fields.pop("lead", ""), paragraphs)
    edit = fields.pop("edit", None)
    listed = fields.pop("listed", None)
    return Story(
        site=site,
        published=published,
        states=(first, _edited(first, edit, path)) if edit else (first,),
        listed=None if listed is None else tuple(listed),
        outcome=Outcome(fields.pop("outcome", "kept")),
        gone_on=fields.pop("gone", None),
        **fields,
    )


def _edited(first: StoryVersion, edit: dict[str, Any], path: Path) -> StoryVersion:
    """The second version: words replaced, paragraphs added at the end, and a new title if the edit has one."""
    paragraphs = list(first.paragraphs)
    for old, new in edit.get("replace", {}).items():
        if sum(paragraph.count(old) for paragraph in paragraphs) != 1:
            raise ValueError(f"{path.name}: edit.replace: must stand exactly once in the body: {old!r}")
        paragraphs = [paragraph.replace(old, new) for paragraph in paragraphs]
    return replace(
        first,
        since=moscow_time(edit["at"]),
        title=edit.get("title", first.title),
        paragraphs=(*paragraphs, *edit.get("add", ())),
    )
