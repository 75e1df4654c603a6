"""Which alerts the watches would have raised in the last days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.alerts.newness import Newness, newness_of
from pipeline.alerts.occasions import OccasionKey, group_occasions
from pipeline.queries.rows import StatementView
from pipeline.queries.statements import load_statement_views
from pipeline.records import Watch
from pipeline.store.statements.unmatched import UnmatchedStatement, seen_since

SHOWN = 10
"""Statements shown for each watch."""
RUNS_EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class WatchPreview:
    """What one watch would have raised."""

    watch: Watch
    matches: int
    """Number of statements that would have been sent, at once or in a daily summary."""
    in_summary: int
    """How many of them in a daily summary."""
    too_old: int
    """Number of statements that match, and are too old, or without a date, to be sent."""
    emails: int
    """About how many e-mails that makes: one for each occasion and half an hour, one for each day with a summary."""
    newest: tuple[StatementView, ...]
    """The last that would have been sent, oldest first; at most :data:`SHOWN`."""


@dataclass(frozen=True, slots=True)
class WatchesPreview:
    """What all watches would have raised."""

    seen: int
    """Number of statements that were first seen in these days."""
    watches: tuple[WatchPreview, ...]


def preview_watches(connection: Connection, watches: Sequence[Watch], since: datetime) -> WatchesPreview:
    """Match the statements first seen at ``since`` or later, by the rules of sending. The database is only read."""
    recent = [one for one in seen_since(connection, since) if one.stance == "said" and not one.formula]
    matcher = WatchMatcher(watches)
    found: defaultdict[str, list[UnmatchedStatement]] = defaultdict(list)
    for one in recent:
        for watch in matcher.matching_watches(WatchCandidate(one.speakers, one.texts, one.passages)):
            if one.confidence >= watch.confidence:
                found[watch.id].append(one)
    return WatchesPreview(len(recent), tuple(_preview(connection, watch, found[watch.id]) for watch in watches))


def _preview(connection: Connection, watch: Watch, matching: Sequence[UnmatchedStatement]) -> WatchPreview:
    by_newness: defaultdict[Newness, list[UnmatchedStatement]] = defaultdict(list)
    for one in matching:
        newness = newness_of(one.first_published_at, one.first_seen_at, backfilled=one.backfilled)
        delayed = watch.daily and newness is Newness.AT_ONCE
        by_newness[Newness.SUMMARY if delayed else newness].append(one)
    at_once, later = by_newness[Newness.AT_ONCE], by_newness[Newness.SUMMARY]
    sent = [one for one in matching if one not in by_newness[Newness.NEVER]]
    names = [one.id for one in sent]
    keys = [
        OccasionKey(view.speaker_id or view.speaker_name or "", view.first_published_at or view.first_seen_at,
                    frozenset(report.url for report in view.reports))
        for view in load_statement_views(connection, [one.id for one in at_once])
    ]  # fmt: skip
    moments = {
        (number, int(at_once[place].first_seen_at.timestamp() // RUNS_EVERY.total_seconds()))
        for number, places in enumerate(group_occasions(keys))
        for place in places
    }
    return WatchPreview(
        watch,
        matches=len(sent),
        in_summary=len(later),
        too_old=len(matching) - len(sent),
        emails=len(moments) + len({one.first_seen_at.date() for one in later}),
        newest=tuple(load_statement_views(connection, names[-SHOWN:])),
    )
