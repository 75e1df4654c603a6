"""Which alerts the watches would have raised in the last days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pipeline.alerts.matching import WatchCandidate, WatchMatcher
from pipeline.queries.rows import StatementView
from pipeline.queries.statements import load_statement_views
from pipeline.records import Watch
from pipeline.store.statements.unmatched import seen_since

SHOWN = 10
"""Statements shown for each watch."""


@dataclass(frozen=True, slots=True)
class WatchPreview:
    """What one watch would have raised."""

    watch: Watch
    matches: int
    """Number of statements that match."""
    newest: tuple[StatementView, ...]
    """The last of them, oldest first; at most :data:`SHOWN`."""


@dataclass(frozen=True, slots=True)
class WatchesPreview:
    """What all watches would have raised."""

    seen: int
    """Number of statements that were first seen in these days."""
    watches: tuple[WatchPreview, ...]


def preview_watches(connection: Connection, watches: Sequence[Watch], since: datetime) -> WatchesPreview:
    """Match the statements first seen at ``since`` or later with each watch. The database is only read."""
    recent = [one for one in seen_since(connection, since) if one.stance == "said" and not one.formula]
    matcher = WatchMatcher(watches)
    met = {
        one.id: {watch.id for watch in matcher.matching_watches(WatchCandidate(one.speakers, one.texts, one.passages))}
        for one in recent
    }
    previews = []
    for watch in watches:
        names = [one.id for one in recent if watch.id in met[one.id]]
        previews.append(WatchPreview(watch, len(names), tuple(load_statement_views(connection, names[-SHOWN:]))))
    return WatchesPreview(len(recent), tuple(previews))
