"""The expected results of a run over the newsroom, with which the acceptance tests compare."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from pipeline.demo.newsroom.days import DAYS, FIRST_DAY, SECOND_DAY
from pipeline.demo.newsroom.documents import listed_addresses
from pipeline.demo.newsroom.sites import Site, load_sites
from pipeline.demo.newsroom.stories import Story, load_stories
from pipeline.records import Outcome

CONFIG = Path(__file__).parent / "config"
"""The configuration folder of the newsroom, for ``ONRECORD_CONFIG``: its sources, roster, beat and two watches."""


@dataclass(frozen=True, slots=True)
class ExpectedOutcome:
    """The expected outcome of one listed address in the run at the end of ``day``.

    ``url`` is the plain address, without the tracking query that feeds add. ``reason_hint`` is the expected reason;
    empty if more than one is right. On the second day there are rows for new, edited, gone and unchanged articles;
    addresses that were refused, were traps or came from the feed on the first day have none.
    """

    url: str
    day: date
    outcome: Outcome
    reason_hint: str
    lang: str
    source: str
    listed_as: tuple[str, ...]
    """The forms of the address, with any query, that feeds and sitemaps have listed up to that day. The ledger counts
    each of them: one has the outcome, the others are duplicates."""


@dataclass(frozen=True, slots=True)
class ExpectedStatement:
    """Words that must be found as (part of) one statement, and the addresses of all articles that quote them.

    ``shorter``: shortened forms of the quote in some articles. ``day``: the first day on which an article has the
    words.
    """

    words: str
    speaker: str
    """Roster id."""
    lang: str
    day: date
    urls: tuple[str, ...]
    shorter: tuple[str, ...] = ()


def expected_outcomes() -> list[ExpectedOutcome]:
    """The expected outcomes of both days, in a fixed order."""
    return [row for day in DAYS for site in load_sites() for row in _site_rows(site, day)]


def expected_statements() -> list[ExpectedStatement]:
    """A sample of the statements, each with all addresses that quote it. ValueError if one is in no article."""
    rows = yaml.safe_load((Path(__file__).parent / "statements.yaml").read_text(encoding="utf-8"))
    return [
        _statement(row["words"], row["speaker"], tuple(row.get("shorter", ())), row.get("inside", ())) for row in rows
    ]


def article_text(url: str, day: date) -> str | None:
    """Lead and body of the article at ``url`` at the end of ``day``, as in its source file; None if it is not there."""
    for site, story in _all_stories():
        if site.root + story.path == url and (state := story.on(day)) is not None:
            return state.text
    return None


def _site_rows(site: Site, day: date) -> Iterator[ExpectedOutcome]:
    listed: dict[str, dict[str, None]] = {}
    for seen in DAYS[: DAYS.index(day) + 1]:
        for url, link in listed_addresses(site, seen):
            listed.setdefault(url, {})[link] = None

    def row(path: str, outcome: Outcome, reason: str) -> ExpectedOutcome:
        url = site.root + path
        return ExpectedOutcome(url, day, outcome, reason, site.language, site.id, tuple(listed.get(url, ())))

    for story in load_stories(site.id):
        verdict = _on_first_day(story) if day == FIRST_DAY else _on_second_day(story)
        if verdict is not None and story.listed != ():
            yield row(story.path, *verdict)
    for trap in site.traps_on(day):
        yield row(trap.path, trap.outcome, trap.reason)
    if day == FIRST_DAY:
        for path in site.sections if any(document.sections for document in site.documents) else ():
            yield row(path, Outcome.NOT_ARTICLE, "")


def _on_first_day(story: Story) -> tuple[Outcome, str] | None:
    return (story.outcome, story.reason) if story.published.date() == FIRST_DAY else None


def _on_second_day(story: Story) -> tuple[Outcome, str] | None:
    if story.published.date() == SECOND_DAY:
        return story.outcome, story.reason
    if story.outcome is not Outcome.KEPT or story.status != 200:
        return None
    if story.gone_on is not None:
        return Outcome.GONE, "http-404"
    return (Outcome.KEPT, "edited") if len(story.states) > 1 else (Outcome.UNCHANGED, "")


def _statement(words: str, speaker: str, shorter: tuple[str, ...], inside: Collection[str]) -> ExpectedStatement:
    found = [
        (state.since.date(), site.root + story.path, site.language)
        for site, story in _all_stories()
        for state in story.states
        if story.outcome is Outcome.KEPT and story.path not in inside
        if any(form in state.text for form in (words, *shorter))
    ]
    if not found:
        raise ValueError(f"statements.yaml: these words stand in no article: {words!r}")
    urls = tuple(dict.fromkeys(sorted(url for _, url, _ in found)))
    return ExpectedStatement(words, speaker, found[0][2], min(day for day, _, _ in found), urls, shorter)


def _all_stories() -> Iterator[tuple[Site, Story]]:
    for site in load_sites():
        for story in load_stories(site.id):
            yield site, story
